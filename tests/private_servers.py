"""Start servers of our own for one test run: a folder, a free port on loopback, no password, no care for crashes."""

from __future__ import annotations

import getpass
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.databases import NoDatabaseServer, server_version

START_WITHIN = 60  # seconds
CONNECTIONS = 300
"""That a database lets in: Pony keeps one for each thread, and races have many."""


class NotStarted(Exception):
    """The server could not be started; the message says why."""


@dataclass(frozen=True)
class Child:
    """A running server that is ours to end."""

    url: str
    binary: str
    process: subprocess.Popen[bytes]
    farewell: signal.Signals  # ends it without waiting for those who are still connected

    def stop(self) -> None:
        """Ask it to end; insist after a while."""
        self.process.send_signal(self.farewell)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start_postgres(folder: Path, packaged: Path | None) -> Child:
    """PostgreSQL, installed or from a package in the environment."""
    # Debian keeps the server's binaries of each major version off the search path.
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    binaries = _folder_of("initdb", "postgres", among=[*reversed(installed), packaged])
    if binaries is None:
        raise NotStarted("there is no server to use, and no binary of PostgreSQL is installed")
    home = folder / "postgres"
    home.mkdir()
    account = _ordinary_account(home)
    if account and binaries == packaged:
        binaries = _within_reach(binaries, home / "installed")
    port = _free_port()
    data: list[Path | str] = ["-D", home / "data"]
    _run([binaries / "initdb", *data, "-U", "postgres", "--auth=trust", "-E", "UTF8", "--no-sync"], account)
    address = ["-p", port, "-h", "127.0.0.1", "-k", str(home)]
    relaxed = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
    roomy = ["-c", f"max_connections={CONNECTIONS}"]
    url = f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
    return _start([binaries / "postgres", *data, *address, *relaxed, *roomy], url, home, account, signal.SIGINT)


def start_mariadb(folder: Path) -> Child:
    """MariaDB, if it is installed."""
    server = _program("mariadbd", "/usr/sbin", "/usr/local/sbin")
    installer = _program("mariadb-install-db")
    if server is None or installer is None:
        raise NotStarted("there is no server to use, and no binary of MariaDB is installed")
    home = folder / "mariadb"
    home.mkdir()
    port = _free_port()
    common = ["--no-defaults", f"--datadir={home / 'data'}", f"--user={getpass.getuser()}"]
    _run([installer, *common, "--auth-root-authentication-method=normal", "--skip-test-db"])
    address = [f"--port={port}", "--bind-address=127.0.0.1"]
    files = [f"--socket={home / 'socket'}", f"--pid-file={home / 'pid'}"]
    relaxed = ["--innodb-flush-log-at-trx-commit=0", "--skip-log-bin"]
    roomy = [f"--max-connections={CONNECTIONS}"]
    url = f"mysql+pymysql://root@127.0.0.1:{port}/?charset=utf8mb4"
    return _start([server, *common, *address, *files, *relaxed, *roomy], url, home)


def start_redis(folder: Path, packaged: Path | None) -> Child:
    """Redis, installed or from a package in the environment, with a database for each of many processes."""
    binaries = _folder_of("redis-server", among=[packaged])
    if binaries is None:
        raise NotStarted("no binary of Redis is installed")
    home = folder / "redis"
    home.mkdir()
    port = _free_port()
    address = ["--port", port, "--bind", "127.0.0.1", "--dir", str(home)]
    relaxed = ["--databases", "64", "--save", "", "--appendonly", "no"]
    return _start([binaries / "redis-server", *address, *relaxed], f"redis://127.0.0.1:{port}", home)


def _folder_of(*programs: str, among: Sequence[Path | None]) -> Path | None:
    """The first folder that holds all the programs; the search path comes first."""
    found = shutil.which(programs[0])
    candidates = [Path(found).resolve().parent if found else None, *among]
    return next((path for path in candidates if path and all((path / name).is_file() for name in programs)), None)


def _program(name: str, *elsewhere: str) -> Path | None:
    """A program on the search path, or in a folder that is often missing from it."""
    found = shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", os.defpath), *elsewhere]))
    return Path(found) if found else None


def _ordinary_account(home: Path) -> str | None:
    """PostgreSQL refuses to run as root: the account to run it with then, which gets the folder."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    account = next((name for name in ("postgres", "nobody", "daemon") if name in known), None)
    if account is None:
        raise NotStarted("PostgreSQL does not run as root, and there is no other account to run it with")
    home.parent.chmod(0o711)
    shutil.chown(home, account)
    return account


def _within_reach(binaries: Path, copy: Path) -> Path:
    """A copy of a package's binaries and the libraries beside it: the environment may lie where others cannot look."""
    package = binaries.parents[1]
    for part in (binaries.parent, package.with_name(f"{package.name}.libs")):
        shutil.copytree(part, copy / part.relative_to(package.parent), symlinks=True)
    return copy / binaries.relative_to(package.parent)


def _rights_of(account: str | None) -> dict[str, Any]:
    """What makes a child process run with this account's rights and no others."""
    if account is None:
        return {}
    return {"user": account, "group": pwd.getpwnam(account).pw_gid, "extra_groups": []}


def _free_port() -> str:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return str(listener.getsockname()[1])


def _run(command: Sequence[str | Path], account: str | None = None) -> None:
    result = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False, **_rights_of(account))
    if result.returncode:
        raise NotStarted(f"{Path(command[0]).name} failed: {result.stderr.strip() or result.stdout.strip()}")


def _start(
    command: Sequence[str | Path],
    url: str,
    home: Path,
    account: str | None = None,
    farewell: signal.Signals = signal.SIGTERM,
) -> Child:
    """Start a server and wait until it answers."""
    log = home / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd="/", stdout=output, stderr=subprocess.STDOUT, start_new_session=True, **_rights_of(account)
        )
    child = Child(url, str(command[0]), process, farewell)
    give_up = time.monotonic() + START_WITHIN
    while process.poll() is None and time.monotonic() < give_up:
        try:
            server_version(url)
        except NoDatabaseServer:
            time.sleep(0.05)
        else:
            return child
    child.stop()
    raise NotStarted(f"{Path(command[0]).name} did not start: {log.read_text(errors='replace')[-600:].strip()}")
