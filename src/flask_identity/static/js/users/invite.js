// Inviting somebody, in the dialog of the list.
//
//   open(link)   shows the dialog; link gets the focus back

import { send } from "../api.js";
import * as modal from "../modal.js";
import { filled } from "../page.js";
import { toast } from "../toast.js";

const ID = "fi-invite";

export function open(link) {
  const form = document.querySelector(`#${ID} form`);
  form.reset();
  return modal.ask(ID, { opener: link, onYes: () => invite(form) });
}

async function invite(form) {
  const { email, role } = form.elements;
  const { invitation } = await send("POST", form.action, { email: email.value, role: role.value });
  toast(filled(form.dataset.wordDone, { who: invitation.email }));
}
