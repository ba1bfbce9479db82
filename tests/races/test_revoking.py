"""F-21 and F-22: no request that starts after the answer to a revoking one is let in, in any process."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.races import calls
from tests.races.arena import mixed_too
from tests.races.crowd import CONTENDERS
from tests.races.site import PASSWORD

pytestmark = pytest.mark.races

USERS = CONTENDERS - 1
NEW_PASSWORD = "another staple of horse battery"


@dataclass
class Cast:
    """Who takes part: a user with two sessions and a role, and an administrator."""

    email: str
    id: int
    used: str
    other: str
    admin: str
    handle: str


def cast(site, number):
    email = f"a{number}@example.com"
    user_id = site.person(email, roles=["editor"])
    used, other = site.sign_in(email), site.sign_in(email)
    listed = site.client(cookie=used).get("/identity/sessions", headers={"Accept": "application/json"})
    handle = next(each["handle"] for each in listed.get_json()["response"]["sessions"] if each["current"])
    return Cast(email, user_id, used, other, site.sign_in("root@example.com"), handle)


def by_request(cookie, method, path, body=None):
    return ("request", (cookie, method, f"/identity{path}", body, USERS))


SUSPENSION = {"status": "suspended"}
CHANGE = {"password": PASSWORD, "new_password": NEW_PASSWORD}
ENDED = {
    "signing out": lambda c: by_request(c.used, "POST", "/logout", {}),
    "ending that session from another": lambda c: by_request(c.other, "DELETE", f"/sessions/{c.handle}"),
    "ending all others": lambda c: by_request(c.other, "DELETE", "/sessions"),
    "a new uniquifier": lambda c: ("verb", ("set_uniquifier", c.email, (), USERS)),
    "a new uniquifier that the application sets": lambda c: ("edit", (c.email, {"uniquifier": "another"}, USERS)),
}
BARRED = {
    "suspension": lambda c: by_request(c.admin, "PUT", "/update_status", {"id": c.id, **SUSPENSION}),
    "a new password": lambda c: by_request(c.other, "POST", "/change_password", CHANGE),
    "a suspension that the application sets": lambda c: ("edit", (c.email, {"active": False}, USERS)),
    "deletion": lambda c: by_request(c.admin, "DELETE", f"/delete_user?id={c.id}"),
    "taking the role": lambda c: ("verb", ("remove_role_from_user", c.email, ("editor",), USERS)),
    "taking all roles but one": lambda c: by_request(c.admin, "PUT", "/edit_user", {"id": c.id, "role": "user"}),
}


@mixed_too
@pytest.mark.parametrize(
    ("case", "ways"), [("F-21 a session ended while in use", ENDED), ("F-22 a right taken while in use", BARRED)]
)
def test_nobody_gets_in_after_the_answer_to_a_revocation(arena, case, ways):
    """F-21, F-22, F-30: in every way there is to revoke; a session outlives the loss of a role."""
    site = arena.site
    site.person("root@example.com", roles=["admin"])
    with site.app.app_context():
        site.identity.datastore.create_role("editor")

    def contest(number):
        how = list(ways)[number % len(ways)]
        of_a_role = "role" in how
        people = cast(site, number)
        path, refused_with = ("/edit", 403) if of_a_role else ("/me", 401)
        race = arena.race(calls.either, [("use", (people.used, path))] * USERS + [ways[how](people)])

        assert_nothing_late(race, refused_with)
        if of_a_role:
            assert site.client(cookie=people.used).get("/me").status_code == 200
        if "application" in how:  # whose sessions stay behind until they are swept, and open nothing
            site.verb("set_uniquifier", people.email)

    arena.rounds(case, contest, few=len(ways))


def assert_nothing_late(race, refused_with):
    (revoked,) = [outcome for outcome in race.outcomes if outcome.given[0] != "use"]
    assert revoked.status == 200, revoked
    uses = [outcome.note for outcome in race.outcomes if outcome.given[0] == "use"]
    assert len(uses) == USERS
    for seen in uses:
        assert seen[0][1] == 200, "under way before anything was revoked"
        assert [status for _, status in seen[-2:]] == [refused_with] * 2
        late = [(began - revoked.ended, status) for began, status in seen if began > revoked.ended and status == 200]
        assert late == []
