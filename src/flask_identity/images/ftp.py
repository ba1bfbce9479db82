"""Pictures on an FTP server: a connection for each operation, so that nothing is kept between requests."""

from __future__ import annotations

import contextlib
import ftplib
import io
import logging
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import BoundedSemaphore

from ..base.clock import epoch
from ..base.image_errors import ImagesAway
from .ftp_lines import Line, SecureLine
from .names import DRAFT, NAME, checked

# Together less than the ten seconds in which an upload answers, decoding included.
SAVE_WITHIN, READ_WITHIN, DELETE_WITHIN = 5.0, 5.0, 2.0  # seconds
LIST_WITHIN = 300.0
_EACH_WITHIN = 0.1  # seconds more for each file of many that are deleted together
_AT_ONCE = 4
_WAIT = 1.0  # seconds for a turn
_REST = 3.0  # seconds in which a server that failed is not asked to read or delete
_LARGEST = 4 * 1024 * 1024  # bytes of a picture; ours are far smaller

# ftplib also lets through what it could not make sense of.
FAULTS: tuple[type[Exception], ...] = (ftplib.Error, OSError, EOFError, ValueError, OverflowError, AttributeError)
_log = logging.getLogger("flask_identity")


@dataclass(frozen=True)
class FtpAddress:
    """Where an FTP server is, and who we are there."""

    host: str
    port: int
    user: str = field(repr=False)
    password: str = field(repr=False)
    path: str
    """The folder, from where one is after signing in; without slashes at its ends."""
    secure: bool

    @property
    def public(self) -> str:
        """The URL of the folder, without user and password."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == ftplib.FTP_PORT else f":{self.port}"
        return f"{'ftps' if self.secure else 'ftp'}://{host}{port}/{self.path}".rstrip("/")


class FtpImages:
    """Keeps pictures on an FTP server.

    Args:
        address: Where. With TLS the certificate must be one this machine trusts, for this host.
    """

    def __init__(self, address: FtpAddress) -> None:
        self._address = address
        self._context = ssl.create_default_context() if address.secure else None
        # A server that hangs may hold these and no more of the threads that answer requests.
        self._turns = BoundedSemaphore(_AT_ONCE)
        self._rests_until = 0.0

    def __repr__(self) -> str:
        return f"<FtpImages {self._address.public}>"

    def url(self, name: str) -> str:
        """Return the URL to save; see `ImageStore.url`."""
        return f"{self._address.public}/{checked(name)}"

    def save(self, files: Mapping[str, bytes]) -> None:
        """Keep pictures; see `ImageStore.save`."""
        wanted = {checked(name): data for name, data in files.items()}
        with self._signed_in("save", SAVE_WITHIN) as line:
            self._enter(line, make=True)
            try:
                for name, data in wanted.items():
                    _put(line, name, data)
            except FAULTS:
                for name in wanted:
                    for each in (f"{name}.part", name):
                        with contextlib.suppress(*FAULTS):
                            line.delete(each)
                raise

    def read(self, name: str) -> bytes | None:
        """Return a picture; see `ImageStore.read`."""
        command, target = f"RETR {checked(name)}", io.BytesIO()

        def take(block: bytes) -> None:
            if target.tell() + len(block) > _LARGEST:
                raise ftplib.error_reply("a file without end")
            target.write(block)

        with self._signed_in("read", READ_WITHIN, patient=False) as line:
            if not self._enter(line):
                return None
            return target.getvalue() if _there(lambda: line.retrbinary(command, take)) else None

    def delete(self, names: Iterable[str]) -> None:
        """Remove pictures; see `ImageStore.delete`."""
        wanted = [checked(name) for name in names]
        with self._signed_in("delete", DELETE_WITHIN + _EACH_WITHIN * len(wanted[2:]), patient=False) as line:
            if self._enter(line):
                for name in wanted:
                    _there(lambda name=name: line.delete(name))  # type: ignore[misc]

    def names(self) -> Sequence[str]:
        """Return all names; see `ImageStore.names`."""
        listed: list[str] = []
        with self._signed_in("list", LIST_WITHIN) as line:
            # A server answers 550 where there is nothing to list.
            if self._enter(line):
                _there(lambda: line.retrlines("NLST", listed.append))
        bare = (name.rpartition("/")[2] for name in listed)
        return [name for name in bare if NAME.fullmatch(name) or DRAFT.fullmatch(name)]

    def older(self, names: Sequence[str], seconds: int) -> Sequence[str]:
        """Return the names that were written so long ago; see `ImageStore.older`."""
        with self._signed_in("list", LIST_WITHIN) as line:
            if not self._enter(line):
                return []
            before = epoch() - seconds
            times = {name: _written(line, checked(name)) for name in names}
            return [name for name, written in times.items() if written is not None and written <= before]

    @contextlib.contextmanager
    def _signed_in(self, what: str, within: float, *, patient: bool = True) -> Iterator[Line]:
        if (not patient and time.monotonic() < self._rests_until) or not self._turns.acquire(timeout=_WAIT):
            raise ImagesAway
        try:
            line = SecureLine(self._context) if self._context is not None else Line()
            with line.within(within):
                line.connect(self._address.host, self._address.port)
                line.login(self._address.user, self._address.password)
                if isinstance(line, SecureLine):
                    line.prot_p()
                yield line
                self._rests_until = 0.0
                line.putcmd("QUIT")
        except FAULTS as fault:
            if not patient and not isinstance(fault, ftplib.error_perm):
                self._rests_until = time.monotonic() + _REST
            # What a server answers may repeat what was sent to it; the number does not.
            number = str(fault)[:3] if isinstance(fault, ftplib.Error) and str(fault)[:3].isdigit() else ""
            _log.warning("cannot %s at %s: %s", what, self._address.public, f"{type(fault).__name__} {number}".strip())
            raise ImagesAway from None
        finally:
            self._turns.release()

    def _enter(self, line: Line, *, make: bool = False) -> bool:
        """Go to the folder; say whether it is there."""
        if not self._address.path:
            return True
        try:
            line.cwd(self._address.path)
            return True
        except ftplib.error_perm:
            if not make:
                return False
        for part in self._address.path.split("/"):
            with contextlib.suppress(ftplib.error_perm):
                line.mkd(part)
            line.cwd(part)
        return True


def _put(line: Line, name: str, data: bytes) -> None:
    draft = f"{name}.part"
    line.storbinary(f"STOR {draft}", io.BytesIO(data))
    try:
        size = line.size(draft)
    except ftplib.error_perm:
        size = None  # a server that cannot say
    if size not in (None, len(data)):
        raise ftplib.error_reply("the file was cut off")
    line.rename(draft, name)


def _there(ask: Callable[[], object]) -> bool:
    """Ask about a file; say whether it is there."""
    try:
        ask()
    except ftplib.error_perm as refused:
        if str(refused).startswith("550"):
            return False
        raise
    return True


def _written(line: Line, name: str) -> int | None:
    """Return when a file was written, None where the server cannot say: nothing is removed on a guess."""
    try:
        answer = line.voidcmd(f"MDTM {name}")
        return int(datetime.strptime(answer[4:18], "%Y%m%d%H%M%S").replace(tzinfo=UTC).timestamp())
    except (ftplib.error_perm, ValueError):
        return None
