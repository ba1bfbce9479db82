// Scores passwords off the page's thread. In: {id, password, words}. Out: {id, score: 0..4, common: boolean}.

import { isCommon, score } from "../vendor/zxcvbn.js";
import { fold, normal } from "./strength-rules.js";

const SCORED = 72; // characters, as on the server

// The scorer counts UTF-16 units and would take one emoji for two characters. Each character beyond the first plane is
// scored as one of the private ones, neighbours as neighbours.
const onePlane = (character) =>
  character.length === 1 ? character : String.fromCharCode(0xe000 + (character.codePointAt(0) % 0x1900));

const flat = (text, most = Infinity) => [...text].slice(0, most).map(onePlane).join("");

self.addEventListener("message", ({ data: { id, password, words } }) => {
  const text = normal(password);
  const known = words.map((word) => flat(word));
  self.postMessage({ id, score: text ? score(flat(text, SCORED), known) : 0, common: isCommon(fold(text)) });
});
