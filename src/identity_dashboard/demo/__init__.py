"""Invented people, so that there is something to look at."""

from __future__ import annotations

from .filling import fill

__all__ = ["fill"]
