"""Headless Chromium in front of the dashboard."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from .stage import ADMIN, NOW, PASSWORD

DENSITY = 1.5
"""Pixels of a picture for each pixel of a page."""

_TIMEOUT = 60_000  # ms; the machine may be busy
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36"


class Camera:
    """Opens pages of a dashboard and takes pictures of them."""

    def __init__(self, browser: Browser, url: str) -> None:
        self._browser = browser
        self._url = url
        arriving = self._context("light", 1280, 800).request
        answer = arriving.post("/login", data={"identity": ADMIN, "password": PASSWORD}, headers={"Origin": url})
        if not answer.ok:
            raise RuntimeError(answer.text())
        self._signed_in = arriving.storage_state()

    @contextmanager
    def page(
        self, path: str, theme: str = "light", *, width: int = 1280, height: int = 800, signed_in: bool = True
    ) -> Iterator[Page]:
        """Open a page in a browser that has been nowhere yet, and close it at the end."""
        context = self._context(theme, width, height, self._signed_in if signed_in else None)
        page = context.new_page()
        page.clock.set_fixed_time(NOW)
        page.goto(path)
        yield page
        context.close()

    def _context(self, theme: str, width: int, height: int, state: Any = None) -> BrowserContext:
        context = self._browser.new_context(
            base_url=self._url,
            storage_state=state,
            viewport={"width": width, "height": height},
            device_scale_factor=DENSITY,
            reduced_motion="reduce",
            locale="en-GB",
            timezone_id="UTC",
            user_agent=_AGENT,
            extra_http_headers={"X-Forwarded-For": "192.0.2.44"},
        )
        context.set_default_timeout(_TIMEOUT)
        context.add_cookies([{"name": "identity_theme", "value": theme, "url": self._url}])
        return context


@contextmanager
def camera(url: str) -> Iterator[Camera]:
    """Start the browser: the one named by TEST_CHROMIUM, else an installed one."""
    named = os.environ.get("TEST_CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    expect.set_options(timeout=_TIMEOUT)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=named, args=["--no-sandbox", "--font-render-hinting=none"])
        yield Camera(browser, url)
        browser.close()


def taken(of: Page | Locator) -> Image.Image:
    """Take a picture of what is in view of a page, or of one thing on it."""
    page = of if isinstance(of, Page) else of.page
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    return Image.open(io.BytesIO(of.screenshot(animations="disabled"))).convert("RGB")
