"""The dashboard below a path of another server, its identity pages below a prefix of their own (T101)."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Thread

import pytest
from playwright.sync_api import expect
from werkzeug.exceptions import NotFound
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.browser.people import row, sent
from tests.browser.site import Site, application
from tests.dashboard.processes import environment


class Quiet(WSGIRequestHandler):
    """Writes no line for each request."""

    def log(self, type: str, message: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A dashboard at /office, with SCRIPT_NAME, whose identity pages are at /office/identity."""
    instance = tmp_path_factory.mktemp("dashboard") / "instance"
    env = environment(instance, IDENTITY_URL_PREFIX="/identity", IDENTITY_BASE_URL="http://127.0.0.1")
    with application(env) as app:
        mounted = DispatcherMiddleware(NotFound(), {"/office": app.do(lambda flask: flask)})
        server = make_server("127.0.0.1", 0, mounted, threaded=True, request_handler=Quiet)
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield Site(f"http://127.0.0.1:{server.server_port}/office", app)
        server.shutdown()
        thread.join()
        server.server_close()


def test_everything_is_found_below_a_path_and_a_prefix_T101(page, site):
    who, me = site.person(email="below@example.com"), site.admin()
    answers, put = [], sent(page, "PUT")
    page.on("response", lambda answer: answers.append((answer.status, answer.url)))
    page.goto(f"{site.url}/")
    expect(page).to_have_url(f"{site.url}/identity/login")
    page.get_by_label("Email or username").fill(me.email)
    page.get_by_label("Password", exact=True).fill(me.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{site.url}/identity/profile")
    page.goto(f"{site.url}/")
    expect(page).to_have_url(f"{site.url}/identity/")
    page.get_by_role("navigation").get_by_role("link", name="Users", exact=True).click()
    page.get_by_role("searchbox").fill("below")
    expect(page).to_have_url(f"{site.url}/identity/user_list?q=below")
    row(page, who).get_by_role("switch").click()
    expect(page.get_by_text("below@example.com is suspended.")).to_be_visible()
    row(page, who).get_by_role("link", name="Edit").first.click()
    dialog = page.get_by_role("dialog", name="Edit")
    expect(dialog.get_by_label("Email to sign in with")).to_have_value("below@example.com")
    dialog.get_by_label("Full name").fill("Below")
    dialog.get_by_role("button", name="Save changes").click()
    expect(row(page, who)).to_contain_text("Below")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Search or jump to")).to_be_focused()
    page.keyboard.type("Below")
    expect(page.get_by_role("option", name="Below below@example.com", exact=True)).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site.url}/identity/users/{who.id}")
    page.locator("[data-menu] summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(f"{site.url}/identity/login")
    assert [each.url for each in put] == [f"{site.url}/identity/update_status", f"{site.url}/identity/edit_user"]
    assert [each for each in answers if each[0] >= 400 or not each[1].startswith(f"{site.url}/")] == []
