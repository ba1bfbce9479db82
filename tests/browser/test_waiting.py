"""Who tries to sign in too often is told how long to wait, in their language (T18)."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import Site
from tests.browser.test_german import fits

SAYS = {
    "en": r"Too many tries\.\s+Try again in \d+ seconds?\.",
    "de": r"Zu viele Versuche\.\s+Versuchen Sie es in \d+ Sekunden? noch einmal\.",
}
AT_MOST = 100  # tries; an address has 20 in a minute, and a minute may end meanwhile


def tire(page: Page, site: Site) -> None:
    """Try as a program until the address may not any more."""
    headers = {"Origin": site.url, "Accept": "application/json"}
    for at in range(AT_MOST):
        pair = {"identity": f"nobody{at}@example.com", "password": "not this one"}
        if page.request.post("/login", data=pair, headers=headers).status == 429:
            return
    raise AssertionError("nobody was stopped")


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_sign_in_page_says_how_long_to_wait_T18(page, site, language):
    page.set_viewport_size({"width": 390, "height": 844})
    page.context.add_cookies([{"name": "identity_language", "value": language, "url": site.url}])
    page.goto("/login")
    page.locator("#identity").fill("nobody@example.com")
    page.locator("#password").fill("not this one")
    tire(page, site)
    with page.expect_response("**/login") as answer:
        page.locator("form .btn-primary").click()
    assert answer.value.status == 429
    alert = page.get_by_role("alert")
    expect(alert).to_be_focused()
    expect(alert).to_have_text(re.compile(rf"^\s*{SAYS[language]}\s*$"))
    expect(page.locator("#identity")).to_have_value("nobody@example.com")
    fits(page)
