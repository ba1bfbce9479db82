// What static/vendor/zxcvbn.js offers: the scorer with the server's word lists, and the list of common passwords.

import { ZxcvbnFactory } from "@zxcvbn-ts/core";
import { adjacency, l33t, lists } from "./lists.js";

const dictionary = Object.fromEntries(Object.entries(lists).map(([name, words]) => [name, words.split(",")]));
const common = new Set(dictionary.passwords);
const factory = new ZxcvbnFactory({ dictionary, graphs: adjacency, l33tTable: l33t, maxLength: 72 });

// The server's scorer has neither of these two.
delete factory.matching.matchers.separator;
delete factory.matching.matchers.wordSequence;

// Rankings are plain objects, in which "constructor" and "__proto__" would be found though no list has them.
for (const ranking of Object.values(factory.options.rankedDictionaries)) Object.setPrototypeOf(ranking, null);
const asked = factory.options.getUserInputsOptions.bind(factory.options);
factory.options.getUserInputsOptions = (words) => {
  const found = asked(words);
  Object.setPrototypeOf(found.rankedDictionary, null);
  return found;
};

/** 0 (guessed at once) to 4, of text in NFKC form, knowing the person's own words. */
export function score(text, words) {
  return factory.check(text, words).score;
}

/** Whether the text, folded to small letters, is one of the most common passwords. */
export function isCommon(folded) {
  return common.has(folded);
}
