from __future__ import annotations

import pytest

from tests.support.fixtures import build, hashes, site, site_on_each

__all__ = ["build", "hashes", "site", "site_on_each"]


@pytest.fixture
def orm() -> str:
    """The rules of the core do not depend on the ORM, so one of them is enough here."""
    return "plain"
