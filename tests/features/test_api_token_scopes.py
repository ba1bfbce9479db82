"""What an API token may be used for: method by scope by kind of route. R-17, A-070, S-081."""

from __future__ import annotations

import pytest
from flask import Flask

from flask_identity import (
    ConfigurationError,
    Identity,
    auth_required,
    current_user,
    fresh_sign_in_required,
    login_required,
    roles_required,
    scopes_required,
)
from flask_identity.testing import client as client_of
from flask_identity.testing import memory_store
from tests.support.apps import EVERYTHING, FAST, HTML, JSON, SECRET_KEY, error_of
from tests.support.routes import every_route, statements

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
READS = {"GET", "HEAD", "OPTIONS"}
SCOPES = {"read": ["read"], "write": ["write"], "both": ["read", "write"], "own": ["deploy"]}


def make_views(app):
    def said():
        return current_user.email

    guards = {
        "any": auth_required,
        "token": auth_required("token"),
        "session": login_required,
        "editor": roles_required("editor"),
        "fresh": fresh_sign_in_required,
        "deploy": scopes_required("deploy"),
        "deploy-inside": lambda view: auth_required("token")(roles_required("editor")(scopes_required("deploy")(view))),
        "deploy-outside": lambda view: scopes_required("deploy")(
            auth_required("token")(roles_required("editor")(view))
        ),
        "both": lambda view: scopes_required("deploy")(scopes_required("read")(view)),
    }
    for name, guard in guards.items():
        app.add_url_rule(f"/{name}", name, guard(said), methods=METHODS, provide_automatic_options=False)


@pytest.fixture
def site(build):
    made = build(IDENTITY_THROTTLE=False, IDENTITY_API_TOKEN_SCOPES="deploy", **EVERYTHING)
    make_views(made.app)
    with made.app.app_context():
        made.identity.datastore.create_role("editor")
    return made


def status(site, headers, path, method="GET"):
    return site.program().open(path, method=method, headers=headers).status_code


@pytest.mark.parametrize("scopes", SCOPES)
@pytest.mark.parametrize("path", ["/any", "/token", "/editor"])
def test_reading_needs_read_and_all_else_write(site, scopes, path):
    token = site.token(site.signed_in(roles=["editor"]), *SCOPES[scopes])
    allowed = {"read": READS, "write": set(METHODS), "both": set(METHODS), "own": {"OPTIONS"}}[scopes]
    seen = {method: status(site, token, path, method) for method in METHODS}
    assert seen == {method: 200 if method in allowed else 403 for method in METHODS}


def test_a_refusal_says_that_it_is_for_the_scope(site):
    token = site.token(site.signed_in(), "read")
    answer = site.program().post("/any", headers={**token, **HTML})
    assert error_of(answer) == (403, "insufficient_scope")
    answer = site.program().put("/identity/edit_user", json={"profile": {"bio": "x"}}, headers=token)
    assert error_of(answer) == (403, "insufficient_scope")
    token = site.token(site.signed_in(), "write")
    assert site.program().put("/identity/edit_user", json={"profile": {"bio": "x"}}, headers=token).status_code == 200


