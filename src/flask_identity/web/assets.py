"""Files that pages load: their URLs change with their content, so that browsers keep each for good."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Response, request, url_for

FOLDER = Path(__file__).resolve().parent.parent / "static"
_FOR_GOOD = "public, max-age=31536000, immutable"


def static_url(name: str) -> str:
    """Return the URL of one of the library's files, such as `fi.css`, with a hash of what is in it."""
    return url_for("identity.static", filename=name, v=_version(name))


def keep_for_good(response: Response) -> Response:
    """Let browsers keep a file that was asked for with the hash it has; any other is asked for again each time."""
    if request.endpoint == "identity.static" and response.status_code in (200, 304):
        asked = request.args.get("v")
        if asked and asked == _version((request.view_args or {})["filename"]):
            response.headers["Cache-Control"] = _FOR_GOOD
    return response


def _version(name: str) -> str:
    path = FOLDER / name
    return _hashed(path, path.stat().st_mtime_ns)  # whoever edits a file sees it at once


@lru_cache(maxsize=256)
def _hashed(path: Path, _changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
