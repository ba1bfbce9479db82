"""The settings under which every feature there is is on."""

from __future__ import annotations

from typing import Any

from flask_identity import catalog

EVERY_SWITCH: dict[str, Any] = {
    f"IDENTITY_{feature.switch}": True for feature in catalog.features() if feature.switch is not None
} | {"IDENTITY_THROTTLE": False, "IDENTITY_BASE_URL": "http://localhost", "IDENTITY_MAIL_URL": "memory:"}
