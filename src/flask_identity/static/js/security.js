// Sessions, API tokens and the password, on /security and on the pages of each. An entry, loaded by their templates.
//
//   form[data-end="text"]    a row's form: DELETE at its address instead; the row goes, the focus to the next, text is said
//   form[data-end-others]    asks in #end-others first
//   [data-new-token], [data-change-password]   open the dialogs where the page has them
//   [data-copy="ID"]         copies what stands in the field of that id

import { send, shown } from "./api.js";
import * as modal from "./modal.js";
import { refresh, said } from "./part.js";
import { announce, toast } from "./toast.js";

const $ = (selector, place = document) => place.querySelector(selector);
const PARTS = ["sessions-head", "sessions", "tokens"];

function tell(error) {
  if (!shown(error)) toast(error.message, { tone: "bad" });
}

async function busy(button, act) {
  if (button.getAttribute("aria-busy")) return;
  button.setAttribute("aria-busy", "true");
  try { return await act(); } finally { button.removeAttribute("aria-busy"); }
}

async function end(form, button) {
  const row = form.closest("li");
  const part = row.closest("[data-part]").dataset.part;
  const place = [...row.parentElement.querySelectorAll("form[data-end]")].indexOf(form);
  try {
    await send("DELETE", form.action);
  } catch (error) {
    if (error.status !== 404) return tell(error); // it ended by itself meanwhile: so much the better
  }
  await refresh(...new Set([part, "sessions-head"]));
  const left = document.querySelectorAll(`[data-part="${part}"] form[data-end] button`);
  (left[Math.min(place, left.length - 1)] ?? $(`[data-focus="${part}"]`) ?? $("main")).focus();
  toast(form.dataset.end);
}

function endOthers(form, button) {
  modal.ask("end-others", { opener: button, onYes: async () => {
    const { ended } = await send("DELETE", form.action);
    await refresh(...PARTS);
    modal.focusAfter("end-others", $('[data-focus="sessions"]'));
    toast(said(form, "ended", { n: ended }));
  } });
}

async function changePassword(form) {
  const given = Object.fromEntries(new FormData(form));
  try {
    await send("POST", form.action, { password: given.password, new_password: given.new_password });
    form.reset();
    await refresh(...PARTS);
    await modal.close("change-password");
    toast(form.dataset.wordDone);
  } catch (error) {
    if (!shown(error)) modal.fail("change-password", error.message, error.fieldErrors);
  }
}

async function makeToken(form) {
  const given = new FormData(form);
  const wanted = { name: given.get("name"), scopes: given.getAll("scopes") };
  if (given.get("expires")) wanted.expires = Number(given.get("expires"));
  try {
    const made = await send("POST", form.action, wanted);
    showMade(form, made.token);
    await refresh("tokens");
    modal.focusAfter("new-token", $("[data-new-token]"));
  } catch (error) {
    if (!shown(error)) modal.fail("new-token", error.message, error.fieldErrors);
  }
}

function showMade(form, value) {
  modal.clear("new-token");
  $("[data-secret]", form).value = value;
  for (const [part, hidden] of [["fields", Boolean(value)], ["made", !value], ["done", !value], ["cancel", Boolean(value)]]) $(`[data-token-${part}]`, form).hidden = hidden;
  $("[type=submit]", form).hidden = Boolean(value);
  if (value) $("[data-copy]", form).focus();
}

async function copy(button) {
  const field = document.getElementById(button.dataset.copy);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    toast(button.dataset.wordCopied);
  } catch {
    announce(button.dataset.wordCopyYourself);
    toast(button.dataset.wordCopyYourself, { tone: "bad" });
    field.focus();
  }
}

// In the capture phase: app.js would take these forms for ones that are sent by the browser.
document.addEventListener("submit", (event) => {
  const form = event.target;
  const button = event.submitter ?? $("[type=submit]", form);
  const act = "end" in form.dataset ? end : "endOthers" in form.dataset ? endOthers : "passwordForm" in form.dataset ? changePassword : "tokenForm" in form.dataset ? makeToken : null;
  if (!act) return;
  event.preventDefault();
  event.stopPropagation();
  busy(button, async () => act(form, button));
}, true);

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-new-token], [data-change-password]");
  const copied = event.target.closest("[data-copy]");
  if (copied) copy(copied);
  if (!opener || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const id = "newToken" in opener.dataset ? "new-token" : "change-password";
  const form = $(`#${id} form`);
  if (!form) return;
  event.preventDefault();
  form.reset();
  if (id === "new-token") showMade(form, "");
  modal.open(id, { opener });
});
document.addEventListener("hidden.bs.modal", ({ target }) => { // what was typed and the token do not wait in the page
  if (target.id === "change-password" || target.id === "new-token") $("form", target).reset();
  if (target.id === "new-token") showMade($("form", target), "");
});
