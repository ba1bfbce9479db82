"""What the environment says, as the application's configuration. There is no other place to configure the dashboard."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from flask_identity import ConfigurationError, settings

from . import database, secret_key

ADMIN_PASSWORD = "IDENTITY_ADMIN_PASSWORD"  # noqa: S105 - the variable's name
"""Read by `db create_admin` alone; it is no setting and never comes into the configuration."""

DEFAULTS: Mapping[str, Any] = {
    "IDENTITY_URL_PREFIX": "",
    "IDENTITY_REGISTERABLE": True,
    "IDENTITY_TRACKABLE": True,
    "IDENTITY_PROFILE": True,
    "IDENTITY_PEOPLE": True,
    "IDENTITY_SESSIONS": True,
    "IDENTITY_API_TOKENS": True,
    "IDENTITY_ACTIVITY": True,
    "IDENTITY_CHANGEABLE": True,
    "IDENTITY_OPENAPI": True,
    # Registration without confirmation tells as much about who has an account.
    "IDENTITY_EMAIL_EXISTS": "public",
}

CONSOLE = "console:"
"""The IDENTITY_MAIL_URL where nothing is said: no mail server is assumed."""
_BASE_URL, _CONFIRMABLE = "IDENTITY_BASE_URL", "IDENTITY_CONFIRMABLE"
_OWN = ("DASHBOARD_INSTANCE", "DASHBOARD_ORM")


@dataclass(frozen=True)
class Configuration:
    """Where the dashboard keeps its files, the ORM it runs on, and the values of `app.config`."""

    instance: Path
    orm: str
    values: Mapping[str, Any]


def read(environ: Mapping[str, str]) -> Configuration:
    """Read the environment.

    Raises:
        ConfigurationError: with one sentence that names the variable and never its value.
    """
    _refuse_unknown(environ)
    orm = environ.get("DASHBOARD_ORM") or "sqlalchemy"
    if orm not in ("sqlalchemy", "pony"):
        raise ConfigurationError("DASHBOARD_ORM must be sqlalchemy or pony.")
    if orm == "pony" and find_spec("pony") is None:
        raise ConfigurationError("DASHBOARD_ORM=pony needs PonyORM: pip install flask-identity[pony].")
    instance = Path(environ.get("DASHBOARD_INSTANCE") or "instance").absolute()
    identity = {name: text for name, text in environ.items() if name.startswith("IDENTITY_") and name != ADMIN_PASSWORD}
    return Configuration(
        instance,
        orm,
        {
            **DEFAULTS,
            # Links in letters lead to one address, so there are none before it is known.
            **({"IDENTITY_RECOVERABLE": True, "IDENTITY_MAIL_URL": CONSOLE} if identity.get(_BASE_URL) else {}),
            # With confirmation, registration tells nothing any more.
            **({"IDENTITY_EMAIL_EXISTS": "signed_in"} if identity.get(_CONFIRMABLE, "").lower() == "true" else {}),
            **_converted(identity),
            "SECRET_KEY": environ.get("SECRET_KEY") or secret_key.kept(instance),
            "SQLALCHEMY_ENGINES": {"default": database.engine_options(environ.get("DATABASE_URL"), instance)},
        },
    )


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    for name in environ:
        if name.startswith("DASHBOARD_") and name not in _OWN:
            near = difflib.get_close_matches(name, _OWN, n=1, cutoff=0.0)[0]
            raise ConfigurationError(f"{name} is not a variable of the dashboard; did you mean {near}?")


def _converted(texts: Mapping[str, str]) -> dict[str, Any]:
    """Give each setting its type. An unknown one stays as it is: the library refuses it and names the nearest."""
    types = {item.key: item.type_name for _, items in settings(later=True) for item in items}
    return {name: _value(name, text, types.get(name, "str")) for name, text in texts.items()}


def _value(name: str, text: str, type_name: str) -> Any:
    if type_name == "bool":
        if text.lower() not in ("true", "false"):
            raise ConfigurationError(f"{name} must be true or false.")
        return text.lower() == "true"
    if type_name == "int":
        try:
            return int(text)
        except ValueError:
            raise ConfigurationError(f"{name} must be a whole number.") from None
    return None if type_name == "str or None" and not text else text
