"""What two tabs, an impatient hand, a session that ended elsewhere and an old sign-in do to what one is at."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.people import at_list, crowd, edit, menu, row, sent


def test_a_session_that_ended_elsewhere_is_said_in_the_dialog_and_one_comes_back_to_it(page, site):
    """The link to sign in can be reached by keyboard, inside the dialog that is still open."""
    (who,) = crowd(site, "elsewhere", 1)
    me = at_list(page, site, "?q=elsewhere")
    dialog = edit(page, who)
    page.context.clear_cookies()
    dialog.get_by_label("Full name").fill("Too Late")
    dialog.get_by_role("button", name="Save changes").click()

    link = dialog.get_by_role("link", name="Sign in")
    expect(link).to_have_attribute("href", "/login?next=%2Fuser_list%3Fq%3Delsewhere")
    expect(dialog.get_by_label("Full name")).to_have_value("Too Late")
    for _ in range(30):
        page.keyboard.press("Tab")
        if link.evaluate("each => each === document.activeElement"):
            break
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_label("Email or username").fill(me.email)
    page.get_by_label("Password", exact=True).fill(me.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{site.url}/user_list?q=elsewhere")
    expect(row(page, who)).to_be_visible()


def test_of_two_tabs_the_one_with_the_older_state_overwrites_nothing_T54(page, site):
    (who,) = crowd(site, "tabs", 1)
    at_list(page, site, "?q=tabs")
    other = page.context.new_page()
    other.goto("/user_list?q=tabs")
    old, new = edit(page, who), edit(other, who)
    new.get_by_label("Full name").fill("From The New")
    new.get_by_role("button", name="Save changes").click()
    expect(row(other, who)).to_contain_text("From The New")

    old.get_by_label("Full name").fill("From The Old")
    old.get_by_role("button", name="Save changes").click()
    expect(old.get_by_role("alert")).to_contain_text("Someone else changed this user.")
    old.get_by_role("button", name="Load their changes").click()
    expect(old.get_by_label("Full name")).to_have_value("From The New")


def test_who_was_deleted_in_another_tab_is_said_to_be_gone_T62(page, site):
    (who,) = crowd(site, "twice-gone", 1)
    at_list(page, site, "?q=twice-gone")
    menu(page, who, "Delete user…")
    dialog = page.get_by_role("dialog", name="Delete this user?")
    dialog.get_by_role("textbox").fill(who.email)
    gone = page.request.delete(f"/delete_user?id={who.id}", headers={"Origin": site.url, "Accept": "application/json"})
    assert gone.ok
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).not_to_be_empty()
    dialog.get_by_role("button", name="Keep user").click()
    page.reload()
    expect(row(page, who)).to_have_count(0)


def test_an_impatient_hand_saves_and_deletes_once(page, site):
    """Two clicks before the first answer: one request each."""
    (who,) = crowd(site, "impatient", 1)
    at_list(page, site, "?q=impatient")
    puts, deletes = sent(page, "PUT"), sent(page, "DELETE")
    dialog = edit(page, who)
    dialog.get_by_label("Full name").fill("Once")
    dialog.get_by_role("button", name="Save changes").evaluate("button => { button.click(); button.click(); }")
    expect(row(page, who)).to_contain_text("Once")
    expect(dialog).to_be_hidden()
    menu(page, who, "Delete user…")
    question = page.get_by_role("dialog", name="Delete this user?")
    question.get_by_role("textbox").fill(who.email)
    question.get_by_role("button", name="Delete user").evaluate("button => { button.click(); button.click(); }")
    expect(row(page, who)).to_have_count(0)
    assert (len(puts), len(deletes)) == (1, 1)


def test_an_old_sign_in_is_confirmed_and_one_goes_on_where_one_was_T86(page, site):
    """Deleting asks for the password where it was given too long ago; a wrong one is said and asks again."""
    (who,) = crowd(site, "verified", 1)
    me = at_list(page, site, "?q=verified")
    site.tire(me)
    menu(page, who, "Delete user…")
    expect(page).to_have_url(re.compile(r"/verify\?next=%2Fuser_list%3Fq%3Dverified$"))
    expect(page.get_by_role("main").get_by_text(me.email)).to_be_visible()
    page.get_by_label("Password", exact=True).fill("not this one")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_label("Password", exact=True).fill(me.password)
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_url(f"{site.url}/user_list?q=verified")
    menu(page, who, "Delete user…")
    dialog = page.get_by_role("dialog", name="Delete this user?")
    dialog.get_by_role("textbox").fill(who.email)
    page.keyboard.press("Enter")
    expect(row(page, who)).to_have_count(0)


def test_a_sign_in_that_grew_old_while_a_dialog_was_open_is_confirmed_too_T86(page, site):
    (who,) = crowd(site, "grown-old", 1)
    me = at_list(page, site, "?q=grown-old")
    menu(page, who, "Delete user…")
    page.get_by_role("dialog").get_by_role("textbox").fill(who.email)
    site.tire(me)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/verify"))
    page.get_by_label("Password", exact=True).fill(me.password)
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_url(f"{site.url}/user_list?q=grown-old")
    expect(row(page, who)).to_be_visible()
