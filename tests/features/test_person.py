"""A person's page and everybody's sessions, for administrators: A-126, S-077, S-080, A-136."""

from __future__ import annotations

import re

import pytest

from tests.support.apps import HTML, JSON

NEVER = 987654


@pytest.fixture
def root(site):
    return site.signed_in("root@example.com", roles=["admin"])


def ways_to_end(page):
    return re.findall(r'action="([^"]*/sessions/[^"]*/end)"', page.text)


def signed_in(client):
    return client.get("/identity/profile", headers=JSON).status_code == 200


def test_a_persons_page_shows_account_profile_and_sessions_as_text(site, root):
    """A-136."""
    hostile = "<script>alert(1)</script>{{7*7}}\"'"
    ada = site.person("ada@example.com", username="ada", profile={"full_name": hostile, "bio": hostile})
    site.signed_in("ada@example.com")

    page = root.get(f"/identity/users/{ada}", headers=HTML)

    assert (page.status_code, page.mimetype) == (200, "text/html")
    assert "<script>alert" not in page.text
    assert page.text.count("&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}") >= 2
    assert len(ways_to_end(page)) == 1
    assert "argon2" not in page.text
    assert site.row(ada)["uniquifier"] not in page.text


def test_all_sessions_of_a_person_end_but_never_the_callers_own(site, root):
    ada, other = site.signed_in("ada@example.com"), site.signed_in("ada@example.com")
    second = site.signed_in("root@example.com")
    with site.app.app_context():
        find = site.identity.datastore.find_user
        ada_id, root_id = find(email="ada@example.com").id, find(email="root@example.com").id

    assert root.post(f"/identity/users/{ada_id}/sessions/end", headers=HTML).status_code == 303
    assert (signed_in(ada), signed_in(other), signed_in(root)) == (False, False, True)
    root.post(f"/identity/users/{root_id}/sessions/end", headers=HTML)
    assert (signed_in(second), signed_in(root)) == (False, True)
    assert root.post(f"/identity/users/{NEVER}/sessions/end", headers=HTML).status_code == 404


def test_one_session_ends_and_a_session_of_another_person_does_not(site, root):
    """A-126: the handle counts only with the person whose session it is."""
    ada, bob = site.signed_in("ada@example.com"), site.signed_in("bob@example.com")
    with site.app.app_context():
        find = site.identity.datastore.find_user
        ada_id, bob_id = find(email="ada@example.com").id, find(email="bob@example.com").id
    (way,) = ways_to_end(root.get(f"/identity/users/{ada_id}", headers=HTML))

    wrong = root.post(way.replace(f"/users/{ada_id}/", f"/users/{bob_id}/"), headers=HTML)
    assert (wrong.status_code, signed_in(ada), signed_in(bob)) == (404, True, True)
    done = root.post(way, data={"back": "/identity/all_sessions?q=a"}, headers=HTML)
    assert (done.status_code, done.location) == (303, "/identity/all_sessions?q=a")
    assert (signed_in(ada), signed_in(bob)) == (False, True)
    assert root.post(way, data={"back": "//evil.example"}, headers=HTML).status_code == 404


def test_everybodys_sessions_are_listed_page_by_page_and_found_by_name(site, root, monkeypatch):
    from flask_identity.features.people import person

    monkeypatch.setattr(person, "_SHOWN", 2)
    for name in ("ada", "bob", "cid"):
        site.signed_in(f"{name}@example.com")

    def emails(page):
        return re.findall(r"<bdi>(\w+)@<wbr>example\.<wbr>com</bdi></a>", page.text)

    first = root.get("/identity/all_sessions", headers=HTML)
    (onward,) = re.findall(r'rel="next" href="([^"]*)"', first.text)
    second = root.get(f"/identity/all_sessions{onward}", headers=HTML)
    (back,) = re.findall(r'rel="prev" href="([^"]*)"', second.text)

    assert sorted(emails(first) + emails(second)) == ["ada", "bob", "cid", "root"]
    assert 'rel="next"' not in second.text
    assert emails(root.get(f"/identity/all_sessions{back}", headers=HTML)) == emails(first)
    assert emails(root.get("/identity/all_sessions?q=B", headers=HTML)) == ["bob"]
    assert emails(root.get("/identity/all_sessions?q=nobody", headers=HTML)) == []
    for cursor in ("x", "!!!", "WyJlbWFpbCIsImEiLDEsZmFsc2Vd", "WyJzZXNzaW9uIiwieCIsInMiLGZhbHNlXQ"):
        assert root.get(f"/identity/all_sessions?cursor={cursor}", headers=HTML).status_code == 400


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/users/{id}"),
        ("POST", "/users/{id}/sessions/end"),
        ("POST", "/users/{id}/sessions/aaaa/end"),
        ("GET", "/all_sessions"),
        ("POST", "/users/{id}/status"),
        ("GET", "/users/{id}/delete"),
        ("POST", "/users/{id}/delete"),
    ],
)
def test_an_ordinary_user_gets_the_same_403_whoever_the_id_is(site, method, path):
    """S-077, S-080: before the id is read."""
    ada, bob = site.signed_in("ada@example.com"), site.person("bob@example.com")

    answers = [ada.open(f"/identity{path.format(id=each)}", method=method, headers=HTML) for each in (bob, NEVER, "x")]

    assert {answer.status_code for answer in answers} == {403}
    assert len({answer.data for answer in answers}) == 1


def test_an_administrator_gets_404_for_nobodys_id_and_400_for_none(root):
    assert root.get(f"/identity/users/{NEVER}", headers=HTML).status_code == 404
    assert root.get("/identity/users/01", headers=HTML).status_code == 400
