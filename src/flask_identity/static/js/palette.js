// The command palette: a combobox over the places of the navigation. Loaded when it is first opened.
//
//   open()      shows it

const dialog = document.querySelector("[data-palette]");
const input = dialog.querySelector("[data-palette-input]");
const none = dialog.querySelector("[data-palette-none]");
const options = [...dialog.querySelectorAll("[role=option]")];
const search = dialog.querySelector("[data-search]");
const visible = () => options.filter((each) => !each.hidden);

export function open() {
  if (dialog.open) return dialog.close();
  input.value = "";
  filter();
  dialog.showModal();
  input.focus();
}

function choose(option) {
  for (const each of options) each.setAttribute("aria-selected", String(each === option));
  input.setAttribute("aria-activedescendant", option?.id ?? "");
  option?.scrollIntoView({ block: "nearest" });
}

function filter() {
  const asked = input.value.trim();
  for (const each of options) {
    if (each === search) each.hidden = !asked;
    else each.hidden = !each.textContent.toLowerCase().includes(asked.toLowerCase());
  }
  if (search) search.querySelector("[data-palette-query]").textContent = asked;
  none.hidden = visible().length > 0;
  choose(visible()[0]);
}

function go(option) {
  if (!option) return;
  location.assign(option === search ? option.dataset.search + encodeURIComponent(input.value.trim()) : option.dataset.url);
}

input.addEventListener("input", filter);
input.addEventListener("keydown", (event) => {
  const list = visible();
  const at = list.findIndex((each) => each.getAttribute("aria-selected") === "true");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && list.length) {
    event.preventDefault();
    choose(list[(at + step + list.length) % list.length]);
  }
  if (event.key === "Enter") {
    event.preventDefault();
    go(list[at]);
  }
});
dialog.addEventListener("click", (event) => {
  if (event.target === dialog) dialog.close();
  else go(event.target.closest("[role=option]"));
});
