"""The secret key that is made once and kept beside the data."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from flask_identity import ConfigurationError

NAME = "secret_key"


def kept(instance: Path) -> str:
    """Return the key of an instance folder, made at the first call; processes that start at once get the same one.

    Raises:
        ConfigurationError: where the folder cannot be read or written.
    """
    path = instance / NAME
    try:
        if not path.exists():
            _make(path)
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        raise ConfigurationError(
            f"The secret key cannot be kept in {path}: set SECRET_KEY, or DASHBOARD_INSTANCE to a folder that is yours "
            "to write in."
        ) from None


def _make(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Written in full under a name of its own, then linked: of many writers the first wins, and nobody reads half a key.
    draft = path.with_name(f"{NAME}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32) + "\n")
        os.link(draft, path)
    except FileExistsError:
        pass  # another process was first; its key is the key
    finally:
        draft.unlink()
