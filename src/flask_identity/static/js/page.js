// What the page tells its scripts: words in its language, URLs, icons. Shared by all modules; never loaded by itself.
//
//   word(name, values)  the text of data-word-NAME of _layout.html's <template data-page>, or of a page's own
//                       <template data-words>: word("signed-out"). {who} in it is values.who
//   counted(name, n, values)   the one of data-word-NAME-1, -2 and -5 that this language uses for n; {n} in it is n
//   filled(text, values)       a text with what {name} stands for in it
//   like(n)                    which of 1, 2 and 5 this language treats as it does n
//   number(n), moment(text)    a number and an ISO 8601 time as this language writes them
//   url(name)           "login", "verify" or "home", "" where there is none
//   icon(name)          a new <svg> of vendor/icons.svg
//   element(tag, {class, ...attributes}, ...children)   a new element; text children become text, never HTML
//   here()              this page's path and query, for ?next=

const told = () => document.querySelector("template[data-page]")?.dataset ?? {};

const language = document.documentElement.lang || "en";
const plural = new Intl.PluralRules(language);

export function word(name, values = {}) {
  const attribute = `data-word-${name}`;
  return filled(document.querySelector(`template[${attribute}]`)?.getAttribute(attribute) ?? name, values);
}

export function counted(name, n, values = {}) {
  return word(`${name}-${like(n)}`, { n: number(n), ...values });
}

export function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

export function like(n) {
  const kind = plural.select(n);
  return [1, 2, 5].find((each) => plural.select(each) === kind) ?? 5;
}

export function number(n) {
  return n.toLocaleString(language);
}

export function moment(text) {
  return new Date(text).toLocaleString(language, { dateStyle: "medium", timeStyle: "short" });
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
