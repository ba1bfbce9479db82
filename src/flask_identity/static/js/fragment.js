// Pieces of HTML that our own templates rendered, as nodes. The only place that makes HTML from text; everything else goes
// through textContent.
//
//   parse(html)                         a DocumentFragment
//   load(url, {signal})                 GET with X-Fragment: 1; resolves with a DocumentFragment, throws Refused as api.js
//   policy                              HTML of our own templates, and the workers that are ours
//   replace(target, url, {signal})      loads and puts it in the place of target's children; aria-busy meanwhile

import { Refused, refusal } from "./api.js";
import { url, word } from "./page.js";

const ours = (name) => new URL(name, import.meta.url).href;
const WORKERS = new Set([ours("./strength-worker.js")]);

const rules = {
  createHTML: (html) => html,
  createScriptURL(url) {
    if (!WORKERS.has(url)) throw new TypeError(`not one of our scripts: ${url}`);
    return url;
  },
};

// The one Trusted Types policy of these pages: what `innerHTML` and `new Worker` take.
export const policy = window.trustedTypes?.createPolicy("fi-fragment", rules) ?? rules;

export function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = policy.createHTML(html);
  return template.content;
}

export async function load(address, { signal } = {}) {
  let answer;
  try {
    answer = await fetch(address, { signal, headers: { "X-Fragment": "1", Accept: "text/html" }, credentials: "same-origin" });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused(0, { error: "offline", message: word("offline") });
  }
  if (!answer.ok) throw refusal(answer, null);
  if (answer.redirected) throw refusal({ status: 401, headers: answer.headers }, asksForPassword(answer) ? { error: "fresh_sign_in_required" } : null);
  return parse(await answer.text());
}

// A page leads elsewhere where nobody is signed in, and where somebody has been for too long.
function asksForPassword(answer) {
  return Boolean(url("verify")) && new URL(answer.url).pathname === new URL(url("verify"), location.href).pathname;
}

export async function replace(target, address, { signal } = {}) {
  target.setAttribute("aria-busy", "true");
  try {
    const found = await load(address, { signal });
    target.replaceChildren(found);
  } finally {
    if (!signal?.aborted) target.removeAttribute("aria-busy");
  }
}
