// The command palette: a combobox over the places of the navigation, over actions, and over people where the viewer may
// look for them (the list of people is asked, as on its own page). app.js opens it and loads this when it first does.
//
//   filter()      shows what was typed so far
//
// An option goes to its data-url, or presses [data-NAME] for data-press="NAME".

import { latest } from "./api.js";
import { load } from "./fragment.js";
import { element } from "./page.js";

const WAIT = 200;
const dialog = document.querySelector("[data-palette]");
const input = dialog.querySelector("[data-palette-input]");
const list = dialog.querySelector("[data-palette-list]");
const none = dialog.querySelector("[data-palette-none]");
const search = dialog.querySelector("[data-search]");
const signal = latest();
const options = () => [...list.querySelectorAll("[role=option]")];
const visible = () => options().filter((each) => !each.hidden);
let timer = 0;

function choose(option) {
  for (const each of options()) each.setAttribute("aria-selected", String(each === option));
  input.setAttribute("aria-activedescendant", option?.id ?? "");
  option?.scrollIntoView({ block: "nearest" });
}

export function filter() {
  const asked = input.value.trim();
  list.querySelectorAll("[data-found]").forEach((each) => each.remove());
  for (const each of options()) {
    if (each === search) each.hidden = !asked;
    else each.hidden = !each.textContent.toLowerCase().includes(asked.toLowerCase());
  }
  if (search) search.querySelector("[data-palette-query]").textContent = asked;
  none.hidden = visible().length > 0;
  choose(visible()[0]);
  clearTimeout(timer);
  signal();
  if (asked && dialog.dataset.people) timer = setTimeout(() => people(asked), WAIT);
}

async function people(asked) {
  const found = await load(`${dialog.dataset.people}?${new URLSearchParams({ q: asked, limit: "6" })}`, { signal: signal() }).catch(() => null);
  if (!found || input.value.trim() !== asked) return;
  const kept = options().find((each) => each.getAttribute("aria-selected") === "true" && each !== search);
  for (const row of found.querySelectorAll("[data-user]")) {
    const { user, name, email } = row.dataset;
    const made = element("li", { role: "option", id: `fi-palette-user-${user}`, "aria-selected": "false", "data-found": "", "data-url": dialog.dataset.person.replace("ID", encodeURIComponent(user)) });
    const face = row.querySelector(".fi-avatar").cloneNode(true);
    face.classList.add("fi-avatar-sm");
    made.append(face, element("span", {}, element("bdi", {}, name), ...(name === email ? [] : [" ", element("small", {}, email)])));
    search.before(made);
  }
  choose(kept ?? visible()[0]);
}

function go(option) {
  if (!option) return;
  if (option.dataset.press) {
    dialog.close();
    return document.querySelector(`[data-${option.dataset.press}]`)?.click();
  }
  location.assign(option === search ? option.dataset.search + encodeURIComponent(input.value.trim()) : option.dataset.url);
}

input.addEventListener("input", filter);
input.addEventListener("keydown", (event) => {
  if (event.isComposing) return; // Enter takes the letters an input method offers
  const shown = visible();
  const at = shown.findIndex((each) => each.getAttribute("aria-selected") === "true");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && shown.length) {
    event.preventDefault();
    choose(shown[(at + step + shown.length) % shown.length]);
  }
  if (event.key === "Enter") {
    event.preventDefault();
    go(shown[at]);
  }
});
dialog.addEventListener("click", (event) => {
  if (event.target === dialog) dialog.close();
  else go(event.target.closest("[role=option]"));
});
