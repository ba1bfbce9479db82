"""Print one of the generated pages: `settings` (where nothing is said) or `http`."""

from __future__ import annotations

import sys

from . import http_page, settings_page

PAGES = {"settings": settings_page, "http": http_page}

if __name__ == "__main__":
    wanted = sys.argv[1] if len(sys.argv) > 1 else "settings"
    if wanted not in PAGES:
        sys.exit(f"There is no page {wanted!r}: say one of {', '.join(PAGES)}.")
    print(PAGES[wanted](), end="")
