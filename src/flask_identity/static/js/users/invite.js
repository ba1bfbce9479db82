// Inviting somebody, in the dialog of the list.
//
//   open(link)   shows the dialog; link gets the focus back

import { send } from "../api.js";
import * as modal from "../modal.js";
import { filled, url } from "../page.js";
import { toast } from "../toast.js";

const ID = "fi-invite";

export function open(link) {
  const form = document.querySelector(`#${ID} form`);
  form.reset();
  return modal.ask(ID, { opener: link, onYes: () => invite(form) });
}

async function invite(form) {
  const { email, role } = form.elements;
  const wanted = { email: email.value, role: role.value };
  const { invitation } = await send("POST", form.action, wanted).catch((error) => {
    // Back from there, the dialog would be empty; the page takes what was typed.
    const back = `${new URL(form.action).pathname}?${new URLSearchParams(wanted)}`;
    if (error.code === "fresh_sign_in_required") location.assign(`${url("verify")}?next=${encodeURIComponent(back)}`);
    throw error;
  });
  const link = { label: form.dataset.wordList, href: form.action };
  toast(filled(form.dataset.wordDone, { who: invitation.email }), { link });
}
