// Looks whether an email address is taken while it is typed, in every field with data-email-check="URL" (the macro field()
// with check=). Nothing is exported; fields that come later are served too.
//
// One request 350 ms after the last key, only for what looks like an address and has changed; an older one is aborted. Its
// field's [data-field] gets data-state: "", checking, available, taken, invalid (when the field is left), limited.
// data-left-out is the id of whose own address it is.

import { get, latest } from "./api.js";
import { element, icon, url, word } from "./page.js";

const WAIT = 350;
const LOOKS = /^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/;
const known = new WeakMap();
const off = new Set();

function of(input) {
  if (!known.has(input)) known.set(input, { timer: 0, asked: input.defaultValue.trim(), signal: latest() });
  return known.get(input);
}

function show(input, state, ...words) {
  const field = input.closest("[data-field]");
  field.dataset.state = state;
  field.querySelector("[data-email-state]").replaceChildren(...words);
  const mark = { available: "circle-check", taken: "circle-x" }[state];
  field.querySelector("[data-email-mark]")?.replaceChildren(...(mark ? [icon(mark)] : []));
}

async function check(input, value, own) {
  show(input, "checking", word("checking"));
  const asked = new URLSearchParams({ email: value });
  if (input.dataset.leftOut) asked.set("id", input.dataset.leftOut);
  try {
    const found = await get(`${input.dataset.emailCheck}?${asked}`, { signal: own.signal() });
    if (input.value.trim() !== value) return;
    if (found.exists) {
      const link = url("login") && !input.dataset.leftOut ? [" ", element("a", { href: url("login") }, word("sign-in-instead"))] : [];
      show(input, "taken", word("email-taken"), ...link);
    } else show(input, found.valid ? "available" : "", found.valid ? word("email-available") : "");
  } catch (error) {
    if (error.name === "AbortError") return;
    own.asked = "";
    if (error.status === 429) return show(input, "limited", word("email-limited"));
    show(input, "");
    if ([401, 403, 404].includes(error.status)) off.add(input.dataset.emailCheck);
  }
}

function typed(event) {
  const input = event.target;
  if (!input.dataset?.emailCheck || off.has(input.dataset.emailCheck)) return;
  const own = of(input);
  const value = input.value.trim();
  if (value === own.asked) return;
  clearTimeout(own.timer);
  own.signal();
  own.asked = value;
  show(input, "");
  if (LOOKS.test(value) && value !== input.defaultValue.trim()) own.timer = setTimeout(() => check(input, value, own), WAIT);
}

document.addEventListener("keyup", typed);
document.addEventListener("input", typed); // pasting and filling in press no key
document.addEventListener("focusout", ({ target }) => {
  if (target.dataset?.emailCheck && target.value.trim() && !LOOKS.test(target.value.trim())) show(target, "invalid", word("email-invalid"));
});
