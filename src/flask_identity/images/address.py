"""Where pictures are kept, from the one setting that says so."""

from __future__ import annotations

import ipaddress
import logging
import re
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from ..base.errors import ConfigurationError
from ..base.image_store import ImageStore
from .cached import CachedImages
from .ftp import FtpAddress, FtpImages
from .local import LocalImages
from .memory import MemoryImages

_FORMS = "ftps://user:password@host/folder, ftp://user:password@host/folder or file:///an/absolute/folder"
_PATH = re.compile(r"[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*")
_LONGEST = 190  # characters before the name: the column of a saved URL has 255
_log = logging.getLogger("flask_identity")


def store_at(url: str, cache: Path) -> ImageStore:
    """Return the store of a URL; nothing is connected to.

    Args:
        url: `ftp:`, `ftps:` (explicit TLS), `file:` or, for tests, `memory:`.
        cache: A folder for copies of what is elsewhere.

    Raises:
        ConfigurationError: saying what is wrong, never showing the password.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _wrong("is not a URL that can be read") from None
    if parts.query or parts.fragment:
        raise _wrong("may not contain ? or #; write them in a password as %3F and %23")
    if parts.scheme == "memory":
        return MemoryImages()
    if parts.scheme == "file":
        path = unquote(parts.path)
        if parts.netloc not in ("", "localhost") or not path.startswith("/") or ".." in path.split("/"):
            raise _wrong("must name an absolute folder, as in file:///var/lib/pictures")
        if len(Path(path).as_uri()) > _LONGEST:
            raise _wrong("is too long")
        return LocalImages(Path(path))
    if parts.scheme not in ("ftp", "ftps"):
        raise _wrong("has an unknown scheme")
    address = _ftp_address(parts, port or 21)
    if address.password and not address.secure and not _is_loopback(address.host):
        _log.warning("IDENTITY_IMAGE_URL sends its password in the clear; use ftps:// where the server offers TLS.")
    return CachedImages(FtpImages(address), cache)


def _ftp_address(parts: SplitResult, port: int) -> FtpAddress:
    host, user, password = parts.hostname or "", unquote(parts.username or ""), unquote(parts.password or "")
    if not host or any(ord(char) < 33 for char in host) or any(ord(char) < 32 for char in user + password):
        raise _wrong("has no host, or a user or password with control characters")
    folder = unquote(parts.path).strip("/")
    if folder and (not _PATH.fullmatch(folder) or {".", ".."} & set(folder.split("/"))):
        raise _wrong("names a folder that is not made of letters, digits, dots, hyphens and underscores")
    address = FtpAddress(host, port, user or "anonymous", password, folder, parts.scheme == "ftps")
    if len(address.public) > _LONGEST:
        raise _wrong("is too long")
    return address


def _wrong(what: str) -> ConfigurationError:
    return ConfigurationError(f"IDENTITY_IMAGE_URL {what}: it must be like {_FORMS}.")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
