"""One's own security page in a browser: sessions, tokens, the password (T80, T81, T87)."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

SIGNED_IN = re.compile("^Where you.re signed in$")
NEW = "seven lanterns drift home"


@pytest.fixture
def elsewhere(browser, dashboard):
    """Another browser."""
    context = browser.new_context(base_url=dashboard)
    yield context.new_page()
    context.close()


@pytest.fixture
def me(page, elsewhere, site):
    """Somebody who is signed in here and in another browser, and looks at the page."""
    who = site.sign_in(page)
    site.sign_in(elsewhere, who)
    page.goto("/security")
    return who


def is_out(tab):
    tab.goto("/profile")
    return re.search("/login", tab.url) is not None


def sessions(page):
    return page.get_by_role("region", name=SIGNED_IN).get_by_role("listitem")


def test_one_session_is_ended_and_its_browser_is_out_T80(page, elsewhere, me):
    rows = sessions(page)
    expect(rows).to_have_count(2)
    assert not is_out(elsewhere)
    page.get_by_role("button", name="End session").click()
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("This device")
    expect(page.get_by_role("heading", name=SIGNED_IN)).to_be_focused()
    expect(page.get_by_text(re.compile("The session on .* ended."))).to_be_visible()
    assert is_out(elsewhere)
    assert not is_out(page)


def test_the_focus_goes_to_the_next_session_when_one_has_ended(page, me, browser, dashboard, site):
    third = browser.new_context(base_url=dashboard)
    site.sign_in(third.new_page(), me)
    page.reload()
    expect(sessions(page)).to_have_count(3)
    page.get_by_role("button", name="End session").first.click()
    expect(sessions(page)).to_have_count(2)
    expect(page.get_by_role("button", name="End session")).to_be_focused()
    third.close()


def test_all_other_sessions_end_after_a_question_and_this_one_stays_T81(page, elsewhere, me):
    button = page.get_by_role("button", name="End all other sessions")
    button.click()
    dialog = page.get_by_role("dialog", name="End all other sessions?")
    dialog.get_by_role("button", name="Keep them").click()
    expect(dialog).to_be_hidden()
    expect(button).to_be_focused()
    assert not is_out(elsewhere)
    button.click()
    dialog.get_by_role("button", name="End them").click()
    expect(page.get_by_text("1 session ended. You stay signed in here.")).to_be_visible()
    expect(sessions(page)).to_have_count(1)
    expect(button).to_have_count(0)
    assert is_out(elsewhere)
    assert not is_out(page)


def test_a_new_password_ends_the_other_sessions_T87(page, elsewhere, me):
    page.get_by_role("link", name="Change password").click()
    dialog = page.get_by_role("dialog", name="Change your password")
    expect(dialog.get_by_label("Current password")).to_be_focused()
    dialog.get_by_label("Current password").fill("not this one")
    dialog.get_by_label("New password", exact=True).fill(NEW)
    dialog.get_by_role("button", name="Change password").click()
    expect(dialog.get_by_label("Current password")).to_have_attribute("aria-invalid", "true")
    dialog.get_by_label("Current password").fill(me.password)
    dialog.get_by_role("button", name="Change password").click()
    expect(page.get_by_text("Your password is changed. You were signed out everywhere else.")).to_be_visible()
    expect(dialog).to_be_hidden()
    expect(sessions(page)).to_have_count(1)
    assert is_out(elsewhere)
    assert not is_out(page)


def test_a_weak_new_password_is_refused_at_its_field_E7(page, me):
    page.get_by_role("link", name="Change password").click()
    dialog = page.get_by_role("dialog", name="Change your password")
    dialog.get_by_label("Current password").fill(me.password)
    dialog.get_by_label("New password", exact=True).fill("password1")
    dialog.get_by_role("button", name="Change password").click()
    expect(dialog.locator("[data-field=new_password] [data-error]")).not_to_be_empty()
    expect(dialog.locator("[data-strength-for=new_password]")).to_be_visible()


def test_a_token_is_shown_once_copied_and_ended(page, me):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("link", name="New token").click()
    dialog = page.get_by_role("dialog", name="New API token")
    dialog.get_by_role("button", name="Make token").click()
    expect(dialog.get_by_label("Name")).to_have_attribute("aria-invalid", "true")
    dialog.get_by_label("Name").fill("Backup <b>job</b>")
    dialog.get_by_role("button", name="Make token").click()
    secret = dialog.get_by_label("Token", exact=True)
    expect(secret).to_have_value(re.compile("^fid_"))
    value = secret.input_value()
    dialog.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == value
    dialog.get_by_role("button", name="Done").click()
    tokens = page.get_by_role("region", name="API tokens").get_by_role("listitem")
    expect(tokens).to_contain_text("Backup <b>job</b>")
    assert value not in page.content()
    tokens.get_by_role("button", name="End token").click()
    expect(tokens).to_have_text("You have no token.")
    headers = {"Authorization": f"Bearer {value}", "Accept": "application/json"}
    assert page.request.get("/profile", headers=headers).status == 401


def test_who_was_signed_out_meanwhile_is_told_and_led_to_sign_in_and_back(page, me):
    page.context.clear_cookies()
    page.get_by_role("button", name="End session").click()
    link = page.get_by_label("Notifications").get_by_role("link", name="Sign in")
    expect(link).to_have_attribute("href", "/login?next=%2Fsecurity")


def test_sessions_and_tokens_work_without_scripts(browser, dashboard, site, elsewhere):
    context = browser.new_context(base_url=dashboard, java_script_enabled=False)
    page = context.new_page()
    site.sign_in(elsewhere, site.sign_in(page))
    page.goto("/security")
    page.get_by_role("button", name="End all other sessions").click()
    expect(page).to_have_url(re.compile("/sessions$"))
    assert is_out(elsewhere)
    page.goto("/security")
    page.get_by_role("link", name="New token").click()
    page.get_by_label("Name").fill("CI")
    page.get_by_role("button", name="Make token").click()
    expect(page.get_by_label("Token", exact=True)).to_have_value(re.compile("^fid_"))
    context.close()
