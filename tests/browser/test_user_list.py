"""The administrators' list in a browser."""

from __future__ import annotations

import csv
import gzip
import re

import pytest
from playwright.sync_api import expect

from tests.browser.people import at_list, crowd, row, sent, told


def names(page):
    return page.locator("[data-user] .fi-person-name").all_inner_texts()


def test_t30_a_search_is_live_and_stands_in_the_address(page, site):
    """E6, T30."""
    found = site.person(email="live-search@example.com")
    at_list(page, site)

    page.get_by_role("searchbox").press_sequentially("live-sea")

    expect(page).to_have_url(re.compile(r"\?q=live-sea$"))
    expect(page.locator("[data-user]")).to_have_count(1)
    expect(row(page, found)).to_be_visible()
    expect(page.get_by_role("searchbox")).to_be_focused()
    expect(page.locator("[data-announce]")).to_have_text("1 user")


def test_t31_back_reload_and_a_link_restore_the_list(page, site):
    """T31."""
    crowd(site, "restored", 2)
    at_list(page, site)
    page.get_by_role("searchbox").fill("restored01")
    expect(page.locator("[data-user]")).to_have_count(1)
    page.get_by_role("link", name="Suspended").click()
    expect(page.get_by_text("No users match")).to_be_visible()

    page.go_back()
    expect(page.locator("[data-user]")).to_have_count(1)
    page.reload()
    expect(page.locator("[data-user]")).to_have_count(1)
    expect(page.get_by_role("searchbox")).to_have_value("restored01")
    page.go_back()
    expect(page.get_by_role("searchbox")).to_have_value("")


def test_t32_a_heading_sorts_and_says_so(page, site):
    """T32."""
    at_list(page, site)
    heading = page.get_by_role("columnheader", name="User")

    heading.get_by_role("link").click()
    expect(heading).to_have_attribute("aria-sort", "ascending")
    shown = page.locator("[data-user]").evaluate_all("rows => rows.map((row) => row.dataset.email)")
    assert shown == sorted(shown)
    heading.get_by_role("link").click()
    expect(heading).to_have_attribute("aria-sort", "descending")
    expect(heading.get_by_role("link")).to_be_focused()


def test_t33_counts_of_the_tabs_are_those_of_the_server(page, site):
    """T33."""
    site.person(email="counted-off@example.com", active=False)
    at_list(page, site, "?q=counted-")

    expect(page.locator("[data-tabs]")).to_have_text(
        re.compile(r"All\s*1\s*Active\s*0\s*Suspended\s*1\s*Locked\s*0\s*$")
    )
    page.goto("/user_list?q=counted-&status=pending")  # an old address: nobody has to confirm anything here
    expect(page.locator("[data-tabs]").get_by_role("link", name="Pending")).to_have_attribute("aria-current", "true")


def test_t34_filters_are_chips_that_go_one_by_one_or_all_at_once(page, site):
    """T34."""
    at_list(page, site, "?q=person&status=active")
    page.get_by_label("Role", exact=True).first.select_option("admin")
    chips = page.get_by_role("list", name="Active filters").get_by_role("listitem")

    expect(chips).to_have_text(
        [re.compile(text) for text in ("Search: person", "Role: Admin", "Status: Active", "Clear all")]
    )
    chips.nth(1).get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"q=person&status=active$"))
    page.get_by_role("link", name="Clear all").click()
    expect(page).to_have_url(re.compile(r"/user_list\??$"))
    expect(page.get_by_role("searchbox")).to_have_value("")


def test_t35_no_match_says_what_was_looked_for(page, site):
    """T35."""
    at_list(page, site, "?q=zzzz&status=active")

    expect(page.get_by_text("Nothing was found for “zzzz” among active users.")).to_be_visible()
    page.get_by_role("link", name="Clear filters").click()
    expect(page.locator("[data-user]").first).to_be_visible()


def test_t36_who_is_alone_sees_themselves_and_no_other_page(page, site):
    """T36: a list that holds nobody else is still a list."""
    me = at_list(page, site)
    told(page, site, "POST", "/users/bulk", {"action": "delete", "all_matching": {}})
    page.reload()

    expect(page.locator("[data-user]")).to_have_count(1)
    expect(row(page, me)).to_contain_text("You")
    expect(page.locator("[data-lead]")).to_have_text("1 person can sign in.")
    for name in ("Previous", "Next"):
        expect(page.get_by_role("link", name=name)).to_have_attribute("aria-disabled", "true")
    page.get_by_role("link", name="Suspended").click()
    expect(page.get_by_text("Nobody has this status or role.")).to_be_visible()


