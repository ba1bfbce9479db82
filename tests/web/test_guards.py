"""The decorators of an application's own views: R-36, R-37, R-38, R-59, R-60, S-024, S-071, S-081."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine
from flask import jsonify
from flask.views import MethodView
from werkzeug.exceptions import Forbidden, Unauthorized

from flask_identity import (
    auth_required,
    current_user,
    fresh_sign_in_required,
    login_required,
    permissions_accepted,
    permissions_required,
    roles_accepted,
    roles_required,
)
from tests.support.apps import HTML, JSON, PASSWORD, error_of

ROLE_GUARDS = (roles_required, roles_accepted, permissions_required, permissions_accepted)


def add(site, guard, path="/view", methods=("GET",)):
    ran = []

    @guard
    def view():
        ran.append(current_user.id)
        return "in"

    site.app.add_url_rule(path, path, view, methods=methods)
    return ran


@pytest.mark.parametrize("guard", [auth_required, auth_required(), auth_required("session"), login_required])
def test_a_session_passes_bare_and_called_alike(site, guard):
    """R-59."""
    ran = add(site, guard)
    assert error_of(site.client().get("/view", headers=JSON)) == (401, "not_signed_in")
    ada = site.signed_in()
    assert ada.get("/view").text == "in"
    assert len(ran) == 1


@pytest.mark.parametrize(
    ("guard", "session", "token"),
    [
        (auth_required("token"), 401, 200),
        (auth_required("session"), 200, 401),
        (auth_required("token", "session"), 200, 200),
        (auth_required("basic"), 401, 401),
        (auth_required, 200, 200),
        (login_required, 200, 401),
        (roles_required("user"), 200, 200),
    ],
)
def test_a_guard_takes_the_ways_it_names(site, guard, session, token):
    """R-59: `token` is one way, not five letters."""
    add(site, guard)
    ada = site.signed_in()
    assert ada.get("/view", headers=JSON).status_code == session
    assert site.program().get("/view", headers=site.bearer()).status_code == token


@pytest.mark.parametrize(
    "ways", [("tokens",), ("session", "cookie"), ("",), (None,), (1,), ("Session",), (["session"],)]
)
def test_a_way_there_is_not_fails_where_it_is_written(ways):
    with pytest.raises(ValueError, match="session, token, basic"):
        auth_required(*ways)


@pytest.mark.parametrize("guard", ROLE_GUARDS)
@pytest.mark.parametrize("names", [(), ("",), (None,), (1,), (["editor"],), (lambda: "view",)])
def test_a_guard_without_a_name_fails_where_it_is_written(guard, names):
    """R-60: also when the parentheses were forgotten."""
    with pytest.raises((ValueError, TypeError)):
        guard(*names)(lambda: "view")


@pytest.fixture
def staffed(site):
    """Accounts by what they may do."""
    with site.app.app_context():
        store = site.identity.datastore
        store.create_role("editor", permissions=["text.write", "text.read"], rank=10)
        store.create_role("reader", permissions=["text.read"], rank=5)
        for name, roles in {
            "both": ["editor", "reader"],
            "editor": ["editor"],
            "reader": ["reader"],
            "none": [],
        }.items():
            store.create_user(f"{name}@example.com", PASSWORD, roles=roles)
        store.create_user("root@example.com", PASSWORD, roles=["admin"])
    return site


@pytest.mark.parametrize(
    ("guard", "let_in"),
    [
        (roles_required("editor"), {"both", "editor"}),
        (roles_required("editor", "reader"), {"both"}),
        (roles_accepted("editor", "reader"), {"both", "editor", "reader"}),
        (permissions_required("text.write"), {"both", "editor"}),
        (permissions_required("text.write", "text.read"), {"both", "editor"}),
        (permissions_required("text.write", "text.delete"), set()),
        (permissions_accepted("text.read", "text.delete"), {"both", "editor", "reader"}),
        (roles_required("admin"), {"root"}),
        (roles_required("user"), {"both", "editor", "reader", "none", "root"}),
        (roles_required("nobody"), set()),
    ],
)
def test_who_holds_what_gets_in_and_no_role_implies_another(staffed, guard, let_in):
    """R-60: the administrator is no editor."""
    add(staffed, guard)
    found = set()
    for name in ("both", "editor", "reader", "none", "root"):
        answer = staffed.signed_in(f"{name}@example.com").get("/view", headers=JSON)
        assert answer.status_code in (200, 403)
        if answer.status_code == 200:
            found.add(name)
        else:
            assert error_of(answer) == (403, "not_allowed")
    assert found == let_in
    assert error_of(staffed.client().get("/view", headers=JSON)) == (401, "not_signed_in")


def test_without_roles_on_the_model_role_guards_answer_403(build):
    """M7."""
    site = build(models="bare")
    add(site, roles_required("user"))
    ada = site.signed_in()
    assert error_of(ada.get("/view", headers=JSON)) == (403, "not_allowed")


@pytest.mark.parametrize("guard", [auth_required, roles_required("admin"), fresh_sign_in_required, login_required])
def test_options_never_runs_a_view(site, guard):
    """R-36, S-071: neither for a visitor nor for who may."""
    ran = add(site, guard, methods=["GET", "POST", "OPTIONS"])
    for client in (site.client(), site.signed_in("root@example.com", roles=["admin"])):
        answer = client.options("/view")
        assert answer.status_code == 200
        assert "POST" in answer.headers["Allow"]
    assert ran == []


def test_an_async_view_is_guarded_like_any_other(site):
    @site.app.get("/async")
    @roles_required("user")
    @auth_required
    async def view():
        return jsonify(id=current_user.id)

    assert error_of(site.client().get("/async", headers=JSON)) == (401, "not_signed_in")
    assert site.signed_in().get("/async").json["id"]
    assert site.client().options("/async").data == b""


def test_a_guard_keeps_what_a_view_is_called_and_takes(site):
    @site.app.get("/things/<int:number>")
    @auth_required
    def things(number):
        """Say which."""
        return f"{things.__name__} {things.__doc__} {number}"

    assert site.signed_in().get("/things/7").text == "things Say which. 7"


def test_a_class_of_methods_can_be_guarded_as_a_whole_or_each(site):
    class Whole(MethodView):
        decorators = [auth_required]  # noqa: RUF012 - as Flask has it

        def get(self):
            return "in"

    class Each(MethodView):
        def get(self):
            return "open"

        @roles_required("admin")
        def post(self):
            return "in"

    site.app.add_url_rule("/whole", view_func=Whole.as_view("whole"))
    site.app.add_url_rule("/each", view_func=Each.as_view("each"))
    assert site.client().get("/whole", headers=JSON).status_code == 401
    assert site.client().get("/each").text == "open"
    assert site.client().post("/each", headers=JSON).status_code == 401
    assert site.signed_in().get("/whole").text == "in"
    assert site.signed_in().post("/each", headers=JSON).status_code == 403
    assert site.signed_in("root@example.com", roles=["admin"]).post("/each").text == "in"


def test_a_browser_is_led_to_sign_in_and_back_a_program_gets_401(site):
    """R-37, R-38."""
    add(site, auth_required, "/a view/ü")
    answer = site.client().get("/a view/ü?x=1&y=//z", headers={**HTML, "Referer": "https://evil.example/"})
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/identity/login?next=")
    client = site.client()
    site.person()
    form = {"identity": "ada@example.com", "password": PASSWORD}
    page = client.get(answer.headers["Location"])
    assert "/a%20view/%C3%BC?x=1&amp;y=//z" in page.text
    back = client.post("/identity/login", data={**form, "next": "/a%20view/%C3%BC?x=1&y=//z"})
    assert back.headers["Location"] == "/a%20view/%C3%BC?x=1&y=//z"
    assert client.get(back.headers["Location"]).text == "in"
    for headers in (JSON, {"Accept": "*/*"}, {}, {"Authorization": "Bearer x"}):
        answer = site.client().get("/a view/ü", headers=headers)
        assert answer.status_code == 401, headers
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_under_a_mount_point_one_is_led_back_below_it(site):
    """A WSGI server may mount the application below a path."""
    add(site, auth_required)
    answer = site.client().get("/view", headers=HTML, base_url="http://localhost/app")
    assert answer.headers["Location"] == "/app/identity/login?next=/app/view"


def test_an_unsafe_request_of_a_browser_is_not_redirected(site):
    add(site, auth_required, methods=["POST"])
    answer = site.client().post("/view", headers=HTML)
    assert answer.status_code == 401
    assert answer.mimetype == "text/html"
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="identity"'


def test_who_is_signed_in_in_another_way_is_not_sent_round_in_circles(site):
    """A browser with a cookie at a view for tokens: /login would send it straight back."""
    add(site, auth_required("token"))
    ada = site.signed_in()
    answer = ada.get("/view", headers=HTML)
    assert answer.status_code == 401


def test_an_applications_own_error_handlers_win(site):
    """401 and 403 are werkzeug exceptions."""
    add(site, auth_required, "/in")
    add(site, roles_required("admin"), "/admin")

    @site.app.errorhandler(401)
    def own_401(error):
        assert isinstance(error, Unauthorized)
        return "own 401", 401

    @site.app.errorhandler(Forbidden)
    def own_403(error):
        return f"own 403: {error.description}", 403

    assert site.client().get("/in", headers=HTML).text == "own 401"
    assert site.client().get("/in", headers=JSON).text == "own 401"
    assert site.signed_in().get("/admin").text.startswith("own 403: You don")
    assert error_of(site.client().get("/identity/profile", headers=JSON)) == (401, "not_signed_in")


def test_an_application_can_catch_what_a_guard_raises(site):
    add(site, auth_required)

    @site.app.get("/caught")
    def caught():
        try:
            return site.app.view_functions["/view"]()
        except Unauthorized as error:
            return f"caught {error.code}"

    assert site.client().get("/caught").text == "caught 401"


class TestFreshness:
    """S-081: what needs a recent sign-in."""

    @pytest.fixture
    def clock(self):
        with time_machine.travel(datetime(2026, 3, 1, tzinfo=UTC), tick=False) as traveller:
            yield traveller

    @pytest.fixture
    def fresh(self, build, clock):
        made = build(IDENTITY_THROTTLE=False)
        add(made, fresh_sign_in_required)
        return made

    def test_ten_minutes_after_signing_in_the_password_is_asked_for_again(self, fresh, clock):
        ada = fresh.signed_in()
        clock.shift(600)
        assert ada.get("/view", headers=JSON).status_code == 200
        clock.shift(1)
        assert error_of(ada.get("/view", headers=JSON)) == (403, "fresh_sign_in_required")
        assert ada.get("/identity/verify", headers=JSON).json["response"] == {"fresh": False}
        assert ada.post("/identity/verify", json={"password": PASSWORD}).json["response"]["fresh"] is True
        assert ada.get("/view", headers=JSON).status_code == 200

    def test_a_page_leads_to_verify_and_comes_back(self, fresh, clock):
        ada = fresh.signed_in()
        clock.shift(601)
        answer = ada.get("/view?x=1", headers=HTML)
        assert answer.status_code == 303
        assert answer.headers["Location"] == "/identity/verify?next=/view?x%3D1"
        page = ada.get(answer.headers["Location"], headers=HTML)
        assert 'value="/view?x=1"' in page.text
        answer = ada.post("/identity/verify", data={"password": PASSWORD, "next": "/view?x=1"})
        assert answer.headers["Location"] == "/view?x=1"

    def test_a_wrong_password_proves_nothing_and_counts(self, fresh, clock):
        """S-009."""
        ada = fresh.signed_in()
        clock.shift(601)
        answer = ada.post("/identity/verify", json={"password": "wrong"})
        assert error_of(answer) == (400, "wrong_password")
        assert answer.json["response"]["field_errors"].keys() == {"password"}
        assert ada.get("/view", headers=JSON).status_code == 403
        with fresh.app.app_context():
            assert fresh.identity.datastore.find_user(email="ada@example.com").failed_logins == 1

    def test_one_session_proves_nothing_for_another(self, fresh, clock):
        """S-053."""
        one, other = fresh.signed_in(), fresh.signed_in()
        clock.shift(601)
        one.post("/identity/verify", json={"password": PASSWORD})
        assert one.get("/view", headers=JSON).status_code == 200
        assert other.get("/view", headers=JSON).status_code == 403

    def test_a_visitor_is_asked_to_sign_in_first(self, fresh, clock):
        assert error_of(fresh.client().get("/view", headers=JSON)) == (401, "not_signed_in")
