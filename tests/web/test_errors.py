"""What an unforeseen error shows, and what it does not: S-120, A-122, R-64's silence."""

from __future__ import annotations

import re

import pytest

from tests.support.apps import HTML, JSON, PASSWORD, error_of, sign_in

SECRET = "canary-of-the-defect"


@pytest.fixture
def broken(build, monkeypatch):
    """An application in which telling of a user fails, with a secret in the error."""
    made = build(PROPAGATE_EXCEPTIONS=False, IDENTITY_PROFILE=True)

    def fail(*_):
        raise ValueError(SECRET)

    monkeypatch.setattr("flask_identity.features.profile.pages._own", fail)
    made.ada = made.signed_in()
    return made


def test_a_program_gets_the_envelope_with_a_request_id_and_nothing_else(broken, caplog):
    answer = broken.ada.get("/identity/profile", headers=JSON)
    assert error_of(answer) == (500, "internal")
    assert SECRET not in answer.text
    assert "Traceback" not in answer.text
    assert "ValueError" not in answer.text
    (request_id,) = re.findall(r"Request ([0-9a-f]{16})", answer.json["response"]["message"])
    assert request_id in caplog.text
    assert SECRET in caplog.text


def test_a_person_gets_a_page(broken):
    answer = broken.ada.get("/identity/profile", headers=HTML)
    assert (answer.status_code, answer.mimetype) == (500, "text/html")
    assert SECRET not in answer.text
    assert re.search(r"Request [0-9a-f]{16}", answer.text)


def test_an_error_of_an_applications_own_view_is_the_applications(broken):
    app = broken.app
    with pytest.raises(AssertionError):  # too late to add one, and ours did not take the place of the application's
        app.get("/late")(lambda: "x")
    assert 500 not in app.error_handler_spec[None]


def test_an_unknown_url_is_the_applications_too(build):
    made = build()
    assert made.client().get("/nowhere", headers=JSON).status_code == 404
    assert made.client().get("/identity/nowhere", headers=JSON).status_code == 404


def test_no_version_is_told(build):
    """S-127."""
    made = build()
    answer = made.client().get("/identity/login", headers=HTML)
    assert "2.0.0" not in answer.text
    assert not [name for name, _ in answer.headers if name.lower() in ("server", "x-powered-by")]


def test_a_refusal_raised_by_the_applications_own_code_is_answered_like_ours(build):
    """`IdentityRefusal` has its status and code."""
    made = build()

    @made.app.post("/make")
    def make():
        made.identity.datastore.create_user("not an address", PASSWORD)
        return "made"

    answer = made.client().post("/make", headers=JSON)
    assert error_of(answer) == (400, "invalid_input")
    assert set(answer.json["response"]["field_errors"]) == {"email"}
    assert made.client().post("/make", headers=HTML).mimetype == "text/html"


def test_a_schema_that_lacks_a_column_is_a_defect_and_no_outage(build):
    """S-121: only what is away is 503; what is wrong is 500, and never a success."""
    made = build(PROPAGATE_EXCEPTIONS=False)
    made.person()
    with made.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE identity_session")
    answer = sign_in(made.client())
    assert error_of(answer) == (500, "internal")
    assert "identity_session" not in answer.text
    assert "Set-Cookie" not in answer.headers
