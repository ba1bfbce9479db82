"""F-21 and F-22: no request that starts after the answer to a revoking one is let in, in any process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from tests.races import calls
from tests.races.invariants import assert_hold
from tests.races.site import PASSWORD, Site, open_site

pytestmark = pytest.mark.races

ADA, ADMIN = "ada@example.com", "admin@example.com"
USERS = 31
NEW_PASSWORD = "another staple of horse battery"


@dataclass
class Cast:
    """Who takes part: a user with two sessions and a role, and an administrator."""

    used: str
    other: str
    admin: str
    id: int
    handle: str


def cast(site: Site) -> Cast:
    with site.app.app_context():
        store = site.identity.datastore
        store.create_role("editor")
        ada = store.create_user(ADA, PASSWORD, roles=["editor"])
        store.create_user(ADMIN, PASSWORD, roles=["admin"])
        user_id = ada.id
    used, other, admin = site.sign_in(ADA), site.sign_in(ADA), site.sign_in(ADMIN)
    listed = site.client(cookie=used).get("/identity/sessions", headers={"Accept": "application/json"})
    handle = next(each["handle"] for each in listed.get_json()["response"]["sessions"] if each["current"])
    return Cast(used, other, admin, user_id, handle)


def by_request(cookie: str, method: str, path: str, body: Any = None) -> tuple[str, Any]:
    return ("request", (cookie, method, f"/identity{path}", body, USERS))


REVOKED = {
    "signing out": lambda c: by_request(c.used, "POST", "/logout", {}),
    "ending that session from another": lambda c: by_request(c.other, "DELETE", f"/sessions/{c.handle}"),
    "ending all others": lambda c: by_request(c.other, "DELETE", "/sessions"),
    "suspension": lambda c: by_request(c.admin, "PUT", "/update_status", {"id": c.id, "status": "suspended"}),
    "a new uniquifier": lambda c: ("verb", ("set_uniquifier", ADA, (), USERS)),
    "a new password": lambda c: by_request(
        c.other, "POST", "/change_password", {"password": PASSWORD, "new_password": NEW_PASSWORD}
    ),
    "a new uniquifier that the application sets": lambda c: ("edit", (ADA, {"uniquifier": "another"}, USERS)),
    "a suspension that the application sets": lambda c: ("edit", (ADA, {"active": False}, USERS)),
    "deletion": lambda c: ("verb", ("delete_user", ADA, (), USERS)),
}


@pytest.mark.parametrize("how", REVOKED)
def test_nobody_gets_in_after_the_answer_to(how, crowd, url):
    """F-21, F-22."""
    with open_site(url, IDENTITY_THROTTLE=False) as site:
        people = cast(site)
        race = crowd.race(
            url,
            calls.either,
            [("use", (people.used, "/me"))] * USERS + [REVOKED[how](people)],
            IDENTITY_THROTTLE=False,
        )
        assert_nothing_late(race, refused_with=401)
        if "application" not in how:  # whose sessions stay behind until they are swept, and open nothing
            assert_hold(site)


def test_nobody_uses_a_role_after_the_answer_that_took_it(crowd, url):
    """F-22: and the session itself goes on."""
    with open_site(url, IDENTITY_THROTTLE=False) as site:
        people = cast(site)
        revoking = ("verb", ("remove_role_from_user", ADA, ("editor",), USERS))
        race = crowd.race(
            url, calls.either, [("use", (people.used, "/edit"))] * USERS + [revoking], IDENTITY_THROTTLE=False
        )
        assert_nothing_late(race, refused_with=403)
        assert site.client(cookie=people.used).get("/me").status_code == 200
        assert_hold(site)


def assert_nothing_late(race: Any, *, refused_with: int) -> None:
    race.assert_sound()
    (revoked,) = [outcome for outcome in race.outcomes if outcome.given[0] != "use"]
    assert revoked.status == 200, revoked
    uses = [outcome.note for outcome in race.outcomes if outcome.given[0] == "use"]
    assert len(uses) == USERS
    for seen in uses:
        assert seen[0][1] == 200, "under way before anything was revoked"
        assert [status for _, status in seen[-2:]] == [refused_with] * 2
        late = [(began - revoked.ended, status) for began, status in seen if began > revoked.ended and status == 200]
        assert late == []
