"""Administrators invite people, who make their account by a link that goes to their address."""

from __future__ import annotations

from ...base.errors import Busy, EmailTaken, FreshSignInRequired, UnknownRole, UsernameTaken, WeakPassword
from ...base.link_errors import LinkExpired
from ...base.texts import Sentence
from ...core.throttle import Limit
from ...web.answers import About, Nothing
from ...web.feature import Feature, LetterKind, Link, Route, Who
from . import actions, answers, inputs, pages, receivers

ACCEPT = Limit("accept_invitation", per_address=20)

FEATURE = Feature(
    "invitations",
    doc="Let administrators invite people, who make their account by a link in a letter; where letters can be sent.",
    with_any=("PEOPLE",),
    with_mail=True,
    needs=("email", "password"),
    routes=(
        Route(
            "GET", "/invitations", Who.ADMIN, page=pages.show, api=pages.read, takes=inputs.Listing,
            gives=answers.Invitations,
        ),
        Route(
            "POST", "/invitations", Who.ADMIN, page=pages.invite_by_form, api=pages.invite, takes=inputs.Invite,
            form=pages.again, gives=answers.Invited, refuses=(EmailTaken, FreshSignInRequired, UnknownRole),
        ),
        Route("DELETE", "/invitations/<handle>", Who.ADMIN, api=pages.take_back, gives=Nothing),
        Route("POST", "/invitations/<handle>", Who.ADMIN, page=pages.take_back_by_form),
        Route(
            "GET", "/accept_invitation/<token>", Who.ANYONE, page=pages.show_accept, api=pages.works,
            gives=answers.Works, refuses=(LinkExpired,),
        ),
        Route(
            "POST", "/accept_invitation/<token>", Who.ANYONE, page=pages.accept_by_form, api=pages.accept,
            takes=pages.wanted, form=pages.accept_again, limit=ACCEPT, gives=About,
            refuses=(EmailTaken, LinkExpired, UsernameTaken, WeakPassword, Busy),
        ),
    ),
    connect=receivers.connect,
    links=(Link("Invitations", "invitations", Who.ADMIN, "mail", "workspace"),),
    letters=(LetterKind(actions.LETTER, Sentence("You are invited"), actions.draft),),
)  # fmt: skip
