"""Serve the dashboard with Waitress, and stop without breaking off what has begun."""

from __future__ import annotations

import errno
import ipaddress
import os
import signal
import socket
import time
from collections.abc import Callable
from typing import Any

from flask import Flask
from waitress import create_server, wasyncore

from .database import THREADS

_DRAIN_WITHIN = 8  # seconds for requests under way to end, less than supervisors wait before they kill
_LARGEST_BODY = 32 * 1024 * 1024  # bytes


class PortTaken(Exception):
    """Something else listens there, or the address is not one of this machine; the message says so."""


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens; port 0 picks a free one.

    Raises:
        PortTaken: where that cannot be had.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        return socket.create_server((str(address[0]), port), family=family, backlog=1024)
    except OSError as error:
        code = error.errno or 0
        reason = os.strerror(code) if code > 0 else error.strerror
        reason = "it is in use; give another with --port" if code == errno.EADDRINUSE else reason
        raise PortTaken(f"Cannot listen on {host}, port {port}: {reason}.") from error


def url_of(host: str, listener: socket.socket) -> str:
    """Return the URL at which a listening socket is reached by the name it was asked for."""
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{listener.getsockname()[1]}"


def is_loopback(host: str) -> bool:
    """Say whether a host is this machine alone."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def serve(app: Flask, listener: socket.socket, *, ready: Callable[[], None]) -> None:
    """Serve until SIGTERM or SIGINT; then take no more connections, finish the requests under way, and return.

    Args:
        app: The application.
        listener: A socket that listens.
        ready: Called once requests are answered.
    """
    sockets: dict[int, Any] = {}
    server = create_server(
        app,
        map=sockets,
        sockets=[listener],
        threads=THREADS,
        ident=None,
        max_request_body_size=_LARGEST_BODY,
        # Which proxies are trusted is IDENTITY_TRUSTED_PROXIES, and the library reads their headers itself.
        clear_untrusted_proxy_headers=False,
    )
    asked: list[int] = []

    def stop(number: int, _: Any) -> None:
        asked.append(number)
        server.pull_trigger()
        # Who asks again does not want to wait.
        signal.signal(number, signal.SIG_DFL)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    ready()
    while not asked:
        wasyncore.loop(timeout=1, use_poll=True, map=sockets, count=1)
    _drain(server, sockets)


def _drain(server: Any, sockets: dict[int, Any]) -> None:
    wasyncore.dispatcher.close(server)  # the listening socket alone; threads still report to the server
    give_up = time.monotonic() + _DRAIN_WITHIN
    timeout = 0.0
    while server.active_channels and time.monotonic() < give_up:
        # First what has already been sent to us, then whoever has nothing under way may go.
        wasyncore.loop(timeout=timeout, use_poll=True, map=sockets, count=1)
        timeout = 0.05
        for channel in list(server.active_channels.values()):
            if not (channel.requests or channel.request or channel.total_outbufs_len):
                channel.will_close = True
    server.task_dispatcher.shutdown()
    wasyncore.close_all(sockets)
