"""Signing in in a browser, and what keeps others out of it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Error, expect

WRONG = "not this one at all"


def sign_in(page, who, password=None):
    page.get_by_label("Email or username").fill(who)
    page.get_by_label("Password", exact=True).fill(password or WRONG)
    page.get_by_role("button", name="Sign in").click()


def test_a_wrong_pair_is_said_once_and_the_address_is_kept_T10_T11_T18(page, site):
    """An unknown address, a wrong password and a suspended person's right one read alike."""
    known, off = site.person(), site.person(active=False)
    said = set()
    for who, password in ((known.email, WRONG), ("nobody@example.com", WRONG), (off.email, off.password)):
        page.goto("/login")
        sign_in(page, who, password)
        summary = page.get_by_role("alert")
        expect(summary).to_be_focused()
        expect(page.get_by_label("Email or username")).to_have_value(who)
        expect(page.get_by_label("Password", exact=True)).to_have_value("")
        expect(page).to_have_title(re.compile("^Error: Sign in"))
        said.add(summary.inner_text())
    assert len(said) == 1


def test_password_managers_know_the_fields_T12(page):
    page.goto("/login")
    expect(page.get_by_label("Email or username")).to_have_attribute("autocomplete", "username")
    expect(page.get_by_label("Password", exact=True)).to_have_attribute("autocomplete", "current-password")


@pytest.mark.parametrize("scripts", [True, False])
def test_signing_in_leads_where_one_wanted_to_go_and_works_without_scripts_T19(browser, site, scripts):
    who = site.person()
    context = browser.new_context(base_url=site.url, java_script_enabled=scripts)
    page = context.new_page()
    page.goto("/security")
    expect(page).to_have_url(re.compile("/login"))
    sign_in(page, who.email, who.password)
    expect(page.get_by_role("heading", name="Security", level=1)).to_be_visible()
    expect(page).to_have_url(re.compile("/security$"))
    context.close()


@pytest.mark.parametrize(
    "target", ["//evil.example/x", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_elsewhere_after_signing_in_T06(page, site, target):
    who = site.person()
    page.goto(f"/login?next={target}")
    sign_in(page, who.email, who.password)
    expect(page).to_have_url(f"{site.url}/profile")


def test_a_form_of_another_site_is_refused_and_nobody_is_signed_out_T05(page, site):
    site.sign_in(page)
    form = f'<form method="post" action="{site.url}/logout"><button>Go</button></form>'
    page.route("http://elsewhere.example/", lambda route: route.fulfill(body=form, content_type="text/html"))
    page.goto("http://elsewhere.example/")
    page.get_by_role("button", name="Go").click()
    expect(page.get_by_text("403")).to_be_visible()
    page.goto(f"{site.url}/profile")
    expect(page).to_have_url(f"{site.url}/profile")


def test_text_cannot_become_markup_outside_of_the_one_policy_T03(browser, site):
    context = browser.new_context(base_url=site.url)
    page = context.new_page()
    page.goto("/login")
    for script in (
        "document.body.innerHTML = '<p>x</p>'",
        "document.body.setAttribute('onclick', 'alert(1)')",
        "trustedTypes.createPolicy('another', { createHTML: (html) => html })",
        "trustedTypes.createPolicy('fi-fragment', { createHTML: (html) => html })",
    ):
        page.evaluate("import('/identity-static/js/fragment.js').then(() => true)")
        with pytest.raises(Error, match=r"Trusted|createPolicy"):
            page.evaluate(script)
    context.close()


def test_a_page_writes_nothing_on_the_console_T01(page, site):
    """The fixture fails otherwise, here and in each other test of this folder."""
    site.sign_in(page, site.admin())
    for path in (
        "/?days=30",
        "/user_list",
        "/all_sessions",
        "/profile",
        "/security",
        "/sessions",
        "/tokens",
        "/change_password",
        "/verify",
    ):
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
