"""A photo where the FTP server is away (T73), and after a new start of everything."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.site import Site, application
from tests.dashboard.processes import Server, environment
from tests.support.pictures import picture

DASHBOARD = {"IDENTITY_IMAGE_URL": "ftp://nobody:nothing@127.0.0.1:1/pictures"}
PHOTO = {"name": "me.png", "mimeType": "image/png", "buffer": picture()}


def send_photo(page):
    page.goto("/profile")
    page.get_by_role("link", name="Edit profile").click()
    page.get_by_label("Full name").fill("Ada Lovelace")
    page.get_by_label("Photo", exact=True).set_input_files(PHOTO)
    page.get_by_role("button", name="Save profile").click()
    expect(page.get_by_role("heading", name="Ada Lovelace")).to_be_visible()


def test_what_else_was_changed_is_saved_and_said_so_T73(page, site):
    site.sign_in(page)
    send_photo(page)
    words = "Your other changes are saved. The photo couldn.t be stored; try again later."
    expect(page.get_by_text(re.compile(words))).to_be_visible()
    expect(page.locator(".fi-cover-face img")).to_have_count(0)


def test_a_photo_is_still_there_after_a_new_start_E10(browser, tmp_path: Path):
    env = environment(tmp_path / "instance")
    with application(env | {"IDENTITY_BASE_URL": "http://127.0.0.1"}) as app:
        first = Server(env)
        context = browser.new_context(base_url=first.url)
        page = context.new_page()
        Site(first.url, app).sign_in(page)
        send_photo(page)
        expect(page.locator(".fi-cover-face img")).to_be_visible()
        first.stop()
        second = Server(env)
        page.goto(f"{second.url}/profile")
        photo = page.locator(".fi-cover-face img")
        assert photo.evaluate("async (img) => { await img.decode(); return img.naturalWidth; }") > 0
        context.close()
        second.stop()
