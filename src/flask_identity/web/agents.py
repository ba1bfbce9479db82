"""A user agent in words: `Firefox on Windows`. Good enough to recognise one's own device; decides nothing."""

from __future__ import annotations

from collections.abc import Callable

_PROGRAMS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def label(agent: str, _: Callable[[str], str] = str) -> str:
    """Return what a person would call the program that named itself so, in the language that `_` speaks."""
    program = next((name for sign, name in _PROGRAMS if sign in agent), None)
    system = next((name for sign, name in _SYSTEMS if sign in agent), None)
    if program is None:
        return agent.split("/")[0].strip()[:40] or _("Unknown program")
    if system is None:
        return program
    return _("%(program)s on %(system)s") % {"program": program, "system": system}
