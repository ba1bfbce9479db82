"""Files that pages load, the theme and the language of a page."""

from __future__ import annotations

import re

import pytest
from jinja2 import DictLoader

from flask_identity.web.assets import FOLDER, static_url
from tests.house.project import below
from tests.support.apps import HTML


@pytest.fixture
def orm():
    """Nothing here depends on the ORM."""
    return "plain"


def test_a_file_asked_for_with_its_hash_is_kept_for_good_and_with_another_it_is_not(site):
    client = site.client()
    page = client.get("/identity/login", headers=HTML).text
    url = re.search(r'href="(/identity/static/fi\.css\?v=\w+)"', page)[1]  # type: ignore[index]

    with client.get(url) as right, client.get(url[:-1]) as wrong:
        assert right.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "immutable" not in wrong.headers["Cache-Control"]


def test_every_file_a_stylesheet_names_is_named_with_its_hash(site):
    with site.app.test_request_context():
        for path in FOLDER.glob("*.css"):
            for url in re.findall(r'url\("(vendor/[^"]+)"\)', path.read_text(encoding="utf-8")):
                assert static_url(url.partition("?")[0]).endswith(url), path.name


@pytest.mark.parametrize(("cookie", "theme"), [("dark", "dark"), ("light", "light"), ("auto", None), ('"><x', None)])
def test_a_page_comes_in_the_theme_that_was_chosen(site, cookie, theme):
    client = site.client()
    client.set_cookie("identity_theme", cookie)

    html = re.search(r"<html[^>]*>", client.get("/identity/login", headers=HTML).text)[0]  # type: ignore[index]

    assert re.search(r'<html lang="en" dir="ltr" data-theme="(dark|light|auto)"', html)
    assert (f'data-bs-theme="{theme}"' in html) if theme else ("data-bs-theme" not in html)


def test_no_template_calls_its_text_safe():
    found = {path.name for path in below("src", ".html") if re.search(r"\|\s*safe\b", path.read_text(encoding="utf-8"))}

    assert not found


def test_an_application_s_own_logo_and_stylesheet_are_on_every_page(site):
    own = {"identity/_logo.html": "<b>LOGO</b>", "identity/_theme.html": '<link rel="stylesheet" href="/own.css">'}
    site.app.jinja_loader = DictLoader(own)
    pages = [
        (site.client(), "/identity/login"),
        (ada := site.signed_in(roles=["admin"]), "/identity/profile"),
        (ada, "/identity/user_list"),
    ]

    for client, path in pages:
        page = client.get(path, headers=HTML).text
        assert "<b>LOGO</b>" in page, path
        assert page.index("parts.css") < page.index("/own.css") < page.index("</head>"), path
