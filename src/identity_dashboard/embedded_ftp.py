"""An FTP server of the dashboard's own, for development: a process beside `db runserver`, on loopback alone.

It ends with the end of its input, so also when whoever started it is killed and has no time to say so.
"""

from __future__ import annotations

import logging
import os
import secrets
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

from flask_identity import ConfigurationError

HOST, USER = "127.0.0.1", "dashboard"
PATH = "pictures"
_PORT = "ftp_port"
_STARTS_WITHIN = 20  # seconds


def folder(instance: Path) -> Path:
    """Return where the server keeps its files."""
    return instance / "ftp"


@contextmanager
def running(instance: Path) -> Iterator[str]:
    """Run the server inside the block; yield the value of IDENTITY_IMAGE_URL that leads to it.

    The password is a new one each time. The port is that of the last time, where it is free.

    Raises:
        ConfigurationError: where it cannot be started.
    """
    if find_spec("pyftpdlib") is None:
        raise ConfigurationError(
            "Pictures need an FTP server: set IDENTITY_IMAGE_URL, or pip install flask-identity[ftp-server] for one of "
            "the dashboard's own."
        )
    password = secrets.token_hex(16)
    folder(instance).mkdir(mode=0o700, parents=True, exist_ok=True)
    child = subprocess.Popen(  # noqa: S603 - this interpreter and this file
        [sys.executable, __file__, str(folder(instance)), _last_port(instance)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C is for the dashboard, which may still have pictures to send
    )
    assert child.stdin is not None and child.stdout is not None  # noqa: S101, PT018 - both are pipes
    watchdog = threading.Timer(_STARTS_WITHIN, child.kill)
    watchdog.start()
    try:
        with suppress(BrokenPipeError):
            child.stdin.write(f"{password}\n")
            child.stdin.flush()
        port = child.stdout.readline().strip()
        watchdog.cancel()
        if not port.isdigit():
            raise ConfigurationError("The dashboard's own FTP server did not start; set IDENTITY_IMAGE_URL to another.")
        (instance / _PORT).write_text(port, encoding="ascii")
        yield f"ftp://{USER}:{password}@{HOST}:{port}/{PATH}"
    finally:
        watchdog.cancel()
        _stop(child)


def _stop(child: subprocess.Popen[str]) -> None:
    assert child.stdin is not None and child.stdout is not None  # noqa: S101, PT018 - both are pipes
    with suppress(BrokenPipeError):
        child.stdin.close()
    child.stdout.close()
    try:
        child.wait(timeout=5)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _last_port(instance: Path) -> str:
    try:
        port = (instance / _PORT).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return "0"
    return port if port.isdigit() and int(port) < 65536 else "0"


def serve(root: str, port: int) -> None:
    """Serve a folder until the input ends. Its first line is the password; the port is printed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pyftpdlib rests on modules that Python is about to lose
        from pyftpdlib.authorizers import DummyAuthorizer
        from pyftpdlib.handlers import FTPHandler
        from pyftpdlib.ioloop import IOLoop
        from pyftpdlib.servers import FTPServer

    logging.getLogger("pyftpdlib").setLevel(logging.ERROR)
    password = sys.stdin.readline().strip()

    class Commands(FTPHandler):  # type: ignore[misc]
        authorizer = DummyAuthorizer()
        use_sendfile = False

    Commands.authorizer.add_user(USER, password, root, perm="elradfmwMT")
    try:
        server = FTPServer((HOST, port), Commands, ioloop=IOLoop())
    except OSError:
        server = FTPServer((HOST, 0), Commands, ioloop=IOLoop())
    threading.Thread(target=_end_with_input, daemon=True).start()
    print(server.socket.getsockname()[1], flush=True)
    server.serve_forever(handle_exit=False)


def _end_with_input() -> None:
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
