"""A user agent in words: `Firefox on Windows`. Good enough to recognise one's own device; decides nothing."""

from __future__ import annotations

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


def label(agent: str) -> str:
    """Return what a person would call the program that named itself so."""
    program = next((name for sign, name in _PROGRAMS if sign in agent), None)
    system = next((name for sign, name in _SYSTEMS if sign in agent), None)
    if program is None:
        return agent.split("/")[0].strip()[:40] or "Unknown program"
    return f"{program} on {system}" if system else program
