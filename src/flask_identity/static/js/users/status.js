// Suspends and activates people by their switch. It can be taken back, so nothing is asked first.
//
//   toggle(input)                what a [data-status] switch now says is done
//   set(id, who, active)         the same for anyone; resolves with true where it was done

import { send, shown } from "../api.js";
import { counted, word } from "../page.js";
import { toast } from "../toast.js";
import { rowOf, update } from "./list.js";

const address = document.querySelector("[data-list]").dataset.update;
const switchOf = (id) => rowOf(id)?.querySelector("[data-status]");

export async function toggle(input) {
  const row = input.closest("[data-user]");
  await set(row.dataset.user, row.dataset.name, input.checked);
}

export async function set(id, who, active) {
  const input = switchOf(id);
  const focused = input === document.activeElement;
  busy(input, true);
  try {
    const told = await send("PUT", address, { id, status: active ? "active" : "suspended" });
    if (input) input.checked = active;
    const ended = told.sessions_ended;
    const text = active ? word("activated", { who }) : ended ? counted("suspended-ended", ended, { who }) : word("suspended", { who });
    toast(text, { undo: () => set(id, who, !active) });
  } catch (error) {
    if (input) input.checked = !active;
    if (!shown(error)) toast(error.message, { tone: "bad" });
    return false;
  } finally {
    busy(input, false);
    if (focused) input.focus();
  }
  await update(id);
  return true;
}

function busy(input, is) {
  if (!input) return;
  input.disabled = is;
  if (is) input.setAttribute("aria-busy", "true");
  else input.removeAttribute("aria-busy");
}
