"""Checks of the database against the models."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...base.survey import Survey
from .findings import Finding, fail, ok, warn

_APART, _FAR_APART = 5, 60  # seconds


def checks(found: Survey) -> Iterator[Finding]:
    """Yield what there is to say of the database."""
    yield from _schema(found)
    yield from _comparisons(found)
    yield _clock(found)


def tables_are_there(found: Survey) -> bool:
    """Say whether people can be asked about at all."""
    return not found.missing_tables and not found.missing_columns


def _schema(found: Survey) -> Iterator[Finding]:
    advice = "apply the migrations that are waiting, or write one"
    if found.missing_tables:
        yield fail("schema", f"{_named('Table', found.missing_tables)} missing: {advice}.")
    if found.missing_columns:
        yield fail("schema", f"{_named('Column', found.missing_columns)} missing: {advice}.")
    if found.too_short:
        yield fail("schema", f"{_named('Column', found.too_short)} shorter than in the models: {advice}.")
    if found.missing_indexes:
        yield warn("schema", f"{_named('Index', found.missing_indexes)} missing, so reading gets slow: {advice}.")
    if not (found.missing_tables or found.missing_columns or found.too_short or found.missing_indexes):
        yield ok("schema", "The tables are those of the models.")


def _comparisons(found: Survey) -> Iterator[Finding]:
    if not found.email_is_unique and not found.missing_tables:
        yield fail("addresses", "Nothing keeps two accounts from one address: add a unique index on it.")
    for column, how in found.folding.items():
        told = f"{column} is compared by {how}, to which look-alikes are equal: give the column a binary collation."
        yield fail("collations", told) if column.endswith(".email") else warn("collations", told)
    for column, letters in found.few_letters.items():
        yield warn("collations", f"{column} has the character set {letters}: convert the table to utf8mb4.")
    if not (found.folding or found.few_letters):
        yield ok("collations", "Names are compared byte by byte.")


def _clock(found: Survey) -> Finding:
    apart = abs(found.ahead)
    says = f"The database's clock is {apart:.1f} s {'ahead' if found.ahead > 0 else 'behind'}"
    if apart >= _FAR_APART:
        return fail("clock", f"{says}: set both machines' clocks by NTP.")
    if apart >= _APART:
        return warn("clock", f"{says}: set both machines' clocks by NTP.")
    return ok("clock", "The database's clock and this machine's agree.")


def _named(what: str, names: Sequence[str]) -> str:
    if len(names) == 1:
        return f"{what} {names[0]} is"
    plural = "Indexes" if what == "Index" else f"{what}s"
    return f"{plural} {', '.join(names)} are"
