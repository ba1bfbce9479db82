"""The administrators' overview: what it shows, whom it is for, and that its charts equal its numbers (T102)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from flask_identity.base.clock import to_micros
from flask_identity.base.ports import Hourly, Kind
from flask_identity.features.overview import actions
from flask_identity.features.overview.figures import Period, figures, scale
from tests.contracts.rows import happened
from tests.support.apps import EVERYTHING, HTML
from tests.support.routes import statements

NOW = datetime(2030, 5, 15, 14, 30, tzinfo=UTC)  # a Wednesday
PASSWORD, FAILED = ("signed_in", '{"by":"password"}'), ("sign_in_failed", '{"by":"password"}')


def ago(days=0, hours=0, **more):
    return to_micros(NOW - timedelta(days=days, hours=hours, **more))


def hourly(kind, times, *when):
    begins = ago(*when)
    what, details = kind
    return Hourly(what, details, begins - begins % 3_600_000_000, times)


def shown(days, *rows):
    return figures(Period(days, NOW), rows)


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def add(site, *rows):
    with site.app.app_context(), site.services.store.unit():
        for row in rows:
            site.services.store.add(Kind.ACTIVITY, row)


def overview(client, query=""):
    answer = client.get(f"/identity/{query}", headers=HTML)
    assert answer.status_code == 200, answer.text
    return answer.text


def seen(html):
    """The words of a piece of HTML, and what only a screen reader says."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_an_administrator_gets_it_and_everybody_else_is_led_where_they_belong(site, build):
    root = site.signed_in("root@example.com", roles=["admin"])
    page = overview(root)
    assert "<h1>Overview</h1>" in page
    workspace = page[page.index('id="fi-nav-workspace"') :]
    assert re.findall(r'href="([^"]+)"( aria-current="page")?', workspace)[0] == ("/identity/", ' aria-current="page"')
    assert re.search(r'id="fi-palette-1"[^>]+data-url="/identity/"', page)
    ordinary = site.signed_in()
    answer = ordinary.get("/identity/", headers=HTML)
    assert (answer.status_code, answer.location) == (303, "/identity/profile")
    assert ">Overview<" not in ordinary.get("/identity/profile", headers=HTML).text
    assert site.client().get("/identity/", headers=HTML).location == "/identity/login?next=/identity/"

    bare = build(IDENTITY_PEOPLE=True, IDENTITY_ACTIVITY=True)
    assert bare.signed_in().get("/identity/", headers=HTML).location == "/identity/security"


@pytest.mark.parametrize("off", ["PEOPLE", "ACTIVITY"])
def test_it_is_there_only_with_both_features_it_shows(build, off):
    site = build(**(EVERYTHING | {f"IDENTITY_{off}": False}))
    root = site.signed_in("root@example.com", roles=["admin"])

    assert root.get("/identity/", headers=HTML).status_code == 404
    assert ">Overview<" not in root.get("/identity/profile", headers=HTML).text


def test_numbers_and_their_change_are_told_in_words(site, clock):
    root = site.signed_in("root@example.com", roles=["admin"])
    for number in range(3):
        site.person(f"p{number}@example.com", active=number > 0)
    before = [happened(ago(days=20, minutes=each)) for each in range(4)]
    later = [happened(ago(days=14, hours=-5, minutes=each)) for each in range(9)]  # then today was not so late
    failed = [happened(ago(days=2), *FAILED) for _ in range(2)]
    add(site, *before, *later, *(happened(ago(days=1)) for _ in range(4)), *failed)

    text = seen(overview(root))

    assert "Users 4 +4 4 more than 14 days ago" in text
    assert "Sign-ins 5 +25% 25% more than in the 14 days before" in text
    assert "Failed sign-ins 2 none before none in the 14 days before" in text
    assert "Active 3 Suspended 1 Locked 0 Recent events" in text
    assert "Signed in with the password root@ example. com ·" in text
    assert "The last 7 days, in UTC." in seen(overview(root, "?days=7"))


