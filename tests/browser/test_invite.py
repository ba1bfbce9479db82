"""Inviting somebody from the list, and accepting, in a browser (T94: as axe sees it, too)."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from flask_identity.base.ports import Kind
from flask_identity.core.principal import Principal
from flask_identity.features.invitations.actions import invite
from flask_identity.features.invitations.inputs import Invite
from identity_dashboard.app import identity
from tests.browser.axe import faults
from tests.browser.people import at_list
from tests.dashboard.processes import GOOD

DASHBOARD = {"IDENTITY_BASE_URL": "http://127.0.0.1"}


def test_an_administrator_invites_from_the_list(page, site):
    who = at_list(page, site)
    button, dialog = page.get_by_role("link", name="Invite user"), page.get_by_role("dialog", name="Invite user")
    button.click()
    field = dialog.get_by_label("Email")
    expect(field).to_be_focused()
    field.fill(who.email)
    dialog.get_by_role("button", name="Send invitation").click()
    expect(field).to_have_accessible_description(re.compile("This email has an account already."))
    expect(field).to_be_focused()
    assert faults(page) == []
    field.fill("invited@example.com")
    dialog.get_by_label("Role").select_option("admin")
    field.press("Enter")
    expect(page.get_by_text("An invitation to invited@example.com is on its way.")).to_be_visible()
    expect(dialog).to_be_hidden()
    expect(button).to_be_focused()
    page.get_by_role("link", name="Open invitations").click()
    expect(page.locator(".fi-rows li")).to_contain_text(["invited@example.com Admin"])
    assert faults(page) == []
    # A while after the password the role asks for it again, and what was typed is there afterwards.
    site.tire(who)
    page.goto("/user_list")
    button.click()
    field.fill("later@example.com")
    dialog.get_by_label("Role").select_option("admin")
    field.press("Enter")
    page.get_by_label("Password", exact=True).fill(GOOD)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_label("Email")).to_have_value("later@example.com")
    expect(page.get_by_label("Role")).to_have_value("admin")


def test_who_is_invited_accepts(page, site):
    email = "accepts@example.com"
    page.goto(link(site, email))
    expect(page.get_by_label("Email")).not_to_be_editable()
    page.get_by_label("Password", exact=True).fill("accepts@example.com!")
    expect(page.locator("[data-strength-rule=personal]")).to_have_attribute("data-met", "false")
    assert faults(page) == []
    page.get_by_label("Password", exact=True).fill(GOOD)
    page.get_by_role("button", name="Create account").click()
    expect(page).to_have_url(re.compile("/profile$"))
    page.go_back()
    page.reload()
    expect(page.get_by_role("heading", name="This invitation does not work any more")).to_be_visible()
    assert faults(page) == []


def link(site, email):
    """The path of the link of an invitation, taken from its letter before that is sent."""
    root = site.admin()

    def act(app):
        services = app.extensions["flask_identity"].services
        who = Principal(root.id, root.email, frozenset({"admin"}), frozenset(), "session")
        with identity.datastore.unit():
            invite(services, who, Invite(email=email, role=None))
            letter = services.store.first(Kind.MAIL, {"recipient": email})
            return f"/accept_invitation/{services.outbox.link_of(letter)}"

    return site.do(act)
