// Short messages at the edge of the page.
//
//   toast(text, {tone, action, undo, link})   shows one and returns {close()}. tone "ok" (default) or "bad". undo is a
//       function behind an Undo button, action {label, run} any other one, link {label, href} a link.
//   announce(text)      says a text to screen readers alone, such as a new count
//
// A message stays 6 s, one with something to press 12 s; the clock stands still while it is pointed at or has the focus.
// A message never takes the focus, so what it offers must also be had elsewhere.

import { element, icon, word } from "./page.js";

export function toast(text, { tone = "ok", action, undo, link } = {}) {
  const box = element("div", { class: "fi-toast", "data-tone": tone }, icon(tone === "bad" ? "alert-circle" : "circle-check"));
  box.append(element("p", {}, text));
  if (undo) action = { label: word("undo"), run: undo };
  if (action) box.append(button(action.label, () => { close(); action.run(); }));
  if (link) box.append(element("a", { href: link.href }, link.label));
  box.append(closer(() => close()));
  const stay = action || link ? 12000 : 6000;
  let timer;
  const start = () => { timer = setTimeout(close, stay); };
  const stop = () => clearTimeout(timer);
  function close() { stop(); box.remove(); }
  for (const [name, run] of [["pointerenter", stop], ["pointerleave", start], ["focusin", stop], ["focusout", start]]) {
    box.addEventListener(name, run);
  }
  box.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  const region = document.querySelector("[data-toasts]");
  region?.append(box);
  while (region?.children.length > 4) region.firstElementChild.remove();
  start();
  return { close };
}

export function announce(text) {
  const line = document.querySelector("[data-announce]");
  if (line) line.textContent = text;
}

function button(label, run) {
  const made = element("button", { type: "button" }, label);
  made.addEventListener("click", run);
  return made;
}

function closer(run) {
  const made = button("", run);
  made.append(icon("x"), element("span", { class: "visually-hidden" }, word("close")));
  return made;
}
