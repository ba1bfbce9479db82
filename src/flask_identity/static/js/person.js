// A person's page and everybody's sessions. An entry, loaded by people/person.html and people/all_sessions.html.
//
//   form[data-act]         is sent here instead of by the browser, then the page's parts are loaded anew, its
//                          data-word-done is said and the focus goes on: to the next row, or [data-focus-after]'s part
//   data-ask="ID"          asks in that dialog first
//   [data-edit]            opens the dialog of users/edit.js
//   [data-sections]        its links are tabs, by tabs.js
//   [data-delete-person]   opens #delete-person, whose answer is a DELETE

import { send, shown } from "./api.js";
import * as modal from "./modal.js";
import { refresh, said } from "./part.js";
import { tabs } from "./tabs.js";
import { toast } from "./toast.js";

const $ = (selector, place = document) => place.querySelector(selector);
const PARTS = ["cover", "state", "details", "security", "sessions", "sessions-count", "tokens", "danger"];

const refreshed = () => refresh(...PARTS.filter((name) => $(`[data-part="${name}"]`)));

async function act(form) {
  const rows = [...document.querySelectorAll("[data-rows] form[data-act]")];
  const place = rows.indexOf(form);
  await send("POST", form.action, new FormData(form));
  await refreshed();
  const left = document.querySelectorAll("[data-rows] form[data-act] button");
  const next = place >= 0 ? left[Math.min(place, left.length - 1)] : form.dataset.focusAfter ? $("[data-focus-danger]") : null;
  toast(said(form, "done"));
  return next ?? $("[data-focus]") ?? $("main");
}

async function submitted(form, button) {
  if (button.getAttribute("aria-busy")) return;
  if (form.dataset.ask) {
    return modal.ask(form.dataset.ask, { opener: button, onYes: async () => modal.focusAfter(form.dataset.ask, await act(form)) });
  }
  button.setAttribute("aria-busy", "true");
  try {
    (await act(form)).focus();
  } catch (error) {
    if (!shown(error)) toast(error.message, { tone: "bad" });
  } finally {
    button.removeAttribute("aria-busy");
  }
}

// In the capture phase: app.js would take these forms for ones that are sent by the browser.
document.addEventListener("submit", (event) => {
  if (!("act" in event.target.dataset)) return;
  event.preventDefault();
  event.stopPropagation();
  submitted(event.target, event.submitter ?? $("[type=submit]", event.target));
}, true);

document.addEventListener("click", async (event) => {
  const opener = event.target.closest("[data-delete-person], [data-edit]");
  if (!opener || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if ("edit" in opener.dataset) {
    const { open } = await import("./users/edit.js");
    return open(opener, async () => { await refreshed(); return $("[data-user]"); });
  }
  const { deleteUrl, list } = $("#delete-person [data-delete-url]").dataset;
  modal.ask("delete-person", { opener, onYes: async () => {
    await send("DELETE", deleteUrl);
    location.assign(list);
  } });
});

if ($("[data-sections]")) tabs($("[data-sections]"));
