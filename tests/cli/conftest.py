from __future__ import annotations

from tests.support.fixtures import build, orm, site

__all__ = ["build", "orm", "site"]
