"""The store on PonyORM."""

from __future__ import annotations

from .store import PonyStore

__all__ = ["PonyStore"]
