"""What the database made give way is tried once more, where that undoes nothing of the application's.

Databases end a deadlock by rolling one of the transactions back; the other then goes through. A unit of the
application's own may have done things before that only the application can do again, so it is refused instead.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

from ..base.errors import Deadlock
from ..base.ports import Store

P = ParamSpec("P")
S = TypeVar("S", bound=Any)
T = TypeVar("T")


def retried(store: Store, call: Callable[[], T]) -> T:
    """Return what `call` returns; run it once more where a deadlock ended it and nothing was under way before it.

    Raises:
        Deadlock: where something was, or the second try came to the same.
    """
    alone = store.idle()
    try:
        return call()
    except Deadlock:
        if not alone:
            raise
    return call()


def outermost_retried(verb: Callable[Concatenate[S, P], T]) -> Callable[Concatenate[S, P], T]:
    """Make a method of something with a `_store` one that is `retried` where it is the outermost unit."""

    @functools.wraps(verb)
    def tried(self: S, /, *args: P.args, **options: P.kwargs) -> T:
        return retried(self._store, lambda: verb(self, *args, **options))

    return tried
