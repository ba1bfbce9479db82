"""Tokens in use by many at once: R-08, F-21, S-119."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Semaphore
from typing import Any

import pytest

from flask_identity.features.api_tokens import actions
from tests.support.apps import PASSWORD

pytestmark = pytest.mark.races

THREADS = 8
NEW = "tin kettle orbit seven"


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """What the calls return when all begin at the same moment."""
    gate = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        gate.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [each.result(60) for each in [pool.submit(run, call) for call in calls]]


def live(site):
    return [row for row in site.rows("identity_session") if row["kind"] == "api"]


def test_no_use_that_begins_after_the_answer_to_its_end_gets_in(site_on_each, race_rounds):
    """R-08, F-21."""
    site = site_on_each
    ada = site.signed_in()
    for _ in range(race_rounds):
        token = site.token(ada)
        (handle,) = [each["handle"] for each in ada.get("/identity/tokens", headers=token).json["response"]["tokens"]]

        warm = Semaphore(0)

        def use(token: dict[str, str] = token, warm: Semaphore = warm) -> list[tuple[float, int]]:
            seen: list[tuple[float, int]] = []
            client = site.program()
            while not seen or seen[-1][1] == 200:
                began = time.monotonic()
                seen.append((began, client.get("/identity/profile", headers=token).status_code))
                if len(seen) == 1:
                    warm.release()
            return seen

        def end(handle=handle, warm=warm):
            for _ in range(THREADS):
                assert warm.acquire(timeout=60)  # every one of them is at it
            assert ada.delete(f"/identity/tokens/{handle}").status_code == 200
            return time.monotonic()

        *uses, ended = at_once(*[use] * THREADS, end)
        for seen in uses:
            assert [status for began, status in seen if began > ended and status == 200] == []
            assert (seen[0][1], seen[-1][1]) == (200, 401)
        assert live(site) == []


def test_of_many_who_make_tokens_no_more_than_the_limit_come_through(site_on_each, race_rounds, monkeypatch):
    """S-119."""
    site = site_on_each
    monkeypatch.setattr(actions, "MOST", 3)
    bearers = [site.bearer() for _ in range(THREADS) if site.signed_in()]
    for _ in range(race_rounds):
        calls = [lambda bearer=bearer: make(site, bearer) for bearer in bearers]
        answers = at_once(*calls)
        assert sorted(answers) == [200] * 3 + [409] * (THREADS - 3)
        assert len(live(site)) == 3
        with site.app.app_context():
            for row in live(site):
                site.services.sessions.end(row["id"])


def make(site, headers):
    body = {"name": "x", "scopes": ["read"]}
    return site.program().post("/identity/tokens", json=body, headers=headers).status_code


def test_no_token_made_meanwhile_outlives_a_new_password(site_on_each, race_rounds):
    """S-033, R-17: the owner changes the password while a thief with an open session makes tokens."""
    site = site_on_each
    site.person()
    old, new = PASSWORD, NEW
    for _ in range(race_rounds):
        owner = site.bearer(password=old)
        thief = site.bearer(password=old)

        def change(owner=owner, old=old, new=new):
            body = {"password": old, "new_password": new}
            return site.program().post("/identity/change_password", json=body, headers=owner).status_code

        changed, *made = at_once(change, *[lambda thief=thief: make(site, thief)] * THREADS)
        assert changed == 200
        assert set(made) <= {200, 401}
        assert live(site) == []
        old, new = new, old
