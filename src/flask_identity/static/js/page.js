// What the page tells its scripts: words in its language, URLs, icons. Shared by all modules; never loaded by itself.
//
//   word(name, values)  the text of data-word-NAME of _layout.html's <template data-page>, or of a page's own
//                       <template data-words>: word("signed-out"). {who} in it is values.who
//   counted(name, n, values)   the one of data-word-NAME-1, -2 and -5 that this language uses for n; {n} in it is n
//   url(name)           "login", "verify" or "home", "" where there is none
//   icon(name)          a new <svg> of vendor/icons.svg
//   element(tag, {class, ...attributes}, ...children)   a new element; text children become text, never HTML
//   here()              this page's path and query, for ?next=

const told = () => document.querySelector("template[data-page]")?.dataset ?? {};

export function word(name, values = {}) {
  const attribute = `data-word-${name}`;
  const text = document.querySelector(`template[${attribute}]`)?.getAttribute(attribute) ?? name;
  return text.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

export function counted(name, n, values = {}) {
  const rules = new Intl.PluralRules(document.documentElement.lang || "en");
  const kind = rules.select(n);
  const like = [1, 2, 5].find((each) => rules.select(each) === kind) ?? 5;
  return word(`${name}-${like}`, { n: n.toLocaleString("en"), ...values });
}

export function url(name) {
  return told()[name] ?? "";
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", `fi-icon fi-icon-${name}`);
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${told().icons}#${name}`);
  svg.append(use);
  return svg;
}

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

export function here() {
  return location.pathname + location.search;
}
