"""Creating an account: A-014, A-106, A-107, A-112, A-115, A-116, A-123, R-45, R-51, S-006, S-007, S-026."""

# ruff: noqa: RUF001 - characters that look like others are what is tested

from __future__ import annotations

from typing import Any

import pytest

from flask_identity import ConfigurationError, Register
from tests.support.apps import HTML, JSON, PASSWORD, error_of, sign_in

GOOD = {"email": "ada@example.com", "password": "tin kettle orbit seven"}


def register(site, **given):
    return site.client().post("/identity/register", json={**GOOD, **given})


def test_a_sign_up_creates_an_account_and_signs_in(site_on_each):
    site = site_on_each
    client = site.client()
    answer = client.post("/identity/register", json={**GOOD, "full_name": "Ada Lovelace"})
    assert answer.status_code == 200
    (row,) = site.rows("user")
    assert answer.json["response"] == {"user": {"id": row["id"], "email": "ada@example.com"}}
    assert row["active"] is True
    assert row["login_count"] == 1
    profile = client.get("/identity/profile", headers=JSON).json["response"]["user"]
    assert profile["profile"]["full_name"] == "Ada Lovelace"
    with site.app.app_context():
        assert site.identity.datastore.find_user(email="ada@example.com").role == "user"


@pytest.mark.parametrize(
    "name",
    [
        "Łukasz 🎉",
        "名前",
        "محمد",
        "<img src=x onerror=alert(1)>",
        'O\'Brien "x" & Co',
        "{{7*7}}",
        "a" * 120,
        "\u202eabc",
    ],
)
def test_any_name_is_kept_as_it_was_typed(site_on_each, name):
    client = site_on_each.client()
    assert client.post("/identity/register", json={**GOOD, "full_name": name}).status_code == 200
    shown = client.get("/identity/profile", headers=JSON).json["response"]["user"]["profile"]["full_name"]
    assert shown == name


def test_it_is_off_unless_it_is_switched_on(build):
    site = build()
    for answer in (register(site), site.client().get("/identity/register", headers=HTML)):
        assert answer.status_code == 404


@pytest.mark.parametrize("taken", ["ada@example.com", "ADA@EXAMPLE.COM", " ada@example.com ", "Ada@example.COM"])
def test_a_taken_address_is_409_in_any_spelling(site_on_each, taken):
    """R-51, and S-026 as decided: with confirmation off the answer says so."""
    site = site_on_each
    site.person()
    answer = register(site, email=taken)
    assert error_of(answer) == (409, "email_taken")
    assert set(answer.json["response"]["field_errors"]) == {"email"}
    assert "Set-Cookie" not in answer.headers
    assert len(site.rows("user")) == 1


def test_look_alike_addresses_get_accounts_of_their_own_or_none(site_on_each):
    """A-106, A-107: on each database's own collation no look-alike is taken for another."""
    site = site_on_each
    site.person("mike@example.com")
    for look_alike in ("míke@example.com", "mıke@example.com", "мike@example.com", "mike@éxample.com"):
        assert register(site, email=look_alike).status_code == 200, look_alike
    for refused in ("mi\u212ae@example.com", "mike＠example.com", "mi\u200bke@example.com", "mike@example.com."):
        assert error_of(register(site, email=refused)) == (400, "invalid_input"), refused
    assert sign_in(site.client(), "mike@example.com", PASSWORD).status_code == 200


def test_both_spellings_of_an_international_domain_are_one_account(site):
    """A-106."""
    assert register(site, email="ada@bücher.example").status_code == 200
    assert error_of(register(site, email="ada@xn--bcher-kva.example")) == (409, "email_taken")
    assert error_of(register(site, email="ada@BÜCHER.example")) == (409, "email_taken")
    assert sign_in(site.client(), "ada@xn--bcher-kva.example", GOOD["password"]).status_code == 200


@pytest.mark.parametrize("spelled", ["ada_1815", "ADA_1815", " ada_1815 "])
def test_a_taken_username_is_409(site_on_each, spelled):
    site = site_on_each
    site.person("eve@example.com", username="ada_1815")
    answer = register(site, username=spelled)
    assert error_of(answer) == (409, "username_taken")
    assert set(answer.json["response"]["field_errors"]) == {"username"}


