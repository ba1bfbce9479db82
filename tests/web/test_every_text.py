"""Every text that people see can be translated: in a language that puts ⟦ ⟧ around whatever it translates, all pages
and refusals are read, and what stands outside must be data."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from babel.messages.catalog import Catalog

from flask_identity.base.clock import now
from flask_identity.base.errors import IdentityRefusal
from flask_identity.base.texts import Sentence
from scripts import messages
from tests.support.apps import EVERYTHING, HTML, JSON, PASSWORD
from tests.support.routes import every_route, fields_of, reads_body

SEEN = {"alt", "aria-label", "aria-placeholder", "label", "placeholder", "title"}
SILENT = {"script", "style", "template"}
DATA = {"bdi", "code"}  # where templates put what somebody typed or what a program made
MARKED = re.compile(r"⟦[^⟦⟧]*⟧")
WORD = re.compile(r"[^\W\d_]+")
KNOWN = re.compile(
    r"Flask-Identity|\b[\w.]+@example\.com\b|Ada Lovelace|Robot 7|\bUTC\b|\bK\b|\beditor\b|\bread\b|\bwrite\b"
    r"|Nickname|Mozilla/5\.0 \(X11; Linux x86_64\) Firefox/130\.0|\bFirefox\b|\bLinux\b|nobody at all|Werkzeug"
)
AGENT = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0"}
GOOD = "tin kettle orbit seven"
ODD: tuple[Any, ...] = ([], {}, 5, "x" * 3000, "", -1)


@pytest.fixture
def orm():
    """Texts do not depend on the ORM."""
    return "plain"


class Reader(HTMLParser):
    """What a page says to people, and where its links lead."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name in SEEN or name.startswith("data-word") or name.endswith("-text"):
                self.texts += json.loads(value) if name == "data-words" and value else [value or ""]
            if name == "href" and tag == "a":
                self.links.append(value or "")
        if tag in SILENT | DATA:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag in self.open:
            self.open.remove(tag)

    def handle_data(self, data):
        if not self.open:
            self.texts.append(data)


def unmarked(text):
    """The words of a text that are neither translated nor data."""
    before = None
    while before != text:
        before, text = text, MARKED.sub(" ", text)
    return WORD.findall(KNOWN.sub(" ", text))


def read(answer):
    """Read a page: where its links lead; what it says that is not translated fails the test."""
    reader = Reader()
    reader.feed(answer.text)
    assert 'lang="x-marked"' in answer.text or "<html" not in answer.text
    found = {text.strip(): words for text in reader.texts if (words := unmarked(text))}
    assert not found, f"{answer.request.path}: {found}"
    return reader.links


def crawl(client, *starts):
    """Read these pages and what they link to, one of many alike but for numbers and filters; return the paths."""
    queue, seen = [(url, True) for url in reversed(starts)], set()
    while queue:
        url, named = queue.pop()
        parts = urlsplit(re.sub(r"\d+", "N", url))
        shape = (parts.path, *sorted(parse_qs(parts.query)))
        if shape in seen and not named:
            continue
        seen.add(shape)
        answer = client.get(url, headers={**HTML, **AGENT}, buffered=True)
        if answer.mimetype == "text/html":
            where = answer.headers.get("Location")
            here = [urljoin(url, link) for link in ([where] if where else read(answer))]
            queue += [(link, False) for link in here if re.match("/identity/(?!static)", link)]
    return {path for path, *_ in seen}


@pytest.fixture(scope="module")
def texts():
    """Every text of the source."""
    return messages.collected()


@pytest.fixture(scope="module")
def root(texts, tmp_path_factory):
    """The folder of an application with a language of its own: what it says stands between marks."""
    root = tmp_path_factory.mktemp("root")
    folder = root / "translations/x_marked/LC_MESSAGES"
    folder.mkdir(parents=True)
    catalog = Catalog(charset="utf-8")
    for each in texts:
        marks = tuple(f"⟦{text}⟧" for text in ([each.id] if isinstance(each.id, str) else each.id))
        catalog.add(each.id, marks if isinstance(each.id, tuple) else marks[0], context=each.context)
    catalog.add("1,000", "1,000")  # is looked into, not shown
    (folder / "flask_identity.mo").write_bytes(messages.compiled(catalog))
    return root


@pytest.fixture
def site(build, root):
    def before(app):
        app.root_path = str(root)

    return build(before=before, IDENTITY_THROTTLE=False, IDENTITY_LANGUAGES="x-marked", **EVERYTHING)


def crowded(site):
    """An administrator, and people of every status."""
    ada = site.person("ada@example.com", username="ada")
    states: dict[str, Any] = {
        "suspended@example.com": {"active": False, "suspended_reason": None},
        "locked@example.com": {"locked_until": now() + timedelta(minutes=9), "failed_logins": 5},
    }
    for email, columns in states.items():
        site.write(site.person(email), **columns)
    client = site.client()
    assert client.post("/identity/login", json={"identity": "ada@example.com", "password": PASSWORD}, headers=AGENT)
    site.token(client, "read", name="Robot 7", expires=3600)
    client.put("/identity/edit_user", json={"profile": {"full_name": "Ada Lovelace"}})
    return ada, client


