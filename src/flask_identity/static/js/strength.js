// Says how hard a new password is to guess while it is being typed. The server is the judge; this says it sooner.
//
// For the input with id X, `[data-strength-for=X]` holds four `[data-strength-segment]`, one `[data-strength-word]` and
// items `[data-strength-rule=length|common|personal]`. Its attributes are the server's settings and texts:
//   data-min-length, data-min-score  the fewest characters, the lowest score accepted
//   data-words                       JSON: what to say of each score, 0 to 4
//   data-product                     the name of the site, which a password may not contain
//   data-own-words                   JSON, optional: names and addresses that the form does not ask for
// Written here, for CSS: data-strength-score (0 to 4) and aria-busy on it, data-lit on segments, data-met (true or false)
// on items; all absent while nothing is typed or nothing is known yet.

import { policy } from "./fragment.js";
import { count, holdsOwnWord, ownWords } from "./strength-rules.js";

const WORKER = new URL("./strength-worker.js", import.meta.url).href;
const SAID_AFTER = 900; // ms without a key
const PERSONAL_FIELDS = ["email", "username", "full_name"];
const REFUSED = 1; // the most that is shown of a password that breaks a rule
const TOO_WEAK = 2; // and of one below the lowest score

let worker = null;
let failed = false; // until somebody comes to the field anew
let asked = 0;
const waiting = new Map(); // id -> {resolve, reject}

function fetchWordLists() {
  if (worker || failed) return;
  worker = new Worker(policy.createScriptURL(WORKER), { type: "module" });
  worker.addEventListener("message", ({ data }) => {
    waiting.get(data.id)?.resolve(data);
    waiting.delete(data.id);
  });
  worker.addEventListener("error", () => {
    worker.terminate();
    worker = null;
    failed = true;
    for (const { reject } of waiting.values()) reject(new Error("the word lists did not come"));
    waiting.clear();
  });
}

/**
 * Score a password with the server's word lists, which are fetched by the first call.
 *
 * @param {string} password As it was typed.
 * @param {string[]} words The person's own, from `ownWords`.
 * @returns {Promise<{score: number, common: boolean}>} The score from 0 to 4; whether it is a very common password.
 */
export function rate(password, words) {
  fetchWordLists();
  if (!worker) return Promise.reject(new Error("the word lists did not come"));
  const id = ++asked;
  const answer = new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
  worker.postMessage({ id, password, words });
  return answer;
}

/**
 * The score to show, never one that promises what the server would refuse.
 *
 * @param {number} score The scorer's.
 * @param {boolean} broken Whether a rule is broken.
 * @param {number} lowest The lowest score the server accepts.
 */
export function shown(score, broken, lowest) {
  if (broken) return Math.min(score, REFUSED);
  return score < lowest ? Math.min(score, TOO_WEAK) : score;
}

class Meter {
  #known = null; // the last answer: {score, common}
  #busy = false;
  #announcing = 0;

  constructor(input, box) {
    this.input = input;
    this.box = box;
    this.word = box.querySelector("[data-strength-word]");
    this.segments = [...box.querySelectorAll("[data-strength-segment]")];
    this.rules = [...box.querySelectorAll("[data-strength-rule]")];
    this.words = JSON.parse(box.dataset.words);
    this.live = liveRegion(box);
    box.hidden = false;
  }

  typed() {
    clearTimeout(this.#announcing);
    this.#announcing = setTimeout(() => this.#announce(), SAID_AFTER);
    this.#show();
    this.#ask();
  }

  get #own() {
    const fields = PERSONAL_FIELDS.map((name) => this.input.form?.elements.namedItem(name)?.value);
    return ownWords([...fields, ...JSON.parse(this.box.dataset.ownWords ?? "[]"), this.box.dataset.product]);
  }

  // One question at a time: whatever is typed meanwhile is asked about next, the steps in between never.
  async #ask() {
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let last = null; this.input.value && last !== this.#question; ) {
        last = this.#question;
        this.#known = await rate(this.input.value, this.#own);
        this.#show();
      }
    } catch {
      this.#known = null;
      this.#show();
    } finally {
      this.#busy = false;
    }
  }

  get #question() {
    return JSON.stringify([this.input.value, this.#own]);
  }

  #show() {
    const password = this.input.value;
    if (!password) this.#known = null;
    const met = password ? this.#met(password) : {};
    for (const rule of this.rules) write(rule, "data-met", met[rule.dataset.strengthRule]);
    const broken = Object.values(met).includes(false);
    const score = this.#known ? shown(this.#known.score, broken, Number(this.box.dataset.minScore)) : undefined;
    write(this.box, "data-strength-score", score);
    write(this.box, "aria-busy", password && !this.#known && worker ? true : undefined);
    const lit = score === undefined ? 0 : Math.max(score, 1);
    this.segments.forEach((segment, index) => segment.toggleAttribute("data-lit", index < lit));
    this.word.textContent = score === undefined ? "" : this.words[score];
  }

  #met(password) {
    return {
      length: count(password) >= Number(this.box.dataset.minLength),
      personal: !holdsOwnWord(password, this.#own),
      common: this.#known ? !this.#known.common : undefined,
    };
  }

  #announce() {
    const missing = this.rules.filter((rule) => rule.dataset.met === "false").map((rule) => rule.textContent.trim());
    this.live.textContent = [this.word.textContent, ...missing].filter(Boolean).join(". ");
  }
}

function write(element, name, value) {
  if (value === undefined) element.removeAttribute(name);
  else element.setAttribute(name, String(value));
}

function liveRegion(box) {
  const found = box.querySelector("[data-strength-live]");
  if (found) return found;
  const made = document.createElement("p");
  made.className = "visually-hidden";
  made.setAttribute("role", "status");
  box.append(made);
  return made;
}

const meters = new WeakMap(); // box -> Meter

function meterOf(input) {
  const box = input.id ? document.querySelector(`[data-strength-for="${CSS.escape(input.id)}"]`) : null;
  if (!box) return null;
  if (meters.get(box)?.input !== input) meters.set(box, new Meter(input, box));
  return meters.get(box);
}

function focused(input) {
  const meter = meterOf(input);
  if (!meter) return;
  failed = false;
  fetchWordLists();
  if (input.value) meter.typed();
}

// Delegated, so that forms that come with a fragment later are served too.
document.addEventListener("focusin", ({ target }) => focused(target));
document.addEventListener("input", ({ target }) => {
  meterOf(target)?.typed();
  if (!PERSONAL_FIELDS.includes(target.name)) return;
  for (const box of target.form?.querySelectorAll("[data-strength-for]") ?? []) {
    const input = document.getElementById(box.dataset.strengthFor);
    if (input?.value) meterOf(input).typed();
  }
});

for (const box of document.querySelectorAll("[data-strength-for]")) {
  const input = document.getElementById(box.dataset.strengthFor);
  if (input) meterOf(input);
}
if (document.activeElement) focused(document.activeElement);
