// What the page tells its scripts: words in its language, URLs, icons. Shared by all modules; never loaded by itself.
//
//   word(name)          the text of data-word-NAME of _layout.html's <template data-page>: word("signed-out")
//   url(name)           "login", "verify" or "home", "" where there is none
//   icon(name)          a new <svg> of vendor/icons.svg
//   element(tag, {class, ...attributes}, ...children)   a new element; text children become text, never HTML
//   here()              this page's path and query, for ?next=

const told = () => document.querySelector("template[data-page]")?.dataset ?? {};

export function word(name) {
  const key = `word-${name}`.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());
  return told()[key] ?? name;
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
