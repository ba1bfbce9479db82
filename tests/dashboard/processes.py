"""The dashboard as people run it: processes of manage.py, and browsers and programs that talk to them over HTTP."""

from __future__ import annotations

import http.cookiejar
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.house.project import ROOT

STARTS_WITHIN = 60  # seconds
GOOD = "purple otters read maps"
MANAGE = (sys.executable, "-W", "error", str(ROOT / "manage.py"))


def environment(instance: Path, **variables: str) -> dict[str, str]:
    """The machine's environment without what would configure the dashboard, and cheap password hashes."""
    ours = ("IDENTITY_", "DASHBOARD_", "DATABASE_URL", "SECRET_KEY")
    machine = {name: text for name, text in os.environ.items() if not name.startswith(ours)}
    cheap = {"IDENTITY_ARGON2_MEMORY": "64", "IDENTITY_ARGON2_TIME": "1"}
    return machine | cheap | {"DASHBOARD_INSTANCE": str(instance)} | variables


def manage(*arguments: str, env: Mapping[str, str], sent: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run `manage.py` to its end, without a terminal."""
    given: dict[str, Any] = {"stdin": subprocess.DEVNULL} if sent is None else {"input": sent}
    return subprocess.run(
        [*MANAGE, *arguments], env=env, capture_output=True, text=True, timeout=STARTS_WITHIN, check=False, **given
    )


class Server:
    """A running `db runserver`. Making one waits until it says that it listens."""

    def __init__(self, env: Mapping[str, str], *arguments: str) -> None:
        self._complaints = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed by `ended`
        self.process = subprocess.Popen(
            [*MANAGE, "db", "runserver", "--port", "0", *arguments],
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            text=True,
        )
        assert self.process.stdout is not None
        self._said = self.process.stdout
        watchdog = threading.Timer(STARTS_WITHIN, self.process.kill)
        watchdog.start()
        first = self._said.readline()
        watchdog.cancel()
        if not first.startswith("Listening on "):
            raise AssertionError(f"did not start: {first}{self.stop()}")
        self.url = first.split()[-1]

    def ask_to_stop(self) -> None:
        """Send SIGTERM."""
        self.process.send_signal(signal.SIGTERM)

    def stop(self) -> tuple[int, str, str]:
        """Send SIGTERM unless it has ended; see `ended`."""
        if self.process.poll() is None:
            self.ask_to_stop()
        return self.ended()

    def ended(self) -> tuple[int, str, str]:
        """Wait for its end; return the exit code and what was written, without the first line."""
        if self._said.closed:
            return self.process.returncode, "", ""
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._complaints.seek(0)
        with self._said, self._complaints:
            return self.process.returncode, self._said.read(), self._complaints.read()


@dataclass(frozen=True)
class Answer:
    """What came back, redirects not followed."""

    status: int
    headers: Any
    body: str

    @property
    def response(self) -> Any:
        """What is in the envelope, whose code must be that of the answer."""
        found = json.loads(self.body)
        assert found["meta"] == {"code": self.status}
        return found["response"]


class Caller:
    """A program or a browser with its cookies."""

    def __init__(self, url: str, accept: str = "application/json") -> None:
        self.url = url
        self._accept = accept
        self.cookies = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(
            _StayHere, urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self.cookies)
        )

    def get(self, path: str, **headers: str) -> Answer:
        """Ask for a URL."""
        return self._send("GET", path, None, headers)

    def send(self, method: str, path: str, **fields: Any) -> Answer:
        """Send JSON, from a page of this site."""
        headers = {"Content-Type": "application/json", "Origin": self.url}
        return self._send(method, path, json.dumps(fields).encode(), headers)

    def _send(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        request = urllib.request.Request(  # noqa: S310 - always our own http URL
            self.url + path, body, {"Accept": self._accept, **headers}, method=method
        )
        try:
            with self._opener.open(request, timeout=30) as answer:
                return Answer(answer.status, answer.headers, answer.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.headers, error.read().decode())


class _StayHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None
