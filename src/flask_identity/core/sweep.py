"""Remove what has run out: sessions, links, locks and counts that nobody can use any more."""

from __future__ import annotations

import random
from contextlib import suppress

from ..base.clock import epoch, micros
from ..base.errors import Unavailable
from ..base.ports import Kind, Store
from . import activity

ONE_IN = 100


def sweep(store: Store) -> None:
    """Remove rows that have expired. Without it a stream of invented names would fill the table (A-065)."""
    # Whoever happens to do this must not fail because of it.
    with suppress(Unavailable):
        for kind in (Kind.THROTTLE, Kind.SESSION, Kind.ONE_TIME, Kind.INVITATION):
            store.remove(kind, {"expires_at__lt": epoch()})


def sweep_activity(store: Store, keep_for: int) -> None:
    """Remove what happened longer ago than `keep_for` seconds."""
    with suppress(Unavailable):
        store.remove(Kind.ACTIVITY, {"id__lt": activity.bound(micros() - keep_for * 1_000_000)})


def sweep_sometimes(store: Store) -> None:
    """Sweep at one call in a hundred: where rows are made, so that removing keeps pace with making."""
    if drawn():
        sweep(store)


def drawn() -> bool:
    """Say of one call in a hundred that it is the one to sweep."""
    return random.randrange(ONE_IN) == 0  # noqa: S311 - who sweeps is no secret
