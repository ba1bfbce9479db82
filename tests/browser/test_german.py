"""The pages in German, on a telephone: words are longer there, and nothing sticks out or stays English."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.people import row
from tests.dashboard.processes import GOOD

BROWSER = {"locale": "de-DE", "viewport": {"width": 390, "height": 844}}
APART = ".fi-scroll, .visually-hidden, svg, .offcanvas-lg, .fi-tabs"  # scrolls by itself, or is not seen
PROBLEMS = """(apart) => {
  const { clientWidth: wide, scrollWidth: needed } = document.documentElement;
  const found = needed > wide ? [`the page is ${needed} wide`] : [];
  for (const each of document.querySelectorAll("body *")) {
    const box = each.getBoundingClientRect();
    const { visibility, display } = getComputedStyle(each);
    if (!box.width || !box.height || visibility === "hidden" || each.closest(apart)) continue;
    if (box.right > wide + 1) found.push(`${each.tagName}.${each.className} ends at ${box.right}`);
    const cut = display !== "inline" && each.scrollWidth > each.clientWidth + 1;
    if (cut && each.matches(".btn, .fi-badge, label, h1, h2")) found.push(`${each.textContent} is cut off`);
  }
  return found;
}"""


def fits(page: Page) -> None:
    assert page.evaluate(PROBLEMS, APART) == [], page.url


def test_somebody_new_signs_up_and_edits_their_profile(page, site):
    page.goto("/login")
    expect(page.get_by_role("heading", name="Anmelden")).to_be_visible()
    page.get_by_label("E-Mail oder Benutzername").fill("niemand@example.com")
    page.get_by_label("Passwort", exact=True).fill("falsch")
    page.get_by_role("button", name="Anmelden").click()
    expect(page.get_by_role("alert")).to_contain_text("E-Mail-Adresse und Passwort passen nicht zusammen.")
    fits(page)

    page.get_by_role("link", name="Konto anlegen").click()
    page.get_by_label("E-Mail", exact=True).fill("neu@example.com")
    page.get_by_label("Passwort", exact=True).fill("abc")
    expect(page.get_by_text("Schwach: leicht zu erraten").first).to_be_visible()
    fits(page)
    page.get_by_label("Passwort", exact=True).fill(GOOD)
    page.get_by_role("button", name="Konto anlegen").click()
    expect(page.get_by_role("heading", name="Angaben")).to_be_visible()
    page.wait_for_load_state()  # else the link is followed before a script is there to open the dialog
    fits(page)

    page.get_by_role("link", name="Profil bearbeiten").click()
    dialog = page.get_by_role("dialog", name="Profil bearbeiten")
    dialog.get_by_label("Über mich").fill("x" * 1234)
    expect(dialog.get_by_text("1.234 von 2.000 Zeichen")).to_be_visible()
    fits(page)
    dialog.get_by_role("button", name="Profil speichern").click()
    expect(page.get_by_text("Ihr Profil ist gespeichert.")).to_be_visible()


def test_an_administrator_suspends_and_deletes_somebody(page, site):
    site.sign_in(page, site.admin())
    eve = site.person(email="eve@example.com")
    page.goto("/user_list?q=eve@")
    expect(page.get_by_text(re.compile(r"^\d+ Person(en)? gefunden\.$"))).to_be_visible()
    fits(page)

    row(page, eve).locator("[data-status]").click()
    expect(page.get_by_text("eve@example.com ist gesperrt.")).to_be_visible()
    expect(page.get_by_role("button", name="Rückgängig")).to_be_visible()
    fits(page)
    row(page, eve).locator("[data-pick]").check()
    expect(page.get_by_text("1 ausgewählt")).to_be_visible()
    page.get_by_role("button", name="Entsperren", exact=True).click()
    expect(page.get_by_text("1 entsperrt")).to_be_visible()

    row(page, eve).locator("[data-row-menu]").click()
    row(page, eve).get_by_role("link", name="Benutzer löschen …").click()
    dialog = page.get_by_role("dialog", name="Diesen Benutzer löschen?")
    expect(dialog.get_by_text("stattdessen sperren")).to_be_visible()
    dialog.get_by_label("zur Bestätigung ein").fill("eve@example.com")
    fits(page)
    dialog.get_by_role("button", name="Benutzer löschen").click()
    expect(page.get_by_text("eve@example.com ist gelöscht.")).to_be_visible()
    for path in ("/security", "/tokens", "/all_sessions", "/verify", "/edit_user", "/nirgends"):
        page.goto(path)
        fits(page)
