"""Take a database away from a running application, and give it back."""

from __future__ import annotations

import contextlib
import shutil
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit


class Gate:
    """A way to one database that can be shut: `url` leads through it."""

    url: str

    def shut(self) -> None:
        """From now on the database is away, also for connections that are open."""

    def open(self) -> None:
        """It is back."""

    def close(self) -> None:
        """Tidy up."""


class FileGate(Gate):
    """SQLite: the folder of the file is moved away. Connections have to be made anew each time to notice."""

    def __init__(self, folder: Path) -> None:
        self._here, self._away = folder / "here", folder / "away"
        self._here.mkdir()
        self.url = f"sqlite:///{self._here / 'x.sqlite3'}"

    def shut(self) -> None:
        shutil.move(self._here, self._away)

    def open(self) -> None:
        shutil.move(self._away, self._here)


class PortGate(Gate):
    """A server: a port that passes everything on until it is shut."""

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        self._target = (address.hostname or "127.0.0.1", address.port)
        self._listener: socket.socket | None = None
        self._open: list[socket.socket] = []
        self._port = 0
        self.open()
        account = address.netloc.rpartition("@")[0]
        self.url = address._replace(netloc=f"{account}@127.0.0.1:{self._port}").geturl()

    def open(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self._port))
        self._port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def shut(self) -> None:
        assert self._listener is not None
        # Closing alone would leave the thread that waits in accept() holding the port.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for each in self._open:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        self._open.clear()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.shut()

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                caller, _ = listener.accept()
                server = socket.create_connection(self._target)
                self._open += [caller, server]
                for one, other in ((caller, server), (server, caller)):
                    threading.Thread(target=_pass_on, args=(one, other), daemon=True).start()


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := one.recv(65536):
            other.sendall(data)
        other.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def gate(url: str, folder: Path) -> Iterator[Gate]:
    """A gate before the database of a URL; for SQLite before a new file in `folder`."""
    made: Gate = FileGate(folder) if url.startswith("sqlite") else PortGate(url)
    try:
        yield made
    finally:
        made.close()
