"""What a store changes about the connections of a Pony Database."""

from __future__ import annotations

from typing import Any

from pony.orm import core

from ...models.pony.columns import MARIADB, POSTGRES


def prepare(db: Any) -> None:
    """Let every connection work in UTC, and never let one go on with what another began."""
    _in_utc(db)
    _keep_whole(db)


def _keep_whole(db: Any) -> None:
    provider = db.provider
    may_reconnect = provider.should_reconnect

    def should_reconnect(error: Any) -> bool:
        # Pony would run the rest of a transaction on a new connection, and commit that half.
        cache = core.local.db2cache.get(db)
        return not (cache is not None and cache.in_transaction) and bool(may_reconnect(error))

    provider.should_reconnect = should_reconnect


def _in_utc(db: Any) -> None:
    provider = db.provider
    pool = provider.pool
    if provider.dialect == POSTGRES:
        # An option of the connection survives the DISCARD ALL that Pony ends each session with; SET would not.
        options = {**pool.kwargs, "options": f"{_options(pool)} -c timezone=UTC".strip()}
    elif provider.dialect == MARIADB:
        # Pony's default of `utf8` is the one without most of Unicode, such as the names of many people.
        charset = "utf8mb4" if pool.kwargs.get("charset") == "utf8" else pool.kwargs.get("charset")
        options = {**pool.kwargs, "charset": charset}
        db.on_connect(_set_zone)
    else:
        return
    pool.disconnect()
    provider.pool = type(pool)(pool.dbapi_module, *pool.args, **options)


def _options(pool: Any) -> str:
    given = pool.kwargs.get("options")
    if given is None and pool.args:
        from psycopg2.extensions import parse_dsn

        given = parse_dsn(pool.args[0]).get("options")
    return given or ""


def _set_zone(db: Any, connection: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("SET time_zone = '+00:00'")
    cursor.close()
