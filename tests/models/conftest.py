"""Sites that are closed when the test is over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.models.sites import Site, plain_site


@pytest.fixture
def site_of(sqlite_url: str) -> Iterator[Callable[..., Site]]:
    """Makes an application around a user and a role class, on an SQLite file unless `url` says otherwise."""
    with ExitStack() as stack:

        def make(user: Any, role: Any, *, url: str = sqlite_url, **options: Any) -> Site:
            return stack.enter_context(plain_site(url, user, role, **options))

        yield make
