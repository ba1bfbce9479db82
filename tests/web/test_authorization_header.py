"""The Authorization header decides alone: A-045, A-053, A-061, S-087, R-19, R-20, R-21, R-37, R-67."""

from __future__ import annotations

import base64

import pytest

from tests.support.apps import HTML, JSON, PASSWORD, error_of, sign_in


def basic(name="ada@example.com", password=PASSWORD):
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


BAD = {
    "empty": "",
    "a space": " ",
    "Bearer": "Bearer",
    "Bearer and a space": "Bearer ",
    "nothing behind it": "Bearer  ",
    "short": "Bearer x",
    "well formed": "Bearer " + "A" * 16 + "." + "B" * 43,
    "two values": "Bearer a.b c.d",
    "huge": "Bearer " + "A" * 60_000,
    "Token": "Token " + "A" * 16 + "." + "B" * 43,
    "Basic of no form": "Basic !!!",
    "Basic without colon": "Basic " + base64.b64encode(b"ada").decode(),
    "Basic not UTF-8": "Basic " + base64.b64encode(b"\xff\xfe:\xff").decode(),
    "Basic when off": basic()["Authorization"],
    "Negotiate": "Negotiate YII=",
    "Digest": 'Digest username="ada@example.com", realm="x"',
    "a JWT": "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.",
    "null": "Bearer null",
    "control": "Bearer \x01\x7f",
    "latin": "Bearer \xe4\xf6",
}


@pytest.mark.parametrize("value", BAD.values(), ids=BAD)
def test_a_bad_header_is_401_also_beside_a_good_cookie(site, value):
    """A-044, A-045, A-048, R-20: and the cookie stays what it was."""
    ada = site.signed_in()
    answer = ada.get("/identity/profile", headers={**HTML, "Authorization": value})
    assert error_of(answer) == (401, "not_signed_in")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="identity"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert ada.get("/identity/profile", headers=JSON).status_code == 200


def test_a_good_header_beats_a_cookie_of_someone_else(site):
    site.person("eve@example.com")
    ada = site.signed_in()
    answer = ada.get("/identity/profile", headers=site.bearer("eve@example.com"))
    assert answer.json["response"]["user"]["email"] == "eve@example.com"


@pytest.mark.parametrize("spelled", ["bearer", "BEARER", "Bearer "])
def test_the_word_bearer_is_read_in_any_case(site, spelled):
    site.person()
    value = site.bearer()["Authorization"].removeprefix("Bearer ")
    assert site.program().get("/identity/profile", headers={"Authorization": f"{spelled} {value}"}).status_code == 200


@pytest.mark.parametrize("place", ["iauth", "token", "auth_token", "authentication_token", "access_token", "identity"])
def test_a_value_in_the_url_or_the_body_is_not_looked_at(site, place):
    """S-087, R-19, R-20."""
    site.person()
    value = site.bearer()["Authorization"].removeprefix("Bearer ")
    answer = site.program().get(f"/identity/profile?{place}={value}", headers=JSON)
    assert answer.status_code == 401
    answer = site.program().post("/identity/logout", json={place: value})
    assert answer.status_code == 401
    for header in ("X-Auth-Token", "Authentication-Token", "X-Access-Token", "X-User-Id", "Remote-User"):
        assert site.program().get("/identity/profile", headers={**JSON, header: value}).status_code == 401


def test_a_user_id_in_query_or_body_names_nobody(site):
    """A-053."""
    eve = site.person("eve@example.com")
    ada = site.signed_in()
    answer = ada.get(f"/identity/profile?id={eve}&user_id={eve}", headers=JSON)
    assert answer.json["response"]["user"]["email"] == "ada@example.com"


def test_asking_who_is_signed_in_never_gives_a_token(site):
    """R-21, R-22, A-037."""
    ada = site.signed_in()
    answer = ada.get("/identity/login?include_auth_token", headers=JSON)
    assert set(answer.json["response"]["user"]) == {"id", "email"}
    for headers in (JSON, HTML):
        assert "token" not in ada.get("/identity/login?include_auth_token=1", headers=headers).text.lower()


def test_a_sign_in_with_a_token_gives_no_cookie(site):
    site.person()
    body = {"identity": "ada@example.com", "password": PASSWORD}
    answer = site.client().post("/identity/login?include_auth_token", json=body)
    assert "Set-Cookie" not in answer.headers
    assert answer.json["response"]["user"]["authentication_token"].count(".") == 1
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_token_beside_a_cookie_leaves_the_cookies_session_alone(site):
    ada = site.signed_in()
    body = {"identity": "ada@example.com", "password": PASSWORD}
    assert ada.post("/identity/login?include_auth_token", json=body).status_code == 200
    assert ada.get("/identity/profile", headers=JSON).status_code == 200


