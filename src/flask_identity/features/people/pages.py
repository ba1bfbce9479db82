"""The door for people."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Response

from ...core import administration
from ...web.arrival import left, signed_in
from ...web.current import services, state
from ...web.redirects import safe_next
from ...web.replies import go, page, to
from . import actions, bulk, person
from .inputs import Back, BulkForm, Everywhere, Listing, StatusForm


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
    administration.set_status(services, signed_in(), services.store.user_id(id), given.status, given.reason)
    back = safe_next(given.back)
    return to(back) if back else go("user_list")


def change_many(given: BulkForm) -> Response:
    """Do one thing to many people, without JavaScript: ask before deleting, then say what was done."""
    wanted, back = given.wanted(), safe_next(given.back)
    if given.action == "delete" and not given.confirmed:
        bulk.check(services, wanted)
        return page("people/bulk_delete.html", given=given, back=back)
    found = bulk.change(services, signed_in(), wanted, confirmation=state().confirmation)
    return page("people/bulk.html", given=given, found=found, back=back)


def show_person(id: str) -> Response:
    """Show a person: account, profile, sessions."""
    user_id, who = services.store.user_id(id), signed_in()
    user, profile, sessions = person.read(services, who, user_id)
    return page("people/person.html", user=user, profile=profile, sessions=sessions, me=who.id)


def end_sessions(id: str) -> Response:
    """End all sessions of a person but the one the request came with."""
    person.end_all(services, signed_in(), services.store.user_id(id))
    return go("users_id", id=id)


def end_session(given: Back, id: str, handle: str) -> Response:
    """End one session of a person and go back to where it was listed."""
    if person.end(services, signed_in(), services.store.user_id(id), handle):
        left()
        return go("login")
    back = safe_next(given.back)
    return to(back) if back else go("users_id", id=id)


def show_sessions(asked: Everywhere) -> Response:
    """Show everybody's sessions."""
    found = person.everywhere(services, signed_in(), asked.q, asked.cursor)

    def link(cursor: str) -> str:
        return "?" + urlencode({**({"q": asked.q} if asked.q else {}), "cursor": cursor})

    return page("people/all_sessions.html", found=found, asked=asked, link=link)
