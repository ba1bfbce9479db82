"""Pages on screens of all widths (T93), with text twice as large (T97) and with names of all kinds (T98); what somebody
sees who needs other colours (T95) or less motion (T96), and the themes (T92).
"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.layout import HEIGHT, faults
from tests.browser.people import at_list, row

NAMES = {
    "zh": "欧阳娜娜与她的朋友们在北京过了一个非常愉快的夏天",
    "ar": "محمد بن عبد الله بن أحمد الخوارزمي",
    "long": "Wolfeschlegelsteinhausenbergerdorff" * 3,
}


@pytest.fixture(scope="module")
def named(site):
    """People whose names are hard to show; one of them has hard details too."""
    made = {}
    for each, name in NAMES.items():
        website = f"https://example.com/{'very-long-' * 15}"
        profile = {"full_name": name, "bio": f"{name} — " * 4, "website": website, "address": name}
        made[each] = site.person(email=f"named-{each}{'x' * 30}@example.com", profile=profile)
    return made["long"]


@pytest.mark.parametrize("path", ["/login", "/register", "/nowhere"])
def test_before_signing_in_everything_fits_T93_T97(page, path):
    page.goto(path)
    assert faults(page, 320, 390, 768, 1024) + faults(page, 320, 390, 768, 1280, text=200) == []


@pytest.mark.parametrize("path", ["/profile", "/security", "/sessions", "/tokens", "/change_password", "/verify"])
def test_ones_own_pages_fit_T93_T97_T98(page, site, named, path):
    site.sign_in(page, named)
    page.goto(path)
    assert faults(page, 320, 390, 768, 1024) + faults(page, 320, 390, 768, 1280, text=200) == []


@pytest.mark.parametrize(
    "path",
    [
        "/?days=30",
        "/user_list?q=named-",
        "/user_list?q=zzzz&status=active&role=user",
        "/users/ID",
        "/users/ID/delete",
        "/edit_user?id=ID",
        "/all_sessions",
    ],
)
def test_the_administrators_pages_fit_T93_T97_T98(page, site, named, path):
    site.sign_in(page, site.admin())
    page.goto(path.replace("ID", str(named.id)))
    assert faults(page, 320, 390, 768, 1024) + faults(page, 320, 390, 768, 1280, text=200) == []


def test_the_menu_of_the_account_stays_on_the_screen_T97(page, site):
    site.sign_in(page, site.admin())
    page.goto("/profile")
    assert faults(page, 320, text=200) == []
    page.locator(".fi-menu-button").click()
    box = page.locator(".fi-menu-list").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 320
    assert box["y"] + box["height"] <= HEIGHT
    page.get_by_role("button", name="Sign out").focus()
    assert page.get_by_role("button", name="Sign out").bounding_box()["y"] < box["y"] + box["height"]


MIRRORED = """
() => {
  document.documentElement.dir = "rtl";
  const place = (selector) => document.querySelector(selector).getBoundingClientRect();
  const box = place(".form-check-input"), label = place(".form-check-label"), field = place(".form-control");
  const { textAlign } = getComputedStyle(document.querySelector(".form-control"));
  return [box.left - label.right, field.right - box.right, textAlign];
}
"""


@pytest.mark.parametrize("width", [390, 1280])
def test_written_from_right_to_left_a_box_stands_before_its_words_and_fields_begin_at_the_right(page, width):
    page.set_viewport_size({"width": width, "height": HEIGHT})
    page.goto("/login")
    apart, edge, begins = page.evaluate(MIRRORED)
    assert 2 <= apart <= 12
    assert (edge, begins) == (0, "right")


def test_a_name_keeps_its_own_direction_T98(page, site, named):
    """An Arabic name does not turn what stands around it."""
    at_list(page, site, "?q=named-ar")
    name = page.get_by_role("link", name=NAMES["ar"], exact=True).locator("bdi")
    assert name.evaluate("each => getComputedStyle(each).unicodeBidi") == "isolate"


def test_in_forced_colours_what_is_on_selected_or_focused_is_seen_T95(page, site):
    who = site.person(email="forced@example.com")
    page.emulate_media(forced_colors="active")
    at_list(page, site, "?q=forced")
    boxes = page.locator("[data-users] .form-check-input")
    assert set(boxes.evaluate_all("all => all.map((each) => getComputedStyle(each).appearance)")) == {"auto"}

    def ring(of):
        return of.evaluate("each => getComputedStyle(each).outlineStyle + getComputedStyle(each).outlineWidth")

    row(page, who).get_by_role("checkbox").click()
    expect(row(page, who)).to_have_attribute("aria-selected", "true")
    assert ring(row(page, who)) == "solid2px"
    assert ring(page.get_by_role("navigation", name="Main").locator("[aria-current]")) == "solid2px"
    assert ring(page.get_by_role("navigation", name="Status").locator("[aria-current]")) == "solid2px"
    page.keyboard.press("Tab")
    assert ring(page.locator(":focus")) == "solid2px"
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Search or jump to")).to_be_focused()
    assert ring(page.locator(".fi-palette-field")) == "solid2px"
    assert ring(page.get_by_role("listbox").get_by_role("option", selected=True)) == "solid2px"


MOVING = """
() => {
  const slow = (each) => parseFloat(getComputedStyle(each).transitionDuration) > 0;
  return [...document.querySelectorAll("*")].filter(slow).length + document.getAnimations().length;
}
"""


def test_with_less_motion_nothing_moves_T96(page, site):
    who = site.person(email="motion@example.com")
    at_list(page, site, "?q=motion")
    assert page.evaluate(MOVING) > 0
    page.emulate_media(reduced_motion="reduce")
    page.wait_for_function(f"({MOVING.strip()})() === 0")  # what had begun before comes to its end
    row(page, who).get_by_role("link", name="Edit").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.evaluate(MOVING) == 0


def background(page):
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


LIGHT, DARK = "rgb(246, 246, 249)", "rgb(13, 14, 18)"


def test_the_theme_is_there_before_the_first_paint_T92(page):
    """No module script has run: only the one that blocks, and what the server wrote."""
    page.route("**/js/app.js*", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.emulate_media(color_scheme="dark")
    page.goto("/login")
    assert background(page) == DARK
    page.emulate_media(color_scheme="light")
    page.reload()
    assert background(page) == LIGHT
    page.context.add_cookies([{"name": "identity_theme", "value": "dark", "url": page.url}])
    page.reload()
    assert background(page) == DARK
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_the_button_goes_through_the_themes_and_the_next_page_has_it_T92(page):
    page.emulate_media(color_scheme="light")
    page.goto("/login")
    for word, colour in (("dark", DARK), ("light", LIGHT), ("as the device", LIGHT), ("dark", DARK)):
        page.locator("[data-theme-toggle]").click()
        expect(page.get_by_role("button", name=f"Theme: {word}")).to_be_visible()
        assert background(page) == colour
    page.goto("/register")
    assert background(page) == DARK
