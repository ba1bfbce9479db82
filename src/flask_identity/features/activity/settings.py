"""Settings of what happened."""

from __future__ import annotations

from dataclasses import dataclass

from ...base.settings import Settings, setting


@dataclass(frozen=True)
class ActivitySettings(Settings):
    activity_for: int = setting(31_536_000, "Seconds for which is kept what happened to accounts.", minimum=3600)
