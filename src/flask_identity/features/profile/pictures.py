"""Show a picture to whoever has its URL."""

from __future__ import annotations

import logging

from flask import Response, request

from ...base.image_errors import ImagesAway
from ...base.texts import Sentence
from ...images import names
from ...web.current import services
from ...web.language import say, speaks

_NO_SUCH_PICTURE = Sentence("There is no such picture.")
_A_YEAR = 31_536_000  # seconds
# A picture is a file written here, but the server it lies on is somebody else's: nothing in it is ever run (S-104).
_HEADERS = {
    "Cache-Control": f"public, max-age={_A_YEAR}, immutable",
    "Content-Disposition": 'inline; filename="picture.webp"',
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
_log = logging.getLogger("flask_identity")


def show(name: str) -> Response:
    """Return the picture of a name; no SQL, no cookie, and the same for everybody."""
    store = services.images
    if store is None or not names.NAME.fullmatch(name):
        return _plain(_NO_SUCH_PICTURE, 404)
    try:
        data = store.read(name)
    except ImagesAway as away:
        answer = _plain(away.message, 503)
        answer.headers["Retry-After"] = "5"
        return answer
    if data is None:
        return _plain(_NO_SUCH_PICTURE, 404)
    if not (data.startswith(b"RIFF") and data[8:12] == b"WEBP"):
        _log.error("what lies under the name of a picture is none")
        return _plain(_NO_SUCH_PICTURE, 404)
    answer = Response(data, headers=_HEADERS, mimetype="image/webp")
    answer.set_etag(name.removesuffix(".webp"))  # a name never gets another content
    answer.make_conditional(request)
    return answer


def _plain(words: str, status: int) -> Response:
    answer = Response(f"{say(words)}\n", status, {"X-Content-Type-Options": "nosniff"}, mimetype="text/plain")
    return speaks(answer)
