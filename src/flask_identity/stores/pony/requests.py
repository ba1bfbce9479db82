"""One `db_session` for each request: committed when it succeeds, rolled back when it does not."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, current_app, request
from pony.orm import core, db_session

from ...base.errors import Unavailable
from .faults import outages
from .session import Sessions

_SESSION = "flask_identity.db_session"
_RAISED = "flask_identity.raised"


class Requests:
    """Opens and closes the `db_session` of each request of an application, unless one is active already.

    A request succeeds when it is answered below 400 and nothing was raised, also nothing that an error handler of the
    application turned into an answer. What a unit has committed before stays.
    """

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def join(self, app: Flask) -> None:
        """Put this around all else the application does for a request."""
        app.before_request_funcs.setdefault(None, []).insert(0, _begin)
        app.after_request_funcs.setdefault(None, []).insert(0, self._answer)
        app.teardown_request_funcs.setdefault(None, []).insert(0, _end)
        handle = app.handle_user_exception

        def noted(error: Exception) -> Any:
            request.environ[_RAISED] = True
            return handle(error)

        # An error handler may answer with a page or a redirect, which says nothing of the failure before it.
        app.__dict__["handle_user_exception"] = noted

    def _answer(self, response: Response) -> Response:
        if _SESSION not in request.environ:
            return response
        if response.status_code >= 400 or _RAISED in request.environ:
            self._sessions.roll_back()
            return response
        try:
            # Here, where a failure can still be answered: after it the answer is on its way.
            with outages():
                self._sessions.commit()
        except Unavailable as error:
            self._sessions.roll_back()
            return current_app.make_response(current_app.handle_user_exception(error))
        return response


def _begin() -> None:
    if core.local.db_session is None:
        session = request.environ[_SESSION] = db_session()
        session.__enter__()


def _end(error: BaseException | None) -> None:
    session: Any = request.environ.pop(_SESSION, None)
    if session is not None:
        session.__exit__(type(error) if error is not None else None, error)
