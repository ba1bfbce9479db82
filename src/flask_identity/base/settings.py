"""Settings: a frozen dataclass per feature, read once from the application's configuration.

The key of a field follows from the names: field `max_failures` of a class with `PREFIX = "LOCKOUT_"` is
`IDENTITY_LOCKOUT_MAX_FAILURES`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, TypeVar, get_type_hints

from .errors import ConfigurationError

KEY_PREFIX = "IDENTITY_"


@dataclass(frozen=True)
class Settings:
    """Base of every settings class."""

    PREFIX: ClassVar[str] = ""


S = TypeVar("S", bound=Settings)


def setting(
    default: Any,
    doc: str,
    *,
    minimum: int | None = None,
    maximum: int | None = None,
    choices: tuple[str, ...] = (),
    secret: bool = False,
) -> Any:
    """Declare one setting.

    Args:
        default: Its value when the application says nothing.
        doc: Why one would change it, with the unit.
        minimum: Smallest integer accepted.
        maximum: Largest integer accepted.
        choices: The only strings accepted.
        secret: Whether its value is kept out of every listing.
    """
    return field(
        default=default,
        repr=not secret,
        metadata={"doc": doc, "minimum": minimum, "maximum": maximum, "choices": choices, "secret": secret},
    )


@dataclass(frozen=True)
class Described:
    """One setting as listings show it."""

    key: str
    type_name: str
    default: Any
    doc: str
    choices: tuple[str, ...]
    secret: bool


def describe(classes: Iterable[type[Settings]]) -> Iterator[Described]:
    """Yield every setting of `classes`, in the order they are declared."""
    for cls in classes:
        hints = get_type_hints(cls)
        for item in fields(cls):
            meta = item.metadata
            name = getattr(hints[item.name], "__name__", "")
            type_name = name if name in ("bool", "int", "str") else "str or None"
            key = KEY_PREFIX + cls.PREFIX + item.name.upper()
            yield Described(key, type_name, item.default, meta["doc"], meta["choices"], meta["secret"])


def refuse_unknown(config: Mapping[str, Any], known: Iterable[str], later: Iterable[Described] = ()) -> None:
    """Refuse an `IDENTITY_*` key that no setting has.

    Args:
        config: The application's configuration.
        known: The keys there are.
        later: Settings of what is not part of this version; that it is off may be said.

    Raises:
        ConfigurationError: naming the key, and the nearest known one.
    """
    names, off = sorted(known), {item.key: (item.default, *item.choices) for item in later}
    for key, value in config.items():
        if not isinstance(key, str) or not key.startswith(KEY_PREFIX) or key in names:
            continue
        if key in off:
            if value in off[key]:
                continue
            raise ConfigurationError(f"{key} asks for what is not part of this version; leave it out.")
        near = difflib.get_close_matches(key.upper(), names, n=1, cutoff=0.0)
        hint = f"; did you mean {near[0]}?" if near else "."
        raise ConfigurationError(f"{key} is not a setting of Flask-Identity{hint}")


def read(cls: type[S], config: Mapping[str, Any]) -> S:
    """Make a settings object from an application's configuration.

    Raises:
        ConfigurationError: for a value of the wrong type or outside its bounds.
    """
    hints = get_type_hints(cls)
    values: dict[str, Any] = {}
    for item in fields(cls):
        key = KEY_PREFIX + cls.PREFIX + item.name.upper()
        if key in config:
            values[item.name] = _checked(key, config[key], hints[item.name], item.metadata)
    return cls(**values)


def _checked(key: str, value: Any, wanted: Any, meta: Mapping[str, Any]) -> Any:
    allowed = getattr(wanted, "__args__", (wanted,))
    # bool is an int to Python; True seconds is never what anyone meant.
    if type(value) not in allowed:
        expected = " or ".join("None" if kind is type(None) else kind.__name__ for kind in allowed)
        raise ConfigurationError(f"{key} must be {expected}, not {type(value).__name__}.")
    low, high = meta["minimum"], meta["maximum"]
    if isinstance(value, int) and low is not None and value < low:
        raise ConfigurationError(f"{key} must be at least {low}.")
    if isinstance(value, int) and high is not None and value > high:
        raise ConfigurationError(f"{key} must be at most {high}.")
    if meta["choices"] and value not in meta["choices"]:
        raise ConfigurationError(f"{key} must be one of {', '.join(meta['choices'])}.")
    return value
