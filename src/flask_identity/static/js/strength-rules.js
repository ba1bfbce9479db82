// What can be said of a new password without the word lists: the server's own rules, in the server's words.

const SHORTEST_WORD = 4;

/** Text in the form that is counted and hashed. */
export const normal = (text) => text.normalize("NFKC");

/** Text in which neither the size of letters nor the way they are written differs. */
export const fold = (text) => normal(text).toLowerCase().toUpperCase().toLowerCase().replaceAll("ς", "σ");

/** How many characters a person would count, as the server does: code points. */
export const count = (text) => [...normal(text)].length;

/**
 * The words that a password may not contain.
 *
 * @param {string[]} about Names and addresses of the person and of the product; empty ones are passed over.
 * @returns {string[]} In order, each at least four characters long.
 */
export function ownWords(about) {
  const found = new Set();
  for (const text of about) {
    const whole = fold(text ?? "");
    const local = whole.split("@", 1)[0];
    for (const word of [whole, local, ...local.split(/\s+/)]) {
      if ([...word].length >= SHORTEST_WORD) found.add(word);
    }
  }
  return [...found].sort();
}

/** Whether a password contains one of the words. */
export function holdsOwnWord(password, words) {
  const folded = fold(password);
  return words.some((word) => folded.includes(word));
}
