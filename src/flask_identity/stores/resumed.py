"""Who is calling, from the rows of the one SELECT that both ORMs make: a row for each role, or one without any.

Each row has all there is to know but the other roles. Putting the roles together is left to us: a database that does
it in the statement is slower, and MariaDB writes a temporary table to disk for it, at each request.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..base.ports import Resumed

FIELD = "\x1f"
"""Between the name, the rank and the permissions of a role."""

_ROW = "\x1e"


def resumed(rows: Sequence[Any], convert: Callable[[Any], Any] | None) -> Resumed | None:
    """Return the session that the rows tell of, None where there are none.

    Args:
        rows: In the order of the fields of `Resumed`; of its roles each row has one.
        convert: Makes the user's key of what the driver returned; None where it is that.
    """
    if not rows:
        return None
    row = rows[0]
    roles = row[13] if len(rows) == 1 else _ROW.join(sorted([each[13] for each in rows if each[13]]))
    return Resumed(
        *(row[0], row[1], row[2], bool(row[3]), row[4], row[5], row[6], row[7]),
        *(row[8] if convert is None else convert(row[8]), row[9], bool(row[10]), bool(row[11]), row[12] or ""),
        *(roles or "", row[14], row[15] or ""),
    )
