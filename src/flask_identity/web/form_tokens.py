"""Applications that run Flask-WTF's CSRFProtect: it asks every view for a form token, and ours have none.

Their unsafe requests are checked by `same_origin` instead, each of them.
"""

from __future__ import annotations

from flask import Blueprint, Flask

_EXTENSION = "csrf"


def spare(app: Flask, blueprint: Blueprint) -> None:
    """Take the library's routes out of the application's CSRFProtect, whichever of the two comes first."""
    if _spared(app, blueprint):
        return

    def once() -> None:
        # CSRFProtect, where there is one, came later, so this runs before its check. The list is replaced, not
        # changed: this very request is walking along the old one.
        app.before_request_funcs[None] = [each for each in app.before_request_funcs[None] if each is not once]
        _spared(app, blueprint)

    app.before_request(once)


def _spared(app: Flask, blueprint: Blueprint) -> bool:
    protect = app.extensions.get(_EXTENSION)
    if protect is None:
        return False
    protect.exempt(blueprint)
    return True
