// Links to the sections of a page, as tabs: one section is seen at a time. Without a script they are links, and all are seen.
//
//   tabs(nav)   makes tabs of the links in it; each leads to "#ID" of something inside the [data-panel] it shows. The
//               address keeps which one is open. Arrows, Home and End go from one to the next

export function tabs(nav) {
  const links = [...nav.querySelectorAll("a[href^='#']")];
  const panelOf = (link) => document.querySelector(link.hash).closest("[data-panel]");

  function show(chosen) {
    for (const link of links) {
      link.setAttribute("aria-selected", String(link === chosen));
      link.tabIndex = link === chosen ? 0 : -1;
      panelOf(link).hidden = link !== chosen;
    }
  }
  function choose(link) {
    show(link);
    history.replaceState(history.state, "", link.hash);
    link.focus();
  }
  const named = () => links.find((link) => link.hash === location.hash);

  nav.setAttribute("role", "tablist");
  for (const link of links) {
    const panel = panelOf(link);
    link.id ||= `tab-${link.hash.slice(1)}`;
    link.setAttribute("role", "tab");
    link.setAttribute("aria-controls", panel.id);
    for (const [name, value] of [["role", "tabpanel"], ["aria-labelledby", link.id], ["tabindex", "0"]]) panel.setAttribute(name, value);
  }
  nav.addEventListener("click", (event) => {
    const link = event.target.closest("[role=tab]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    choose(link);
  });
  nav.addEventListener("keydown", (event) => {
    const at = links.indexOf(event.target);
    const ahead = getComputedStyle(nav).direction === "rtl" ? -1 : 1;
    const to = { ArrowRight: at + ahead, ArrowLeft: at - ahead, Home: 0, End: links.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    choose(links[(to + links.length) % links.length]);
  });
  addEventListener("hashchange", () => { if (named()) show(named()); });
  show(named() ?? links[0]);
}
