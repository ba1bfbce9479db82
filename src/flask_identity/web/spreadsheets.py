"""Files for spreadsheets, sent while they are read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from flask import Response, stream_with_context

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")


def plain(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def file(name: str, columns: Sequence[str], pages: Iterable[Iterable[Sequence[Any]]]) -> Response:
    """Return a file of comma-separated values (RFC 4180).

    Args:
        name: What it is called.
        columns: The heading.
        pages: The rows, page by page; each is sent before the next is read. A cell that people may have written has to
            be made `plain`.
    """

    def lines() -> Iterator[str]:
        yield _written([columns])
        for page in pages:
            yield _written(page)

    answer = Response(stream_with_context(lines()), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _written(rows: Iterable[Sequence[Any]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
