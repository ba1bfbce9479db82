"""The shop of docs/theming.md in a browser: its frame, its colours, and the policy that the page says is enough."""

from __future__ import annotations

import re
import runpy
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.house.project import ROOT
from tests.house.snippets import blocks, script_of

PAGE = ROOT / "docs/theming.md"
ADA = ("ada@example.com", "plum tractor lantern")
GREEN = {"light": "rgb(11, 107, 80)", "dark": "rgb(29, 132, 103)"}


class Quiet(WSGIRequestHandler):
    """Writes nothing for a request that went well."""

    def log_request(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """What the script of the page leaves behind."""
    folder = Path(tmp_path_factory.mktemp("shop"))
    script = folder / "theming.py"
    script.write_text(script_of(PAGE), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        made = runpy.run_path(str(script), run_name="page")
        yield made
        made["engine"].dispose()


@pytest.fixture(scope="module")
def dashboard(shop: dict[str, Any]) -> Iterator[str]:
    """The URL of the shop; it sends the policy of the page."""
    policy = next(" ".join(block.lines) for block in blocks(PAGE) if block.language == "text")

    def application(environ: Any, start: Any) -> Any:
        def begin(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            return start(status, [*headers, ("Content-Security-Policy", policy)], *more)

        return shop["app"](environ, begin)

    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=Quiet)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    serving.join()
    server.server_close()


def test_the_console_works_in_a_frame_of_another_s_with_its_colours(page, shop):
    with shop["app"].app_context():
        shop["identity"].datastore.create_user("bob@example.com", "lantern tractor plum")
    page.goto("/identity/user_list")
    page.get_by_label("Your address").fill(ADA[0])
    page.get_by_label("Your password", exact=True).fill(ADA[1])
    button = page.get_by_role("button", name="Go in")
    expect(button).to_have_css("background-color", GREEN["light"])
    page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
    expect(button).to_have_css("background-color", GREEN["dark"])
    button.click()

    row = page.locator("[data-user]").filter(has_text="bob@example.com")
    expect(page.locator(".shop-bar")).to_be_visible()
    row.locator("[data-status]").click()
    expect(page.get_by_text(re.compile("bob@example.com is suspended"))).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("bob@example.com is active again.")).to_be_visible()
