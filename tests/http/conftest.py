from __future__ import annotations

from tests.support.fixtures import build, hashes, orm, site, site_on_each

__all__ = ["build", "hashes", "orm", "site", "site_on_each"]
