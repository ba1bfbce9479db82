// Parts of a page that are loaded anew after something was done, and what is said then.
//
//   refresh(...names)     loads this page again and puts its [data-part=NAME] in the place of those shown; a part that is
//                         not there any more goes. Resolves when done; where it fails, the page itself is loaded again
//   said(place, name, {n, ...values})   a text of `place`'s data-word-NAME with its {values} filled in; with n, the one of
//                         data-word-NAME-1, -2 or -5 that this language has for such a number

import { load } from "./fragment.js";
import { filled, like, number } from "./page.js";

export async function refresh(...names) {
  let found;
  try {
    found = await load(location.href);
  } catch (error) {
    if (error.status !== 401) location.reload();
    return;
  }
  for (const name of names) {
    const shown = document.querySelector(`[data-part="${CSS.escape(name)}"]`);
    const fresh = found.querySelector(`[data-part="${CSS.escape(name)}"]`);
    if (fresh) shown?.replaceWith(fresh);
    else shown?.remove();
  }
}

export function said(place, name, values = {}) {
  const text = place.getAttribute(`data-word-${name}`);
  if (text !== null) return filled(text, values);
  return filled(place.getAttribute(`data-word-${name}-${like(values.n)}`) ?? name, { ...values, n: number(values.n) });
}
