"""The name and the picture of who is looking, for the menu of the account."""

from __future__ import annotations

from time import monotonic
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from flask import Flask, current_app

from ..base.errors import IdentityRefusal
from ..base.ports import Kind
from ..core.principal import Principal
from .current import state
from .payload import image_url

_KEPT = 60  # seconds; lists have three statements, and a name or a picture hardly ever changes
_MOST = 1000
_faces: WeakKeyDictionary[Flask, dict[str | None, tuple[float | None, Face]]] = WeakKeyDictionary()


class Face(NamedTuple):
    """How somebody is shown: a name and the path of a small picture, each empty where there is none."""

    name: str
    image: str


def own_face(who: Principal, shown: Any = None) -> Face:
    """Return how who is looking is shown. Read at most once a minute, since most pages need nothing else of it.

    It is kept by session and not by user: a database may give the id of who was deleted to the next who comes.

    Args:
        who: They.
        shown: Their profile where the page has it anyhow, as `profile_payload` gives it.
    """
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    faces = _faces.setdefault(app, {})
    read, face = faces.get(who.session_id, (None, Face("", "")))
    if shown is not None:
        face = _face(shown["full_name"], shown["image"])
    elif who.session_id is None or read is None or monotonic() - read > _KEPT:
        try:
            profile = state().services.store.first(Kind.PROFILE, {"user_id": who.id})
        except IdentityRefusal:
            return face  # what is on the page counts, and this does not
        face = _face(getattr(profile, "full_name", None), getattr(profile, "image", None))
    else:
        return face
    if len(faces) >= _MOST:
        faces.clear()
    faces[who.session_id] = monotonic(), face
    return face


def _face(name: str | None, image: str | None) -> Face:
    return Face(name or "", image_url(image, small=True) or "")
