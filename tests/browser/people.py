"""The administrators' list in a browser: going there, its rows, and what it sends."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, Request, expect

from tests.browser.site import Person, Site


def at_list(page: Page, site: Site, query: str = "") -> Person:
    """Sign an administrator in and open the list."""
    who = site.sign_in(page, site.admin())
    page.goto(f"/user_list{query}")
    return who


def row(page: Page, who: Person) -> Locator:
    """Somebody's row."""
    return page.locator(f'[data-user="{who.id}"]')


def edit(page: Page, who: Person) -> Locator:
    """The dialog in which somebody is edited, open and filled."""
    row(page, who).get_by_role("link", name="Edit").first.click()
    dialog = page.get_by_role("dialog", name="Edit")
    expect(dialog.get_by_label("Full name")).to_be_focused()
    return dialog


def crowd(site: Site, begin: str, count: int) -> list[Person]:
    """People whose addresses begin alike, in the order of these."""
    return [site.person(email=f"{begin}{number:02}@example.com") for number in range(count)]


def menu(page: Page, who: Person, item: str) -> None:
    """Choose an item of a row's menu."""
    row(page, who).get_by_role("button", name="More for").click()
    row(page, who).locator(".dropdown-menu").get_by_text(item).click()


def sent(page: Page, method: str) -> list[Request]:
    """The requests of a method from now on, as they are made."""
    found: list[Request] = []
    page.on("request", lambda request: found.append(request) if request.method == method else None)
    return found


def told(page: Page, site: Site, method: str, path: str, body: object = None) -> None:
    """Ask the server as a program in the same browser would, past the page."""
    answer = page.request.fetch(
        f"{site.url}{path}", method=method, data=body, headers={"Origin": site.url, "Accept": "application/json"}
    )
    assert answer.ok, answer.text()
