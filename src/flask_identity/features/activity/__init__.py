"""What happened: to one's own account, and for administrators to everybody's."""

from __future__ import annotations

from ...core.throttle import Limit
from ...web.feature import Feature, Link, Route, Who
from . import answers, export, inputs, pages, recording
from .settings import ActivitySettings

EXPORT_PER_ADDRESS = Limit("audit_log_export", per_address=20)

FEATURE = Feature(
    "activity",
    doc="Keep what happens to accounts, and show it: to each person their own, to administrators all of it.",
    switch="ACTIVITY",
    default=False,
    settings=ActivitySettings,
    routes=(
        Route(
            *("GET", "/activity", Who.SIGNED_IN),
            page=pages.show_own,
            api=pages.read_own,
            takes=inputs.Page,
            gives=answers.Events,
        ),
        Route(
            *("GET", "/audit_log", Who.ADMIN),
            page=pages.show_log,
            api=pages.read_log,
            takes=inputs.Log,
            gives=answers.Events,
        ),
        Route(
            *("GET", "/audit_log.csv", Who.ADMIN),
            page=export.export,
            api=export.export,
            takes=inputs.Filters,
            media="text/csv",
            limit=EXPORT_PER_ADDRESS,
        ),
    ),
    phases=recording.phases,
    connect=recording.connect,
    links=(
        Link("Audit log", "audit_log", Who.ADMIN, "history", "workspace"),
        Link("Activity", "activity", icon="activity"),
    ),
)
