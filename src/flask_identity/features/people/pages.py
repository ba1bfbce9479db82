"""The door for people."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Response, request, url_for

from ...core import administration
from ...models.behaviour import role_name
from ...web.arrival import left, signed_in
from ...web.current import services, state
from ...web.payload import profile_payload
from ...web.redirects import safe_next
from ...web.replies import go, page, to
from ...web.role_choices import role_choices
from ...web.vary import vary
from . import actions, bulk, listed, person
from .inputs import Back, BulkForm, Everywhere, Listing, StatusForm


def show(asked: Listing) -> Response:
    """Show a page of people; where a script fetches it anew, the list alone."""
    asked = listed.remembered(asked)
    found = actions.listing(services, asked, confirmation=state().confirmation)
    shown: dict[str, Any] = {"found": found, "asked": asked, "link": listed.linker(asked), "me": signed_in().id}
    shown |= {"current": listed.order(asked), "sorts": listed.sorts(asked)}
    shown["export"] = url_for("identity.user_list_csv") + listed.export_query(asked)
    if "X-Fragment" in request.headers:
        answer = page("people/_users.html", **shown)
    else:
        shown["keeps_pictures"] = services.images is not None
        answer = page("people/user_list.html", **shown, roles=role_choices(asked.role))
    return listed.remember(vary(answer, "X-Fragment"), asked)


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
    shown = {"user": user, "profile": profile_payload(profile), "sessions": sessions, "me": who.id}
    shown |= {"roles": role_choices(role_name(user)), "keeps_pictures": services.images is not None}
    shown["tokens"] = person.tokens(services, user_id) if state().on("api_tokens") else None
    shown["events"] = person.events(services, user_id) if state().on("activity") else None
    return page("people/person.html", **shown)


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
