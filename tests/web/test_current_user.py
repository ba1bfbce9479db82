"""`current_user`, `login_user` and `logout_user`: R-61, R-69, R-70, S-054."""

from __future__ import annotations

import pytest
from flask import g, render_template_string, request

from flask_identity import IdentityRefusal, auth_required, current_identity, current_user, login_user, logout_user
from tests.support.apps import HTML, JSON, PASSWORD, error_of
from tests.support.routes import statements


def view(site, path="/view", **options):
    def add(function):
        site.app.add_url_rule(path, path, function, **options)
        return function

    return add


def test_outside_a_request_it_is_nobody(site):
    """R-69."""
    assert not current_user
    assert current_user.id is None
    assert current_user.email is None
    assert current_user.roles == frozenset() == current_user.permissions
    assert current_user._get_current_object() is None
    assert repr(current_user) == "<current_user: nobody>"
    with site.app.app_context():
        assert not current_user


def test_a_visitor_is_nobody(site):
    @view(site)
    def look():
        assert not current_user
        assert current_user.id is None
        with pytest.raises(AttributeError, match="nickname"):
            _ = current_user.nickname
        with pytest.raises(AttributeError):
            current_user.nickname = "x"
        assert not hasattr(current_user, "no_such_thing")
        return "looked"

    assert site.client().get("/view").text == "looked"


def test_who_is_calling_is_known_by_id_address_and_rights(site):
    ada = site.person(roles=["admin"])

    @view(site)
    def look():
        assert current_user
        assert current_user.id == ada
        assert current_user.email == "ada@example.com"
        assert current_user.roles == {"user", "admin"}
        assert current_user.permissions == frozenset()
        assert repr(current_user) == f"<current_user: {ada}>"
        return "looked"

    assert site.signed_in().get("/view").text == "looked"


def test_a_typing_error_is_an_error(site):
    """R-61: names that do not exist are not silently None."""

    @view(site)
    def look():
        with pytest.raises(AttributeError):
            _ = current_user.emial
        with pytest.raises(AttributeError):
            _ = current_identity.no_such_thing  # type: ignore[attr-defined]
        return "looked"

    assert site.signed_in().get("/view").text == "looked"


def test_anything_else_is_read_from_the_row_the_same_one_within_a_request(site):
    @view(site)
    def look():
        row = current_user._get_current_object()
        assert type(row) is site.User
        assert current_user._get_current_object() is row
        assert current_user.nickname == "Countess"
        assert current_user.status == "active"
        assert current_user == row
        assert hash(current_user) == hash(row)
        assert site.identity.datastore.find_user(id=row.id) is row
        return "looked"

    assert site.signed_in(nickname="Countess").get("/view").text == "looked"


def test_what_is_set_is_set_on_the_row(site):
    @view(site)
    def look():
        current_user.nickname = "Countess"
        site.session.commit()
        return "set"

    ada = site.signed_in()
    assert ada.get("/view").text == "set"
    assert site.rows("user")[0]["nickname"] == "Countess"


def test_id_address_and_rights_cost_no_statement_beyond_who_is_calling(site):
    """One statement a request (S-042 of the figures), and no ORM object."""
    seen = []

    @view(site)
    @auth_required
    def look():
        with statements(site) as later:
            assert current_user.id
            assert current_user.email
            assert current_user.roles
            assert current_user.permissions is not None
            seen.extend(later)
            _ = current_user.nickname
            assert later != seen
        return "looked"

    assert site.signed_in().get("/view").text == "looked"
    assert seen == []


def test_an_anonymous_page_costs_no_statement(site):
    @view(site)
    def look():
        return "nobody" if not current_user else "somebody"

    client = site.client()
    with statements(site) as seen:
        assert client.get("/view").text == "nobody"
        assert client.get("/identity/login", headers=HTML).status_code == 200
    assert seen == []


def test_nothing_is_left_in_the_applications_own_namespace(site):
    """R-70: `g.user` is the application's."""

    @view(site)
    def look():
        g.user = "mine"
        _ = current_user.nickname
        assert g.user == "mine"
        return ",".join(sorted(name for name in vars(g) if not name.startswith("_")))

    assert site.signed_in().get("/view").text == "user"


def test_it_works_in_a_template(site):
    @view(site)
    def look():
        template = (
            "{% if current_user %}{{ current_user.email }} {{ current_user.nickname }}{% else %}nobody{% endif %}"
        )
        return render_template_string(template, current_user=current_user)

    assert site.client().get("/view").text == "nobody"
    assert site.signed_in(nickname="<b>").get("/view").text == "ada@example.com &lt;b&gt;"


