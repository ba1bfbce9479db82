"""The generated pages of the documentation: `python -m flask_identity.reference http > docs/http-api.md`."""

from __future__ import annotations

from .http import http_page
from .settings import settings_page

__all__ = ["http_page", "settings_page"]
