"""Deleting somebody, and ending their sessions, in a browser."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.people import at_list, crowd, menu, row, sent


def asked(page, who):
    menu(page, who, "Delete user…")
    dialog = page.get_by_role("dialog", name="Delete this user?")
    expect(dialog.get_by_label(re.compile("^Type"))).to_be_focused()
    return dialog


def test_t60_t61_e7_e8_deleting_takes_the_address_typed_and_goes_by_delete(page, site):
    """E7, E8, T60, T61."""
    who, next_one = crowd(site, "gone", 2)
    at_list(page, site, "?q=gone")
    calls = sent(page, "DELETE")
    dialog = asked(page, who)
    yes = dialog.get_by_role("button", name="Delete user")

    expect(dialog.get_by_text("They are not signed in anywhere.")).to_be_visible()
    expect(yes).to_be_disabled()
    dialog.get_by_label(re.compile("^Type")).fill("gone")
    page.keyboard.press("Enter")
    expect(yes).to_be_disabled()
    dialog.get_by_label(re.compile("^Type")).fill(who.email)
    expect(yes).to_be_enabled()
    page.keyboard.press("Enter")

    expect(dialog).to_be_hidden()
    expect(row(page, who)).to_have_count(0)
    expect(row(page, next_one).get_by_role("link").first).to_be_focused()
    expect(page.get_by_role("link", name="All 1")).to_contain_text("1")
    expect(page.get_by_text(f"{who.email} is deleted.")).to_be_visible()
    assert [call.url.rpartition("/")[2] for call in calls] == [f"delete_user?id={who.id}"]


def test_t62_a_refusal_stands_in_the_dialog(page, site):
    """T62."""
    (who,) = crowd(site, "kept", 1)
    at_list(page, site, "?q=kept")
    answer = '{"meta": {"code": 409}, "response": {"error": "in_use", "message": "Still in use."}}'
    page.route(
        "**/delete_user?*", lambda route: route.fulfill(status=409, body=answer, content_type="application/json")
    )
    dialog = asked(page, who)

    dialog.get_by_label(re.compile("^Type")).fill(who.email)
    page.keyboard.press("Enter")

    expect(dialog.get_by_role("alert")).to_have_text("Still in use.")
    expect(row(page, who)).to_have_count(1)


def test_t63_suspending_instead(page, site):
    """T63."""
    (who,) = crowd(site, "instead", 1)
    at_list(page, site, "?q=instead")

    asked(page, who).get_by_role("button", name="suspend it instead").click()

    expect(page.get_by_text(f"{who.email} is suspended.")).to_be_visible()
    expect(row(page, who).get_by_role("switch")).not_to_be_checked()


def test_t64_keeping_the_user_sends_nothing(page, site):
    """T64."""
    (who,) = crowd(site, "keepme", 1)
    at_list(page, site, "?q=keepme")
    calls = sent(page, "DELETE")

    asked(page, who).get_by_role("button", name="Keep user").click()

    expect(row(page, who).get_by_role("button", name="More for")).to_be_focused()
    assert calls == []


def test_all_sessions_of_somebody_end_after_a_question(page, site):
    (who,) = crowd(site, "everywhere", 1)
    other = page.context.browser.new_context(base_url=site.url)
    site.sign_in(other.new_page(), who)
    at_list(page, site, "?q=everywhere")

    menu(page, who, "End all sessions…")
    page.get_by_role("dialog").get_by_role("button", name="End sessions").click()

    expect(page.get_by_text(f"1 session of {who.email} ended.")).to_be_visible()
    assert other.request.get("/profile", headers={"Accept": "application/json"}).status == 401
    other.close()
