// The list of people. An entry: loaded by user_list.html, imported by nobody. What a hand does here is told apart here;
// what comes of it stands in modules of users/, each loaded when it is first needed.
//
//   [data-search-field]     a search while it is typed; / goes there
//   a[href^="?"]            filters, orders and pages of [data-list]
//   [data-status="ID"]      a switch: may sign in or not
//   [data-edit="ID"]        opens the dialog, [data-delete="ID"] asks, [data-end="URL"] asks
//   [data-invite]           opens the dialog to invite somebody
//   [data-pick]             one row's box, [data-pick-all] the page's; [data-bulk-…] the bar

const WAIT = 250;
const use = (name) => import(`./users/${name}.js`);
const list = document.querySelector("[data-list]");
const field = () => document.querySelector("[data-search-field]");
let timer = 0;

function plain(event) {
  return event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
}

const asked = (address) => new URL(address).searchParams.get("q") ?? "";

async function filter(values, options) {
  const q = field().value.trim();
  clearTimeout(timer);
  const { go, changed } = await use("list");
  return go(changed(q === asked(location.href) ? values : { q, ...values }), options);
}

// What was typed goes along with a tab, an order or a page that is pressed before its rows have come. A chip takes it away.
function typed(link) {
  const address = new URL(link.href);
  const q = field().value.trim();
  if (link.closest("nav, th") && q !== asked(address)) {
    for (const name of ["q", "cursor", "sort"]) address.searchParams.delete(name);
    if (q) address.searchParams.set("q", q);
  }
  clearTimeout(timer);
  return address.href;
}

function typing(target) {
  return target.isContentEditable || Boolean(target.closest("input:not([type=checkbox]), textarea, select"));
}

function covered() {
  return Boolean(document.querySelector("dialog[open], [data-modal][aria-modal=true]"));
}

const clicks = [
  ["[data-edit]", async (link) => (await use("edit")).open(link, (await use("list")).update)],
  ["[data-delete]", async (link) => (await use("delete")).open(link)],
  ["[data-end]", async (button) => (await use("delete")).endSessions(button)],
  ["[data-invite]", async (link) => (await use("invite")).open(link)],
  ["[data-list] a[href^='?']", async (link) => {
    const address = typed(link);
    return (await use("list")).go(address);
  }],
  ["[data-bulk-do]", async (button) => (await use("bulk")).act(button)],
  ["[data-bulk-export]", async (link) => (await use("bulk")).take(link)],
  ["[data-bulk-everyone]", async () => (await use("bulk")).everyone()],
  ["[data-bulk-none]", async () => (await use("bulk")).clear()],
];

document.addEventListener("click", async (event) => {
  const { target, shiftKey } = event;
  const pick = target.closest("[data-pick], [data-pick-all]");
  if (pick) return (await use("bulk")).pick(pick, shiftKey);
  for (const [selector, run] of clicks) {
    const found = target.closest(selector);
    if (!found || !plain(event)) continue;
    event.preventDefault();
    return run(found);
  }
});
document.addEventListener("input", ({ target }) => {
  if (!target.matches("[data-search-field]")) return;
  clearTimeout(timer);
  timer = setTimeout(() => filter({ q: target.value.trim() }, { again: true }), WAIT);
});
document.addEventListener("change", async ({ target }) => {
  if (target.matches("[data-status]")) (await use("status")).toggle(target);
  if (target.matches("[data-filters] select")) filter({ role: target.value });
  if (target.matches("[data-rows] select")) filter({ limit: target.value });
});
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-filters], [data-rows]")) return;
  event.preventDefault();
  filter({ q: field().value.trim() });
});
document.addEventListener("keydown", async (event) => {
  if (event.defaultPrevented || covered() || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/" && !typing(event.target)) {
    event.preventDefault();
    field().select();
  }
  if (event.key === "Escape" && list.querySelector("[data-pick]:checked") && !typing(event.target)) (await use("bulk")).clear();
});
addEventListener("popstate", async () => (await use("list")).go(location.href, { push: false }));
// A browser that goes back keeps boxes checked that nothing knows of any more.
for (const box of list.querySelectorAll("[data-pick], [data-pick-all]")) box.checked = false;