def test_t44_the_file_holds_what_the_filter_shows_and_no_formula(page, site):
    """T44, A-138."""
    formulas = ['=HYPERLINK("https://evil.example")', "+1", "-1", "@SUM(A1)"]
    people = [
        site.person(email=f"csv{number}@example.com", profile={"full_name": name})
        for number, name in enumerate(formulas)
    ]
    site.person(email="csv-off@example.com", active=False)
    at_list(page, site)
    page.get_by_role("searchbox").fill("csv")
    page.get_by_role("link", name="Active").click()
    expect(page.locator("[data-user]")).to_have_count(4)

    with page.expect_download() as saved:
        page.get_by_role("link", name="Export CSV").click()
    with open(saved.value.path(), encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert saved.value.suggested_filename == "users.csv"
    assert [each["email"] for each in rows] == [each.email for each in people]
    assert [each["full_name"] for each in rows] == [f"'{name}" for name in formulas]


@pytest.mark.parametrize("begin", ["at-once", "on-its-way"])
def test_t34_a_filter_pressed_at_once_takes_along_what_was_typed(page, site, begin):
    """T34: before the pause after typing is over, and while the rows of what was typed are on their way."""
    crowd(site, begin, 2)
    at_list(page, site)
    search = re.compile(rf"\?q={begin}$")
    page.route(search, lambda route: None)  # never answered
    if begin == "at-once":
        page.get_by_role("searchbox").fill(begin)
    else:
        with page.expect_request(search):
            page.get_by_role("searchbox").fill(begin)
    page.get_by_role("link", name="Active").click()

    expect(page).to_have_url(re.compile(rf"\?status=active&q={begin}$"))
    expect(page.locator("[data-user]")).to_have_count(2)
    expect(page.get_by_role("searchbox")).to_have_value(begin)


def test_t37_t38_e8_a_change_of_the_switch_suspends_and_undo_takes_it_back(page, site):
    """E7, E8, T37, T38, T41: one PUT; the other browser is out on its next request."""
    who = site.person(email="switched@example.com")
    elsewhere = page.context.browser.new_context(base_url=site.url)
    theirs = elsewhere.new_page()
    site.sign_in(theirs, who)
    assert theirs.goto("/profile").status == 200
    at_list(page, site, "?q=switched")
    asked = sent(page, "PUT")

    row(page, who).get_by_role("switch").click()

    toast = page.get_by_role("region", name="Notifications")
    expect(toast).to_contain_text("switched@example.com is suspended, and 1 session ended.")
    expect(row(page, who)).to_contain_text("Suspended")
    expect(page.get_by_role("link", name="Suspended")).to_contain_text("1")
    assert (asked[0].url.rpartition("/")[2], asked[0].post_data_json) == (
        "update_status",
        {"id": str(who.id), "status": "suspended"},
    )
    theirs.goto("/profile")
    assert "/login" in theirs.url
    toast.get_by_role("button", name="Undo").click()
    expect(row(page, who).get_by_role("switch")).to_be_checked()
    assert (asked[1].post_data_json or {})["status"] == "active"
    elsewhere.close()


def test_t39_a_refused_change_rolls_the_switch_back_and_says_why(page, site):
    """T39."""
    who = site.person(email="rolled@example.com")
    at_list(page, site, "?q=rolled")
    answer = (
        '{"meta": {"code": 409}, "response": {"error": "last_admin", "message": "This is the last administrator."}}'
    )
    page.route(
        "**/update_status", lambda route: route.fulfill(status=409, body=answer, content_type="application/json")
    )

    row(page, who).get_by_role("switch").click()

    expect(page.get_by_text("This is the last administrator.")).to_be_visible()
    expect(row(page, who).get_by_role("switch")).to_be_checked()
    expect(row(page, who).get_by_role("switch")).to_be_enabled()
    expect(row(page, who).get_by_role("switch")).to_be_focused()


def test_t40_ones_own_switch_is_off_with_the_reason(page, site):
    """T40: whoever looks is an administrator, so nobody else can be the last one."""
    me = at_list(page, site)

    switch = row(page, me).get_by_role("switch")
    expect(switch).to_be_disabled()
    expect(switch).to_have_accessible_description("Your own account stays active.")
    row(page, me).get_by_role("button", name="More for").click()
    expect(row(page, me).get_by_text("Delete user")).to_have_count(0)


def test_t45_the_number_of_rows_is_remembered(page, site):
    """T45."""
    crowd(site, "rows", 12)
    at_list(page, site, "?q=rows")
    expect(page.locator("[data-user]")).to_have_count(12)

    page.get_by_label("Rows", exact=True).select_option("10")
    expect(page.locator("[data-user]")).to_have_count(10)
    page.goto("/user_list?q=rows")
    expect(page.locator("[data-user]")).to_have_count(10)
    page.get_by_role("link", name="Next").click()
    expect(page.locator("[data-user]")).to_have_count(2)
    expect(page.get_by_role("link", name="Next")).to_have_attribute("aria-disabled", "true")


def test_t46_without_a_script_the_list_filters_pages_and_suspends(browser, site):
    """T46."""
    who = crowd(site, "plain", 11)[0]
    context = browser.new_context(base_url=site.url, java_script_enabled=False)
    page = context.new_page()
    at_list(page, site)

    page.get_by_role("searchbox").fill("plain")
    page.get_by_role("button", name="Search").click()
    page.get_by_label("Rows", exact=True).select_option("10")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("[data-user]")).to_have_count(10)
    row(page, who).get_by_role("button", name="Suspend").click()
    expect(row(page, who).get_by_role("button", name="Activate")).to_be_visible()
    page.get_by_role("link", name="Next").click()
    expect(page.locator("[data-user]")).to_have_count(1)
    context.close()


