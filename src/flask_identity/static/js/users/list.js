// The list: other rows without another page. Its state is the address, so that Back, a reload and a link find it again.
//
//   go(address, {push, again})   shows the list of an address. push=false leaves the address alone; again=true puts it in
//                                the place of the one before where that was a search, too
//   changed(values)              the address with other filters, on its first page
//   update(id)                   reads the list anew and puts one row, and all counts, in their place; resolves with the row
//   rowOf(id)                    a row, or null
//   state()                      {matching, text}: how many match, and as it is shown (counted up to 1,000)
//
// After new rows, "fi:listed" is sent on the document.

import { latest, shown } from "../api.js";
import { load, replace } from "../fragment.js";
import { word } from "../page.js";
import { announce, toast } from "../toast.js";

const box = document.querySelector("[data-users]");
const signal = latest();
let searching = false;

export const rowOf = (id) => box.querySelector(`[data-user="${CSS.escape(id)}"]`);

export function state() {
  const { matching, matchingText } = box.querySelector("[data-tabs]").dataset;
  return { matching: Number(matching), text: matchingText };
}

export function changed(values) {
  const address = new URL(location.href);
  address.searchParams.delete("cursor");
  if ("q" in values || "role" in values) address.searchParams.delete("sort"); // another selection has other orders
  for (const [name, value] of Object.entries(values)) {
    if (value) address.searchParams.set(name, value);
    else address.searchParams.delete(name);
  }
  return address.href;
}

export async function go(address, { push = true, again = false } = {}) {
  const url = new URL(address, location.href);
  if (push && url.href !== location.href) history[again && searching ? "replaceState" : "pushState"](null, "", url);
  searching = again;
  const back = place();
  try {
    await replace(box, url.href, { signal: signal() });
  } catch (error) {
    if (!shown(error)) toast(error.message, { tone: "bad", action: { label: word("try-again"), run: () => go(url.href, { push: false }) } });
    return;
  }
  told(url, again);
  announce(box.querySelector("[data-tabs]").dataset.foundText);
  back();
  document.dispatchEvent(new CustomEvent("fi:listed"));
}

export async function update(id) {
  const found = await load(location.href).catch(() => null); // what was done is done; counts can wait
  const fresh = found?.querySelector(`[data-user="${CSS.escape(id)}"]`);
  const row = rowOf(id);
  if (found) box.querySelector("[data-tabs]").replaceWith(found.querySelector("[data-tabs]"));
  told(new URL(location.href), true);
  if (!fresh || !row) return row;
  const back = place(row);
  row.replaceWith(fresh);
  back();
  document.dispatchEvent(new CustomEvent("fi:listed"));
  return rowOf(id);
}

function told(url, typed) {
  const { leadText, exportUrl } = box.querySelector("[data-tabs]").dataset;
  document.querySelector("[data-lead]").textContent = leadText;
  for (const link of document.querySelectorAll("[data-export], [data-bulk-export]")) link.href = exportUrl;
  if (typed) return;
  document.querySelector("[data-search-field]").value = url.searchParams.get("q") ?? "";
  document.querySelector("[data-filters] select").value = url.searchParams.get("role") ?? "";
}

// Where the focus is inside what goes away, as a function that puts it where it belongs in what comes.
function place(inside = box) {
  const at = document.activeElement;
  if (!inside.contains(at)) return () => {};
  const ways = [
    at.id && `#${CSS.escape(at.id)}`,
    at.closest("[data-tabs]") && "[data-tabs] [aria-current]",
    at.closest("th") && "th[aria-sort] a",
    at.rel && `a[rel="${at.rel}"]`,
    ...["edit", "pick", "rowMenu"].filter((name) => name in at.dataset).map((name) => rowControl(at, name)),
    "[data-search-field]",
  ];
  return () => {
    if (document.activeElement !== document.body) return;
    for (const way of ways.filter(Boolean)) {
      const found = document.querySelector(way);
      if (found) return found.focus();
    }
  };
}

function rowControl(at, name) {
  const attribute = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return `[data-user="${CSS.escape(at.closest("[data-user]").dataset.user)}"] [data-${attribute}]`;
}
