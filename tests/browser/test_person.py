"""A person's page and everybody's sessions in an administrator's browser, and what an ordinary person sees of them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect


@pytest.fixture
def bob(site, browser, dashboard):
    """Somebody with a browser of their own, signed in: `(person, tab)`."""
    context = browser.new_context(base_url=dashboard)
    tab = context.new_page()
    who = site.sign_in(tab, site.person(profile={"full_name": "Bob <b>O'Hara</b>"}))
    yield who, tab
    context.close()


@pytest.fixture
def shown(page, site, bob):
    """Bob's page, seen by an administrator."""
    site.sign_in(page, site.admin())
    page.goto(f"/users/{bob[0].id}")
    return page


def is_out(tab):
    tab.goto("/profile")
    return re.search("/login", tab.url) is not None


def test_a_suspended_person_is_out_at_the_next_click_E11(shown, bob):
    _, tab = bob
    assert not is_out(tab)
    shown.get_by_label("Reason").fill("Left the company")
    shown.get_by_role("button", name="Suspend").click()
    expect(shown.get_by_text("The account is suspended.")).to_be_visible()
    expect(shown.get_by_text("Suspended: Left the company")).to_be_visible()
    expect(shown.get_by_role("heading", name="Danger zone")).to_be_focused()
    shown.get_by_role("tab", name="Sessions").click()
    expect(shown.get_by_text("Not signed in anywhere.")).to_be_visible()
    assert is_out(tab)
    shown.get_by_role("button", name="Activate").click()
    expect(shown.get_by_role("button", name="Suspend")).to_be_visible()
    assert is_out(tab), "no session comes back to life"


def test_markup_in_a_name_is_text_E3_T04(shown):
    expect(shown.get_by_role("heading", name="Bob <b>O'Hara</b>")).to_be_visible()


def test_one_session_or_all_of_a_person_are_ended(shown, site, bob):
    who, tab = bob
    site.sign_in(tab, who)
    shown.reload()
    shown.get_by_role("tab", name="Sessions 2").click()
    rows = shown.get_by_role("region", name="Sessions").get_by_role("listitem")
    expect(rows).to_have_count(2)
    shown.get_by_role("button", name=re.compile("^End session")).first.click()
    expect(rows).to_have_count(1)
    shown.get_by_role("button", name="End all sessions").click()
    shown.get_by_role("dialog").get_by_role("button", name="End sessions").click()
    expect(shown.get_by_text("All sessions ended.")).to_be_visible()
    expect(rows).to_have_text("Not signed in anywhere.")
    expect(shown.get_by_role("tab", name="Sessions 0")).to_have_attribute("aria-selected", "true")
    assert is_out(tab)


def test_sections_are_tabs_for_the_keyboard_and_the_address_keeps_which_is_open(shown):
    expect(shown.get_by_role("tabpanel")).to_have_count(1)
    details = shown.get_by_role("tab", name="Details")
    expect(details).to_have_attribute("aria-selected", "true")
    details.focus()
    shown.keyboard.press("ArrowRight")
    expect(shown.get_by_role("tab", name="Security")).to_be_focused()
    expect(shown.get_by_role("tabpanel", name="Security")).to_contain_text("Failed sign-ins")
    shown.keyboard.press("End")
    shown.keyboard.press("ArrowRight")
    expect(details).to_be_focused()
    shown.keyboard.press("End")
    expect(shown).to_have_url(re.compile("#activity$"))
    shown.reload()
    expect(shown.get_by_role("tabpanel", name="Activity")).to_contain_text("Account created")
    expect(shown.get_by_role("heading", name="Danger zone")).to_be_visible()


def test_a_person_is_edited_in_the_dialog_of_the_list_T50(shown):
    shown.get_by_role("link", name="Edit user").click()
    dialog = shown.get_by_role("dialog", name="Edit Bob")
    expect(dialog.get_by_label("Full name")).to_be_focused()
    dialog.get_by_label("Full name").fill("Robert Tables")
    dialog.get_by_role("button", name="Save changes").click()
    expect(shown.get_by_text("Robert Tables is saved.")).to_be_visible()
    expect(shown.get_by_role("heading", name="Robert Tables")).to_be_visible()
    expect(shown.get_by_role("link", name="Edit user")).to_be_focused()


def test_a_person_is_deleted_once_the_address_is_typed(shown, bob):
    who, tab = bob
    shown.get_by_role("link", name="Delete user…").click()
    dialog = shown.get_by_role("dialog", name="Delete this user?")
    yes = dialog.get_by_role("button", name="Delete user")
    expect(yes).to_be_disabled()
    dialog.get_by_role("textbox").fill(who.email)
    yes.click()
    shown.wait_for_url("**/user_list")
    assert shown.request.get(f"/users/{who.id}").status == 404
    assert is_out(tab)


def test_a_lock_says_until_when_and_after_how_many_tries(shown, bob, site):
    who, _ = bob
    for _ in range(5):
        shown.request.post(
            "/login", data={"identity": who.email, "password": "not this one"}, headers={"Origin": site.url}
        )
    shown.reload()
    expect(shown.get_by_text(re.compile(r"Locked until \d\d:\d\d UTC \(5 failed tries\)"))).to_be_visible()
    shown.get_by_role("button", name="Unlock").click()
    expect(shown.get_by_text("The account is unlocked.")).to_be_visible()
    expect(shown.get_by_text("Locked until")).to_have_count(0)


def test_everybodys_sessions_are_listed_and_ended(shown, bob):
    who, tab = bob
    shown.goto(f"/all_sessions?q={who.email}")
    row = shown.get_by_role("row").filter(has_text=who.email)
    expect(row).to_have_count(1)
    row.get_by_role("button").click()
    expect(shown.get_by_role("heading", name="No sessions")).to_be_visible()
    assert is_out(tab)


def test_all_of_it_works_without_scripts(browser, dashboard, site, bob):
    who, tab = bob
    context = browser.new_context(base_url=dashboard, java_script_enabled=False)
    page = context.new_page()
    site.sign_in(page, site.admin())
    page.goto(f"/users/{who.id}")
    page.get_by_role("button", name="End all sessions").click()
    assert is_out(tab)
    page.get_by_role("button", name="Suspend").click()
    page.get_by_role("button", name="Activate").click()
    page.get_by_role("link", name="Delete user…").click()
    page.get_by_role("button", name="Delete user").click()
    expect(page).to_have_url(re.compile("/user_list$"))
    context.close()


@pytest.mark.parametrize("path", ["/user_list", "/all_sessions", "/users/1"])
def test_an_ordinary_person_gets_a_page_that_leads_to_their_profile_T47(page, site, path):
    site.sign_in(page)
    answer = page.goto(path)
    assert answer.status == 403
    expect(page.get_by_role("heading", name=re.compile("You don.t have access to this page"))).to_be_visible()
    expect(page.get_by_role("navigation", name="My account")).to_be_visible()
    expect(page.get_by_role("navigation", name="Main")).to_have_count(0)
    page.get_by_role("link", name="Go to your profile").click()
    expect(page).to_have_url(re.compile("/profile$"))
