"""Signing up in a browser: the check of the address while it is typed, errors, and one account for one form."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.dashboard.processes import GOOD


@pytest.fixture
def field(page):
    """The field of the address."""
    page.goto("/register")
    return page.get_by_label("Email", exact=True)


@pytest.fixture
def asked(page):
    """The addresses that were asked for."""
    found = []
    page.on("request", lambda request: found.append(request.url) if "/email_exists" in request.url else None)
    return found


def state(page):
    return page.locator("[data-email-state]")


def test_key_up_checks_the_address_once_when_typing_stops_E8_T20_T21(page, asked, field, site):
    taken = site.person()
    field.press_sequentially(taken.email)
    expect(state(page)).to_contain_text("This email already has an account.")
    expect(state(page).get_by_role("link", name="Sign in instead")).to_have_attribute("href", "/login")
    assert len(asked) == 1
    field.press("Home")
    field.press_sequentially("free-")
    expect(state(page)).to_have_text("This email is available.")
    expect(state(page)).to_have_attribute("aria-live", "polite")
    expect(field).to_have_accessible_description(re.compile("This email is available."))
    assert len(asked) == 2


def test_an_older_answer_that_comes_later_is_of_no_account_T22(page, asked, field, site):
    taken = site.person()
    held = []
    page.route("**/email_exists?*", lambda route: held.append(route))
    with page.expect_request("**/email_exists?*"):
        field.fill(taken.email)
    page.unroute("**/email_exists?*")
    field.fill(f"free-{taken.email}")
    expect(state(page)).to_have_text("This email is available.")
    for route in held:
        route.continue_()
    page.evaluate(
        "() => fetch('/email_exists?email=later@example.com').then(() => true)"
    )  # answered after the held one
    expect(state(page)).to_have_text("This email is available.")


@pytest.mark.parametrize(
    ("status", "state_of_field", "said"),
    [(429, "limited", "Too many checks. You can still send the form."), (404, "", "")],
)
def test_a_limit_is_said_that_the_check_is_off_is_not_T23(page, field, status, state_of_field, said):
    page.route("**/email_exists?*", lambda route: route.fulfill(status=status, body="{}"))
    with page.expect_response("**/email_exists?*"):
        field.fill("unanswered@example.com")
    expect(page.locator("[data-field=email]")).to_have_attribute("data-state", state_of_field)
    expect(state(page)).to_have_text(said)


def test_nothing_is_said_while_the_network_is_away_T23(page):
    """The network is away for scripts alone: Chromium itself would write a line on the console."""
    page.add_init_script("""window.fetch = () => {
        document.documentElement.dataset.asked = "once";
        return Promise.reject(new TypeError("away"));
    };""")
    page.goto("/register")
    page.get_by_label("Email", exact=True).fill("unanswered@example.com")
    expect(page.locator("html")).to_have_attribute("data-asked", "once")
    expect(page.locator("[data-field=email]")).to_have_attribute("data-state", "")
    expect(state(page)).to_be_empty()


def test_what_is_wrong_is_listed_first_and_leads_to_its_field_T26(page, field):
    page.locator("form[data-busy]").evaluate("form => { form.noValidate = true; }")
    page.get_by_label("Full name").fill("Ada")
    field.fill("ada@localhost")
    page.get_by_label("Password", exact=True).fill("password1")
    page.get_by_role("button", name="Create account").click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("heading")).to_have_text("There is a problem")
    expect(page).to_have_title(re.compile("^Error: Create"))
    expect(page.get_by_label("Full name")).to_have_value("Ada")
    expect(page.get_by_label("Password", exact=True)).to_have_value("")
    for link in summary.get_by_role("link").all():
        link.click()
        focused = page.locator(":focus")
        expect(focused).to_have_attribute("aria-invalid", "true")
        expect(focused).to_have_accessible_description(re.compile(re.escape(link.inner_text())))


def test_a_password_is_shown_on_request_and_may_be_pasted_T27_T28(page, field):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("text => navigator.clipboard.writeText(text)", GOOD)
    password = page.get_by_label("Password", exact=True)
    password.focus()
    page.keyboard.press("Control+v")
    expect(password).to_have_value(GOOD)
    page.get_by_role("button", name="Show password").click()
    expect(password).to_have_attribute("type", "text")
    page.get_by_role("button", name="Hide password").click()
    expect(password).to_have_attribute("type", "password")


def test_a_form_sent_twice_makes_one_account_T29(page, field):
    """And nobody sees that they sent it twice."""
    posts = []
    page.on("request", lambda request: posts.append(request) if request.method == "POST" else None)
    field.fill("twice@example.com")
    page.get_by_label("Password", exact=True).fill(GOOD)
    page.locator("form[data-busy]").evaluate("form => { form.requestSubmit(); form.requestSubmit(); }")
    page.wait_for_url("**/profile")
    expect(page.get_by_role("heading", name="twice@example.com")).to_be_visible()
    assert len(posts) == 1
