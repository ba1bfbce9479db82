"""Who tries to sign in too often is told how long to wait, in their language (T18)."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_german import fits

SAYS = {
    "en": r"Too many tries\. Try again in \d+ seconds?\.",
    "de": r"Zu viele Versuche\. Versuchen Sie es in \d+ Sekunden? noch einmal\.",
}
MOST = 20  # tries of an address in a minute


@pytest.fixture(scope="module")
def tired(site, browser):
    """The address has tried as often as it may."""
    context = browser.new_context(base_url=site.url)
    for _ in range(MOST):
        pair = {"identity": "nobody@example.com", "password": "not this one"}
        context.request.post("/login", data=pair, headers={"Origin": site.url, "Accept": "application/json"})
    context.close()


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_sign_in_page_says_how_long_to_wait_T18(page, site, tired, language):
    page.set_viewport_size({"width": 390, "height": 844})
    page.context.add_cookies([{"name": "identity_language", "value": language, "url": site.url}])
    page.goto("/login")
    page.locator("#identity").fill("nobody@example.com")
    page.locator("#password").fill("not this one")
    with page.expect_response("**/login") as answer:
        page.locator("form [type=submit]").click()
    assert answer.value.status == 429
    alert = page.get_by_role("alert")
    expect(alert).to_be_focused()
    expect(alert).to_have_text(re.compile(rf"^\s*{SAYS[language]}\s*$"))
    expect(page.locator("#identity")).to_have_value("nobody@example.com")
    fits(page)
