"""Every feature by name, in the order of their sign-in steps."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from .base.settings import Described, Settings, describe
from .core.lockout import LockoutSettings
from .core.outbox import MailSettings
from .core.services import PasswordSettings, ThrottleSettings
from .core.sessions import SessionSettings
from .web.current import WebSettings
from .web.feature import Feature

NAMES = (
    "overview",
    "people",
    "invitations",
    "profile",
    "security",
    "password",
    "register",
    "confirm_email",
    "change_password",
    "recover",
    "edit_user",
    "address_check",
    "tracking",
    "sessions",
    "api_tokens",
    "activity",
    "language",
    "openapi",
)

ALWAYS: tuple[type[Settings], ...] = (
    *(WebSettings, PasswordSettings, SessionSettings, ThrottleSettings, LockoutSettings),
    MailSettings,
)
"""Settings of what every application has."""

LATER = (Described("IDENTITY_REDIS_URL", "str or None", None, "", (), True),)
"""Settings of what is not in this version, with the values that ask for none of it."""


def load(name: str) -> Feature:
    """Import a feature by name; its input models cost an import of pydantic, so not before it is wanted."""
    feature: Feature = import_module(f".features.{name}", __package__).FEATURE
    return feature


def features() -> list[Feature]:
    """Return all features, in order."""
    return [load(name) for name in NAMES]


def switch(feature: Feature) -> Described:
    """Return the setting that turns a feature on."""
    return Described(f"IDENTITY_{feature.switch}", "bool", feature.default, feature.doc, (), False)


def settings(*, later: bool = False) -> Iterator[tuple[str, list[Described]]]:
    """Yield every setting there is, under a heading each; with `later` also those that can only be off."""
    every = features()
    yield "Features", [switch(feature) for feature in every if feature.switch is not None]
    for cls in (*ALWAYS, *(feature.settings for feature in every if feature.settings is not None)):
        yield cls.__name__.removesuffix("Settings"), list(describe([cls]))
    if later:
        yield "Not part of this version", list(LATER)
