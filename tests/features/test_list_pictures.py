"""The small picture of a person stands wherever they are listed, and costs no statement of its own."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from tests.support.apps import HTML
from tests.support.routes import statements

NAME = "0123456789abcdef" * 2
LIST_AND_CALLER = 4
SESSIONS_AND_CALLER = 2


@pytest.fixture
def ada(site_on_each, root_on_each):
    """Somebody with a picture, who is signed in."""
    site_on_each.signed_in("ada@example.com")
    with site_on_each.app.app_context():
        ada = site_on_each.identity.datastore.find_user(email="ada@example.com").id
    profiles = site_on_each.metadata.tables["identity_profile"]
    with site_on_each.engine.begin() as connection:
        url = f"ftp://pictures.example.com/p/{NAME}.webp"
        connection.execute(update(profiles).where(profiles.c.user_id == ada).values(image=url))
    return ada


def selects(seen):
    return [statement for statement in seen if statement.startswith("SELECT")]


def test_whoever_is_listed_has_their_picture_and_it_costs_no_statement(site_on_each, root_on_each, ada):
    for path, most in (
        ("user_list", LIST_AND_CALLER),
        ("user_list?q=ad", LIST_AND_CALLER),
        ("user_list?role=user&status=active", LIST_AND_CALLER),
        ("all_sessions", SESSIONS_AND_CALLER),
    ):
        root_on_each.get(f"/identity/{path}", headers=HTML)  # the roles to choose from are read now and then
        with statements(site_on_each) as seen:
            page = root_on_each.get(f"/identity/{path}", headers=HTML)
        assert len([each for each in seen if each.startswith("SELECT")]) <= most, (path, seen)
        assert page.text.count(f'src="/identity/images/{NAME}-128.webp"') == 1, path


def test_a_url_that_is_no_picture_of_ours_is_not_shown(site, root_here):
    """S-104: rows may come from elsewhere than our forms."""
    profiles = site.metadata.tables["identity_profile"]
    with site.engine.begin() as connection:
        connection.execute(update(profiles).values(image="https://elsewhere.example.com/x.webp"))

    for path in ("user_list", "all_sessions"):
        page = root_here.get(f"/identity/{path}", headers=HTML)
        assert "<img" not in page.text
        assert "elsewhere.example" not in page.text
