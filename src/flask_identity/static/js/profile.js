// One's own profile: the dialog in which it is edited. An entry, loaded by profile/profile.html.
//
// A change of the address or username may ask for the password first. What was typed waits in this tab for the way back;
// never anything that was not typed here, never the picture.

import { get, send, shown } from "./api.js";
import "./email-check.js";
import * as modal from "./modal.js";
import { number, word } from "./page.js";
import { refresh, said } from "./part.js";
import { picture, upload } from "./picture.js";
import { toast } from "./toast.js";

const ID = "edit-profile";
const DRAFT = "identity-profile-draft";
const form = document.querySelector("[data-profile-form]");
const box = form?.querySelector("[data-picture]");
const fields = form ? [...form.querySelectorAll("input[name]:not([type=file]), textarea[name]")] : [];
let before = {};

function at(account, name) {
  return name.split(".").reduce((found, key) => found?.[key], account) ?? "";
}

function fill(account) {
  before = { version: account.version };
  for (const field of fields) {
    field.value = field.defaultValue = before[field.name] = String(at(account, field.name));
    const line = field.closest("[data-field]").querySelector("[data-email-state]");
    if (line) line.replaceChildren();
    delete field.closest("[data-field]").dataset.state;
  }
  if (box) picture(box).reset(account.profile.image_url);
  form.querySelector("[data-profile-reload]").hidden = true;
  count();
}

function changed() {
  return Object.fromEntries(fields.filter((field) => field.value.trim() !== before[field.name]).map((field) => [field.name, field.value.trim()]));
}

function changes() {
  return Object.keys(changed()).length + Number(Boolean(box && (picture(box).chosen() || picture(box).removed())));
}

async function edit(opener, { first = "#edit-full-name", draft } = {}) {
  try {
    fill((await get(form.dataset.url)).user);
  } catch (error) {
    if (!shown(error)) toast(error.message, { tone: "bad" });
    return;
  }
  const done = modal.open(ID, { opener });
  modal.watch(ID, changes);
  for (const field of fields) if (draft && field.name in draft) field.value = draft[field.name];
  count();
  await done;
  form.querySelector(first)?.focus();
}

function nested(flat) {
  const body = { version: before.version ?? undefined };
  for (const [name, value] of Object.entries(flat)) {
    const [outer, inner] = name.split(".");
    if (inner) (body[outer] ??= {})[inner] = value || null;
    else body[outer] = value || null;
  }
  return body;
}

async function save() {
  const flat = changed();
  const file = box && picture(box).chosen();
  const removed = box && picture(box).removed();
  if (!file && !removed && !Object.keys(flat).length) return {};
  sessionStorage.setItem(DRAFT, JSON.stringify({ me: form.dataset.me, flat }));
  if (!file) return send("PUT", form.dataset.url, { ...nested(flat), ...(removed ? { remove_image: true } : {}) });
  const data = new FormData();
  for (const [name, value] of Object.entries(flat)) data.set(name, value);
  if (before.version != null) data.set("version", before.version);
  data.set("image", file);
  const bar = box.querySelector("[data-picture-bar]");
  bar.hidden = false;
  return upload("PUT", form.dataset.url, data, { onProgress: (part) => { bar.value = part; } }).finally(() => { bar.hidden = true; });
}

async function submit(event) {
  event.preventDefault();
  const button = form.querySelector("[type=submit]");
  if (button.getAttribute("aria-busy")) return;
  button.setAttribute("aria-busy", "true");
  try {
    const done = await save();
    sessionStorage.removeItem(DRAFT);
    if (done.user) await refresh("cover", "details", "face");
    modal.focusAfter(ID, document.querySelector("a[data-edit-profile='']"));
    await modal.close(ID);
    if (done.warnings?.length) toast(said(form, "no-picture"), { tone: "bad" });
    else if (done.user?.pending_email && "email" in changed()) toast(said(form, "pending", { email: done.user.pending_email }));
    else if (done.user) toast(said(form, "saved"));
  } catch (error) {
    refused(error);
  } finally {
    button.removeAttribute("aria-busy");
  }
}

function refused(error) {
  if (error.code === "fresh_sign_in_required") return modal.close(ID); // and the page goes to ask; the draft waits
  sessionStorage.removeItem(DRAFT);
  if (error.status === 401) return;
  const stale = error.code === "changed_meanwhile";
  form.querySelector("[data-profile-reload]").hidden = !stale;
  modal.fail(ID, stale ? said(form, "changed") : error.message ?? word("failed"), error.fieldErrors);
}

function count() {
  const line = form.querySelector("[data-count-of]");
  const field = document.getElementById(line.dataset.countOf);
  line.textContent = said(form, "count", { n: number(field.value.length), most: number(field.maxLength) });
}

function comeBack() {
  let kept = null;
  try { kept = JSON.parse(sessionStorage.getItem(DRAFT)); } catch { /* not ours */ }
  sessionStorage.removeItem(DRAFT);
  if (kept?.me === form.dataset.me && kept.flat) edit(document.querySelector("[data-edit-profile='']"), { draft: kept.flat });
}

if (form) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-edit-profile]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    edit(link, { first: link.dataset.editProfile === "photo" ? "#edit-image" : undefined });
  });
  form.addEventListener("submit", submit);
  form.addEventListener("input", count);
  form.querySelector("[data-profile-reload]").addEventListener("click", async () => {
    try { fill((await get(form.dataset.url)).user); modal.clear(ID); modal.watch(ID, changes); fields[0].focus(); } catch (error) { if (!shown(error)) modal.fail(ID, error.message); }
  });
  addEventListener("load", comeBack); // after Bootstrap, which is not a module
}
