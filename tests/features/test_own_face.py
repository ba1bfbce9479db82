"""The menu of the account shows the person as lists do."""

from __future__ import annotations

from sqlalchemy import update

from tests.support.apps import HTML, PASSWORD
from tests.support.routes import statements

NAME = "0123456789abcdef" * 2
BUTTON = '<summary class="fi-menu-button"'


def menu(page):
    return page.text.partition(BUTTON)[2].partition("</summary>")[0]


def test_the_menu_shows_the_name_and_the_picture_and_the_database_is_asked_once_a_minute(site_on_each):
    site = site_on_each
    ada = site.signed_in("ada@example.com")
    assert 'data-initials="A"' in menu(ada.get("/identity/security", headers=HTML))
    profiles = site.metadata.tables["identity_profile"]
    url = f"ftp://pictures.example.com/p/{NAME}.webp"
    with site.engine.begin() as connection:
        connection.execute(update(profiles).values(full_name="Ada Lovelace", image=url))

    ada.get("/identity/profile", headers=HTML)  # has it at hand
    with statements(site) as seen:
        page = ada.get("/identity/change_password", headers=HTML)
    assert 'data-initials="AL"' in menu(page)
    assert f'src="/identity/images/{NAME}-128.webp"' in menu(page)
    assert not [each for each in seen if "identity_profile" in each]


def test_another_session_shows_what_is_there_now(site_on_each):
    """A database may give the id of who was deleted to the next who comes, who is to see nothing of them."""
    site = site_on_each
    site.signed_in("ada@example.com").get("/identity/security", headers=HTML)
    with site.engine.begin() as connection:
        connection.execute(update(site.metadata.tables["identity_profile"]).values(full_name="Zoe Young"))

    next_one = site.client()
    next_one.post("/identity/login", json={"identity": "ada@example.com", "password": PASSWORD})

    assert 'data-initials="ZY"' in menu(next_one.get("/identity/security", headers=HTML))
