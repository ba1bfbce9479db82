"""The two roles every application has."""

from __future__ import annotations

USER = "user"
ADMIN = "admin"
RANKS = {USER: 1, ADMIN: 100}
"""Their ranks. They are made on first need."""