def test_t47_everybody_else_gets_a_page_that_says_so(page, site):
    """T47."""
    site.sign_in(page)

    assert page.goto("/user_list").status == 403
    fragment = page.request.get("/user_list", headers={"X-Fragment": "1", "Accept": "text/html"})
    assert fragment.status == 403
    assert "[data-user]" not in fragment.text()


def test_t48_of_fast_typing_the_last_search_wins(page, site):
    """T48: an older answer that comes later is of no account."""
    crowd(site, "fast", 3)
    at_list(page, site)
    page.route(re.compile(r"q=fast$"), lambda route: (page.wait_for_timeout(700), route.continue_()))

    page.get_by_role("searchbox").fill("fast")
    page.wait_for_timeout(300)
    page.get_by_role("searchbox").fill("fast02")

    expect(page.locator("[data-user]")).to_have_count(1)
    page.wait_for_timeout(900)
    expect(page.locator("[data-user]")).to_have_count(1)
    expect(page).to_have_url(re.compile("q=fast02$"))


def test_t04_names_are_text(page, site):
    """T04."""
    who = site.person(email="hostile@example.com")
    at_list(page, site)
    name = "<img src=x onerror=alert(1)>"
    told(page, site, "PUT", "/edit_user", {"id": who.id, "profile": {"full_name": name}})
    page.goto("/user_list?q=hostile")

    row(page, who).get_by_role("switch").click()
    expect(page.get_by_role("region", name="Notifications")).to_contain_text(f"{name} is suspended.")
    assert names(page) == [name]


def test_t49_t91_a_person_is_found_by_keyboard_alone(page, site):
    """T49, T91: / and the palette, and keys that stay letters while one types."""
    who = site.person(email="palette-find@example.com")
    at_list(page, site)

    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("?/")
    expect(page.get_by_role("searchbox")).to_have_value("?/")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Search or jump to")).to_be_focused()
    page.keyboard.type("palette-f")
    expect(page.get_by_role("option", name="palette-find@example.com")).to_be_visible()
    expect(page.get_by_role("option", name="palette-find@example.com").locator(".fi-avatar")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/users/{who.id}$"))


def test_the_question_mark_shows_the_keys(page, site):
    at_list(page, site)

    page.keyboard.press("?")

    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()


@pytest.mark.parametrize("width", [320, 390, 768, 1024])
def test_t93_nothing_scrolls_sideways(page, site, width):
    """T93; on a phone a row keeps being one of a table."""
    at_list(page, site)
    page.set_viewport_size({"width": width, "height": 800})

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    expect(page.get_by_role("row").nth(1).get_by_role("cell").first).to_be_visible()
    page.locator("[data-pick]").last.click()
    expect(page.get_by_role("region", name="What to do with those selected")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_t100_the_first_visit_is_light(page, site):
    """T100: 100 KB compressed without the font, 12 requests."""
    got = []
    page.on("response", lambda answer: got.append(answer))
    at_list(page, site, "?limit=25")
    page.wait_for_load_state("networkidle")

    sizes = {each.url: len(gzip.compress(each.body())) for each in got if "woff2" not in each.url}
    assert sum(sizes.values()) <= 100_000, sizes
    assert len(got) <= 12, list(sizes)