def test_requests_do_not_see_each_others_user(site):
    @view(site)
    def look():
        return current_user.email or "nobody"

    ada, eve = site.signed_in(), site.signed_in("eve@example.com")
    for _ in range(3):
        assert ada.get("/view").text == "ada@example.com"
        assert eve.get("/view").text == "eve@example.com"
        assert site.client().get("/view").text == "nobody"


def test_an_answer_that_depends_on_who_is_calling_says_so_to_caches(site):
    """S-062, A-027: also in an application's own view."""

    @view(site)
    def look():
        return "somebody" if current_user else "nobody"

    visitor = site.client().get("/view")
    assert "Cookie" in visitor.vary
    assert "Cache-Control" not in visitor.headers
    answer = site.signed_in().get("/view")
    assert "Cookie" in answer.vary
    assert answer.headers["Cache-Control"] == "no-store"


class TestLoginUser:
    """Signing in and out from a view of the application's own."""

    @pytest.fixture
    def made(self, site):
        def found():
            return site.identity.datastore.find_user(email=request.args["email"])

        @view(site, "/enter", methods=["POST"])
        def enter():
            before = current_user.id
            login_user(found(), remember="remember" in request.args)
            return f"{before} {current_user.email} {current_user.nickname}"

        @view(site, "/leave", methods=["POST"])
        def leave():
            logout_user()
            return "gone" if not current_user else "still there"

        return site

    def test_the_user_is_the_caller_at_once_and_from_then_on(self, made):
        made.person(nickname="Countess")
        client = made.client()
        assert client.post("/enter?email=ada@example.com").text == "None ada@example.com Countess"
        answer = client.get("/identity/profile", headers=JSON)
        assert answer.json["response"]["user"]["email"] == "ada@example.com"

    def test_the_session_that_was_there_ends(self, made):
        """S-054, A-023."""
        eve = made.signed_in("eve@example.com")
        planted = eve.get_cookie("identity").value
        made.person()
        assert eve.post("/enter?email=ada@example.com").text.endswith("ada@example.com None")
        stale = {**JSON, "Cookie": f"identity={planted}"}
        assert made.app.test_client(use_cookies=False).get("/identity/profile", headers=stale).status_code == 401
        assert len(made.rows("identity_session")) == 1

    def test_it_is_tracked_like_any_other(self, made):
        user = made.person()
        made.client().post("/enter?email=ada@example.com")
        assert made.row(user)["login_count"] == 1
        assert made.row(user)["current_login_ip"] == "127.0.0.1"

    def test_it_can_outlive_the_browser(self, made):
        made.person()
        answer = made.client().post("/enter?email=ada@example.com&remember")
        assert "Max-Age=2592000" in answer.headers["Set-Cookie"]

    @pytest.mark.parametrize("active", [False, None])
    def test_an_account_that_is_not_active_is_refused(self, made, active):
        made.person(active=active)
        client = made.client()
        answer = client.post("/enter?email=ada@example.com", headers=JSON)
        assert error_of(answer) == (401, "invalid_credentials")
        assert "Set-Cookie" not in answer.headers
        assert made.rows("identity_session") == []

    def test_the_refusal_can_be_caught(self, made):
        made.person(active=False)

        @view(made, "/try", methods=["POST"])
        def attempt():
            try:
                login_user(made.identity.datastore.find_user(email="ada@example.com"))
            except IdentityRefusal as refusal:
                return refusal.code
            return "in"

        assert made.client().post("/try").text == "invalid_credentials"

    def test_signing_out_ends_row_and_cookie_together(self, made):
        """R-16."""
        ada = made.signed_in()
        answer = ada.post("/leave")
        assert answer.text == "gone"
        assert answer.headers["Clear-Site-Data"]
        assert ada.get_cookie("identity") is None
        assert made.rows("identity_session") == []

    def test_signing_out_nobody_is_no_error(self, made):
        assert made.client().post("/leave").text == "gone"

    def test_a_user_without_a_password_can_be_signed_in_by_the_application(self, made):
        made.person(password=None)
        client = made.client()
        client.post("/enter?email=ada@example.com")
        assert client.get("/identity/profile", headers=JSON).status_code == 200
        assert error_of(client.post("/identity/verify", json={"password": ""})) == (400, "wrong_password")
        assert error_of(client.post("/identity/verify", json={"password": PASSWORD})) == (400, "wrong_password")
