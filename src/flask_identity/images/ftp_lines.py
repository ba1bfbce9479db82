"""Connections to an FTP server that end in time, whatever the server does (A-135).

A timeout of a socket starts anew with every byte that trickles in, so a whole conversation is bounded by a watchdog
that cuts it off. Where data goes is the server we are connected to, wherever its answer to PASV points.
"""

from __future__ import annotations

import contextlib
import ftplib
import socket
import ssl
import threading
from collections.abc import Iterator
from typing import Any

STALLED_AFTER = 3.0  # seconds without a byte
_MOST_LINES = 100_000


class Line(ftplib.FTP):
    """A connection in the clear."""

    trust_server_pasv_ipv4_address = False

    def __init__(self) -> None:
        super().__init__(timeout=STALLED_AFTER)
        self._data: socket.socket | None = None
        self._cut = False
        self._lines = 0

    @contextlib.contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Cut the connection off when the block has not ended in time."""
        watchdog = threading.Timer(seconds, self._cut_off)
        watchdog.daemon = True
        watchdog.start()
        try:
            yield
        finally:
            watchdog.cancel()
            self.close()

    def getline(self) -> str:
        """Read a line of an answer."""
        self._lines += 1
        if self._cut or self._lines > _MOST_LINES:
            raise ftplib.error_proto("an answer without end")
        return super().getline()

    def ntransfercmd(self, cmd: str, rest: int | str | None = None) -> tuple[socket.socket, int | None]:
        """Open a data connection."""
        self._data, size = super().ntransfercmd(cmd, rest)
        return self._data, size

    def _cut_off(self) -> None:
        self._cut = True
        for each in (self._data, self.sock):
            if each is not None:
                # Not the method of SSLSocket, which would also take its state from the thread that is reading.
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(each, socket.SHUT_RDWR)


class SecureLine(Line, ftplib.FTP_TLS):
    """A connection with TLS for commands and data: the certificate is checked, the data takes up the same session."""

    context: ssl.SSLContext
    sock: Any
    file: Any

    def __init__(self, context: ssl.SSLContext) -> None:
        ftplib.FTP_TLS.__init__(self, context=context, timeout=STALLED_AFTER)
        self._data = None
        self._cut = False
        self._lines = 0

    def auth(self) -> str:
        """Begin TLS."""
        answer = self.voidcmd("AUTH TLS")
        # The handshake comes apart from the wrapping, so that the watchdog knows the socket meanwhile.
        self.sock = self.context.wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
        self.sock.do_handshake()
        self.file = self.sock.makefile(mode="r", encoding=self.encoding)
        return answer

    def ntransfercmd(self, cmd: str, rest: int | str | None = None) -> tuple[socket.socket, int | None]:
        """Open a data connection, protected. Servers take one only with the session of the commands."""
        self._data, size = ftplib.FTP.ntransfercmd(self, cmd, rest)
        self._data = self.context.wrap_socket(
            self._data, server_hostname=self.host, session=self.sock.session, do_handshake_on_connect=False
        )
        self._data.do_handshake()
        return self._data, size
