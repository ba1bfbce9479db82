"""Where one is signed in, and signing out elsewhere: S-059, A-085, A-126, S-077."""

from __future__ import annotations

import pytest

from tests.support.apps import HTML, JSON, PASSWORD, error_of, sign_in


def listed(client, headers=None):
    answer = client.get("/identity/sessions", headers={**JSON, **(headers or {})})
    assert answer.status_code == 200, answer.text
    return answer.json["response"]["sessions"]


def is_in(client, headers=None):
    return client.get("/identity/profile", headers={**JSON, **(headers or {})}).status_code == 200


def test_one_sees_ones_own_sessions_by_handle(site_on_each):
    """S-059: handles, never ids."""
    site = site_on_each
    site.person()
    site.signed_in("eve@example.com")
    ada = site.client()
    body = {"identity": "ada@example.com", "password": PASSWORD}
    ada.post("/identity/login", json=body, headers={"User-Agent": "Firefox/1"})
    bearer = site.bearer()
    sessions = listed(ada)
    assert [set(each) for each in sessions] == [
        {"handle", "kind", "current", "created_at", "last_seen_at", "ip", "agent"}
    ] * 2
    mine = [each for each in sessions if each["current"]]
    assert [(each["kind"], each["ip"], each["agent"]) for each in mine] == [("cookie", "127.0.0.1", "Firefox/1")]
    assert mine[0]["created_at"].endswith("+00:00")
    assert {each["kind"] for each in sessions} == {"cookie", "bearer"}
    assert [each["current"] for each in listed(site.program(), bearer) if each["kind"] == "bearer"] == [True]
    text = repr(sessions)
    for row in site.rows("identity_session"):
        assert row["id"] not in text
        assert row["digest"] not in text


def test_all_others_can_be_ended_at_once(site_on_each):
    site = site_on_each
    ada, elsewhere = site.signed_in(), site.signed_in()
    bearer, eve = site.bearer(), site.signed_in("eve@example.com")
    assert ada.delete("/identity/sessions").json["response"] == {"ended": 2}
    assert is_in(ada)
    assert is_in(eve)
    assert not is_in(elsewhere)
    assert not is_in(site.program(), bearer)
    assert ada.delete("/identity/sessions").json["response"] == {"ended": 0}


def test_one_can_be_ended_by_its_handle(site):
    ada, elsewhere = site.signed_in(), site.signed_in()
    (handle,) = [each["handle"] for each in listed(ada) if not each["current"]]
    assert ada.delete(f"/identity/sessions/{handle}").status_code == 200
    assert not is_in(elsewhere)
    assert is_in(ada)
    assert error_of(ada.delete(f"/identity/sessions/{handle}")) == (404, "not_found")


def test_ending_the_present_one_signs_out(site):
    ada = site.signed_in()
    (handle,) = [each["handle"] for each in listed(ada)]
    answer = ada.delete(f"/identity/sessions/{handle}")
    assert answer.headers["Clear-Site-Data"]
    assert ada.get_cookie("identity") is None
    assert site.rows("identity_session") == []


@pytest.mark.parametrize("method", ["delete", "post"])
def test_anothers_session_is_404_and_stays(site, method):
    """A-085, A-126, S-077: as administrator too; an invented handle gives identical bytes."""
    eve = site.signed_in("eve@example.com")
    (handle,) = [each["handle"] for each in listed(eve)]
    (row,) = site.rows("identity_session")
    for client in (site.signed_in(), site.signed_in("root@example.com", roles=["admin"])):
        answers = [
            getattr(client, method)(f"/identity/sessions/{each}", headers=JSON)
            for each in (handle, "f" * 24, row["id"])
        ]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.data for answer in answers}) == 1
    assert is_in(eve)


def test_without_javascript_forms_do_the_same(site):
    ada, elsewhere, third = site.signed_in(), site.signed_in(), site.signed_in()
    page = ada.get("/identity/sessions", headers=HTML)
    assert page.status_code == 200
    handles = [each["handle"] for each in listed(ada) if not each["current"]]
    assert all(handle in page.text for handle in handles)
    answer = ada.post(f"/identity/sessions/{handles[0]}")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/identity/sessions")
    assert ada.post("/identity/sessions").status_code == 303
    assert is_in(ada)
    assert not is_in(elsewhere)
    assert not is_in(third)


def test_a_hostile_program_name_is_text_on_the_page(site):
    """S-123, A-137."""
    site.person()
    client = site.client()
    body = {"identity": "ada@example.com", "password": PASSWORD}
    client.post("/identity/login", json=body, headers={"User-Agent": "<script>alert(1)</script>{{77*777}}"})
    page = client.get("/identity/sessions", headers=HTML)
    assert "<script>alert" not in page.text
    assert "59829" not in page.text.partition("fi-rows")[2].partition("last active")[0]


def test_it_can_be_switched_off(build):
    site = build(IDENTITY_SESSIONS=False)
    client = site.client()
    site.person()
    sign_in(client)
    assert client.get("/identity/sessions", headers=JSON).status_code == 404
