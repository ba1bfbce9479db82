"""The keyboard alone: finding, suspending, editing, deleting (T49), the skip link (T90), the menu of a phone (T99)."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.axe import NARROW
from tests.browser.people import at_list, crowd, row

SEEN = """
() => {
  const at = document.activeElement, box = at.getBoundingClientRect();
  const { outlineStyle, outlineWidth } = getComputedStyle(at);
  const top = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height / 2, 20));
  return {
    ring: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2,
    clear: at.contains(top) || Boolean(at.labels?.[0]?.contains(top)),
    what: at.outerHTML.slice(0, 120),
  };
}
"""


def focus_is_seen(page: Page) -> None:
    """What has the focus has a ring and lies under nothing."""
    seen = page.evaluate(SEEN)
    assert seen["ring"], f"no ring around {seen['what']}"
    assert seen["clear"], f"hidden: {seen['what']}"


def tab_to(page: Page, target: Locator, key: str = "Tab") -> None:
    """Press Tab until something has the focus; on the way one always sees where one is."""
    for _ in range(60):
        page.keyboard.press(key)
        focus_is_seen(page)
        if target.evaluate("each => each === document.activeElement"):
            return
    pytest.fail(f"{target} is not reached")


def test_somebody_is_found_suspended_edited_and_deleted_by_keyboard_T49(page, site):
    who, next_one = crowd(site, "keys", 2)
    at_list(page, site)
    page.keyboard.press("/")
    focus_is_seen(page)
    page.keyboard.type("keys")
    expect(page.locator("[data-user]")).to_have_count(2)

    tab_to(page, row(page, who).get_by_role("switch"))
    page.keyboard.press("Space")
    expect(page.get_by_role("region", name="Notifications")).to_contain_text("is suspended")
    expect(page.get_by_role("link", name="Suspended")).to_contain_text("1")
    expect(row(page, who).get_by_role("switch")).to_be_focused()
    focus_is_seen(page)

    edit = row(page, who).get_by_role("link", name="Edit").first
    tab_to(page, edit)
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_label("Full name")).to_be_focused()
    focus_is_seen(page)
    page.keyboard.type("By Keys")
    tab_to(page, page.get_by_role("button", name="Save changes"))
    page.keyboard.press("Enter")
    expect(row(page, who).get_by_role("link", name="By Keys", exact=True)).to_be_visible()
    expect(edit).to_be_focused()
    focus_is_seen(page)

    tab_to(page, row(page, who).get_by_role("button", name="More for"))
    page.keyboard.press("Enter")
    for item in ("Edit…", "View details", "End all sessions…", "Delete user…"):
        page.keyboard.press("ArrowDown")
        expect(row(page, who).locator(".dropdown-menu").get_by_text(item)).to_be_focused()
        focus_is_seen(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("textbox")).to_be_focused()
    focus_is_seen(page)
    page.keyboard.type(who.email)
    tab_to(page, page.get_by_role("button", name="Delete user"))
    page.keyboard.press("Enter")
    expect(row(page, who)).to_have_count(0)
    expect(row(page, next_one).get_by_role("link").first).to_be_focused()
    focus_is_seen(page)


@pytest.mark.parametrize("path", ["/login", "/user_list", "/profile"])
def test_the_first_stop_skips_to_the_content_T90(page, site, path):
    if path != "/login":
        site.sign_in(page, site.admin())
    page.goto(path)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
    focus_is_seen(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def test_the_menu_of_a_phone_keeps_the_focus_and_gives_it_back_T99(page, site):
    page.set_viewport_size(NARROW)
    at_list(page, site)
    opener = page.get_by_role("button", name="Open menu")
    opener.press("Enter")
    menu = page.get_by_role("dialog", name="Menu")
    expect(menu).to_be_visible()
    expect(page.locator("#fi-side")).to_be_focused()
    reached = set()
    for _ in range(12):
        page.keyboard.press("Tab")
        focus_is_seen(page)
        inside, what = page.evaluate(
            "[document.activeElement.closest('#fi-side') !== null, document.activeElement.textContent.trim()]"
        )
        assert inside, what
        reached.add(what)
    assert {"Close menu", "Users", "Security"} <= reached
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(opener).to_be_focused()


def test_the_palette_by_keyboard_T91(page, site):
    """Arrows choose, Enter goes there, Escape closes and gives the focus back."""
    at_list(page, site)
    opener = page.get_by_role("button", name="Search or jump to")
    opener.press("Enter")
    field = page.get_by_role("combobox", name="Search or jump to")
    expect(field).to_be_focused()
    options = page.get_by_role("listbox", name="Results").get_by_role("option")
    first = options.first.get_attribute("id")
    expect(field).to_have_attribute("aria-activedescendant", first or "")
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(opener).to_be_focused()
    page.keyboard.press("Control+k")
    expect(field).to_be_focused()
    page.keyboard.type("prof")
    expect(options.and_(page.locator(":visible")).first).to_have_text("Profile")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/profile$"))


def test_what_is_typed_before_the_palette_is_there_counts_T91(page, site):
    """Its script takes its time: Ctrl K opens the field at once, the letters stay, and Enter acts once it is there."""
    held: list[Route] = []
    page.route("**/js/palette.js*", lambda route: held.append(route))
    at_list(page, site)
    with page.expect_request("**/js/palette.js*"):
        page.keyboard.press("Control+k")
    page.keyboard.type("prof")
    expect(page.get_by_role("combobox", name="Search or jump to")).to_have_value("prof")
    page.keyboard.press("Enter")
    held[0].continue_()
    expect(page).to_have_url(re.compile("/profile$"))
