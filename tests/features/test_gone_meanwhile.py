"""Somebody is deleted between a change and its answer."""

from __future__ import annotations

import pytest
from sqlalchemy import delete

from flask_identity import status_changed, user_updated
from tests.support.apps import error_of


@pytest.fixture
def root(site):
    site.admin()
    return site.signed_in("root@example.com")


@pytest.fixture
def ada(site):
    return site.person()


def deleting(site, user_id):
    """A receiver after whose unit the user is gone."""

    def gone():
        with site.engine.begin() as connection:
            for name in ("user_role", "identity_profile", "identity_session"):
                table = site.metadata.tables[name]
                connection.execute(delete(table).where(table.c.user_id == user_id))
            table = site.metadata.tables[site.users]
            connection.execute(delete(table).where(table.c.id == user_id))

    def receiver(_, **__):
        with site.identity.datastore.unit() as unit:
            unit.after_commit(gone)

    return receiver


CHANGES = {
    "a suspension": (status_changed, "/identity/update_status", {"status": "suspended"}),
    "an edit": (user_updated, "/identity/edit_user", {"username": "countess"}),
}


@pytest.mark.parametrize("change", CHANGES)
def test_who_is_deleted_before_a_change_is_answered_is_not_found(site, root, ada, change):
    """F-23: never a 500."""
    signal, path, body = CHANGES[change]
    receiver = deleting(site, ada)
    with signal.connected_to(receiver, sender=site.app):
        answer = root.put(path, json={"id": ada, **body})

    assert error_of(answer) == (404, "not_found")
    assert site.rows(site.users)[0]["email"] == "root@example.com"
    assert site.client().get("/identity/login").status_code == 200