def test_all_that_anybody_is_shown(site):
    nobody = site.client()

    assert crawl(nobody, "/identity/login") >= {"/identity/login", "/identity/register"}
    site.person("ada@example.com", username="ada")
    for form in ({}, {"email": "a", "password": "x"}, {"email": "b@example.com", "password": "password1"}):
        read(nobody.post("/identity/register", data=form, headers=HTML))
    for form in ({}, {"identity": "ada", "password": "x"}, {"identity": "a\0", "password": "b" * 300}):
        read(nobody.post("/identity/login", data=form, headers=HTML))
    read(nobody.post("/identity/login", data={}, headers={**HTML, "Sec-Fetch-Site": "cross-site"}))
    read(nobody.delete("/identity/login", headers=HTML))
    read(nobody.post("/identity/login", data={"identity": "x" * 99999}, headers=HTML))


def test_all_that_a_person_is_shown(site):
    client = site.signed_in("eve@example.com")
    pages = {f"/identity/{name}" for name in ("profile", "security", "sessions", "tokens", "change_password", "verify")}

    assert crawl(client, *pages, "/identity/edit_user") >= {*pages, "/identity/edit_user"}
    ada, client = crowded(site)
    crawl(client, *pages)
    read(client.get("/identity/user_list", headers=HTML))
    for token in ({}, {"name": "a\0", "scopes": ["x"]}, {"name": "Robot 7", "scopes": ["read"]}):
        read(client.post("/identity/tokens", data=token, headers=HTML))
    for words in ({}, {"password": "wrong", "new_password": GOOD}, {"password": PASSWORD, "new_password": "ada"}):
        read(client.post("/identity/change_password", data=words, headers=HTML))
    read(client.post("/identity/verify", data={"password": "wrong"}, headers=HTML))
    edit = f"/identity/users/{ada}/edit"
    for form in ({"account_email": "x"}, {"website": "javascript:1", "account_email": "ada@example.com"}):
        read(client.post(edit, data=form, headers=HTML))


def test_all_that_an_administrator_is_shown(site):
    admin = site.signed_in("root@example.com", roles=["admin"])
    crawl(admin, "/identity/user_list")
    ada, _ = crowded(site)
    nobody = "q=nobody+at+all"
    lists = (
        f"user_list?{nobody}",
        f"user_list?{nobody}&status=locked",
        "user_list?role=editor",
        "?days=30",
        f"all_sessions?{nobody}",
    )
    paths = crawl(admin, "/identity/user_list", *(f"/identity/{each}" for each in lists))
    assert {"/identity/users/N", "/identity/edit_user", "/identity/all_sessions"} <= paths
    for path in ("user_list", f"users/{ada}/delete"):
        read(admin.get(f"/identity/{path}", headers={**HTML, "X-Fragment": "1"}))
    for who in range(1, 6):
        read(admin.get(f"/identity/users/{who}", headers=HTML))
        read(admin.get(f"/identity/users/{who}/delete", headers=HTML))
    for form in ({"action": "delete", "ids": ["1", "2"]}, {"action": "delete", "all_matching": "true"},
                 {"action": "suspend", "ids": ["1", "2", "999"]}, {"action": "activate", "ids": ["2"]}, {"action": "x"},
                 {"action": "delete", "ids": ["1", "2"], "confirmed": "true"}):  # fmt: skip
        read(admin.post("/identity/users/bulk", data=form, headers=HTML))
    read(admin.get("/identity/users/999", headers=HTML))


def sayings(answer):
    """All that a refusal in JSON tells people."""
    told = answer.get_json()["response"]
    return [told["message"], *(text for texts in told.get("field_errors", {}).values() for text in texts)]


def test_all_that_refusals_say_to_programs(site):
    admin = site.signed_in("root@example.com", roles=["admin"])
    with site.app.app_context():
        routes = [(route, url, fields_of(route)) for route, url in every_route(site.app)]
    for route, url, fields in routes:
        bodies: list[Any] = [{}, []]
        if reads_body(route):
            bodies += [{"zzz": 1}, *({name: odd} for name in fields for odd in ODD)]
        for client in (site.client(), admin):
            for body in bodies:
                answer = client.open(url, method=route.method, json=body, headers=JSON, buffered=True)
                if answer.status_code >= 400 and answer.is_json:
                    found = {text: words for text in sayings(answer) if (words := unmarked(text))}
                    assert not found, f"{route.method} {url}: {found}"


def kinds(kind=IdentityRefusal):
    yield kind
    for each in kind.__subclasses__():
        yield from kinds(each)


def test_every_refusal_has_a_sentence_of_its_own_that_is_marked(texts):
    ours = [kind for kind in kinds() if kind.__module__.startswith("flask_identity.")]

    assert len(ours) > 30
    assert [kind.__name__ for kind in ours if not isinstance(kind.message, Sentence)] == []
    assert [kind.__name__ for kind in ours if kind.message not in texts] == []


@pytest.mark.parametrize("text", ["Sign in", "⟦Sign in⟧ now", "ada@example.com is ⟦here⟧"])
def test_a_text_that_is_not_translated_would_be_found(text):
    assert unmarked(text)


def test_what_is_translated_or_data_is_let_through():
    assert not unmarked("⟦Edit Ada ⟦now⟧⟧ 1,000+ · ada@example.com")
