"""The roles that somebody can be given."""

from __future__ import annotations

from time import monotonic
from weakref import WeakKeyDictionary

from flask import Flask, current_app

from ..base.ports import Kind
from ..base.roles import ADMIN, USER
from .current import services
from .faces import role_label
from .language import say

_KEPT = 60  # seconds; the list of people has three statements, and roles hardly ever change
_MOST_ROLES = 200
_roles: WeakKeyDictionary[Flask, tuple[float, tuple[str, ...]]] = WeakKeyDictionary()


def role_choices(*also: str | None) -> list[tuple[str, str]]:
    """Return the roles there are to choose from with what they are called, the two every application has first.

    Args:
        *also: Names that must be among them, such as the one chosen now.
    """
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    read, names = _roles.get(app, (0.0, ()))
    if not names or monotonic() - read > _KEPT:
        names = tuple(row.name for row in services.store.page(Kind.ROLE, {}, order="name", limit=_MOST_ROLES))
        _roles[app] = monotonic(), names
    return [(name, role_label(name, say)) for name in dict.fromkeys((USER, ADMIN, *names, *filter(None, also)))]
