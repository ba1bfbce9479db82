// Deleting somebody, and ending all sessions of somebody: asked first, since nothing brings them back.
//
//   open(link)            asks for the person of a [data-delete]
//   endSessions(button)   asks for the person of a [data-end]

import { send, shown } from "../api.js";
import { load } from "../fragment.js";
import * as modal from "../modal.js";
import { counted, word } from "../page.js";
import { toast } from "../toast.js";
import { go, rowOf, update } from "./list.js";
import { set } from "./status.js";

const ID = "fi-delete";
const menuOf = (item) => item.closest("[data-row-actions]").querySelector("[data-row-menu]");

export async function open(link) {
  const { user: id, email, name: who } = link.closest("[data-user]").dataset;
  const box = document.getElementById(ID);
  try {
    box.querySelector("[data-delete-facts]").replaceChildren(await load(link.href));
  } catch (error) {
    if (!shown(error)) toast(error.message, { tone: "bad" });
    return;
  }
  expect(box, email);
  box.querySelector("[data-delete-suspend]").onclick = async () => {
    await modal.close(ID);
    set(id, who, false);
  };
  modal.ask(ID, { opener: menuOf(link), onYes: () => remove(id, who) });
}

async function remove(id, who) {
  const target = document.querySelector("[data-list]").dataset.deleteUrl;
  await send("DELETE", `${target}?${new URLSearchParams({ id })}`);
  const row = rowOf(id);
  const next = row?.nextElementSibling ?? row?.previousElementSibling;
  modal.focusAfter(ID, next?.querySelector("a") ?? document.querySelector("[data-search-field]"));
  row?.remove();
  document.dispatchEvent(new CustomEvent("fi:gone", { detail: id }));
  toast(word("deleted", { who }));
  if (next) update(id);
  else go(location.href, { push: false });
}

/** Lets a confirm() dialog be confirmed by typing a text. */
export function expect(box, text) {
  const field = box.querySelector("[data-confirm-match]");
  field.dataset.confirmMatch = text;
  field.value = "";
  box.querySelector("[data-confirm-text]").textContent = text;
  box.querySelector("[data-confirm-yes]").disabled = true;
}

export function endSessions(button) {
  const { name: who } = button.closest("[data-user]").dataset;
  document.querySelector("[data-end-who]").textContent = who;
  modal.ask("fi-end", {
    opener: menuOf(button),
    onYes: async () => {
      const told = await send("POST", button.dataset.end, {});
      toast(counted("ended", told.sessions_ended, { who }));
    },
  });
}
