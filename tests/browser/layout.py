"""Tells whether a page holds together: nothing scrolls sideways, is cut off, or lies over something else."""

from __future__ import annotations

from playwright.sync_api import Page

HEIGHT = 800
LOOK = """
(width) => {
  const faults = [];
  const all = (selector) => [...document.querySelectorAll(selector)].filter(seen);
  const name = (each) => `${each.localName}.${each.className}: ${each.textContent || each.value}`.trim().slice(0, 80);
  const hidden = ".visually-hidden, .fi-skip, [aria-hidden=true], [data-bulk], dialog, .dropdown-menu, .fi-menu-list";
  function seen(each) {
    return each.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !each.closest(hidden);
  }
  function scrolls(each) {
    return each && (/auto|scroll/.test(getComputedStyle(each).overflowX) || scrolls(each.parentElement));
  }
  const { scrollWidth } = document.documentElement;
  if (scrollWidth > width) faults.push(`the page is ${scrollWidth} wide`);
  for (const each of all("body :not(svg, svg *)")) {
    const words = [...each.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    const { left, right } = each.getBoundingClientRect();
    if (words && (right > width + 1 || left < -1) && !scrolls(each)) faults.push(`beyond the edge: ${name(each)}`);
    const { overflow, textOverflow } = getComputedStyle(each);
    const over = each.scrollWidth > each.clientWidth + 2 || each.scrollHeight > each.clientHeight + 2;
    const cut = over && overflow.includes("hidden") && textOverflow !== "ellipsis";
    if (words && cut) faults.push(`cut off: ${name(each)}`);
    const small = each.matches("a, button, summary, label, .fi-badge") && each.clientWidth;
    if (small && words && each.scrollWidth > each.clientWidth + 2) faults.push(`too long: ${name(each)}`);
  }
  const controls = all("main :is(a, button, input, select, textarea, h1, h2, label), header :is(a, button, summary)");
  const inside = ".fi-control, .fi-cover-face, .fi-search";  // there one stands in the other on purpose
  for (const [at, one] of controls.entries()) for (const other of controls.slice(at + 1)) {
    if (one.contains(other) || other.closest(inside)?.contains(one)) continue;
    if (one.control === other || other.control === one || !one.closest("header") !== !other.closest("header")) continue;
    const a = one.getBoundingClientRect(), b = other.getBoundingClientRect();
    const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (across > 2 && down > 2) faults.push(`over one another: ${name(one)} and ${name(other)}`);
  }
  return faults;
}
"""


def faults(page: Page, *widths: int, text: int = 100) -> list[str]:
    """What does not hold together.

    Args:
        page: The page; it stays as it was looked at last.
        *widths: Of the screen, in pixels.
        text: The size of the text in percent.
    """
    page.evaluate("(size) => { document.documentElement.style.fontSize = size; }", f"{text}%")
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        found += [f"{width} px, {text} %: {fault}" for fault in page.evaluate(LOOK, width)]
    return found