def test_bars_and_tables_equal_the_rows_T102(site, clock):
    root = site.signed_in("root@example.com", roles=["admin"])
    many = {2: (7, 1), 1: (4, 3), 0: (1, 0)}  # days ago: signed in, failed; the last one is the administrator's own
    for days, (good, bad) in list(many.items())[:2]:
        add(site, *(happened(ago(days)) for _ in range(good)), *(happened(ago(days), *FAILED) for _ in range(bad)))

    page = overview(root, "?days=7")

    bars = {
        kind: re.findall(rf'class="fi-{kind}" x="[^"]+" y="[^"]+" width="[^"]+" height="([^"]+)"', page)
        for kind in ("good", "failed")
    }
    assert [round(float(high) / 180 * 8, 1) for high in bars["good"]] == [7, 4, 1]
    assert [round((float(high) + 2) / 180 * 8, 1) for high in bars["failed"]] == [1, 3]
    rows = re.findall(r'<tr><th scope="row">(\w+), (\d+) May</th><td>(\d+)</td><td>(\d+)</td>', page)
    assert rows[-3:] == [("Mon", "13", "7", "1"), ("Tue", "14", "4", "3"), ("Wed", "15", "1", "0")]
    assert len(rows) == 7
    assert "<title>14 May: 4 sign-ins, 3 failed</title>" in page
    cells = re.findall(r'<rect class="fi-heat-(\d)"[^>]+><title>(\w+) 14:00: (\d+) sign-ins?</title>', page)
    assert [cell for cell in cells if cell[0] != "0"] == [("5", "Mon", "7"), ("3", "Tue", "4"), ("1", "Wed", "1")]
    assert page.count("<title>") == 1 + 7 + 7 * 24
    assert '<tr><th scope="row">14:00</th><td>7</td><td>4</td><td>1</td><td>0</td>' in page
    assert "Most on 13 May: 7 sign-ins. Of all tries 25% failed." in seen(page)
    assert "Busiest on Mondays from 14:00: 7 sign-ins." in seen(page)


def test_before_anybody_has_signed_in_it_says_what_will_be_there(site):
    root = site.signed_in("root@example.com", roles=["admin"])
    with site.app.app_context():
        site.services.store.remove(Kind.ACTIVITY, {})

    text = seen(overview(root))

    assert "No sign-ins yet. They appear here as people sign in." in text
    assert "Nothing has happened yet." in text


def test_it_takes_four_statements_beside_the_one_of_who_is_calling(site):
    root = site.signed_in("root@example.com", roles=["admin"])
    for number in range(8):
        site.person(f"p{number}@example.com")
    overview(root)  # how who is looking is shown is asked once a minute

    with statements(site) as sent:
        overview(root, "?days=30")

    own = [each for each in sent if each.startswith("SELECT") and "identity_session" not in each]
    assert len(own) == 4, own


def test_more_people_than_are_counted_are_told_so(site, monkeypatch):
    monkeypatch.setattr(actions, "MOST", 2)
    root = site.signed_in("root@example.com", roles=["admin"])
    for number in range(3):
        site.person(f"p{number}@example.com")

    assert "Users 2+" in seen(overview(root))


def test_a_period_that_is_not_offered_is_refused(site):
    root = site.signed_in("root@example.com", roles=["admin"])

    for query, status in (("?days=9", 400), ("?days=7&days=x", 400), ("?other=9", 200)):
        assert root.get(f"/identity/{query}", headers=HTML).status_code == status, query


def test_a_weekday_that_came_five_times_is_compared_by_its_average():
    """Of 30 days up to a Wednesday, Tuesdays and Wednesdays come five times, the others four."""
    found = shown(30, hourly(PASSWORD, 5, 1), hourly(PASSWORD, 5, 2))

    tuesday, monday = found.week[1][14], found.week[0][14]
    assert (tuesday.count, tuesday.level, monday.count, monday.level) == (5, 4, 5, 5)
    assert found.busiest_hour == monday


def test_the_time_before_ends_as_late_in_its_day_as_it_is_now():
    found = shown(
        7, hourly(PASSWORD, 3, 7, 1), hourly(PASSWORD, 9, 7, -2), hourly(PASSWORD, 6, 0), hourly(FAILED, 1, 13)
    )

    assert (found.signed_in.count, found.signed_in.before, found.signed_in.percent) == (6, 3, 100)
    assert (found.failed.count, found.failed.before, found.failed.percent) == (0, 1, -100)


@pytest.mark.parametrize(("worst", "usual", "told"), [(30, 3, True), (9, 0, False), (30, 11, False), (10, 0, True)])
def test_failures_are_a_rise_where_they_are_many_and_thrice_as_many_as_usual(worst, usual, told):
    found = shown(7, hourly(FAILED, worst, 3), *(hourly(FAILED, usual, day) for day in (0, 1, 2, 4, 5, 6)))

    assert (found.spike is not None) == told
    if told:
        assert (found.spike[0].failed, found.spike[1]) == (worst, usual)


def test_ways_are_told_apart_most_often_first():
    rows = [("application", 2), ("password", 3), ("password", 4), ("registration", 1)]

    found = shown(7, *(hourly(("signed_in", f'{{"by":"{by}"}}'), times, at) for at, (by, times) in enumerate(rows)))

    assert found.ways == [("password", 7), ("application", 2), ("registration", 1)]


@pytest.mark.parametrize(
    ("most", "lines"),
    [
        (0, [0, 1]),
        (3, [0, 1, 2, 3]),
        (7, [0, 2, 4, 6, 8]),
        (107, [0, 25, 50, 75, 100, 125]),
        (2001, [*range(0, 2501, 500)]),
    ],
)
def test_the_lines_of_a_chart_are_few_and_round(most, lines):
    assert list(scale(most)) == lines
