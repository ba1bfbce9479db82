"""The columns of each kind by attribute name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...base.ports import Kind
from ...models.sqlalchemy.tables import Tables, mapped_columns


class Columns(dict[Kind, Mapping[str, Any]]):
    """The columns of each kind by attribute name; those of the user-role table are looked at when first asked for."""

    def __init__(self, tables: Tables, classes: Mapping[Kind, Any]) -> None:
        super().__init__({kind: mapped_columns(cls) for kind, cls in classes.items()})
        own = {
            Kind.SESSION: tables.session,
            Kind.THROTTLE: tables.throttle,
            Kind.ACTIVITY: tables.activity,
            Kind.ONE_TIME: tables.one_time,
            Kind.MAIL: tables.mail,
            Kind.INVITATION: tables.invitation,
        }
        self.update((kind, dict(table.c.items())) for kind, table in own.items())
        self._tables = tables

    def __missing__(self, kind: Kind) -> Mapping[str, Any]:
        self[kind] = self._tables.membership_columns()
        return self[kind]

    def table(self, kind: Kind) -> Any:
        """Return the table of a kind."""
        return next(iter(self[kind].values())).table
