// What every page does: theme, showing a password, Caps Lock, busy forms, the error summary, menus, the palette.
// An entry: loaded by _layout.html, imported by nobody. All of it works by attributes:
//
//   data-theme-toggle      a button: light, dark, as the device
//   data-eye="ID"          a button that shows the password in the field of that id
//   data-password          a field with a [data-caps] line in its .fi-field
//   form[data-busy]        is sent once; its button is busy meanwhile
//   data-summary           gets the focus; its links focus their fields
//   details[data-menu]     closes on Escape, on a click elsewhere and when the focus leaves
//   data-palette-open      opens the command palette, as Ctrl K does
//   data-keys-open         opens dialog[data-keys], as ? does where nothing is being typed

import { word } from "./page.js";

const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");

function showTheme() {
  const theme = root.dataset.theme;
  root.dataset.bsTheme = theme === "auto" ? (dark.matches ? "dark" : "light") : theme;
  document.querySelector("meta[name=color-scheme]").content = theme === "auto" ? "light dark" : theme;
  for (const each of document.querySelectorAll("[data-theme-word]")) each.textContent = word(`theme-${theme}`);
  for (const each of document.querySelectorAll("[data-theme-toggle]")) each.title = word(`theme-${theme}`);
}

function nextTheme() {
  const [same, other] = dark.matches ? ["dark", "light"] : ["light", "dark"]; // the first press is one that is seen
  root.dataset.theme = { auto: other, [other]: same, [same]: "auto" }[root.dataset.theme];
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `identity_theme=${root.dataset.theme}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
  showTheme();
}

function toggleEye(button) {
  const field = document.getElementById(button.dataset.eye);
  const shown = field.type === "text";
  field.type = shown ? "password" : "text";
  button.setAttribute("aria-pressed", String(!shown));
  button.querySelector("[data-eye-word]").textContent = word(shown ? "show" : "hide");
  button.title = word(shown ? "show" : "hide");
}

function capsLock(event) {
  const line = event.target.dataset && "password" in event.target.dataset && event.target.closest(".fi-field")?.querySelector("[data-caps]");
  if (line && event.getModifierState) line.textContent = event.type !== "focusout" && event.getModifierState("CapsLock") ? word("caps") : "";
}

function busy(event) {
  const form = event.target;
  if (!form.matches("[data-busy]") || event.defaultPrevented) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "true";
  for (const field of form.querySelectorAll("[data-password]")) field.type = "password";
  const button = event.submitter ?? form.querySelector("[type=submit]");
  button?.setAttribute("aria-busy", "true");
}

function idle() {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-busy]").forEach((each) => each.removeAttribute("aria-busy"));
  }
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) if (!menu.contains(except)) menu.open = false;
}

document.addEventListener("click", (event) => {
  const { target } = event;
  closeMenus(target);
  if (target.closest("[data-theme-toggle]")) nextTheme();
  const eye = target.closest("[data-eye]");
  if (eye) toggleEye(eye);
  const link = target.closest("[data-summary] a[href^='#']");
  const field = link && document.getElementById(link.hash.slice(1));
  if (field) {
    event.preventDefault();
    field.focus();
  }
  if (target.closest("[data-keys-open]")) showKeys();
  if (target.closest("[data-palette-open]")) openPalette();
});
// Opened before its script is there, so that what is typed at once goes into its field; what else is done meanwhile is
// done once more when it is.
function openPalette() {
  const palette = document.querySelector("[data-palette]");
  if (palette.open) return palette.close();
  const input = palette.querySelector("[data-palette-input]");
  input.value = "";
  palette.showModal();
  input.focus();
  const early = [];
  const keep = (event) => {
    if (event.type === "click") early.push(() => event.target.click());
    else if (["Enter", "ArrowDown", "ArrowUp"].includes(event.key) && !event.isComposing) {
      event.preventDefault();
      early.push(() => input.dispatchEvent(new KeyboardEvent("keydown", { key: event.key, bubbles: true, cancelable: true })));
    }
  };
  for (const name of ["keydown", "click"]) palette.addEventListener(name, keep);
  import("./palette.js").then(({ filter }) => {
    for (const name of ["keydown", "click"]) palette.removeEventListener(name, keep);
    filter();
    for (const again of early) if (palette.open) again();
  });
}

function showKeys() {
  const keys = document.querySelector("[data-keys]");
  if (keys && !document.querySelector("dialog[open], [data-modal][aria-modal=true]")) keys.showModal();
}

document.addEventListener("keydown", (event) => {
  capsLock(event);
  const typing = event.target.isContentEditable || event.target.closest?.("input:not([type=checkbox]), textarea, select");
  if (event.key === "?" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) showKeys();
  if (event.key === "Escape") {
    const menu = document.querySelector("details[data-menu][open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  }
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && document.querySelector("[data-palette]")) {
    event.preventDefault();
    openPalette();
  }
});
for (const name of ["keyup", "focusout"]) document.addEventListener(name, capsLock);
document.addEventListener("focusin", (event) => closeMenus(event.target));
document.addEventListener("submit", busy);
addEventListener("pageshow", idle); // back from the next page, a form can be sent again
dark.addEventListener("change", showTheme);
showTheme();
document.querySelector("[data-summary]")?.focus();

// Six kilobytes that only a page with a new password needs; it fetches the word lists when somebody comes to the field.
if (document.querySelector("[data-strength-for]")) import("./strength.js");
