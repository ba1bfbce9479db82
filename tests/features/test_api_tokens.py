"""API tokens: made, shown once, listed and ended. A-037, A-048, A-052, A-055, A-126, S-058, S-066, S-084, S-087."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from flask_identity.core.sweep import sweep
from flask_identity.features.api_tokens import actions
from tests.support.apps import HTML, JSON, PASSWORD, error_of

NOON = datetime(2030, 5, 17, 12, tzinfo=UTC)
YEAR = 31_536_000


def make(client, headers=None, **given):
    body = {"name": "backup", "scopes": ["read"]} | given
    return client.post("/identity/tokens", json=body, headers=headers)


def listed(client, headers=None):
    answer = client.get("/identity/tokens", headers={**JSON, **(headers or {})})
    assert answer.status_code == 200, answer.text
    return answer.json["response"]["tokens"]


def is_in(site, headers):
    return site.program().get("/identity/profile", headers=headers).status_code == 200


def test_a_token_is_shown_once_and_opens_what_its_owner_may_see(site_on_each):
    """A-037, S-087: only a digest is kept, and no later answer has the value."""
    site = site_on_each
    ada = site.signed_in()
    answer = make(ada, name="  Nächtliche Sicherung 🦦 ", expires=3600)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    made = answer.json["response"]
    value = made.pop("token")
    assert (made["name"], made["scopes"], made["last_used_at"]) == ("Nächtliche Sicherung 🦦", ["read"], None)
    assert value.startswith("fid_")
    assert value.count(".") == 1
    headers = {"Authorization": f"Bearer {value}"}
    assert (
        site.program().get("/identity/profile", headers=headers).json["response"]["user"]["email"] == "ada@example.com"
    )
    assert listed(ada) == listed(site.program(), headers)
    assert [{**each, "last_used_at": None} for each in listed(ada)] == [made]
    row_id, _, secret = value.removeprefix("fid_").partition(".")
    assert secret not in repr(site.rows("identity_session"))
    assert row_id not in ada.get("/identity/tokens", headers=JSON).text + ada.get("/identity/tokens", headers=HTML).text


def test_a_token_ends_when_its_owner_says_so(site_on_each):
    """R-08: a token that was taken back opens nothing."""
    site = site_on_each
    ada = site.signed_in()
    first, second = site.token(ada), site.token(ada)
    handle = listed(ada)[0]["handle"]
    assert ada.delete(f"/identity/tokens/{handle}").json["response"] == {"ended": 1}
    assert sorted([is_in(site, first), is_in(site, second)]) == [False, True]
    assert error_of(ada.delete(f"/identity/tokens/{handle}")) == (404, "not_found")
    assert handle not in [each["handle"] for each in listed(ada)]


@pytest.mark.parametrize("method", ["delete", "post"])
def test_anothers_token_is_404_and_stays(site, method):
    """A-126: as administrator too; a session's handle and an invented one give identical bytes."""
    eve = site.signed_in("eve@example.com")
    token = site.token(eve)
    (handle,) = [each["handle"] for each in listed(eve)]
    for client in (site.signed_in(), site.signed_in("root@example.com", roles=["admin"])):
        (own,) = client.get("/identity/sessions", headers=JSON).json["response"]["sessions"]
        answers = [
            getattr(client, method)(f"/identity/tokens/{each}", headers=JSON)
            for each in (handle, "f" * 24, own["handle"], token["Authorization"][11:27])
        ]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.data for answer in answers}) == 1
        assert client.get("/identity/sessions", headers=JSON).status_code == 200
    assert is_in(site, token)


def test_sessions_and_tokens_do_not_know_of_each_other(site_on_each):
    site = site_on_each
    ada, elsewhere = site.signed_in(), site.signed_in()
    token = site.token(ada)
    (handle,) = [each["handle"] for each in listed(ada)]
    kinds = [each["kind"] for each in ada.get("/identity/sessions", headers=JSON).json["response"]["sessions"]]
    assert kinds == ["cookie", "cookie"]
    assert ada.delete(f"/identity/sessions/{handle}").status_code == 404
    assert ada.delete("/identity/sessions").json["response"] == {"ended": 1}
    assert elsewhere.get("/identity/profile", headers=JSON).status_code == 401
    assert is_in(site, token)
    assert ada.post("/identity/logout", json={}).status_code == 200
    assert is_in(site, token)


