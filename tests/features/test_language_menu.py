"""The menu of languages: what it offers, what it keeps, and what it leaves alone (S-067, S-074)."""

from __future__ import annotations

import re

import pytest
from flask_babel import Babel
from sqlalchemy import event

from flask_identity import answer_http_error
from tests.support.apps import EVERYTHING, HTML, JSON, error_of

MENU = re.compile(r'name="language" value="([^"]+)" lang="[^"]+" dir="[^"]+"( aria-current="true")?>([^<]+)<')


@pytest.fixture
def orm():
    """Nothing here depends on the ORM."""
    return "plain"


def menu(page):
    return [(tag, bool(current), name) for tag, current, name in MENU.findall(page.text)]


def back(page):
    (target,) = re.findall(r'<input type="hidden" name="next" value="([^"]+)">[^<]*<svg', page.text)
    return target


def choose(client, language="de", **more):
    return client.post("/identity/language", data={"language": language, **more}, headers=HTML)


def test_every_language_stands_there_by_its_own_name_before_and_after_signing_in(site):
    for client, path in ((site.client(), "login"), (site.client(), "register"), (site.signed_in(), "profile")):
        page = client.get(f"/identity/{path}?x=1", headers=HTML)
        assert menu(page) == [("en", True, "English"), ("de", False, "Deutsch")], path
        assert back(page) == f"/identity/{path}?x=1"
        assert "Set-Cookie" not in page.headers


def test_what_is_chosen_is_kept_and_shown_where_one_was_and_costs_no_sql(site):
    client = site.client()
    statements = []
    event.listen(site.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    answer = choose(client, next="/identity/register?x=1")

    assert (answer.status_code, answer.location) == (303, "/identity/register?x=1")
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert re.sub(r"Expires=[^;]+; ", "", cookie) == (
        "identity_language=de; Max-Age=31536000; HttpOnly; Path=/; SameSite=Lax"
    )
    assert menu(client.get(answer.location, headers=HTML)) == [("en", False, "English"), ("de", True, "Deutsch")]
    assert statements == []
    secure = site.client().post(
        "/identity/language", data={"language": "de"}, headers=HTML, base_url="https://localhost"
    )
    assert "; Secure;" in secure.headers["Set-Cookie"]


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example", ""])
def test_it_leads_to_no_other_site(site, target):
    assert choose(site.client(), next=target).location == "/"


@pytest.mark.parametrize("language", ["fr", "", "de; Domain=x", "../de", "x" * 99])
def test_what_is_not_offered_is_refused_and_not_kept(site, language):
    answer = choose(site.client(), language)
    assert answer.status_code == 400
    assert "Set-Cookie" not in answer.headers


def test_another_site_chooses_for_nobody(site):
    answer = site.program().post(
        "/identity/language", data={"language": "de"}, headers={**JSON, "Sec-Fetch-Site": "cross-site"}
    )
    assert error_of(answer) == (403, "cross_site")
    assert "Set-Cookie" not in answer.headers


def test_after_a_form_it_leads_to_the_page_of_the_form_or_where_there_is_none_to_the_start(site):
    refused = site.client().post("/identity/login", data={"identity": "a", "password": "b"}, headers=HTML)
    assert (refused.status_code, back(refused)) == (401, "/identity/login")
    assert back(choose(site.client(), "fr")) == "/"


def test_there_is_no_menu_where_nothing_is_to_be_chosen(build):
    babel = {"before": lambda app: Babel(app, locale_selector=lambda: "de") and None}
    for given in ({"IDENTITY_LANGUAGES": "de"}, babel):
        page = build(**given, **EVERYTHING).client().get("/identity/login", headers=HTML)
        assert "/identity/language" not in page.text


def test_no_cache_keeps_a_refusal_whose_words_a_cookie_chose(site):
    site.app.register_error_handler(404, answer_http_error)
    for headers in (HTML, JSON):
        answer = site.client().get("/nowhere", headers=headers)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store")
