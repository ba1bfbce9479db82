"""Both doors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Response, request, url_for

from ...base.clock import from_epoch
from ...base.errors import FreshSignInRequired, IdentityRefusal
from ...base.link_errors import LinkExpired
from ...base.ports import Row
from ...base.roles import USER
from ...core.sessions import COOKIE
from ...core.sign_in import Ticket
from ...web.arrival import arrived, onward, replaced, signed_in
from ...web.client import client
from ...web.current import services, state
from ...web.inputs import Input, checked
from ...web.payload import moment, payload
from ...web.replies import go, marked, page, to
from ...web.role_choices import role_choices
from ...web.sign_up import own_fields, without_email
from . import actions
from .inputs import Invite, Listing

_FIRST = Listing(limit=25, cursor=None)


def wanted() -> type[Input]:
    """Return the input model of who accepts: this application's sign-up, but for the address."""
    return without_email(state().register)


def read(asked: Listing) -> dict[str, Any]:
    """Return who was invited and has no account yet."""
    found = actions.pending(services, asked)
    rows = [_told(row, found.inviters[row.user_id]) for row in found.rows if row.user_id in found.inviters]
    return {"invitations": rows, "next": found.next}


def show(asked: Listing) -> Response:
    """Show who was invited and has no account yet, and the form to invite somebody."""
    typed = {name: request.args[name] for name in ("email", "role") if name in request.args}
    return _list(asked, typed, sent="sent" in request.args)


def invite(given: Invite) -> dict[str, Any]:
    """Invite somebody: a link goes to the address, and to nobody else."""
    who = signed_in()
    return {"invitation": _told(actions.invite(services, who, given), who)}


def invite_by_form(given: Invite) -> Response:
    """Invite somebody and say that the letter is on its way."""
    actions.invite(services, signed_in(), given)
    return go("invitations", sent="1")


def again(refusal: IdentityRefusal, values: Mapping[str, Any]) -> Response:
    """Show what was wrong; where the password is asked for, go there and come back to what was typed."""
    if isinstance(refusal, FreshSignInRequired) and state().on("password"):
        typed = {name: values[name] for name in ("email", "role") if name in values}
        return go("verify", next=url_for("identity.invitations", **typed))
    return _list(_FIRST, values, refusal=refusal)


def take_back(handle: str) -> dict[str, Any]:
    """Take an invitation back: its link does not work any more."""
    actions.take_back(services, signed_in(), handle)
    return {}


def take_back_by_form(handle: str) -> Response:
    """Take an invitation back, without JavaScript."""
    take_back(handle)
    return go("invitations")


def works(token: str) -> dict[str, Any]:
    """Say which address an invitation is for; it can be accepted still afterwards."""
    return {"email": actions.opened(services, token).email}


def show_accept(token: str) -> Response:
    """Show the form, or say what to do where the link does not work."""
    try:
        return _form(token, works(token)["email"], {})
    except LinkExpired as refusal:
        return marked(_expired(refusal), refusal)


def accept(given: Input, token: str) -> dict[str, Any]:
    """Make the account of an invitation and sign in."""
    return {"user": payload(_enter(given, token))}


def accept_by_form(given: Input, token: str) -> Response:
    """Make the account of an invitation, sign in and lead on."""
    _enter(given, token)
    return to(onward(None))


def accept_again(refusal: IdentityRefusal, values: Mapping[str, Any]) -> Response:
    """Show what was wrong; or that the link does not work, for which nothing else in the form is a remedy."""
    token = (request.view_args or {})["token"]
    try:
        return _form(token, works(token)["email"], values, refusal)
    except LinkExpired as gone:
        return _expired(gone)


def _enter(given: Input, token: str) -> Row:
    sent = given.model_dump(exclude_unset=True, by_alias=True)
    # Once more as a whole: an application's own checks of a sign-up may look at the address, too.
    whole = checked(state().register, {**sent, "email": actions.opened(services, token).email}, strict=False)
    user = actions.accept(services, token, whole, profile=state().on("profile"))
    arrived(services.sign_in.start(user, client(), Ticket(COOKIE, False, replaced())).session)
    return user


def _told(row: Row, inviter: Any) -> dict[str, Any]:
    return {
        "handle": row.id,
        "email": row.email,
        "role": row.role,
        "by": {"id": inviter.id, "email": inviter.email},
        "created_at": moment(from_epoch(row.created_at)),
        "expires_at": moment(from_epoch(row.expires_at)),
    }


def _list(asked: Listing, values: Mapping[str, Any], **more: Any) -> Response:
    found = read(asked)
    following = "?" + urlencode({"limit": asked.limit, "cursor": found["next"]}) if found["next"] else None
    shown: dict[str, Any] = {"found": found, "following": following, "values": {"role": USER, **values}}
    shown["first"] = asked.cursor is None
    return page("invitations/invitations.html", **shown, roles=role_choices(), **more)


def _form(token: str, email: str, values: Mapping[str, Any], refusal: IdentityRefusal | None = None) -> Response:
    shown: dict[str, Any] = {
        "extra": own_fields(state().register),
        "with_name": state().on("profile"),
        "values": values,
    }
    return page("invitations/accept.html", refusal=refusal, token=token, email=email, **shown)


def _expired(refusal: IdentityRefusal) -> Response:
    return page("invitations/expired.html", refusal=refusal)