ENDS = {
    "a new password": lambda site, ada: ada.post(
        "/identity/change_password", json={"password": PASSWORD, "new_password": "tin kettle orbit seven"}
    ),
    "suspension": lambda site, ada: verb(site, "deactivate_user"),
    "a new uniquifier": lambda site, ada: verb(site, "set_uniquifier"),
    "a new uniquifier set below the library": lambda site, ada: site.write(
        site.rows("user")[0]["id"], uniquifier="new"
    ),
    "a status set below the library": lambda site, ada: site.write(site.rows("user")[0]["id"], active=None),
    "deletion": lambda site, ada: verb(site, "delete_user"),
}


def verb(site, name):
    with site.app.app_context():
        store = site.identity.datastore
        assert getattr(store, name)(store.find_user(email="ada@example.com"))


@pytest.mark.parametrize("how", ENDS)
def test_a_token_is_over_after(how, site_on_each):
    """R-08, R-17, S-058, A-026: at the next request, and activating brings nothing back."""
    site = site_on_each
    ada = site.signed_in()
    token = site.token(ada)
    assert is_in(site, token)
    ENDS[how](site, ada)
    assert not is_in(site, token)
    if how == "suspension":
        verb(site, "activate_user")
        assert not is_in(site, token)
    if "below" not in how:
        assert [row for row in site.rows("identity_session") if row["kind"] == "api"] == []


def test_the_token_of_a_deleted_account_opens_no_new_one_of_the_same_name(site):
    """R-08, A-055."""
    token = site.token(site.signed_in())
    verb(site, "delete_user")
    site.person()
    assert not is_in(site, token)


def test_a_token_lives_as_long_as_it_was_given(site):
    with time_machine.travel(NOON, tick=False) as clock:
        ada = site.signed_in()
        brief, endless = site.token(ada, expires=60), site.token(ada, expires=None)
        ends = {each["expires_at"] for each in listed(ada)}
        assert ends == {None, (NOON + timedelta(seconds=60)).isoformat()}
        clock.shift(59)
        assert is_in(site, brief)
        clock.shift(1)
        assert not is_in(site, brief)
        assert len(listed(ada)) == 1
        clock.shift(10 * YEAR)
        assert is_in(site, endless)
        with site.app.app_context():
            sweep(site.services.store)
        assert is_in(site, endless)
        assert len(site.rows("identity_session")) == 1


def test_when_a_token_was_last_used_is_written_once_a_minute_and_revives_nothing(site):
    """A-052."""
    with time_machine.travel(NOON, tick=False) as clock:
        ada = site.signed_in()
        token = site.token(ada)
        seen = []
        for pause in (0, 59, 1, 0):
            clock.shift(pause)
            assert is_in(site, token)
            seen.append(listed(ada)[0]["last_used_at"])
        first, second = NOON.isoformat(), (NOON + timedelta(seconds=60)).isoformat()
        assert seen == [first, first, second, second]
        (handle,) = [each["handle"] for each in listed(ada)]
        row_id = token["Authorization"].removeprefix("Bearer fid_").partition(".")[0]
        assert ada.delete(f"/identity/tokens/{handle}").status_code == 200
        with site.app.app_context():
            site.services.store.touch(row_id, 0)
        assert not is_in(site, token)


def test_each_value_opens_only_its_own_way(site):
    """S-084: the diagonal of ways and values."""
    ada = site.signed_in()
    cookie = ada.get_cookie("identity").value
    bearer = site.bearer()["Authorization"].removeprefix("Bearer ")
    token = site.token(ada)["Authorization"].removeprefix("Bearer ")
    bare = token.removeprefix("fid_")
    for value in (
        bare,
        f"fid_{cookie}",
        f"fid_{bearer}",
        f"fid_fid_{bare}",
        token.upper(),
        f"{token}x",
        "fid_",
        "fid_.",
    ):
        assert not is_in(site, {"Authorization": f"Bearer {value}"}), value
    program = site.app.test_client(use_cookies=False)
    for value in (token, bare):
        assert program.get("/identity/profile", headers={**JSON, "Cookie": f"identity={value}"}).status_code == 401
        assert program.get(f"/identity/profile?token={value}", headers=JSON).status_code == 401
    assert is_in(site, {"Authorization": f"bearer {token}"})


