"""Print one of the generated pages: `settings` (where nothing is said) or `http`."""

from __future__ import annotations

import sys

from . import http_page, settings_page

PAGES = {"settings": settings_page, "http": http_page}


def main(name: str) -> str:
    """Return the page of a name.

    Raises:
        SystemExit: where there is none.
    """
    if name not in PAGES:
        raise SystemExit(f"There is no page {name!r}: say one of {', '.join(PAGES)}.")
    return PAGES[name]()


if __name__ == "__main__":
    print(main(sys.argv[1] if len(sys.argv) > 1 else "settings"), end="")
