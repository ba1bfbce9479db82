"""What can be said of mail, and what is refused: S-034, S-124."""

from __future__ import annotations

import pytest

from flask_identity import ConfigurationError
from flask_identity.testing import outbox

BASE = {"IDENTITY_BASE_URL": "http://localhost"}


@pytest.mark.parametrize("lacking", ["BASE_URL", "MAIL_URL"])
def test_a_feature_that_sends_letters_needs_a_way_and_an_address(build, lacking):
    given = {**BASE, "IDENTITY_MAIL_URL": "memory:", "IDENTITY_RECOVERABLE": True}
    del given[f"IDENTITY_{lacking}"]
    with pytest.raises(ConfigurationError, match=f"RECOVERABLE sends letters with links: set IDENTITY_{lacking}"):
        build(**given)


@pytest.mark.parametrize(
    "url",
    [
        "http://host", "smtp://", "smtp://host:port", "smtp://host/path", "smtp://host?tls=no", "mail.example.com",
        "smtp://ada:s3cret@host?starttls=off", "smtp://[::1",
    ],
)  # fmt: skip
def test_what_is_no_mail_url_is_refused_without_being_repeated(build, url):
    with pytest.raises(ConfigurationError, match="IDENTITY_MAIL_URL") as refused:
        build(IDENTITY_MAIL_URL=url, **BASE)
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "place", "tls", "starttls", "login"),
    [
        ("smtps://ada%40x:p%2Fw@mail.example.com", ("mail.example.com", 465), True, False, ("ada@x", "p/w")),
        ("smtp://mail.example.com", ("mail.example.com", 587), False, True, ("", "")),
        ("smtp://mail.example.com:2525?starttls=off", ("mail.example.com", 2525), False, False, ("", "")),
        ("smtp://127.0.0.1", ("127.0.0.1", 25), False, False, ("", "")),
    ],
)
def test_a_mail_url_says_how(build, url, place, tls, starttls, login):
    site = build(IDENTITY_MAIL_URL=url, **BASE)
    mailer = site.app.extensions["flask_identity"].postman._mailer
    assert (mailer._place, mailer._tls, mailer._starttls, mailer._login) == (place, tls, starttls, login)
    assert "p/w" not in repr(mailer)


@pytest.mark.parametrize("sender", ["", "Shop", "a@b@c", "x@example.com\r\nBcc: y@example.com"])
def test_whom_letters_are_from_is_an_address(build, sender):
    with pytest.raises(ConfigurationError, match="IDENTITY_MAIL_FROM"):
        build(IDENTITY_MAIL_URL="console:", IDENTITY_MAIL_FROM=sender, **BASE)


def test_notices_are_sent_wherever_mail_is_and_nowhere_else(build):
    """S-025."""
    for number, more in enumerate([{}, {"IDENTITY_MAIL_URL": "memory:", **BASE}]):
        outbox.clear()
        ada = build(**more).signed_in()
        body = {"password": "correct horse battery staple", "new_password": "tin kettle orbit seven"}
        assert ada.post("/identity/change_password", json=body).status_code == 200
        assert [letter.to for letter in outbox] == ["ada@example.com"] * number