def test_a_cookie_value_is_no_token_and_a_token_no_cookie(site):
    """S-084: only the diagonal."""
    ada = site.signed_in()
    cookie = ada.get_cookie("identity").value
    token = site.bearer()["Authorization"].removeprefix("Bearer ")
    program = site.app.test_client(use_cookies=False)
    assert program.get("/identity/profile", headers={"Authorization": f"Bearer {cookie}"}).status_code == 401
    assert program.get("/identity/profile", headers={**JSON, "Cookie": f"identity={token}"}).status_code == 401


def test_answers_to_a_header_are_json_whatever_is_accepted(site):
    site.person()
    for headers in (site.bearer(), {"Authorization": "Bearer x"}):
        assert site.program().get("/identity/profile", headers={**headers, **HTML}).mimetype == "application/json"


class TestBasic:
    """HTTP Basic, which is off by default (R-67)."""

    @pytest.fixture
    def made(self, build):
        made = build(IDENTITY_BASIC=True, IDENTITY_PROFILE=True, IDENTITY_THROTTLE=False)
        made.person()
        return made

    def test_name_and_password_open_one_request(self, made):
        answer = made.program().get("/identity/profile", headers=basic())
        assert answer.json["response"]["user"]["email"] == "ada@example.com"
        assert "Set-Cookie" not in answer.headers
        assert made.rows("identity_session") == []

    @pytest.mark.parametrize(
        ("name", "password"),
        [
            ("ada@example.com", "wrong"),
            ("eve@example.com", PASSWORD),
            ("ada@example.com", ""),
            ("", PASSWORD),
            ("", ""),
            ("\0", "\0"),
            ("ada@example.com", "x" * 300),
            ("x" * 5000, PASSWORD),
            ("ada@example.com", PASSWORD + "\0"),
        ],
    )
    def test_anything_else_is_401_and_says_that_basic_is_possible(self, made, name, password):
        """A-011."""
        answer = made.program().get("/identity/profile", headers=basic(name, password))
        assert error_of(answer) == (401, "not_signed_in")
        assert answer.headers.getlist("WWW-Authenticate") == [
            'Bearer realm="identity"',
            'Basic realm="identity", charset="UTF-8"',
        ]

    def test_a_browser_without_header_is_not_made_to_ask(self, made):
        answer = made.client().get("/identity/profile", headers=JSON)
        assert answer.headers.getlist("WWW-Authenticate") == ['Bearer realm="identity"']

    def test_failures_lock_the_account_for_the_page_too_and_the_other_way_round(self, made):
        """A-057, S-020."""
        for number in range(5):
            if number % 2:
                assert sign_in(made.client(), password="wrong").status_code == 401
            else:
                assert made.program().get("/identity/profile", headers=basic(password="wrong")).status_code == 401
        assert made.program().get("/identity/profile", headers=basic()).status_code == 401
        assert sign_in(made.client()).status_code == 401

    def test_a_password_with_colons_and_any_characters_is_read_whole(self, made):
        made.person("ü@example.com", "a:b:ç 🔑 tin kettle")
        answer = made.program().get("/identity/profile", headers=basic("ü@example.com", "a:b:ç 🔑 tin kettle"))
        assert answer.status_code == 200

    def test_a_suspended_account_is_401(self, made):
        """S-058."""
        with made.app.app_context():
            store = made.identity.datastore
            store.deactivate_user(store.find_user(email="ada@example.com"))
        assert made.program().get("/identity/profile", headers=basic()).status_code == 401

    def test_no_session_of_its_own_means_no_change_of_password(self, made):
        body = {"password": PASSWORD, "new_password": "tin kettle orbit seven"}
        answer = made.program().post("/identity/change_password", json=body, headers=basic())
        assert error_of(answer) == (403, "not_allowed")

    def test_signing_out_ends_nothing_and_fails_nowhere(self, made):
        assert made.program().post("/identity/logout", headers=basic()).status_code == 200

    def test_it_passes_from_anywhere(self, made):
        headers = {**basic(), "Sec-Fetch-Site": "cross-site"}
        assert made.program().post("/identity/logout", headers=headers).status_code == 200
