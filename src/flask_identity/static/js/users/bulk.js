// Many people at once: who is selected, over all pages of the list, and what is done to them.
//
//   pick(box, range)   a [data-pick] or [data-pick-all] was clicked; with range all rows since the last one follow it
//   everyone()         all who match are meant, also those never seen
//   clear()            nobody is
//   take(link)         downloads them; link leads to the file of all who match
//   act(button)        does what a [data-bulk-do] says, after asking where it must

import { send, shown } from "../api.js";
import * as modal from "../modal.js";
import { counted, element, number, word } from "../page.js";
import { toast } from "../toast.js";
import { expect } from "./delete.js";
import { go, state } from "./list.js";

const AT_ONCE = 1000; // as many ids as the server takes
const bar = document.querySelector("[data-bulk]");
const part = (name) => bar.querySelector(`[data-bulk-${name}]`);
const boxes = () => [...document.querySelectorAll("[data-pick]")];
const chosen = new Set();
let all = null; // the filters of those who are meant by "all matching"
let last = null;

function filters() {
  const asked = new URLSearchParams(location.search);
  return Object.fromEntries(["q", "status", "role"].filter((name) => asked.get(name)).map((name) => [name, asked.get(name)]));
}

export function pick(box, range) {
  if (all) { // one less than all is a choice of those seen here
    all = null;
    chosen.clear();
    for (const each of boxes()) if (each !== box) chosen.add(each.value);
  }
  const list = boxes();
  let touched = [box];
  if ("pickAll" in box.dataset) touched = list;
  else if (range && list.includes(last)) {
    const [from, to] = [list.indexOf(last), list.indexOf(box)].sort((a, b) => a - b);
    touched = list.slice(from, to + 1);
  }
  for (const each of touched) {
    if (box.checked) chosen.add(each.value);
    else chosen.delete(each.value);
  }
  last = "pickAll" in box.dataset ? null : box;
  show();
}

export function everyone() {
  all = filters();
  show();
  part("none").focus();
}

export function clear() {
  const inside = bar.contains(document.activeElement);
  all = null;
  chosen.clear();
  show();
  if (inside) (document.querySelector("[data-pick-all]") ?? document.querySelector("[data-search-field]")).focus();
}

function show() {
  const list = boxes();
  for (const each of list) {
    each.checked = Boolean(all) || chosen.has(each.value);
    each.closest("[data-user]").setAttribute("aria-selected", String(each.checked));
  }
  const head = document.querySelector("[data-pick-all]");
  const here = list.filter((each) => each.checked).length;
  if (head) {
    head.checked = here > 0 && here === list.length;
    head.indeterminate = here > 0 && here < list.length;
  }
  bar.hidden = !all && chosen.size === 0;
  const { matching, text } = state();
  part("count").textContent = all ? word("all-selected", { n: text }) : counted("selected", chosen.size);
  const more = part("everyone");
  more.hidden = Boolean(all) || here < list.length || matching <= chosen.size;
  more.textContent = word("everyone", { n: text });
}

export function take(link) {
  if (all) return location.assign(link.href);
  if (chosen.size > AT_ONCE) return toast(word("export-most", { n: AT_ONCE.toLocaleString("en") }), { tone: "bad" });
  const form = element("form", { method: "post", action: new URL(link.href).pathname, hidden: "" });
  form.append(...[...chosen].map((value) => element("input", { type: "hidden", name: "ids", value })));
  document.body.append(form);
  form.submit(); // a file comes, so the page stays
  return form.remove();
}

export function act(button) {
  const action = button.dataset.bulkDo;
  if (button.hasAttribute("aria-busy")) return;
  const opener = document.querySelector("[data-pick-all]");
  if (action === "delete") {
    const box = document.getElementById("fi-delete-many");
    const text = all ? state().text : String(chosen.size);
    expect(box, text);
    box.querySelector("[data-many-count]").textContent = all ? word("all-selected", { n: text }) : counted("users", chosen.size);
    return modal.ask("fi-delete-many", { opener: button, onYes: async () => { modal.focusAfter("fi-delete-many", opener); await run(action); } });
  }
  if (action === "set_role") {
    return modal.ask("fi-role-many", { opener: button, onYes: async (form) => { modal.focusAfter("fi-role-many", opener); await run(action, form.elements.role.value); } });
  }
  button.setAttribute("aria-busy", "true");
  return run(action)
    .catch((error) => { if (!shown(error)) toast(error.message, { tone: "bad" }); })
    .finally(() => button.removeAttribute("aria-busy"));
}

async function run(action, role) {
  const ids = [...chosen];
  const skipped = new Map();
  let done = 0;
  let more = true;
  try {
    for (let at = 0; more; at += AT_ONCE) {
      const whom = all ? { all_matching: all } : { ids: ids.slice(at, at + AT_ONCE) };
      const told = await send("POST", document.querySelector("[data-list]").dataset.bulkUrl, { action, ...whom, ...(role ? { role } : {}) });
      done += told.done;
      for (const each of told.skipped) skipped.set(String(each.id), each.code);
      more = all ? told.more : at + AT_ONCE < ids.length;
      if (more) progress(done, all ? state().matching : ids.length);
    }
  } finally {
    part("progress").hidden = true;
    if (done || skipped.size) {
      toast(result(action, done, skipped), { tone: done ? "ok" : "bad" });
      clear();
      await go(location.href, { push: false });
    }
  }
}

function progress(done, of) {
  const line = part("progress");
  line.hidden = false;
  line.removeAttribute("value"); // past 1,000 nobody has counted how many there are
  if (of <= AT_ONCE || !all) Object.assign(line, { max: of, value: done });
  part("count").textContent = word("so-far", { n: number(done) });
}

function result(action, done, skipped) {
  const text = counted(`did-${action.replace("_", "-")}`, done);
  if (!skipped.size) return text;
  const reasons = [...new Set(skipped.values())].map((code) => {
    const said = word(`skip-${code}`);
    return said === `skip-${code}` ? word("skip-other") : said;
  });
  return `${text}, ${counted("skipped", skipped.size)} (${reasons.join("; ")})`;
}

document.addEventListener("fi:listed", () => {
  if (all && JSON.stringify(all) !== JSON.stringify(filters())) { all = null; chosen.clear(); }
  last = null;
  show();
});
document.addEventListener("fi:gone", ({ detail }) => { chosen.delete(detail); show(); });