@pytest.mark.parametrize("path", ["/deploy", "/deploy-inside", "/deploy-outside"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_scope_of_the_application_opens_the_views_that_name_it_and_nothing_else(site, path, method):
    ada = site.signed_in(roles=["editor"])
    assert status(site, site.token(ada, "deploy"), path, method) == 200
    for scopes in (["read"], ["write"], ["read", "write"]):
        assert status(site, site.token(ada, *scopes), path, method) == 403
    assert status(site, site.bearer(), path, method) == 200


def test_two_scopes_are_both_needed(site):
    ada = site.signed_in()
    seen = [status(site, site.token(ada, *scopes), "/both") for scopes in (["read"], ["deploy"], ["read", "deploy"])]
    assert seen == [403, 403, 200]


def test_a_token_has_the_roles_of_its_owner_as_they_are_now(site):
    """A-085."""
    token = site.token(site.signed_in(roles=["editor"]))
    assert status(site, token, "/editor") == 200
    with site.app.app_context():
        store = site.identity.datastore
        store.remove_role_from_user(store.find_user(email="ada@example.com"), "editor")
    assert status(site, token, "/editor") == 403


def test_who_is_calling_by_a_token_is_one_select(site, orm):
    token = site.token(site.signed_in())
    assert status(site, token, "/any") == 200
    with statements(site) as seen:
        assert status(site, token, "/any") == 200
    if orm == "pony":  # on SQLAlchemy: tests/performance/test_statements.py
        assert [text.partition(" ")[0] for text in seen] == ["SELECT"], seen
    assert len(seen) <= 1, seen


def test_a_token_is_no_session(site):
    assert status(site, site.token(site.signed_in(), "read", "write"), "/session") == 401


def test_a_token_is_never_fresh(site):
    """S-081: not even at the moment it is made, nor with the longest FRESH_FOR."""
    ada = site.signed_in()
    assert status(site, site.bearer(), "/fresh") == 200
    answer = site.program().get("/fresh", headers=site.token(ada, "read", "write"))
    assert error_of(answer) == (403, "fresh_sign_in_required")


def test_a_token_is_not_fresh_however_long_a_sign_in_stays_so(build):
    site = build(IDENTITY_FRESH_FOR=2_000_000_000, IDENTITY_THROTTLE=False, **EVERYTHING)
    root = site.signed_in("root@example.com", roles=["admin"])
    answer = site.program().delete("/identity/delete_user?id=999", headers=site.token(root, "write"))
    assert error_of(answer) == (403, "fresh_sign_in_required")


NEVER = {
    "make a token": ("POST", "/tokens", {"name": "x", "scopes": ["read"]}),
    "end a token": ("DELETE", "/tokens/HANDLE", None),
    "change a password": ("POST", "/change_password", {"password": "x", "new_password": "tin kettle orbit seven"}),
    "confirm a password": ("POST", "/verify", {"password": "x"}),
    "end a session": ("DELETE", "/sessions/HANDLE", None),
    "end all others": ("DELETE", "/sessions", None),
    "sign out": ("POST", "/logout", {}),
}


@pytest.mark.parametrize("what", NEVER)
@pytest.mark.parametrize("scopes", ["read", "both"])
def test_no_token_can(what, scopes, site):
    """R-17, A-070."""
    ada = site.signed_in()
    token = site.token(ada, *SCOPES[scopes])
    before = site.rows("identity_session")
    method, path, body = NEVER[what]
    kind = path.split("/")[1]
    listed = ada.get(f"/identity/{kind}", headers=JSON).json["response"][kind] if "HANDLE" in path else []
    url = "/identity" + path.replace("HANDLE", listed[0]["handle"] if listed else "")
    answer = site.program().open(url, method=method, json=body, headers={**token, **JSON})
    assert error_of(answer) == (403, "token_not_allowed")
    strip = [{**row, "last_seen_at": 0} for row in site.rows("identity_session")]
    assert strip == [{**row, "last_seen_at": 0} for row in before]
    assert site.rows("user")[0]["failed_logins"] == 0


def test_the_routes_closed_to_tokens_are_these(site):
    closed = {f"{route.method} {route.path}" for route, _ in every_route(site.app) if not route.tokens}
    assert closed == {
        *("POST /tokens", "DELETE /tokens/<handle>", "POST /tokens/<handle>", "POST /change_password", "POST /verify"),
        *("DELETE /sessions", "POST /sessions", "DELETE /sessions/<handle>", "POST /sessions/<handle>", "POST /logout"),
        "GET /profile/export",
    }


def test_an_administrators_token_does_what_needs_no_fresh_sign_in(site):
    eve = site.person("eve@example.com")
    root = site.signed_in("root@example.com", roles=["admin"])
    read, write, program = site.token(root, "read"), site.token(root, "write"), site.program()
    assert program.get("/identity/user_list", headers=read).status_code == 200
    body = {"id": eve, "status": "suspended"}
    assert error_of(program.put("/identity/update_status", json=body, headers=read)) == (403, "insufficient_scope")
    assert program.put("/identity/update_status", json=body, headers=write).status_code == 200
    for call in (
        lambda: program.delete(f"/identity/delete_user?id={eve}", headers=write),
        lambda: program.put("/identity/edit_user", json={"id": eve, "role": "admin"}, headers=write),
        lambda: program.put("/identity/edit_user", json={"id": eve, "email": "new@example.com"}, headers=write),
    ):
        assert error_of(call()) == (403, "fresh_sign_in_required")
    assert error_of(program.get("/identity/user_list", headers=site.token(site.signed_in()))) == (403, "not_allowed")


def test_a_password_sent_with_every_request_makes_no_token(build):
    site = build(IDENTITY_BASIC=True, IDENTITY_API_TOKENS=True)
    site.person()
    answer = site.program().post(
        "/identity/tokens",
        json={"name": "x", "scopes": ["read"]},
        auth=("ada@example.com", "correct horse battery staple"),
    )
    assert error_of(answer) == (403, "not_allowed")


@pytest.mark.parametrize("scopes", ["Deploy", "a,b", "ü", "x" * 41, " ".join(f"scope-number-{n}" for n in range(20))])
def test_scopes_that_cannot_be_stop_the_start(build, scopes):
    with pytest.raises(ConfigurationError, match="IDENTITY_API_TOKEN_SCOPES"):
        build(IDENTITY_API_TOKENS=True, IDENTITY_API_TOKEN_SCOPES=scopes)


def test_a_guard_without_a_scope_is_an_error_where_it_is_written():
    with pytest.raises(ValueError, match="scopes_required"):
        scopes_required()


class TestPage:
    """The door for people."""

    def test_it_lists_makes_shows_once_and_ends(self, site):
        ada = site.signed_in()
        empty = ada.get("/identity/tokens", headers=HTML)
        assert (empty.status_code, "You have no token" in empty.text) == (200, True)
        assert 'value="deploy"' in empty.text
        form = {"name": "<b>CI</b>{{7*7}}", "scopes": ["read", "deploy"], "expires": "7776000"}
        made = ada.post("/identity/tokens", data=form, headers=HTML)
        assert (made.status_code, made.text.count("fid_"), made.headers["Cache-Control"]) == (200, 1, "no-store")
        assert "<b>CI" not in made.text
        assert "{{7*7}}" in made.text
        token = made.text.partition("fid_")[2].partition('"')[0]
        assert status(site, {"Authorization": f"Bearer fid_{token}"}, "/any") == 200
        again = ada.get("/identity/tokens", headers=HTML)
        assert "fid_" not in again.text
        assert "last used" in again.text
        (handle,) = [each["handle"] for each in ada.get("/identity/tokens", headers=JSON).json["response"]["tokens"]]
        ended = ada.post(f"/identity/tokens/{handle}", headers=HTML)
        assert (ended.status_code, ended.headers["Location"]) == (303, "/identity/tokens")
        assert status(site, {"Authorization": f"Bearer fid_{token}"}, "/any") == 401

    def test_what_is_wrong_is_said_beside_what_was_typed(self, site):
        ada = site.signed_in()
        form = {"name": "CI", "scopes": ["everything"], "expires": "soon"}
        answer = ada.post("/identity/tokens", data=form, headers=HTML)
        assert answer.status_code == 400
        assert 'value="CI"' in answer.text
        assert "Send a whole number." in answer.text.partition('id="expires-error"')[2].partition("</p>")[0]
        answer = ada.post("/identity/tokens", data={"name": "CI"}, headers=HTML)
        assert "This is needed." in answer.text
        answer = ada.post("/identity/tokens", data={"name": "CI", "scopes": ["everything"]}, headers=HTML)
        assert "Choose among read, write, deploy." in answer.text

    def test_it_is_reached_from_the_navigation(self, site):
        assert 'href="/identity/security"' in site.signed_in().get("/identity/tokens", headers=HTML).text
        assert 'href="/identity/tokens"' in site.signed_in().get("/identity/security", headers=HTML).text


def use_everything(app, ada):
    """Make a token, use it, look at it, end it; return the statuses."""
    program = app.test_client(use_cookies=False)
    made = ada.post("/identity/tokens", json={"name": "CI", "scopes": ["read"]}).json["response"]
    headers = {"Authorization": f"Bearer {made['token']}"}
    seen = [program.get("/identity/tokens", headers=headers).status_code]
    seen.append(program.delete(f"/identity/tokens/{made['handle']}", headers=headers).status_code)
    seen.append(ada.delete(f"/identity/tokens/{made['handle']}").status_code)
    return [*seen, program.get("/identity/tokens", headers=headers).status_code]


@pytest.mark.parametrize("models", ["minimal", "bare"])
def test_hand_written_models_need_nothing_for_tokens(build, models):
    """M7."""
    site = build(models=models, IDENTITY_API_TOKENS=True)
    assert use_everything(site.app, site.signed_in()) == [200, 403, 200, 401]


def test_tokens_work_in_memory_too():
    app = Flask(__name__)
    app.config.update(SECRET_KEY=SECRET_KEY, TESTING=True, IDENTITY_API_TOKENS=True, **FAST)
    identity = Identity(app, memory_store())
    with app.app_context():
        user = identity.datastore.create_user("ada@example.com")
    client = client_of(app, user)
    assert use_everything(app, client) == [200, 403, 200, 401]
