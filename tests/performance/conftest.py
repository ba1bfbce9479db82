"""An application whose statements are recorded."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.performance.recording import recording
from tests.performance.sites import FLAVOURS, Site, plain


@pytest.fixture(params=FLAVOURS)
def site(request: pytest.FixtureRequest, database_url: str) -> Iterator[Site]:
    """The application on each flavour of SQLAlchemy and each database."""
    with recording() as recorder, FLAVOURS[request.param](database_url, recorder) as made:
        yield made


@pytest.fixture
def plain_site(database_url: str) -> Iterator[Site]:
    """The application on SQLAlchemy alone and each database."""
    with recording() as recorder, plain(database_url, recorder) as made:
        yield made