@pytest.mark.parametrize("username", ["eve@example.com", "a@b", "two words", "", " ", "a" * 65, "a\u200bb"])
def test_a_username_may_not_look_like_an_address(site, username):
    """A-108."""
    answer = register(site, username=username)
    assert error_of(answer) == (400, "invalid_input")
    assert set(answer.json["response"]["field_errors"]) == {"username"}
    assert site.rows("user") == []


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"password": "password123"}, "password"),
        ({"password": "iloveyou1"}, "password"),
        ({"password": "qz7vK2w"}, "password"),
        ({"password": ""}, "password"),
        ({"password": "        "}, "password"),
        ({"password": "aaaaaaaaaaaaaaaaaaaa"}, "password"),
        ({"email": "ada.lovelace@example.com", "password": "ada.lovelace 99 zq"}, "password"),
        ({"full_name": "Lovelace Byron", "password": "tin lovelace orbit"}, "password"),
        ({"username": "countess", "password": "tin countess orbit 7"}, "password"),
        ({"password": "tin flask-identity orbit"}, "password"),
    ],
)
def test_a_weak_password_is_refused_by_name(site, given, field):
    """S-001, S-006, S-007, A-112."""
    answer = register(site, **given)
    assert error_of(answer) == (400, "weak_password")
    assert set(answer.json["response"]["field_errors"]) == {field}
    assert given["password"] == "" or given["password"] not in answer.text
    assert site.rows("user") == []


def test_the_rules_for_passwords_are_the_applications(build):
    site = build(IDENTITY_REGISTERABLE=True, IDENTITY_PASSWORD_MIN_LENGTH=20, IDENTITY_PRODUCT_NAME="Zeppelin")
    assert error_of(register(site, password="x" + "tin kettle orbit 7")) == (400, "weak_password")
    assert error_of(register(site, password="tin kettle zeppelin orbit")) == (400, "weak_password")
    assert register(site, password="tin kettle orbit seven").status_code == 200


def test_a_full_name_is_unknown_where_there_are_no_profiles(build):
    site = build(IDENTITY_REGISTERABLE=True)
    assert error_of(register(site, full_name="Ada")) == (400, "unknown_field")
    assert site.rows("user") == []


def test_a_username_is_unknown_to_a_model_without_one(build):
    """M7: the smallest model registers all the same."""
    for models in ("minimal", "bare"):
        site = build(models=models, IDENTITY_REGISTERABLE=True)
        assert error_of(register(site, username="ada")) == (400, "unknown_field")
        assert register(site).status_code == 200
        assert sign_in(site.client(), **{"email": GOOD["email"], "password": GOOD["password"]}).status_code == 200


def test_the_password_is_stored_as_a_hash_only(site):
    """S-011."""
    register(site)
    (row,) = site.rows("user")
    assert row["password"].startswith("$argon2id$")
    assert GOOD["password"] not in repr({name: site.rows(name) for name in site.metadata.tables})


def test_spaces_around_a_password_belong_to_it(site):
    """S-003."""
    register(site, password=" tin kettle orbit ")
    assert sign_in(site.client(), password="tin kettle orbit").status_code == 401
    assert sign_in(site.client(), password=" tin kettle orbit ").status_code == 200


class SignUp(Register):
    """More to ask for at sign-up."""

    nickname: str
    shoe_size: int | None = None


class Nicknamed(Register):
    """One more field, which the test model has."""

    nickname: str


def test_fields_of_a_subclass_are_asked_for_and_kept(build):
    site = build(register=Nicknamed, IDENTITY_REGISTERABLE=True)
    assert error_of(register(site)) == (400, "invalid_input")
    assert set(register(site).json["response"]["field_errors"]) == {"nickname"}
    odd_values: list[Any] = [{}, 1, None, ["x"]]
    for odd in odd_values:
        assert error_of(register(site, nickname=odd)) == (400, "invalid_input")
    assert register(site, nickname="Countess").status_code == 200
    assert site.rows("user")[0]["nickname"] == "Countess"
    page = site.client().get("/identity/register", headers=HTML).text
    assert 'name="nickname"' in page
    form = {**GOOD, "email": "eve@example.com", "nickname": "Eve"}
    assert site.client().post("/identity/register", data=form).status_code == 303
    assert site.rows("user")[1]["nickname"] == "Eve"


def test_a_field_the_model_does_not_have_stops_start_up(build):
    with pytest.raises(ConfigurationError, match="SignUp asks for shoe_size"):
        build(register=SignUp, IDENTITY_REGISTERABLE=True)
