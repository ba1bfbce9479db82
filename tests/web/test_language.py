"""The language of pages and refusals: who chooses it, what is translated, and what caches are told."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from babel.messages.catalog import Catalog
from flask import g
from flask_babel import Babel

from flask_identity import auth_required
from flask_identity.base.clock import now
from flask_identity.base.errors import ConfigurationError, Unavailable
from flask_identity.web import faces
from flask_identity.web.catalogs import OURS, Language, Languages, offered
from scripts.messages import compiled
from tests.support.apps import EVERYTHING, HTML, JSON, PASSWORD, sign_in

GERMAN = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.8"}
BOTH = Languages(("en", "de"), (OURS,))


@pytest.fixture
def orm():
    """Nothing here depends on the ORM."""
    return "plain"


def tongue(answer):
    """The language a page says it is in."""
    return re.search(r'<html lang="([^"]+)" dir="([^"]+)"', answer.text).groups()  # type: ignore[union-attr]


def catalog(root, name, **texts):
    """Give an application texts of its own in a language."""
    folder = root / "translations" / name / "LC_MESSAGES"
    folder.mkdir(parents=True)
    made = Catalog(charset="utf-8")
    for text, said in texts.items():
        made.add(text.replace("_", " "), said)
    (folder / "flask_identity.mo").write_bytes(compiled(made))


@pytest.fixture
def own(build, tmp_path):
    """Makes applications whose folder is `tmp_path`."""

    def make(**given):
        return build(before=lambda app: setattr(app, "root_path", str(tmp_path)), **{**EVERYTHING, **given})

    return make


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-AT", "de"),
        ("de-CH,en;q=0.9", "de"),  # of the first one rather than of the first that is offered to the letter
        ("fr, de;q=0.5", "de"),
        ("en-GB, de;q=0.9", "en"),
        ("de;q=0, en", "en"),
        ("fr", "en"),
        ("*", "en"),
        ("x" * 5000, "en"),
        (";;q=,-,_", "en"),
    ],
)
def test_a_page_comes_in_the_first_language_asked_for_that_there_is(site, wanted, expected):
    answer = site.client().get("/identity/login", headers={**HTML, "Accept-Language": wanted})

    assert tongue(answer) == (expected, "ltr")
    assert ("Anmelden" in answer.text) == (expected == "de")


def test_a_language_without_a_region_is_served_by_one_with_it():
    assert Languages(("en", "pt-BR"), (OURS,)).best(["fr", "pt"]) == "pt-BR"
    assert Languages(("en", "pt-BR", "pt"), (OURS,)).best(["pt-AO"]) == "pt"


@pytest.mark.parametrize(("tag", "direction"), [("de", "ltr"), ("ar-EG", "rtl"), ("he", "rtl"), ("pt-BR", "ltr")])
def test_a_language_knows_which_way_it_is_written(tag, direction):
    assert Languages((tag,), (OURS,)).get(tag).direction == direction


def test_what_somebody_chose_goes_before_what_the_browser_asks_for(site):
    client = site.client()
    client.set_cookie("identity_language", "en")
    assert tongue(client.get("/identity/login", headers={**HTML, **GERMAN}))[0] == "en"
    client.set_cookie("identity_language", '"><x')
    assert tongue(client.get("/identity/login", headers={**HTML, **GERMAN}))[0] == "de"


def test_an_application_says_which_languages_it_offers(build):
    only = build(IDENTITY_LANGUAGES="de", **EVERYTHING).client()
    answer = only.get("/identity/login", headers={**HTML, "Accept-Language": "en"})
    assert tongue(answer)[0] == "de"
    assert "Accept-Language" not in answer.vary

    first = build(IDENTITY_LANGUAGES="de, en", **EVERYTHING).client()
    assert tongue(first.get("/identity/login", headers={**HTML, "Accept-Language": "fr"}))[0] == "de"
    assert tongue(first.get("/identity/login", headers={**HTML, "Accept-Language": "en"}))[0] == "en"


@pytest.mark.parametrize("wanted", ["fr", "de,xx", "", " , ", "../de"])
def test_a_language_there_is_no_catalog_of_stops_start_up(build, wanted):
    with pytest.raises(ConfigurationError, match="there are en, de"):
        build(IDENTITY_LANGUAGES=wanted)


def test_an_application_adds_a_language_and_says_things_its_own_way(own, tmp_path):
    catalog(tmp_path, "pt_BR", Sign_in="Entrar")
    catalog(tmp_path, "en", Sign_in="Come in")
    catalog(tmp_path, "de", Sign_in="Herein")
    client = own().client()

    pages = {
        tag: client.get("/identity/login", headers={**HTML, "Accept-Language": tag}).text for tag in ("pt", "en", "de")
    }
    assert '<html lang="pt-BR"' in pages["pt"]
    assert all(
        f"<h1>{said}</h1>" in pages[tag] for tag, said in (("pt", "Entrar"), ("en", "Come in"), ("de", "Herein"))
    )
    assert "Keep me signed in" in pages["pt"], "what is not translated is English"
    assert "Angemeldet bleiben" in pages["de"], "what the application does not say is ours"


def test_what_flask_babel_chose_goes_before_everything_else(build):
    def selector():
        return g.get("wanted", "de_CH")

    site = build(before=lambda app: Babel(app, locale_selector=selector) and None, **EVERYTHING)
    site.app.before_request(lambda: setattr(g, "wanted", "en_GB") if "english" in site.app.config else None)
    client = site.client()
    client.set_cookie("identity_language", "en")

    assert tongue(client.get("/identity/login", headers={**HTML, "Accept-Language": "en"}))[0] == "de"
    site.app.config["english"] = True
    assert tongue(client.get("/identity/login", headers={**HTML, **GERMAN}))[0] == "en"


def test_an_outage_is_told_even_where_the_choice_of_a_language_runs_into_it(build):
    def selector():
        raise Unavailable

    site = build(before=lambda app: Babel(app, locale_selector=selector) and None, **EVERYTHING)

    answer = site.client().post("/identity/login", json={}, headers=GERMAN)
    assert (answer.status_code, answer.get_json()["response"]["message"]) == (
        400,
        "Nicht alles, was gesendet wurde, ist verwendbar. Prüfen Sie die unten genannten Felder.",
    )


def test_programs_get_the_same_code_and_a_message_in_their_language(site):
    given = {"email": "a", "password": "password1"}
    english, german = (
        site.client().post("/identity/register", json=given, headers={**JSON, "Accept-Language": tag}).get_json()
        for tag in ("en", "de")
    )

    assert english["response"]["error"] == german["response"]["error"] == "invalid_input"
    assert german["response"]["field_errors"] == {
        "email": ["Geben Sie eine E-Mail-Adresse ein, etwa name@example.com."],
        "password": ["Das ist eines der häufigsten Passwörter. Wählen Sie ein anderes."],
    }
    assert english["response"]["field_errors"].keys() == german["response"]["field_errors"].keys()
    short = site.client().post("/identity/register", json={**given, "password": "kurz"}, headers=GERMAN).get_json()
    assert short["response"]["field_errors"]["password"] == ["Verwenden Sie mindestens 8 Zeichen."]


def test_within_a_language_no_answer_tells_one_account_that_cannot_sign_in_from_another(site):
    site.person("ada@example.com")
    site.person("locked@example.com")
    for _ in range(6):
        sign_in(site.client(), "locked@example.com", "wrong")
    site.write(site.person("suspended@example.com"), active=False)
    site.person("without@example.com", None)
    names = [f"{name}@example.com" for name in ("ada", "locked", "suspended", "without", "nobody")]

    def bodies(headers, **how):
        for name in names:
            given = {"identity": name, "password": "wrong" if name.startswith("ada") else PASSWORD}
            answer = site.client().post("/identity/login", headers={**GERMAN, **headers}, **{how["as_"]: given})
            assert answer.status_code == 401
            yield answer.data.replace(name.encode(), b"NAME"), answer.headers.get("Vary")

    assert len(set(bodies(JSON, as_="json"))) == 1
    assert len(set(bodies(HTML, as_="data"))) == 1
    assert "E-Mail-Adresse und Passwort passen nicht zusammen." in next(iter(bodies(HTML, as_="data")))[0].decode()


@pytest.mark.parametrize("path", ["login", "register"])
def test_a_page_says_that_it_comes_in_other_languages_and_as_json(site, path):
    answer = site.client().get(f"/identity/{path}", headers=HTML)

    assert set(answer.vary.as_set()) >= {"accept-language"}
    assert len(answer.headers.getlist("Vary")) == 1
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_answers_a_page_or_json_says_so_and_what_answers_one_alone_does_not(site):
    ada = site.signed_in()
    for headers in (HTML, JSON):
        assert "Accept" in ada.get("/identity/profile", headers=headers).vary, headers
        assert "Accept" in site.client().get("/identity/profile", headers=headers).vary, "refused, as a page or as JSON"
        assert "Accept" in ada.delete("/identity/profile", headers=headers).vary, "no such method"
    assert "Accept" not in ada.get("/identity/email_exists?email=x", headers=JSON).vary
    assert "Accept" not in site.client().get("/identity/static/fi.css", buffered=True).vary


def test_the_refusal_of_a_guarded_view_says_what_it_depends_on(site):
    site.app.add_url_rule("/own", "own", auth_required(lambda: "ok"))
    answer = site.client().get("/own", headers={**JSON, **GERMAN})

    assert answer.get_json()["response"]["message"] == "Melden Sie sich an, um fortzufahren."
    assert answer.vary.as_set() == {"accept", "accept-language", "cookie"}


def test_an_answer_that_says_nothing_asks_for_no_language(site, monkeypatch):
    asked: list[str] = []
    original = Languages.best

    def best(self, wanted):
        asked.append("a language")
        return original(self, wanted)

    monkeypatch.setattr(Languages, "best", best)
    site.app.add_url_rule("/own", "own", auth_required(lambda: "ok"))
    ada = site.client()
    site.person()
    assert sign_in(ada).status_code == 200

    for path in ("/own", "/identity/profile", "/identity/sessions"):
        assert ada.get(path, headers={**JSON, **GERMAN}).status_code == 200
    assert asked == []
    ada.get("/identity/profile", headers={**HTML, **GERMAN})
    assert asked


def test_dates_numbers_and_how_long_ago_are_said_as_the_language_does():
    german: Language = BOTH.get("de")

    assert faces.day(datetime(2026, 3, 4, tzinfo=UTC), german.say) == "4. März 2026"
    assert faces.day(datetime(2026, 3, 4, tzinfo=UTC), BOTH.get("en").say) == "4 Mar 2026"
    assert [faces.number(count, german.say) for count in (7, 1000, 1234567)] == ["7", "1.000", "1.234.567"]
    assert [faces.number(count, BOTH.get("en").say) for count in (7, 1234567)] == ["7", "1,234,567"]
    ago = {60: "vor 1 Minute", 120: "vor 2 Minuten", 3600: "vor 1 Stunde", 86400: "gestern", 200000: "vor 2 Tagen"}
    said = {age: faces.ago(now() - timedelta(seconds=age + 1), german.say, german.count) for age in ago}
    assert said == ago
    assert faces.ago(now(), german.say, german.count) == "gerade eben"


def test_nothing_is_said_of_an_empty_text():
    """What gettext files under the empty text is the head of the catalog."""
    assert BOTH.get("de").say("") == ""


def test_what_an_application_says_itself_is_left_as_it_is():
    assert BOTH.get("de").say("Use %(this) and 5 %") == "Use %(this) and 5 %"
    assert offered(None, OURS / "nowhere").tags == ("en", "de")
