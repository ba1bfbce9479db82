"""Write every text that people see into translations/flask_identity.pot, and bring every language up to date with it.

A text that is gone goes, a new one stands in each `.po` without a translation until somebody writes it there; run this
again after that. The compiled `.mo` are part of the repository: an installation needs no tool to have them.
"""

from __future__ import annotations

import io
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).resolve().parent.parent / "src/flask_identity"
FOLDER = SOURCE / "translations"
TEMPLATE = FOLDER / "flask_identity.pot"
METHODS = [("templates/**.html", "jinja2"), ("**.py", "python")]
KEYWORDS = {**DEFAULT_KEYWORDS, "Sentence": None, "Link": None, "PydanticCustomError": (2,)}
WIDTH = 120


def collected() -> Catalog:
    """Return every text of the source, sorted by where it stands."""
    found = Catalog(project="Flask-Identity", charset="utf-8")
    for name, _, message, comments, context in extract_from_dir(SOURCE, METHODS, keywords=KEYWORDS):
        found.add(message, None, [(name, 0)], auto_comments=comments, context=context)
    return found


def template(found: Catalog) -> bytes:
    """Return what stands in the `.pot`."""
    file = io.BytesIO()
    write_po(file, found, sort_output=True, include_lineno=False, omit_header=True, width=WIDTH)
    return file.getvalue()


def language(path: Path) -> Catalog:
    """Return what stands in a `.po`."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name, abort_invalid=True)


def written(found: Catalog) -> bytes:
    """Return a language as its `.po` has it."""
    file = io.BytesIO()
    write_po(file, found, sort_output=True, include_lineno=False, ignore_obsolete=True, width=WIDTH)
    return file.getvalue()


def compiled(found: Catalog) -> bytes:
    """Return a language as its `.mo` has it."""
    file = io.BytesIO()
    write_mo(file, found)
    return file.getvalue()


def main() -> None:
    """Collect, write and compile."""
    found = collected()
    TEMPLATE.write_bytes(template(found))
    print(f"{TEMPLATE.name}: {len(found)} texts")
    for path in sorted(FOLDER.glob("*/LC_MESSAGES/flask_identity.po")):
        catalog = language(path)
        catalog.update(found, no_fuzzy_matching=True, update_creation_date=False)
        path.write_bytes(written(catalog))
        path.with_suffix(".mo").write_bytes(compiled(catalog))
        missing = sum(1 for each in catalog if each.id and not each.string)
        print(f"{catalog.locale_identifier}: {missing or 'no'} texts without a translation")


if __name__ == "__main__":
    main()
