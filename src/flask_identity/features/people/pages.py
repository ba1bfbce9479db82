"""The door for people."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Response

from ...web.arrival import signed_in
from ...web.current import services, state
from ...web.redirects import safe_next
from ...web.replies import go, page, to
from . import actions
from .inputs import Listing, StatusForm


def show(asked: Listing) -> Response:
    """Show a page of people."""
    found = actions.listing(services, asked, confirmation=state().confirmation)
    kept = {name: value for name, value in asked.model_dump(exclude={"cursor"}).items() if value not in (None, "")}

    def link(**changed: object) -> str:
        query = {name: value for name, value in {**kept, **changed}.items() if value not in (None, "")}
        return "?" + urlencode(query)

    return page("people/user_list.html", found=found, asked=asked, link=link, me=signed_in().id)


def update_status(given: StatusForm, id: str) -> Response:
    """Suspend or activate someone, without JavaScript, and go back to the list."""
    actions.set_status(services, signed_in(), services.store.user_id(id), given.status, given.reason)
    back = safe_next(given.back)
    return to(back) if back else go("user_list")
