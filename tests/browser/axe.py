"""Looks at a page with axe-core, in both themes, on a desk and on a phone.

axe runs over the browser's own protocol, as in a person's developer tools, so the page keeps its content security
policy while it is looked at.
"""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, ViewportSize

SOURCE = (Path(__file__).parent / "vendor/axe.min.js").read_text(encoding="utf-8")
WIDE, NARROW = ViewportSize(width=1280, height=900), ViewportSize(width=390, height=844)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]  # all that another theme can change
LOOK = """
async ([theme, runOnly]) => {
  Object.assign(document.documentElement.dataset, { theme, bsTheme: theme });
  const { violations } = await axe.run({ runOnly, resultTypes: ["violations"] });
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target} ${node.failureSummary}`));
}
"""

# Where the page's scripts are off, no timer ever rings.
TIMERS = "window.setTimeout = (run, after, ...rest) => { Promise.resolve().then(() => run(...rest)); return 0; }"


def faults(page: Page, *sizes: ViewportSize, scripts: bool = True) -> list[str]:
    """What axe finds wrong with the page as it is now. The page stays in the last size and theme.

    Args:
        page: The page.
        *sizes: Of the screen; both if none is given.
        scripts: Whether the page may run its own.
    """
    page.emulate_media(reduced_motion="reduce")  # a colour on its way to another is neither
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(f"{SOURCE};{'' if scripts else TIMERS};0")
    found = []
    for size in sizes or (WIDE, NARROW):
        page.set_viewport_size(size)
        for theme, rules in (("light", TAGS), ("dark", COLOURS)):
            seen = page.evaluate(LOOK, [theme, rules])
            found += [f"{theme}, {size['width']} px: {' '.join(each.split())}" for each in seen]
    return found
