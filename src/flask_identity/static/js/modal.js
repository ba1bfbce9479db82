// Dialogs made by the macros modal() and confirm(), on Bootstrap's.
//
//   open(id, {opener, title, sub})   shows one; resolves once it is shown, with the first field focused. The focus goes back
//                                    to opener (default: what had it) when it closes
//   close(id, {force})               hides one; force skips the question whether to discard. Resolves once it is hidden
//   ask(id, {opener, onYes})         opens a confirm() dialog. onYes(form) may return a promise: the dialog is busy
//                                    meanwhile, closes when it is kept, and shows what it was refused with inside
//   fail(id, text, fieldErrors)      shows an error inside an open dialog and at its fields, the first of which gets the focus
//   clear(id)                        takes these errors away
//   watch(id, changes)               asks before what was changed in it is discarded; changes() says how many are
//   focusAfter(id, element)          where the focus goes instead when it closes, such as the next row
//
// [data-confirm-match="text"] keeps the dialog's button off until that is typed.

import { counted, element, icon } from "./page.js";

const openers = new Map();
const watched = new Map();
const box = (id) => document.getElementById(id);
const shell = (id) => window.bootstrap.Modal.getOrCreateInstance(box(id));

export function open(id, { opener = document.activeElement, title, sub } = {}) {
  const dialog = box(id);
  openers.set(id, opener);
  if (title) dialog.querySelector("[data-modal-title]").textContent = title;
  const line = dialog.querySelector("[data-modal-sub]");
  if (sub && line) { line.textContent = sub; line.hidden = false; }
  clear(id);
  const done = new Promise((resolve) => dialog.addEventListener("shown.bs.modal", () => { first(dialog)?.focus(); resolve(); }, { once: true }));
  shell(id).show();
  return done;
}

export function close(id, { force = true } = {}) {
  if (force) watched.delete(id);
  const done = new Promise((resolve) => box(id).addEventListener("hidden.bs.modal", resolve, { once: true }));
  shell(id).hide();
  return done;
}

export function ask(id, { opener = document.activeElement, onYes } = {}) {
  const dialog = box(id);
  dialog.querySelector("[data-confirm]").onsubmit = async (event) => {
    event.preventDefault();
    const yes = dialog.querySelector("[data-confirm-yes]");
    if (yes.disabled || yes.getAttribute("aria-busy")) return;
    yes.setAttribute("aria-busy", "true");
    try {
      await onYes(event.target);
      await close(id);
    } catch (error) {
      fail(id, error.message, error.fieldErrors);
    } finally {
      yes.removeAttribute("aria-busy");
    }
  };
  return open(id, { opener });
}

export function fail(id, text, fieldErrors = {}) {
  clear(id);
  const dialog = box(id);
  let focused = null;
  for (const [name, messages] of Object.entries(fieldErrors)) {
    const field = dialog.querySelector(`[data-field="${CSS.escape(name)}"]`);
    const control = field?.querySelector("input, select, textarea");
    if (!control) continue;
    control.setAttribute("aria-invalid", "true");
    field.querySelector("[data-error]").replaceChildren(icon("alert-circle"), element("span", {}, messages.join(" ")));
    focused ??= control;
  }
  const alert = element("div", { class: "fi-alert fi-bad fi-summary", role: "alert", tabindex: "-1", "data-failure": "" }, icon("alert-circle"), element("p", {}, text));
  dialog.querySelector(".modal-body").prepend(alert);
  (focused ?? alert).focus();
}

export function clear(id) {
  const dialog = box(id);
  dialog.querySelectorAll("[data-failure]").forEach((each) => each.remove());
  dialog.querySelectorAll("[aria-invalid]").forEach((each) => each.removeAttribute("aria-invalid"));
  dialog.querySelectorAll("[data-error]").forEach((each) => each.replaceChildren());
}

export function watch(id, changes) {
  watched.set(id, changes);
}

export function focusAfter(id, target) {
  openers.set(id, target);
}

function first(dialog) {
  return dialog.querySelector("[autofocus], .modal-body :is(input:not([type=hidden]), select, textarea):not([disabled], [readonly])") ?? dialog.querySelector(".modal-footer .btn") ?? dialog;
}

// Messages stand inside the dialog that is open: what lies outside of it cannot be reached by keyboard, nor is it read out.
function takeMessages(into) {
  const region = document.querySelector("[data-toasts]");
  if (region) into.append(region);
}

document.addEventListener("show.bs.modal", (event) => takeMessages(event.target));
document.addEventListener("hide.bs.modal", (event) => {
  const { id } = event.target;
  const lost = watched.get(id)?.();
  if (lost && !window.confirm(counted("discard", lost))) event.preventDefault();
});
document.addEventListener("hidden.bs.modal", (event) => {
  takeMessages(document.body);
  watched.delete(event.target.id);
  const opener = openers.get(event.target.id);
  openers.delete(event.target.id);
  if (opener?.isConnected) opener.focus();
});
document.addEventListener("input", (event) => {
  const wanted = event.target.dataset?.confirmMatch;
  if (wanted === undefined) return;
  event.target.closest("form").querySelector("[data-confirm-yes]").disabled = event.target.value.trim() !== wanted;
});
