"""Each page as axe sees it (T94): WCAG 2.2 AA and its best practices, light and dark, on a desk and on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.axe import NARROW, faults
from tests.browser.people import menu, row

NAME = "Ada Lovelace"


@pytest.fixture(scope="module")
def people(site):
    """People of all kinds, and one of them with a profile."""
    site.person(email="axe-off@example.com", active=False, suspended_reason="Left the company")
    site.person(email=f"axe-{'long' * 12}@example.com", profile={"full_name": "Wolfeschlegelsteinhausen" * 4})
    return site.person(
        email="axe-ada@example.com",
        username="ada",
        profile={"full_name": NAME, "bio": "Engines.", "phone": "+44 20 1", "website": "https://ada.example.com"},
    )


@pytest.mark.parametrize("path", ["/login", "/login?next=/profile", "/register", "/profile", "/nowhere"])
def test_pages_before_signing_in_T94(page, path):
    page.goto(path)
    assert faults(page) == []


@pytest.mark.parametrize(
    "path",
    ["/profile", "/security", "/sessions", "/tokens", "/change_password", "/edit_user", "/verify", "/user_list", "/x"],
)
def test_pages_of_an_ordinary_person_T94(page, site, people, path):
    site.sign_in(page, people)
    page.goto(path)
    assert faults(page) == []


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/user_list?q=axe",
        "/user_list?q=axe&status=active&role=user&limit=10",
        "/user_list?q=zzzz",
        "/users/ID",
        "/users/ID/delete",
        "/edit_user?id=ID",
        "/all_sessions",
        "/all_sessions?q=zzzz",
        "/nowhere",
    ],
)
def test_pages_of_an_administrator_T94(page, site, people, path):
    site.sign_in(page, site.admin())
    page.goto(path.replace("ID", str(people.id)))
    assert faults(page) == []


# ---- States: what stands on a page only after something was done there ----


def edit(page, who):
    """With a refusal at a field."""
    row(page, who).get_by_role("link", name="Edit").first.click()
    field = page.get_by_role("dialog").get_by_label("Website")
    expect(page.get_by_role("dialog").get_by_label("Full name")).to_be_focused()
    field.fill("javascript:alert(1)")
    page.get_by_role("button", name="Save changes").click()
    expect(field).to_have_attribute("aria-invalid", "true")


def delete(page, who):
    menu(page, who, "Delete user…")
    page.get_by_role("dialog").get_by_role("textbox").fill(who.email)


def end_sessions(page, who):
    menu(page, who, "End all sessions…")
    expect(page.get_by_role("dialog")).to_be_visible()


def row_menu(page, who):
    row(page, who).get_by_role("button", name="More for").click()
    expect(row(page, who).locator(".dropdown-menu")).to_be_visible()


def toast(page, who):
    row(page, who).get_by_role("switch").click()
    expect(page.get_by_role("region", name="Notifications")).to_contain_text(NAME)


def bulk_bar(page, who):
    page.get_by_role("checkbox", name="Select all on this page").click()
    expect(page.get_by_role("region", name="What to do with those selected")).to_be_visible()


def bulk_delete(page, who):
    bulk_bar(page, who)
    page.get_by_role("button", name="Delete…").click()
    expect(page.get_by_role("dialog").get_by_role("textbox")).to_be_focused()


def bulk_role(page, who):
    bulk_bar(page, who)
    page.get_by_role("button", name="Set role…").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def palette(page, who):
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Search or jump to")).to_be_focused()
    page.keyboard.type("axe-")
    expect(page.get_by_role("option", name=NAME)).to_be_visible()


def keys(page, who):
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()


def account_menu(page, who):
    page.goto("/user_list?q=nobody")  # what a menu covers, axe takes for a target too small
    page.locator("[data-menu] summary").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


ON_THE_LIST = [
    edit,
    delete,
    end_sessions,
    row_menu,
    toast,
    bulk_bar,
    bulk_delete,
    bulk_role,
    palette,
    keys,
    account_menu,
]


@pytest.mark.parametrize("act", ON_THE_LIST, ids=lambda act: act.__name__)
def test_states_of_the_list_T94(page, site, people, act):
    site.sign_in(page, site.admin())
    page.goto("/user_list?q=axe-")
    act(page, people)
    assert faults(page) == []


def test_the_menu_of_a_phone_T94(page, site):
    site.sign_in(page, site.admin())
    page.set_viewport_size(NARROW)
    page.goto("/user_list")
    page.get_by_role("button", name="Open menu").click()
    expect(page.locator("#fi-side")).to_be_focused()
    assert faults(page, NARROW) == []


def edit_profile(page):
    page.get_by_role("link", name="Edit profile").click()
    field = page.get_by_role("dialog").get_by_label("Website")
    field.fill("javascript:alert(1)")
    page.get_by_role("button", name="Save profile").click()
    expect(field).to_have_attribute("aria-invalid", "true")


def change_password(page):
    page.get_by_role("link", name="Change password").click()
    page.get_by_role("dialog").get_by_label("New password", exact=True).fill("correct horse")
    expect(page.locator("[data-strength-score]")).to_be_visible()


def new_token(page):
    page.get_by_role("link", name="New token").click()
    page.get_by_role("dialog").get_by_label("Name").fill("Backup")
    page.get_by_role("button", name="Make token").click()
    expect(page.get_by_role("dialog").get_by_label("Token", exact=True)).to_be_visible()


@pytest.mark.parametrize(
    ("path", "act"), [("/profile", edit_profile), ("/security", change_password), ("/security", new_token)]
)
def test_dialogs_of_ones_own_pages_T94(page, site, path, act):
    site.sign_in(page)
    page.goto(path)
    act(page)
    assert faults(page) == []


@pytest.mark.parametrize(
    ("path", "filled", "button"),
    [
        ("/login", {"Email or username": "nobody@example.com", "Password": "not this one"}, "Sign in"),
        ("/register", {"Email": "nobody@localhost", "Password": "password1"}, "Create account"),
        ("/verify", {"Password": "not this one"}, "Continue"),
        ("/change_password", {"Current password": "not this one", "New password": "password1"}, "Change password"),
        ("/tokens", {"Name": " "}, "Make token"),
        ("/edit_user", {"Website": "javascript:alert(1)"}, "Save changes"),
    ],
)
def test_forms_that_were_refused_T94(page, site, path, filled, button):
    if path not in ("/login", "/register"):
        site.sign_in(page)
    page.goto(path)
    for label, text in filled.items():
        page.get_by_label(label, exact=label != "Website").fill(text)
    page.locator("form").evaluate_all("forms => forms.forEach((form) => { form.noValidate = true; })")
    page.get_by_role("button", name=button).click()
    expect(page.locator("[data-summary]")).to_be_focused()
    expect(page).to_have_title(re.compile("^Error: "))
    assert faults(page) == []


def test_the_question_before_many_are_deleted_without_scripts_T94(page, site, people):
    site.sign_in(page, site.admin())
    page.goto("/user_list?q=axe-")
    page.get_by_role("checkbox", name=f"Select {NAME}").check()
    page.locator("#fi-bulk-form").evaluate("""form => {
        const action = Object.assign(document.createElement("input"), { name: "action", value: "delete" });
        form.append(action);
        form.submit();
    }""")
    expect(page.get_by_role("heading", name="Delete")).to_be_visible()
    assert faults(page) == []


@pytest.mark.parametrize("path", ["/user_list?q=axe-", "/users/ID", "/security"])
def test_pages_without_scripts_T94(browser, site, people, path):
    context = browser.new_context(base_url=site.url, java_script_enabled=False)
    page = context.new_page()
    site.sign_in(page, site.admin())
    page.goto(path.replace("ID", str(people.id)))
    assert faults(page, scripts=False) == []
    context.close()
