"""What the database made give way is tried once more, where that undoes nothing of the application's.

Databases end a deadlock by rolling one of the transactions back; the other then goes through. A unit of the
application's own may have done things before that only the application can do again, so it is refused instead.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from ..base.clock import give_way
from ..base.errors import Deadlock
from ..base.ports import Store

P = ParamSpec("P")
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
    give_way()
    return call()


def outermost_retried(verb: Callable[P, T]) -> Callable[P, T]:
    """Make a verb `retried` where it is the outermost unit. Its first argument is `Services`, or has a `_store`."""

    @functools.wraps(verb)
    def tried(*args: P.args, **options: P.kwargs) -> T:
        owner: Any = args[0]
        store: Store = owner.store if hasattr(owner, "store") else owner._store
        return retried(store, lambda: verb(*args, **options))

    return tried
