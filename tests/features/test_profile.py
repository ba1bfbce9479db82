"""One's own profile: E5, M9, R-22, S-126, and when and from where one signed in (M8, R-10, R-42, R-52)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy.orm import DeclarativeBase

from flask_identity import Identity, SQLAlchemyStore
from flask_identity.models.sqlalchemy import RoleMixin, UserMixin
from tests.support.apps import HTML, JSON, PASSWORD, Site, build_app, in_utc, relaxed_engine, sign_in

FIELDS = {"full_name", "bio", "address", "zipcode", "phone", "email", "website", "image"}


def read(client, headers=JSON):
    answer = client.get("/identity/profile", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json["response"]["user"]


def test_one_sees_ones_own_account_and_profile(site_on_each):
    site = site_on_each
    user = site.person(
        profile={"full_name": "Ada Lovelace", "bio": "First.\nOf all.", "website": "https://example.com"}
    )
    said = read(site.signed_in())
    assert (said["id"], said["email"]) == (user, "ada@example.com")
    assert said["profile"].keys() >= FIELDS
    assert said["profile"]["full_name"] == "Ada Lovelace"
    assert said["profile"]["bio"] == "First.\nOf all."
    assert said["profile"]["phone"] is None


def test_neither_password_nor_uniquifier_is_ever_in_it(site):
    """R-22, S-126."""
    ada = site.signed_in()
    (row,) = site.rows("user")
    text = ada.get("/identity/profile", headers=JSON).text
    assert row["uniquifier"] not in text
    assert "argon2" not in text
    assert "password" not in text


def test_every_new_account_gets_a_profile_and_a_deleted_one_loses_it_E5(site_on_each):
    """E5."""
    site = site_on_each
    user = site.person()
    assert [row["user_id"] for row in site.rows("identity_profile")] == [user]
    with site.app.app_context():
        store = site.identity.datastore
        store.delete_user(store.find_user(id=user))
    assert site.rows("identity_profile") == []


def test_an_account_from_before_profiles_has_an_empty_one(build):
    before = build()
    before.person()
    site = build(str(before.engine.url), IDENTITY_PROFILE=True)
    assert set(read(site.signed_in())["profile"].values()) == {None}


HOSTILE = "<img src=x onerror=alert(1)>"


def test_names_are_text_on_the_page_whatever_they_hold(site):
    """T04, S-111, A-136, R-71."""
    profile = dict.fromkeys(("full_name", "bio", "address", "zipcode", "phone", "email"), HOSTILE)
    site.person(profile=profile | {"website": "javascript:alert(1)", "zipcode": "<b>1"})
    page = site.signed_in().get("/identity/profile", headers=HTML)
    assert page.status_code == 200
    assert "<img src=x" not in page.text
    assert "&lt;img src=x onerror=alert(1)&gt;" in page.text
    assert 'href="javascript:' not in page.text


def test_the_model_decides_what_answers_carry(tmp_path):
    """M9: and the id is always among it."""

    class Base(DeclarativeBase):
        pass

    class Role(RoleMixin, Base):
        pass

    class User(UserMixin, Base):
        def get_security_payload(self):
            return {"greeting": f"Hello {self.email}", "status": self.status}

    made = build_app(f"sqlite:///{tmp_path / 'x.sqlite3'}")
    made.close()
    app = made.app.__class__("own")
    app.config.update(made.app.config, IDENTITY_PROFILE=True, IDENTITY_PEOPLE=True)
    engine = relaxed_engine(f"sqlite:///{tmp_path / 'own.sqlite3'}")
    from sqlalchemy.orm import scoped_session, sessionmaker

    session = scoped_session(sessionmaker(engine))
    identity = Identity(app, SQLAlchemyStore(session, User, Role))
    Base.metadata.create_all(engine)
    site = Site(app, identity, session, engine, User, Role, Base.metadata, "user")
    user = site.admin("ada@example.com")
    expected = {"id": user, "greeting": "Hello ada@example.com", "status": "active"}
    client = site.client()
    assert sign_in(client).get_json()["response"]["user"] == expected
    assert client.get("/identity/login", headers=JSON).get_json()["response"]["user"] == expected
    assert {key: value for key, value in read(client).items() if key != "profile"} == expected
    listed = client.get("/identity/user_list", headers=JSON).get_json()["response"]["users"][0]
    assert listed.items() >= (expected | {"email": "ada@example.com", "role": "admin"}).items()
    site.close()


class TestTracking:
    """M8."""

    @pytest.fixture
    def clock(self):
        with time_machine.travel(datetime(2026, 3, 1, 12, 0, tzinfo=UTC), tick=False) as traveller:
            yield traveller

    def enter(self, site, address):
        body = {"identity": "ada@example.com", "password": PASSWORD}
        place = {"REMOTE_ADDR": address}
        return site.client().post("/identity/login", json=body, environ_overrides=place).status_code

    def test_this_and_the_last_sign_in_are_kept_with_time_and_address(self, site_on_each, clock):
        """R-52: in UTC, aware but for Pony's columns."""
        site = site_on_each
        user = site.person()
        first = datetime.now(UTC)
        assert self.enter(site, "192.0.2.1") == 200
        clock.shift(60)
        assert self.enter(site, "2001:db8::7") == 200
        with site.app.app_context():
            row = site.identity.datastore.find_user(id=user)
            assert (in_utc(row.last_login_at), in_utc(row.current_login_at)) == (first, datetime.now(UTC))
            assert (row.last_login_ip, row.current_login_ip) == ("192.0.2.1", "2001:db8::7")
            assert row.login_count == 2

    def test_the_first_sign_in_is_this_and_the_last(self, site, clock):
        user = site.person()
        self.enter(site, "192.0.2.1")
        row = site.row(user)
        assert row["last_login_at"] == row["current_login_at"]
        assert row["last_login_ip"] == "192.0.2.1"

    def test_a_sign_in_that_fails_tracks_nothing_and_changes_no_date(self, site, clock):
        user = site.person()
        before = dict(site.row(user))
        clock.shift(60)
        sign_in(site.client(), password="wrong")
        assert dict(site.row(user)) == before | {"failed_logins": 1}

    @pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "X-Client-IP", "CF-Connecting-IP"])
    def test_what_a_client_claims_its_address_is_counts_for_nothing(self, site, header):
        """R-10, S-029, A-060."""
        user = site.person()
        body = {"identity": "ada@example.com", "password": PASSWORD}
        site.client().post("/identity/login", json=body, headers={header: "203.0.113.9"})
        assert site.row(user)["current_login_ip"] == "127.0.0.1"

    @pytest.mark.parametrize(
        ("proxies", "forwarded", "address"),
        [
            (1, "203.0.113.9", "203.0.113.9"),
            (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
            (2, "6.6.6.6, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
            (2, "203.0.113.9", "127.0.0.1"),
            (1, "", "127.0.0.1"),
            (1, "evil", None),
            (1, "203.0.113.9:1234", None),
            (1, " 203.0.113.9 ", "203.0.113.9"),
            (1, "2001:DB8::7", "2001:db8::7"),
        ],
    )
    def test_with_trusted_proxies_the_nth_from_the_right_counts(self, build, proxies, forwarded, address):
        """S-029."""
        site = build(IDENTITY_TRACKABLE=True, IDENTITY_TRUSTED_PROXIES=proxies)
        user = site.person()
        body = {"identity": "ada@example.com", "password": PASSWORD}
        site.client().post("/identity/login", json=body, headers={"X-Forwarded-For": forwarded})
        assert site.row(user)["current_login_ip"] == address

    def test_off_nothing_is_kept(self, build):
        site = build()
        user = site.person()
        sign_in(site.client())
        assert site.row(user)["login_count"] == 0
        assert site.row(user)["current_login_at"] is None
