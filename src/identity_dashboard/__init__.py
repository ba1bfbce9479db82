"""The dashboard: a ready-to-run application for managing people, built on Flask-Identity."""

from __future__ import annotations

from .app import create_app

__all__ = ["create_app"]
