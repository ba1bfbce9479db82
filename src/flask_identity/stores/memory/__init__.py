"""The store in memory, for tests of applications and of the core."""

from __future__ import annotations

from .rows import MemoryProfile, MemoryRole, MemoryUser
from .store import MemoryStore

__all__ = ["MemoryProfile", "MemoryRole", "MemoryStore", "MemoryUser"]