BAD = {
    "no name": {"name": None},
    "an empty name": {"name": "  "},
    "a long name": {"name": "x" * 81},
    "a name with a control": {"name": "a\nb"},
    "a name with NUL": {"name": "a\0b"},
    "a name with half a character": {"name": "a\ud800b"},
    "a number as name": {"name": 5},
    "no scopes": {"scopes": []},
    "null scopes": {"scopes": None},
    "a text as scopes": {"scopes": "read"},
    "an unknown scope": {"scopes": ["read", "admin"]},
    "a list as scope": {"scopes": [["read"]]},
    "a very long scope": {"scopes": ["r" * 5000]},
    "no time": {"expires": 0},
    "time past": {"expires": -1},
    "more than a year": {"expires": YEAR + 1},
    "a text as time": {"expires": "60"},
    "true as time": {"expires": True},
    "half a second": {"expires": 0.5},
}


@pytest.mark.parametrize("given", BAD.values(), ids=BAD)
def test_what_cannot_be_used_is_named_and_makes_nothing(site, given):
    ada = site.signed_in()
    answer = make(ada, **given)
    assert error_of(answer) == (400, "invalid_input")
    assert {name.partition(".")[0] for name in answer.json["response"]["field_errors"]} == set(given)
    assert listed(ada) == []


@pytest.mark.parametrize("given", [{"user_id": 1}, {"token": "x"}, {"expires_at": 1}])
def test_an_unknown_field_is_refused(site, given):
    assert error_of(make(site.signed_in(), **given))[0] == 400


def test_the_longest_life_and_the_longest_name_are_possible(site):
    ada = site.signed_in()
    assert make(ada, name="🦦" * 80, expires=YEAR, scopes=["write", "read", "read"]).status_code == 200
    assert (listed(ada)[0]["name"], listed(ada)[0]["scopes"]) == ("🦦" * 80, ["read", "write"])


def test_nobody_has_more_than_a_hundred(site, monkeypatch):
    monkeypatch.setattr(actions, "MOST", 2)
    ada, eve = site.signed_in(), site.signed_in("eve@example.com")
    assert [make(ada).status_code for _ in range(2)] == [200, 200]
    assert error_of(make(ada)) == (409, "too_many_tokens")
    assert make(eve).status_code == 200
    assert ada.delete(f"/identity/tokens/{listed(ada)[0]['handle']}").status_code == 200
    assert make(ada).status_code == 200


def test_another_site_makes_and_ends_nothing(site):
    """A-038, S-066."""
    ada = site.signed_in()
    site.token(ada)
    handle = listed(ada)[0]["handle"]
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert error_of(make(ada, headers=foreign)) == (403, "cross_site")
    assert error_of(ada.delete(f"/identity/tokens/{handle}", headers=foreign)) == (403, "cross_site")
    assert len(listed(ada)) == 1


def test_making_tokens_is_limited(build):
    site = build(IDENTITY_API_TOKENS=True)
    ada = site.signed_in()
    assert [make(ada).status_code for _ in range(21)][-1] == 429


def test_a_token_opens_nothing_where_the_feature_is_off(build, tmp_path):
    url = f"sqlite:///{tmp_path / 'both.sqlite3'}"
    on, off = build(url, IDENTITY_API_TOKENS=True, IDENTITY_PROFILE=True), build(url, IDENTITY_PROFILE=True)
    token = on.token(on.signed_in())
    assert is_in(on, token)
    assert not is_in(off, token)
    assert off.signed_in().get("/identity/tokens", headers=JSON).status_code == 404


def test_off_is_how_a_library_starts_and_the_operators_list_has_no_tokens(build):
    site = build()
    assert site.signed_in().get("/identity/tokens", headers=JSON).status_code == 404
    on = build(IDENTITY_API_TOKENS=True)
    on.token(on.signed_in())
    runner = on.app.test_cli_runner()
    result = runner.invoke(args=["identity", "sessions", "list", "ada@example.com"])
    assert (result.exit_code, "api" in result.output, result.output.count("cookie")) == (0, False, 1)
    assert "1 session ended" in runner.invoke(args=["identity", "sessions", "end", "ada@example.com"]).output
    assert [row["kind"] for row in on.rows("identity_session")] == ["api"]
