// Parts of a page that are loaded anew after something was done, and what is said then.
//
//   refresh(...names)     loads this page again and puts its [data-part=NAME] in the place of those shown; a part that is
//                         not there any more goes. Resolves when done; where it fails, the page itself is loaded again
//   said(place, name, {n, ...values})   a text of `place`'s data-word-NAME with its {values} filled in; with n, the one of
//                         data-word-NAME-1, -2 or -5 that this language has for such a number

import { load } from "./fragment.js";

const plural = new Intl.PluralRules(document.documentElement.lang || "en");

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
  const key = (text) => `data-word-${text}`;
  let text = place.getAttribute(key(name));
  if (text === null) {
    const kind = plural.select(values.n);
    const sample = [1, 2, 5].find((number) => plural.select(number) === kind) ?? 5;
    text = place.getAttribute(key(`${name}-${sample}`)) ?? name;
  }
  return text.replace(/\{(\w+)\}/g, (_, word) => values[word] ?? "");
}
