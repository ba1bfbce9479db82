"""The store on SQLAlchemy."""

from __future__ import annotations

from .store import SQLAlchemyStore

__all__ = ["SQLAlchemyStore"]
