"""The named signals, and the receivers of profiles: E5, R-40, R-43, R-44, R-47, S-118."""

from __future__ import annotations

import pytest

import flask_identity
from flask_identity import create_profile_by_user, delete_profile_by_user
from tests.support.apps import JSON, PASSWORD, error_of, sign_in

NAMES = (
    "user_created",
    "user_updated",
    "user_deleted",
    "password_changed",
    "status_changed",
    "roles_changed",
    "signed_in",
    "sign_in_failed",
    "signed_out",
)
NEW = "tin kettle orbit seven"


class Heard:
    """What was sent, in order."""

    def __init__(self, site):
        self.sent: list[tuple[str, str | None, tuple[str, ...]]] = []
        self.receivers = []
        for name in NAMES:
            self.receivers.append(self._receiver(name))
            getattr(flask_identity, name).connect(self.receivers[-1], sender=site.app)

    def _receiver(self, name):
        def receive(app, *, user, fields, **_):
            assert isinstance(fields, tuple)
            self.sent.append((name, user.email if user is not None else None, fields))

        return receive

    def since(self):
        """What was sent since it was last asked: names and addresses."""
        found = [(name, email) for name, email, _ in self.sent]
        self.sent.clear()
        return found


@pytest.fixture
def heard(site):
    return Heard(site)


def test_every_act_of_a_life_is_told(site, heard):
    client = site.client()
    body = {"email": "ada@example.com", "password": PASSWORD}
    client.post("/identity/register", json=body)
    assert heard.since() == [("user_created", "ada@example.com"), ("signed_in", "ada@example.com")]
    client.post("/identity/change_password", json={"password": PASSWORD, "new_password": NEW})
    assert heard.since() == [("password_changed", "ada@example.com")]
    client.post("/identity/logout", headers=JSON)
    assert heard.since() == [("signed_out", "ada@example.com")]
    sign_in(site.client(), password="wrong")
    assert heard.since() == [("sign_in_failed", "ada@example.com")]
    sign_in(site.client(), "nobody@example.com", "wrong")
    assert heard.since() == [("sign_in_failed", None)]
    sign_in(client, password=NEW)
    assert heard.since() == [("signed_in", "ada@example.com")]
    with site.app.app_context():
        store = site.identity.datastore
        user = store.find_user(email="ada@example.com")
        store.create_role("editor")
        store.add_role_to_user(user, "editor")
        store.remove_role_from_user(user, "editor")
        assert heard.since() == [("roles_changed", "ada@example.com")] * 2
        store.deactivate_user(user)
        store.activate_user(user)
        assert heard.since() == [("status_changed", "ada@example.com")] * 2
        store.delete_user(user)
        assert heard.since() == [("user_deleted", "ada@example.com")]


def test_what_changes_nothing_is_not_told(site, heard):
    """R-47."""
    user_id = site.person()
    root = site.signed_in("root@example.com", roles=["admin"])
    heard.since()
    root.put("/identity/update_status", json={"id": user_id, "status": "active"})
    with site.app.app_context():
        store = site.identity.datastore
        user = store.find_user(id=user_id)
        assert store.activate_user(user) is False
        assert store.add_role_to_user(user, "user") is False
        assert store.remove_role_from_user(user, "admin") is False
    assert heard.since() == []


def test_the_fields_that_changed_are_named(site, heard):
    with site.app.app_context():
        store = site.identity.datastore
        user = store.create_user("ada@example.com", PASSWORD, nickname="Countess")
        store.deactivate_user(user)
        store.set_password(user, site.services.passwords.hash(NEW), seen=user.password)
    told = {name: set(fields) for name, _, fields in heard.sent}
    assert told["user_created"] >= {"email", "password", "nickname"}
    assert told["status_changed"] == {"active"}
    assert told["password_changed"] == {"password"}


def test_signing_out_by_the_applications_own_view_is_told_too(site, heard):
    @site.app.post("/leave")
    def leave():
        flask_identity.logout_user()
        return "gone"

    ada = site.signed_in()
    heard.since()
    ada.post("/leave")
    assert heard.since() == [("signed_out", "ada@example.com")]
    ada.post("/leave")
    assert heard.since() == []


@pytest.fixture
def unforgiving(build):
    """An application in which an unforeseen error becomes a 500, as in production."""
    made = build(PROPAGATE_EXCEPTIONS=False, IDENTITY_REGISTERABLE=True, IDENTITY_PROFILE=True, IDENTITY_PEOPLE=True)

    class Failing:
        """A receiver that does not agree."""

        def __call__(self, app, **_):
            raise RuntimeError("the receiver does not agree")

    made.failing = Failing()
    return made


