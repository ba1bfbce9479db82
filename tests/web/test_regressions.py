"""Defects of the original flask-identity 1.0.6 that have no better place among the other tests (R-24 to R-71)."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
import threading
from collections import defaultdict
from importlib import metadata
from pathlib import Path

import pytest

import flask_identity
from flask_identity import IdentityRefusal, catalog
from flask_identity.base.settings import KEY_PREFIX
from flask_identity.web import language
from tests.support.apps import HTML, JSON, PASSWORD, error_of, sign_in

SOURCE = Path(flask_identity.__file__).parent


def source_files() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


def test_the_package_imports_without_a_warning_and_without_setuptools():
    """R-39: nothing that a new Flask or Python has removed."""
    code = (
        "import sys; sys.modules['pkg_resources'] = None; import flask_identity as f; "
        "[getattr(f, name) for name in f.__all__]"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


def test_the_version_is_that_of_the_release():
    """R-68."""
    assert flask_identity.__version__ == metadata.version("flask-identity")


def test_every_setting_is_read_somewhere():
    """R-35: a setting that nothing reads promises what does not happen."""
    read = {
        node.attr
        for path in source_files()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
    }
    switches = {f"IDENTITY_{feature.switch}" for feature in catalog.features() if feature.switch}
    unread = []
    for _, described in catalog.settings():
        for each in described:
            name = each.key.removeprefix(KEY_PREFIX).lower()
            if each.key not in switches and not any(
                name.endswith(attribute) for attribute in read if len(attribute) > 3
            ):
                unread.append(each.key)
    assert unread == []


def test_nothing_catches_every_exception_to_call_it_nobody():
    """R-32, R-34: no bare `except`, and none that hides what it caught on the way to who is calling."""
    bare = []
    for path in source_files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ExceptHandler) and node.type is None:
                bare.append(f"{path}:{node.lineno}")
    assert bare == []


@pytest.mark.parametrize("settings", [{}, {"SESSION_PROTECTION": "strong"}, {"IDENTITY_THROTTLE": False}])
def test_a_visitor_is_served_whatever_is_set(build, settings):
    """R-24: no setting makes every anonymous request a 500."""
    site = build(**settings)
    for url in ("/identity/login", "/identity/static/fi.css"):
        with site.client().get(url, headers=HTML) as answer:
            assert answer.status_code == 200


def test_sessions_tokens_and_passwords_do_not_hang_on_secret_key(build):
    """R-06, R-28, R-29: the key of Flask's own session is no key of ours, so rotating it signs nobody out."""
    before = build()
    ada, bearer = before.signed_in(), before.bearer()
    after = build(str(before.engine.url), SECRET_KEY="another key of thirty-two bytes, or more")
    raw = {**JSON, "Cookie": f"identity={ada.get_cookie('identity').value}"}
    assert after.app.test_client(use_cookies=False).get("/identity/sessions", headers=raw).status_code == 200
    assert after.program().get("/identity/sessions", headers=bearer).status_code == 200
    assert sign_in(after.client()).status_code == 200


def test_parallel_sign_ins_are_all_counted(site):
    """R-42, F-18: the database counts, not Python."""
    user = site.person()
    answers = []

    def work():
        for _ in range(5):
            answers.append(sign_in(site.client()).status_code)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(answers) <= {200, 503}
    assert site.row(user)["login_count"] == answers.count(200)
    assert len(site.rows("identity_session")) == answers.count(200)


def test_roles_can_be_given_when_an_account_is_created(site):
    """R-45: by name or row, each found by its own name."""
    with site.app.app_context():
        store = site.identity.datastore
        store.create_role("editor", rank=10)
        user = store.create_user("ada@example.com", PASSWORD, roles=["editor", "admin"])
        assert site.services.accounts.rights_of(store.find_user(id=user.id))[0] == {"user", "editor", "admin"}
        with pytest.raises(IdentityRefusal) as caught:
            store.create_user("eve@example.com", PASSWORD, roles=["nobody"])
        assert caught.value.code == "unknown_role"
    assert [row["email"] for row in site.rows(site.users)] == ["ada@example.com"]


def test_a_role_of_rank_0_lets_in_and_is_nobodys_role(site):
    """R-45: `create_role` gives rank 0, below `user`, which every account holds."""
    with site.app.app_context():
        store = site.identity.datastore
        assert store.create_role("editor").rank == 0
        user = store.find_user(id=store.create_user("ada@example.com", roles=["editor"]).id)
        assert store.rights_of(user)[0] == {"user", "editor"}
        assert user.role == "user"


def test_verify_password_takes_the_password_first(site):
    with site.app.app_context():
        record = flask_identity.hash_password(PASSWORD)
        assert flask_identity.verify_password(PASSWORD, record) is True
        assert flask_identity.verify_password("another lantern tractor", record) is False
        assert flask_identity.verify_password(record, PASSWORD) is False
        assert flask_identity.verify_password(record, record) is False


def test_what_the_datastore_says_it_did_is_what_happened(site):
    """R-44, R-47: True if changed, and committed without another word."""
    user_id = site.person()
    with site.app.app_context():
        store = site.identity.datastore
        user = store.find_user(id=user_id)
        assert [store.deactivate_user(user), store.deactivate_user(user)] == [True, False]
        assert [store.activate_user(user), store.activate_user(user)] == [True, False]
        assert store.delete_user(user) is True
    assert site.rows(site.users) == []


def test_a_failed_sign_in_leaves_a_trace(site):
    """R-58: on the account, for administrators, and as a signal."""
    user = site.person()
    heard = []

    def hear(app, *, user, **_):
        heard.append(user.email)

    flask_identity.sign_in_failed.connect(hear, sender=site.app)
    sign_in(site.client(), password="wrong")
    assert site.row(user)["failed_logins"] == 1
    assert heard == ["ada@example.com"]


def test_the_original_ways_of_sending_a_token_or_logging_out_are_gone(site):
    """R-19, R-20, R-33."""
    site.person()
    token = site.bearer()["Authorization"].removeprefix("Bearer ")
    client = site.client()
    assert client.get(f"/identity/profile?iauth={token}", headers=JSON).status_code == 401
    assert client.get("/identity/login?iauth=" + token, headers=JSON).get_json()["response"] == {}
    assert error_of(client.get("/identity/logout?_next=aHR0cA", headers=JSON)) == (405, "method_not_allowed")


def test_no_other_extension_is_needed():
    """R-65: neither WTF, Login nor passlib is imported anywhere, and Babel only where an application has it."""
    importing = defaultdict(set)
    for path in source_files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                for each in node.names:
                    importing[each.name.partition(".")[0]].add(path.name)
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                importing[str(node.module).partition(".")[0]].add(path.name)
    assert "flask" in importing
    assert not {"flask_wtf", "wtforms", "flask_login", "passlib", "pkg_resources"} & set(importing)
    assert importing["flask_babel"] == {"language.py"}
    assert '"babel" not in current_app.extensions' in inspect.getsource(language)


def test_nothing_we_ship_starts_a_remote_debugger():
    """R-71."""
    for path in source_files():
        text = path.read_text(encoding="utf-8")
        assert "debug=True" not in text, path
        assert "0.0.0.0" not in text, path  # noqa: S104 - looked for, not listened on
