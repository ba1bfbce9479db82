"""Take the pictures of the documentation anew, into docs/img; `make pictures` runs it.

    python -m scripts.pictures [NAME …]

A dashboard with invented people is started for it in this process. Its clock stands still and the people are the same
each time, so what differs between two runs is what has changed on the pages (or the fonts and the Chromium of the
machine: take Noto fonts, CJK among them). Without names all are taken.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page, expect

from scripts.studio import paper
from scripts.studio.camera import DENSITY, Camera, camera, taken
from scripts.studio.stage import dashboard

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "img"
LIST = "/user_list?sort=-last_login_at"
_SOMEBODY = 3
"""The row of the list in whose dialogs and on whose page the pictures are taken; the first is one's own."""

_PASSWORDS = ("sunshine42", "seven tin", "quiet harbour", "otters fold paper maps")
"""From weak to strong."""


def people(studio: Camera) -> Image.Image:
    """The list of people, half in light and half in dark."""
    views = []
    for theme in ("light", "dark"):
        with studio.page(LIST, theme) as page:
            views.append(taken(page))
    return paper.split(*views)


def sign_in(studio: Camera) -> Image.Image:
    """The sign-in page."""
    with studio.page("/login", signed_in=False) as page:
        return taken(page)


def sign_up(studio: Camera) -> Image.Image:
    """The page that makes an account."""
    with studio.page("/register", signed_in=False) as page:
        page.get_by_label("Full name").fill("Ada Harper")
        page.get_by_label("Email").fill("ada.harper@people.example")
        expect(page.get_by_text("This email is available.")).to_be_visible()
        _password(page, _PASSWORDS[-1], 4)
        return taken(page)


def strength(studio: Camera) -> Image.Image:
    """Four passwords and what the bar says of them."""
    crops = []
    with studio.page("/register", signed_in=False, width=320) as page:
        page.get_by_role("button", name="Show password").click()
        for score, password in enumerate(_PASSWORDS, 1):
            field = _password(page, password, score)
            crops.append(paper.framed(taken(field), _px(4)))
    return paper.row(crops, _px(12))


def profile(studio: Camera) -> Image.Image:
    """One's own profile."""
    with studio.page("/profile", height=680) as page:
        return taken(page)


def profile_edit(studio: Camera) -> Image.Image:
    """The dialog in which one edits it."""
    with studio.page("/profile", height=900) as page:
        page.get_by_role("link", name="Edit profile").click()
        dialog = page.get_by_role("dialog")
        expect(dialog.get_by_label("Full name")).to_be_focused()
        return taken(page)


def security(studio: Camera) -> Image.Image:
    """Where one is signed in, one's tokens and password."""
    with studio.page("/security", height=900) as page:
        return taken(page)


def edit(studio: Camera) -> Image.Image:
    """The dialog in which an administrator edits somebody."""
    with studio.page(LIST, height=900) as page:
        _row(page).locator(".fi-edit").click()
        expect(page.get_by_role("dialog").get_by_label("Full name")).to_be_focused()
        return taken(page)


def delete(studio: Camera) -> Image.Image:
    """The dialog in which somebody is deleted, the address typed."""
    with studio.page(LIST) as page:
        _row(page).get_by_role("button", name="More for").click()
        _row(page).locator("[data-delete]").click()
        field = page.get_by_role("dialog").get_by_label(re.compile("^Type"))
        expect(field).to_be_focused()
        field.fill(_row(page).get_attribute("data-email") or "")
        return taken(page)


def person(studio: Camera) -> Image.Image:
    """The page of one person."""
    with studio.page(LIST, height=1000) as page:
        _row(page).locator(".fi-person-name").click()
        expect(page.get_by_role("heading", name="Sessions")).to_be_visible()
        return taken(page)


def overview(studio: Camera) -> Image.Image:
    """The overview, in dark."""
    with studio.page("/", "dark", height=1120) as page:
        return taken(page)


def palette(studio: Camera) -> Image.Image:
    """The palette, looking for somebody."""
    with studio.page(LIST) as page:
        page.keyboard.press("Control+k")
        field = page.get_by_role("combobox", name="Search or jump to")
        field.fill("so")
        expect(page.get_by_role("option").filter(has_text="@").first).to_be_visible()
        return taken(page)


def bulk(studio: Camera) -> Image.Image:
    """Several people selected, in dark."""
    with studio.page(LIST, "dark") as page:
        for number in (1, 2, 4, 5):
            _row(page, number).get_by_role("checkbox").first.check()
        expect(page.get_by_text("4 selected")).to_be_visible()
        return taken(page)


def phones(studio: Camera) -> Image.Image:
    """Three pages on a phone."""
    shown = []
    for path, theme in ((LIST, "light"), ("/profile", "dark"), ("/security", "light")):
        with studio.page(path, theme, width=390, height=844) as page:
            shown.append(paper.framed(taken(page), _px(28), edge=2))
    return paper.row(shown, _px(24))


def error(studio: Camera) -> Image.Image:
    """What an address that leads nowhere shows."""
    with studio.page("/nowhere", height=560) as page:
        return taken(page)


def undo(studio: Camera) -> Image.Image:
    """Somebody has just been suspended, which can be undone."""
    with studio.page(LIST) as page:
        _row(page).locator("[data-status]").click()
        expect(page.get_by_role("button", name="Undo")).to_be_visible()
        return taken(page)


PICTURES: Mapping[str, Callable[[Camera], Image.Image]] = {
    "people": people,
    "overview": overview,
    "sign-in": sign_in,
    "sign-up": sign_up,
    "strength": strength,
    "profile": profile,
    "profile-edit": profile_edit,
    "security": security,
    "edit": edit,
    "delete": delete,
    "person": person,
    "palette": palette,
    "bulk": bulk,
    "phones": phones,
    "error": error,
    "undo": undo,  # the last: it changes what the others show
}


def _px(length: int) -> int:
    return round(length * DENSITY)


def _row(page: Page, number: int = _SOMEBODY) -> Locator:
    return page.locator("[data-user]").nth(number)


def _password(page: Page, text: str, score: int) -> Locator:
    """Type a new password, wait until it is judged so, and return the field with its bar."""
    page.get_by_label("Password", exact=True).fill(text)
    expect(page.locator(f'[data-strength-score="{score}"]')).to_be_visible()
    return page.locator(".fi-field").filter(has=page.locator("[data-strength-for]"))


def main(names: list[str]) -> None:
    """Take the pictures of these names, or all of them, and say what each weighs."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with dashboard() as url, camera(url) as studio:
        for name in names or PICTURES:
            path = FOLDER / f"{name}.webp"
            picture = PICTURES[name](studio)
            paper.save(picture if picture.mode == "RGBA" else paper.framed(picture, _px(10), edge=2), path)
            print(f"{path.name}: {path.stat().st_size // 1024} KiB")


if __name__ == "__main__":
    main(sys.argv[1:])
