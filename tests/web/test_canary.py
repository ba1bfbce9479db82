"""A whole life with secrets that would be recognised anywhere: S-011, S-063, S-124, A-105, A-122."""

from __future__ import annotations

import logging
from typing import Any

import flask_identity
from tests.support.apps import HTML, JSON

ADDRESS = "canary-person@example.com"
FIRST = "canary-first-tin-kettle-91"
SECOND = "canary-second-wax-candle-82"
WRONG = "canary-wrong-guess-73"
PEPPER = "canary-pepper-" + "p" * 40
KEY = "canary-secret-key-" + "k" * 40
SECRETS = (FIRST, SECOND, WRONG, PEPPER, KEY)


def life(site, answers, values):
    """Register, be refused in every way, change, look at everything, be suspended and deleted."""

    def ask(client, method, url, **given):
        answer = client.open(url, method=method, **given)
        answers.append(answer)
        cookie = client.get_cookie("identity") if client._cookies is not None else None
        if cookie is not None:
            values.add(cookie.value)
        return answer

    client = site.client()
    for body in (
        {"password": FIRST},
        {"email": FIRST, "password": FIRST},
        {"email": ADDRESS, "password": FIRST, "x": FIRST},
    ):
        ask(client, "POST", "/identity/register", json=body)
    assert ask(client, "POST", "/identity/register", json={"email": ADDRESS, "password": FIRST}).status_code == 200
    for kind in ("json", "data"):
        for password in (WRONG, FIRST + "x" * 300):
            ask(site.client(), "POST", "/identity/login", **{kind: {"identity": ADDRESS, "password": password}})
        ask(site.client(), "POST", "/identity/register", **{kind: {"email": ADDRESS, "password": SECOND}})
    ask(client, "POST", "/identity/verify", json={"password": WRONG})
    ask(client, "POST", "/identity/change_password", json={"password": WRONG, "new_password": SECOND})
    ask(client, "POST", "/identity/change_password", data={"password": FIRST, "new_password": SECOND})
    token = ask(
        site.program(), "POST", "/identity/login?include_auth_token", json={"identity": ADDRESS, "password": SECOND}
    )
    values.add(token.json["response"]["user"]["authentication_token"])
    answers.remove(token)
    for headers in (JSON, HTML):
        for url in (
            "login",
            "profile",
            "sessions",
            "user_list",
            "verify",
            "change_password",
            "email_exists?email=" + ADDRESS,
        ):
            ask(client, "GET", f"/identity/{url}", headers=headers)
    ask(client, "GET", "/fails", headers=JSON)
    ask(client, "POST", "/identity/logout", headers=JSON)


def test_no_secret_of_a_life_is_in_a_log_an_answer_a_repr_or_the_database(build, caplog):
    caplog.set_level(logging.DEBUG)
    site = build(
        SECRET_KEY=KEY,
        PROPAGATE_EXCEPTIONS=False,
        IDENTITY_PASSWORD_PEPPER=f"k1:{PEPPER}",
        IDENTITY_REGISTERABLE=True,
        IDENTITY_PROFILE=True,
        IDENTITY_PEOPLE=True,
        IDENTITY_TRACKABLE=True,
        IDENTITY_BASIC=True,
    )
    told = []

    def hear(app, **given):
        told.append(repr(given))

    for name in ("user_created", "signed_in", "sign_in_failed", "password_changed", "signed_out", "status_changed"):
        getattr(flask_identity, name).connect(hear, sender=site.app)

    @site.app.get("/fails")
    def fails():
        user = flask_identity.current_user._get_current_object()
        raise RuntimeError(f"{user!r} {flask_identity.current_user!r} {site.app.extensions['flask_identity']!r}")

    answers: list[Any] = []
    values: set[str] = set()
    life(site, answers, values)
    uniquifiers = {row["uniquifier"] for row in site.rows(site.users)}
    hashes = {row["password"].rpartition("$")[2] for row in site.rows(site.users)}
    digests = {row["digest"] for row in site.rows("identity_session")}
    assert len(values) >= 3
    assert told

    dump = repr({name: site.rows(name) for name in site.metadata.tables})
    written = caplog.text + repr([record.__dict__ for record in caplog.records]) + "".join(told)
    shown = "".join(
        answer.text + repr([pair for pair in answer.headers if pair[0] != "Set-Cookie"]) for answer in answers
    )
    bearers = {value.partition(".")[2] for value in values}
    for secret in {*SECRETS, *bearers}:
        assert secret not in dump
        assert secret not in written
        assert secret not in shown
    for secret in uniquifiers | hashes | digests:
        assert secret not in written
        assert secret not in shown


def test_the_log_would_show_a_secret_if_one_were_written(caplog):
    """The test above can fail."""
    caplog.set_level(logging.DEBUG)
    logging.getLogger("flask_identity").debug("a password: %s", FIRST)
    assert FIRST in caplog.text


def test_what_holds_a_secret_does_not_show_it():
    """S-124: in a traceback with local variables either."""
    from flask_identity.core.proof import Claim
    from flask_identity.features.change_password.inputs import ChangePassword
    from flask_identity.features.password.inputs import Login, Verify
    from flask_identity.web.sign_up import Register

    for shown in (
        Login.model_validate({"identity": "ada", "password": FIRST}),
        Verify(password=FIRST),
        Register.model_validate({"email": "ada@example.com", "password": FIRST}),
        ChangePassword(password=FIRST, new_password=FIRST),
        Claim(None, "lock", FIRST, FIRST),
    ):
        assert FIRST not in repr(shown)
        assert FIRST not in str(shown)
