"""Administrators: list people, suspend and activate them."""

from __future__ import annotations

from ...base.errors import LastAdmin, NotFound, OwnAccount, SortNotOffered
from ...web.feature import Feature, Link, Route, Who
from . import answers, api, inputs, pages

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
            "PUT", "/update_status", Who.ADMIN, api=api.update_status, takes=inputs.UpdateStatus,
            gives=answers.StatusSet, refuses=SETTING,
        ),
        Route(
            "POST", "/users/<id>/status", Who.ADMIN, page=pages.update_status, takes=inputs.StatusForm,
            refuses=SETTING,
        ),
    ),
    links=(Link("Users", "user_list", Who.ADMIN, "users", "workspace"),),
)  # fmt: skip
