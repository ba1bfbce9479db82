"""What an answer depends on, for whoever keeps it."""

from __future__ import annotations

from flask import Response


def vary(response: Response, *names: str) -> Response:
    """Add names of request headers to Vary; in one line, since Flask and werkzeug look at the first alone."""
    # The set that `response.vary` makes costs several times as much, and every answer to somebody comes by here.
    kept = response.headers.get("Vary")
    if kept is None:
        response.headers.add("Vary", ", ".join(names))
        return response
    known = {each.strip().lower() for each in kept.split(",")}
    missing = [name for name in names if name.lower() not in known]
    if missing and "*" not in known:
        response.headers["Vary"] = ", ".join([kept, *missing])
    return response
