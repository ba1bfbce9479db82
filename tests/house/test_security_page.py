"""The page on security says what the routes say: what is open without signing in (S-023), and every limit (S-019)."""

from __future__ import annotations

import re

from flask_identity import catalog
from flask_identity.features.edit_user.pictures import UPLOADS
from flask_identity.web.authenticate import BASIC, UNKNOWN_VALUES
from flask_identity.web.feature import Who
from tests.house.project import ROOT

PAGE = (ROOT / "docs/security.md").read_text(encoding="utf-8")
ROUTES = [route for feature in catalog.features() for route in feature.routes]


def rows(heading: str) -> list[tuple[str, ...]]:
    """The rows of the first table whose heading begins so, without it and the line below."""
    table = PAGE[PAGE.index(heading) :].partition("\n\n")[0].splitlines()[2:]
    return [tuple(cell.strip(" `") for cell in row.strip("|").split("|")) for row in table]


def test_the_page_lists_every_route_that_anybody_may_use():
    listed = rows("| method | path |")

    assert sorted(listed) == sorted((route.method, route.path) for route in ROUTES if route.who is Who.ANYONE)


def test_the_page_lists_every_limit_with_its_numbers():
    listed = {name: (address, site) for name, _, address, site in rows("| name | counts | per address |")}

    declared = {limit.name: limit for limit in (BASIC, UNKNOWN_VALUES, *(r.limit for r in ROUTES if r.limit))}
    assert listed == {
        name: (f"{limit.per_address:,}", f"{limit.site:,}" if limit.site else "none")
        for name, limit in declared.items()
    }
    assert {limit.seconds for limit in declared.values()} == {60}, "the page speaks of windows of a minute"


def test_the_page_says_how_many_pictures_an_account_may_send():
    """S-105."""
    assert f"sends them from: {UPLOADS.most} in an hour" in PAGE
    assert UPLOADS.seconds == 3600


def test_the_page_names_every_way_the_guards_know():
    from flask_identity.web.guards import WAYS

    assert set(WAYS) <= set(re.findall(r"^\| (\w+) \|", PAGE, re.MULTILINE))
