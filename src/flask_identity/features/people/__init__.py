"""Administrators: list people, suspend and activate them."""

from __future__ import annotations

from ...base.errors import FreshSignInRequired, LastAdmin, NotFound, OwnAccount, SortNotOffered, UnknownRole
from ...web.feature import Feature, Link, Route, Who
from . import answers, api, export, inputs, pages

SETTING = (LastAdmin, NotFound, OwnAccount)

FEATURE = Feature(
    "people",
    doc="Let administrators list, suspend and activate people.",
    switch="PEOPLE",
    default=False,
    routes=(
        Route(
            "GET", "/user_list", Who.ADMIN, page=pages.show, api=api.listing, takes=inputs.Listing,
            gives=answers.Listed, refuses=(SortNotOffered,),
        ),
        Route(
            "GET", "/user_list.csv", Who.ADMIN, page=export.export, api=export.export, takes=inputs.Filters,
            media="text/csv", refuses=(SortNotOffered,),
        ),
        Route(
            "POST", "/user_list.csv", Who.ADMIN, page=export.export_chosen, api=export.export_chosen,
            takes=inputs.Chosen, media="text/csv",
        ),
        Route(
            "PUT", "/update_status", Who.ADMIN, api=api.update_status, takes=inputs.UpdateStatus,
            gives=answers.StatusSet, refuses=SETTING,
        ),
        Route(
            "POST", "/users/<id>/status", Who.ADMIN, page=pages.update_status, takes=inputs.StatusForm,
            refuses=SETTING,
        ),
        Route(
            "POST", "/users/bulk", Who.ADMIN, page=pages.change_many, api=api.change_many, takes=inputs.Bulk,
            takes_form=inputs.BulkForm, gives=answers.Changed, refuses=(FreshSignInRequired, UnknownRole),
        ),
        Route("GET", "/users/<id>", Who.ADMIN, page=pages.show_person),
        Route(
            "POST", "/users/<id>/sessions/end", Who.ADMIN, page=pages.end_sessions, api=api.end_sessions,
            gives=answers.SessionsEnded,
        ),
        Route("POST", "/users/<id>/sessions/<handle>/end", Who.ADMIN, page=pages.end_session, takes=inputs.Back),
        Route("GET", "/all_sessions", Who.ADMIN, page=pages.show_sessions, takes=inputs.Everywhere),
    ),
    links=(
        Link("Users", "user_list", Who.ADMIN, "users", "workspace"),
        Link("All sessions", "all_sessions", Who.ADMIN, "device-desktop", "workspace"),
    ),
)  # fmt: skip
