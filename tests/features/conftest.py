from __future__ import annotations

import pytest

from tests.support.fixtures import build, hashes, orm, site, site_on_each

__all__ = ["build", "hashes", "orm", "site", "site_on_each"]


@pytest.fixture
def root_on_each(site_on_each):
    """An administrator's client, on every ORM and database."""
    return site_on_each.signed_in("root@example.com", roles=["admin"])


@pytest.fixture
def root_here(site):
    """An administrator's client."""
    return site.signed_in("root@example.com", roles=["admin"])
