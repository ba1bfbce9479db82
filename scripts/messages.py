"""Write every text of the pages, and of the refusals they show, into translations/flask_identity.pot."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

from flask_identity import catalog
from flask_identity.base.errors import IdentityRefusal

SOURCE = Path(__file__).resolve().parent.parent / "src/flask_identity"
TARGET = SOURCE / "translations/flask_identity.pot"
METHODS = [("templates/**.html", "jinja2"), ("web/**.py", "python"), ("features/**.py", "python")]


def refusals(kind: type[IdentityRefusal] = IdentityRefusal) -> Iterator[str]:
    """Yield the sentence of each refusal."""
    yield kind.message
    for each in kind.__subclasses__():
        yield from refusals(each)


def main() -> None:
    """Collect and write."""
    found = Catalog(project="Flask-Identity", charset="utf-8")
    for name, _, message, comments, context in extract_from_dir(SOURCE, METHODS):
        found.add(message, None, [(name, 0)], auto_comments=comments, context=context)
    for text in refusals():
        found.add(text, None, [("base/errors.py", 0)])
    for feature in catalog.features():
        for link in feature.links:
            found.add(link.label, None, [(f"features/{feature.name}", 0)])
    with TARGET.open("wb") as file:
        write_po(file, found, sort_output=True, include_lineno=False, omit_header=True, width=120)
    print(f"{TARGET.name}: {len(found)} texts")


if __name__ == "__main__":
    main()
