"""A real browser and a real dashboard.

A test takes `page` (an empty tab of a browser of its own, at `page.goto("/login")`) and, for people, `site`:

    def test_somebody_sees_their_profile(page, site):
        who = site.sign_in(page)
        page.goto("/profile")
        expect(page.get_by_text(who.email).first).to_be_visible()

The dashboard is one process for each module, on an SQLite file of its own; to configure it, a module sets
`DASHBOARD = {"IDENTITY_...": "..."}`, and for another kind of window `BROWSER = {"locale": "..."}`. The browser is one
for each worker. A test fails at its end if the page wrote an error or a warning on the console, broke off in an
exception or met its content security policy; only the line that Chromium itself writes for an answer of 4xx is let
through, since tests cause such answers on purpose.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.browser.site import Site, application
from tests.dashboard.processes import Server, environment
from tests.services import Absent, Services, need
from tests.services import Server as Found

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")  # the first draws no window
TIMEOUT = 15_000  # ms; the machine may be busy
DELIBERATE = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")
BROKEN = re.compile(r"^(?:ERROR|CRITICAL|Traceback).*", re.MULTILINE)
# Violations are on the console too, but not always with the name of the rule.
TELL_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy violated: ${event.violatedDirective} by ${event.blockedURI} at ${event.sourceFile}`));
"""


def chromium(services: Services) -> Found | Absent:
    """The browser: the one named by TEST_CHROMIUM, else an installed one."""
    if "chromium" not in services.found:
        named = os.environ.get("TEST_CHROMIUM")
        path = named or next(filter(None, map(shutil.which, NAMES)), None)
        services.found["chromium"] = (
            Found("Chromium", path, "", "named by TEST_CHROMIUM" if named else f"installed as {path}")
            if path
            else Absent("Chromium", "not installed; TEST_CHROMIUM may name one")
        )
    return services.found["chromium"]


# Not for the session: the loop it runs on would be in the way of other tests of this process.
@pytest.fixture(scope="package")
def browser(services: Services) -> Iterator[Browser]:
    """Chromium, without a window: what is made for that alone needs two thirds of the time."""
    path = need(chromium(services)).url
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A running dashboard and the people on it."""
    variables: dict[str, str] = getattr(request.module, "DASHBOARD", {})
    env = environment(Path(tmp_path_factory.mktemp("dashboard")) / "instance", **variables)
    # A server at a free port cannot know its URL beforehand; on loopback it is in development, and so is this one.
    with application(env | {"IDENTITY_BASE_URL": "http://127.0.0.1"}) as app:
        server = Server(env)
        try:
            yield Site(server.url, app)
        finally:
            code, _, complaints = server.stop()
    assert (code, BROKEN.findall(complaints)) == (0, [])


@pytest.fixture(scope="module")
def dashboard(site: Site) -> str:
    """The URL of the running dashboard."""
    return site.url


@pytest.fixture
def context(request: pytest.FixtureRequest, browser: Browser, dashboard: str) -> Iterator[BrowserContext]:
    """A browser that has been nowhere yet."""
    options: dict[str, Any] = getattr(request.module, "BROWSER", {})
    made = browser.new_context(base_url=dashboard, **options)
    made.set_default_timeout(TIMEOUT)
    made.add_init_script(TELL_VIOLATIONS)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """An empty tab. At its end nothing may have gone wrong in it."""
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            said.append(f"{message.type}: {message.text}")

    context.on("console", hear)
    context.on("weberror", lambda error: said.append(f"exception: {error.error}"))
    yield context.new_page()
    for tab in context.pages:
        tab.wait_for_timeout(20)  # what is on its way still counts
    assert [text for text in said if not DELIBERATE.search(text)] == []
