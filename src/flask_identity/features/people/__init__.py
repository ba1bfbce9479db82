"""Administrators: list people, suspend and activate them."""

from __future__ import annotations

from ...web.feature import Feature, Link, Route, Who
from . import api, inputs, pages

FEATURE = Feature(
    "people",
    doc="Let administrators list, suspend and activate people.",
    switch="PEOPLE",
    default=False,
    routes=(
        Route("GET", "/user_list", Who.ADMIN, page=pages.show, api=api.listing, takes=inputs.Listing),
        Route("PUT", "/update_status", Who.ADMIN, api=api.update_status, takes=inputs.UpdateStatus),
        Route("POST", "/users/<id>/status", Who.ADMIN, page=pages.update_status, takes=inputs.StatusForm),
    ),
    links=(Link("Users", "user_list", Who.ADMIN, "users", "workspace"),),
)
