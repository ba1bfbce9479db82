// The dialog in which somebody is edited: read by GET, only what was changed is saved by PUT.
//
//   open(link, show)   for the person of a [data-edit] in a [data-user]; the focus goes back to the link, or to the menu it
//                      stands in. show(id) has the page show what was saved, and resolves with the element that does

import "../email-check.js";
import { get, send, shown } from "../api.js";
import * as modal from "../modal.js";
import { element, moment, word } from "../page.js";
import { picture, upload } from "../picture.js";
import { toast } from "../toast.js";

const ID = "fi-edit";
const form = document.querySelector("[data-edit-form]");
const find = (name) => form.querySelector(`[data-edit-${name}]`);
const photo = form.querySelector("[data-picture]") ? picture(form.querySelector("[data-picture]")) : null;
const fields = [...form.elements].filter((each) => each.name && each.type !== "file");
let current = null;

export async function open(link, show) {
  const row = link.closest("[data-user]");
  const opener = link.closest("[data-row-actions]")?.querySelector("[data-row-menu]") ?? link;
  current = { show, id: row.dataset.user, who: row.dataset.name, opener: "rowMenu" in opener.dataset ? "[data-row-menu]" : "[data-edit]" };
  loading(true);
  const showing = modal.open(ID, { opener, title: word("edit", { who: current.who }) });
  if (await read(showing)) return;
  await showing;
  await modal.close(ID);
}

async function read(showing) {
  try {
    const { user } = await get(`${form.dataset.url}?${new URLSearchParams({ id: current.id })}`);
    fill(user);
  } catch (error) {
    if (!shown(error)) toast(error.message, { tone: "bad" });
    return false;
  }
  await showing; // the dialog takes the focus when it has opened, and the data may be slower or faster
  loading(false);
  fields[0].focus();
  modal.watch(ID, () => changes().length);
  return true;
}

function loading(is) {
  find("loading").hidden = !is;
  find("fields").hidden = is;
  find("save").disabled = is;
  find("reload").hidden = true;
}

function held(name, user = current.user) {
  return name.startsWith("profile.") ? user.profile[name.slice(8)] ?? "" : user[name] ?? "";
}

function fill(user) {
  current.user = user;
  modal.clear(ID);
  for (const field of fields) {
    const value = held(field.name);
    if (field.tagName === "SELECT" && ![...field.options].some((each) => each.value === value)) field.prepend(element("option", { value }, value || "–"));
    field.value = value;
    if ("defaultValue" in field) field.defaultValue = value;
    if (field.dataset.emailCheck) {
      field.dataset.leftOut = user.id;
      field.closest("[data-field]").dataset.state = "";
      form.querySelector("[data-email-state]").replaceChildren();
    }
  }
  photo?.reset(user.profile.image_url);
  initials();
  find("id").textContent = user.id;
  const seen = find("seen");
  seen.textContent = user.current_login_at ? moment(user.current_login_at) : seen.dataset.never;
  warn();
}

// Where there is no photo, the dialog shows what the page shows.
function initials() {
  const face = document.querySelector(`[data-user="${CSS.escape(current.id)}"] .fi-avatar`);
  const frame = form.querySelector("[data-picture-show]");
  if (!face || !frame) return;
  frame.dataset.initials = face.dataset.initials;
  frame.className = `${face.className.replace(/fi-avatar-\w+/g, "")} fi-avatar-md`;
}

function changes() {
  const found = fields.filter((each) => each.value.trim() !== held(each.name)).map((each) => each.name);
  if (photo?.chosen() || photo?.removed()) found.push("image");
  return found;
}

function body(names) {
  const made = { id: current.user.id, version: current.user.version ?? undefined };
  for (const { name, value } of fields.filter((each) => names.includes(each.name))) {
    const text = value.trim();
    const kept = text === "" && name !== "email" ? null : text;
    if (name.startsWith("profile.")) (made.profile ??= {})[name.slice(8)] = kept;
    else made[name] = kept;
  }
  if (photo?.removed()) made.remove_image = true;
  return made;
}

function parts(names) {
  const data = new FormData();
  data.set("id", current.user.id);
  if (current.user.version != null) data.set("version", current.user.version);
  for (const { name, value } of fields.filter((each) => names.includes(each.name))) data.set(name, value.trim());
  data.set("image", photo.chosen());
  return data;
}

async function save() {
  const names = changes();
  if (!names.length) return modal.close(ID);
  busy(true);
  try {
    const bar = form.querySelector("[data-picture-bar]");
    const told = photo?.chosen()
      ? await upload("PUT", form.dataset.url, parts(names), { onProgress: (share) => { bar.hidden = false; bar.value = share; } })
      : await send("PUT", form.dataset.url, body(names));
    await saved(told, names.includes("email"));
  } catch (error) {
    modal.fail(ID, error.code === "changed_meanwhile" ? word("changed") : error.message, error.fieldErrors);
    find("reload").hidden = error.code !== "changed_meanwhile";
  } finally {
    busy(false);
  }
}

async function saved({ user, warnings = [] }, asked) {
  const who = user.profile.full_name || user.email;
  const row = await current.show(current.id);
  const opener = row?.querySelector(current.opener) ?? document.querySelector("[data-search-field], main");
  modal.focusAfter(ID, opener);
  await modal.close(ID);
  const kept = !warnings.some((each) => each.field === "image");
  const pending = kept && user.pending_email && asked;
  toast(word(pending ? "saved-pending" : kept ? "saved" : "saved-no-picture", { who, email: user.pending_email }), { tone: kept ? "ok" : "bad" });
}

function busy(is) {
  const button = find("save");
  if (is) button.setAttribute("aria-busy", "true");
  else button.removeAttribute("aria-busy");
  const bar = form.querySelector("[data-picture-bar]");
  if (bar && !is) bar.hidden = true;
}

function warn() {
  const chosen = form.querySelector("[data-role]").value;
  form.querySelector("[data-role-warning]").hidden = chosen !== "admin" || current.user.role === "admin";
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!find("save").hasAttribute("aria-busy") && !find("save").disabled) save();
});
form.addEventListener("change", ({ target }) => { if ("role" in target.dataset) warn(); });
find("reload").addEventListener("click", async () => {
  loading(true);
  if (!(await read(Promise.resolve()))) modal.close(ID);
});
