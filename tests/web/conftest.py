from __future__ import annotations

from tests.support.fixtures import build, hashes, site, site_on_each

__all__ = ["build", "hashes", "site", "site_on_each"]