def fails_on(site, name):
    getattr(flask_identity, name).connect(site.failing, sender=site.app)


def everything(site):
    return {name: site.rows(name) for name in site.metadata.tables if name != "identity_throttle"}


def test_a_receiver_that_fails_undoes_a_sign_up(unforgiving):
    """S-118, R-40, R-43: all of it, the profile and the session too."""
    fails_on(unforgiving, "user_created")
    body = {"email": "ada@example.com", "password": PASSWORD}
    answer = unforgiving.client().post("/identity/register", json=body)
    assert error_of(answer) == (500, "internal")
    assert "does not agree" not in answer.text
    assert "Set-Cookie" not in answer.headers
    assert unforgiving.rows(unforgiving.users) == []
    assert unforgiving.rows("identity_profile") == []


def test_a_receiver_that_fails_undoes_a_sign_in_and_the_next_is_not_blocked(unforgiving):
    unforgiving.person()
    fails_on(unforgiving, "signed_in")
    for _ in range(6):
        answer = sign_in(unforgiving.client())
        assert answer.status_code == 500
        assert "Set-Cookie" not in answer.headers
    assert unforgiving.rows("identity_session") == []
    flask_identity.signed_in.disconnect(unforgiving.failing, sender=unforgiving.app)
    assert sign_in(unforgiving.client()).status_code == 200


@pytest.mark.parametrize("name", ["password_changed", "status_changed", "signed_out", "user_deleted", "roles_changed"])
def test_a_receiver_that_fails_undoes_any_other_act(unforgiving, name):
    site = unforgiving
    user = site.person()
    root, ada = site.signed_in("root@example.com", roles=["admin"]), site.signed_in()
    fails_on(site, name)
    before = everything(site)
    if name == "password_changed":
        body = {"password": PASSWORD, "new_password": NEW}
        assert ada.post("/identity/change_password", json=body).status_code == 500
    elif name == "status_changed":
        answer = root.put("/identity/update_status", json={"id": user, "status": "suspended"})
        assert answer.status_code == 500
    elif name == "signed_out":
        assert ada.post("/identity/logout", headers=JSON).status_code == 500
    else:
        with site.app.app_context():
            store = site.identity.datastore
            row = store.find_user(id=user)
            with pytest.raises(RuntimeError, match="does not agree"):
                _ = store.delete_user(row) if name == "user_deleted" else store.add_role_to_user(row, "admin")
    assert everything(site) == before
    assert ada.get("/identity/profile", headers=JSON).status_code == 200


def test_acts_inside_one_unit_stand_or_fall_together(site):
    """R-43, R-44, S-118."""
    with site.app.app_context():
        store = site.identity.datastore
        done = []

        def break_off():
            with store.unit() as unit:
                unit.after_commit(lambda: done.append("never"))
                user = store.create_user("ada@example.com", PASSWORD)
                store.add_role_to_user(user, "admin")
                raise RuntimeError

        with pytest.raises(RuntimeError):
            break_off()
        assert store.find_user(email="ada@example.com") is None
        with store.unit() as unit:
            unit.after_commit(lambda: done.append("once"))
            store.create_user("ada@example.com", PASSWORD)
            assert done == []
        assert done == ["once"]
    assert len(site.rows(site.users)) == 1
    assert len(site.rows("identity_profile")) == 1


def test_the_receivers_of_profiles_are_connected_for_the_application_and_public_E5(site):
    """E5."""
    for signal, receiver in (
        (flask_identity.user_created, create_profile_by_user),
        (flask_identity.user_deleted, delete_profile_by_user),
    ):
        assert receiver in list(signal.receivers_for(site.app))
        assert receiver not in list(signal.receivers_for(object()))


def test_a_profile_is_made_and_removed_in_the_unit_of_its_user(site):
    """E5."""
    seen = []

    def look(app, *, user, **_):
        seen.append(user.id)

    flask_identity.user_created.connect(look, sender=site.app)
    user = site.person(profile={"full_name": "Ada"})
    assert seen == [user]
    assert [(row["user_id"], row["full_name"]) for row in site.rows("identity_profile")] == [(user, "Ada")]


def test_a_refused_request_leaves_nothing_behind(unforgiving):
    """R-40: half-done changes are not committed at the end of the request."""
    site = unforgiving

    @site.app.post("/half")
    def half():
        with site.identity.datastore.unit():
            site.identity.datastore.create_user("half@example.com", PASSWORD)
            raise RuntimeError("halfway")

    assert site.client().post("/half").status_code == 500
    assert site.rows(site.users) == []
