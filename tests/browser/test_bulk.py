"""Many people at once, in a browser."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.people import at_list, crowd, row, sent


def bar(page):
    return page.get_by_role("region", name="What to do with those selected")


def test_t42_the_bar_comes_with_a_selection_and_goes_with_escape(page, site):
    """T42."""
    one, *_ = crowd(site, "bar", 3)
    at_list(page, site, "?q=bar")
    expect(bar(page)).to_be_hidden()

    row(page, one).get_by_role("checkbox").click()

    expect(bar(page)).to_contain_text("1 selected")
    head = page.get_by_role("checkbox", name="Select all on this page")
    assert head.evaluate("box => box.indeterminate")
    page.keyboard.press("Escape")
    expect(bar(page)).to_be_hidden()
    expect(row(page, one).get_by_role("checkbox")).not_to_be_checked()


def test_shift_and_a_click_select_all_in_between(page, site):
    people = crowd(site, "range", 5)
    at_list(page, site, "?q=range")

    row(page, people[1]).get_by_role("checkbox").click()
    expect(bar(page)).to_contain_text("1 selected")
    row(page, people[3]).get_by_role("checkbox").click(modifiers=["Shift"])

    expect(bar(page)).to_contain_text("3 selected")
    expect(row(page, people[2])).to_have_attribute("aria-selected", "true")


def test_t43_a_selection_outlives_paging(page, site):
    """T43."""
    people = crowd(site, "paged", 12)
    at_list(page, site, "?q=paged&limit=10")
    calls = sent(page, "POST")

    row(page, people[0]).get_by_role("checkbox").click()
    page.get_by_role("link", name="Next").click()
    row(page, people[11]).get_by_role("checkbox").click()
    expect(bar(page)).to_contain_text("2 selected")
    page.get_by_role("link", name="Previous").click()
    expect(row(page, people[0]).get_by_role("checkbox")).to_be_checked()
    bar(page).get_by_role("button", name="Suspend").click()

    expect(page.get_by_text("2 suspended")).to_be_visible()
    expect(row(page, people[0]).get_by_role("switch")).not_to_be_checked()
    expect(bar(page)).to_be_hidden()
    assert calls[0].post_data_json == {"action": "suspend", "ids": [str(people[0].id), str(people[11].id)]}


def test_those_selected_are_exported_over_all_pages_and_stay_selected(page, site):
    people = crowd(site, "file", 11)
    at_list(page, site, "?q=file&limit=10")
    row(page, people[0]).get_by_role("checkbox").click()
    page.get_by_role("link", name="Next").click()
    row(page, people[10]).get_by_role("checkbox").click()
    expect(bar(page)).to_contain_text("2 selected")

    with page.expect_download() as began:
        bar(page).get_by_role("link", name="Export").click()

    lines = began.value.path().read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[1] for line in lines] == ["email", people[0].email, people[10].email]
    assert began.value.suggested_filename == "users.csv"
    expect(bar(page)).to_contain_text("2 selected")


def test_t43b_all_who_match_and_who_was_left_out(page, site):
    """T43b: the server says how many it was, and whom it skipped."""
    crowd(site, "match", 11)
    site.sign_in(page, site.admin(email="matching-admin@example.com"))
    page.goto("/user_list?q=match&limit=10")
    page.get_by_role("checkbox", name="Select all on this page").click()
    expect(bar(page)).to_contain_text("10 selected")

    bar(page).get_by_role("button", name="Select all 12 matching").click()
    expect(bar(page)).to_contain_text("All 12 matching selected")
    expect(bar(page).get_by_role("link", name="Export")).to_have_attribute(
        "href", re.compile(r"/user_list\.csv\?q=match$")
    )
    bar(page).get_by_role("button", name="Suspend").click()

    expect(page.get_by_text("11 suspended, 1 skipped (your own account)")).to_be_visible()
    expect(page.get_by_role("link", name="Suspended")).to_contain_text("11")


def test_a_role_is_set_after_a_choice(page, site):
    people = crowd(site, "cast", 2)
    at_list(page, site, "?q=cast")
    page.get_by_role("checkbox", name="Select all on this page").click()

    bar(page).get_by_role("button", name="Set role").click()
    page.get_by_role("dialog").get_by_label("Role").select_option("admin")
    page.get_by_role("dialog").get_by_role("button", name="Set role").click()

    expect(page.get_by_text("2 have the new role")).to_be_visible()
    expect(row(page, people[1]).get_by_role("cell", name="Admin", exact=True)).to_be_visible()


def test_many_are_deleted_only_after_their_number_is_typed(page, site):
    """T60, for many."""
    crowd(site, "many", 3)
    at_list(page, site, "?q=many")
    page.get_by_role("checkbox", name="Select all on this page").click()

    bar(page).get_by_role("button", name="Delete").click()
    dialog = page.get_by_role("dialog", name="Delete these users?")
    expect(dialog).to_contain_text("3 users")
    expect(dialog.get_by_role("button", name="Delete users")).to_be_disabled()
    dialog.get_by_label(re.compile("^Type")).fill("3")
    dialog.get_by_role("button", name="Delete users").click()

    expect(page.get_by_text("3 deleted")).to_be_visible()
    expect(page.locator("[data-user]")).to_have_count(0)


def test_over_a_thousand_it_goes_on_while_the_server_says_more(page, site):
    """The bar says how far it is."""
    crowd(site, "thousand", 2)
    at_list(page, site, "?q=thousand&limit=10")
    answers = iter(['{"done": 1000, "skipped": [], "more": true}', '{"done": 20, "skipped": [], "more": false}'])
    page.route(
        "**/users/bulk",
        lambda route: route.fulfill(
            status=200, body=f'{{"meta": {{}}, "response": {next(answers)}}}', content_type="application/json"
        ),
    )
    page.evaluate(
        "Object.assign(document.querySelector('[data-tabs]').dataset, { matching: 1001, matchingText: '1,000+' })"
    )
    page.get_by_role("checkbox", name="Select all on this page").click()
    bar(page).get_by_role("button", name="Select all 1,000+ matching").click()

    bar(page).get_by_role("button", name="Suspend").click()

    expect(page.get_by_text("1,020 suspended")).to_be_visible()
