from __future__ import annotations

from tests.support.fixtures import build, orm

__all__ = ["build", "orm"]
