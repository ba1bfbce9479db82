"""The library's routes, as the tests that must hold for all of them see them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from flask import Flask

from flask_identity import PonyStore
from flask_identity.web.feature import Route, Who
from tests.support import pony
from tests.support.apps import Site

PREFIX = "/identity"
METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH")
_PART = re.compile(r"<(?:\w+:)?(\w+)>")


def every_route(app: Flask) -> Iterator[tuple[Route, str]]:
    """Every route of the features that are on, with a URL in which nothing exists."""
    for feature in app.extensions["flask_identity"].features:
        for route in feature.routes:
            yield route, url_of(route)


def by_path(app: Flask) -> dict[str, list[Route]]:
    """The routes by their path."""
    found: dict[str, list[Route]] = {}
    for route, _ in every_route(app):
        found.setdefault(route.path, []).append(route)
    return found


def url_of(route: Route) -> str:
    """The URL of a route, its parts filled in with something nobody has."""
    return PREFIX + _PART.sub(lambda found: "999999" if found[1] == "id" else "f" * 24, route.path)


def unsafe(app: Flask) -> list[tuple[Route, str]]:
    """The routes that change something."""
    return [(route, url) for route, url in every_route(app) if route.method != "GET"]


def fields_of(route: Route) -> list[str]:
    """The names of what a route takes; inside an application context."""
    if route.takes is None:
        return []
    model: Any = route.takes if isinstance(route.takes, type) else route.takes()
    return list(model.model_fields)


def reads_body(route: Route) -> bool:
    """Whether what a route takes comes as JSON."""
    return route.takes is not None and route.api is not None and route.method not in ("GET", "DELETE")


def needs_account(route: Route) -> bool:
    """Whether a route is for those signed in."""
    return route.who is not Who.ANYONE


def statements(source: Any) -> Any:
    """Count the SQL statements of a Site or on an engine: `with statements(site) as seen: …; len(seen)`."""
    from contextlib import contextmanager

    from sqlalchemy import event

    store = source.services.store if isinstance(source, Site) else None
    if isinstance(store, PonyStore):
        return pony.statements(source.session, store)
    engine = source.engine if isinstance(source, Site) else source

    @contextmanager
    def watching() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_c: Any, _cursor: Any, text: str, *_: Any) -> None:
            seen.append(text)

        event.listen(engine, "before_cursor_execute", note)
        connected = _watch_raw(engine, seen)
        try:
            yield seen
        finally:
            event.remove(engine, "before_cursor_execute", note)
            event.remove(engine, "checkout", connected)

    return watching()


def _watch_raw(engine: Any, seen: list[str]) -> Any:
    from sqlalchemy import event

    def checkout(*_: Any) -> None:
        seen.append("a connection was taken")

    event.listen(engine, "checkout", checkout)
    return checkout
