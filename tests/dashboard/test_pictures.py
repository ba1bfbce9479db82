"""The dashboard's own FTP server: pictures by FTP without any setting, still there after a new start."""

from __future__ import annotations

import os
import shutil
import socket
import time
from pathlib import Path
from urllib.request import Request

from tests.dashboard.processes import GOOD, Caller, manage
from tests.support.pictures import parts, picture


def test_a_picture_sent_by_ftp_is_shown_after_everything_was_killed_and_started_again(migrated, start):
    instance = Path(migrated["DASHBOARD_INSTANCE"])
    first = start(migrated)
    caller = Caller(first.url)
    caller.send("POST", "/register", email="ada@example.com", password=GOOD)
    body = parts(picture())
    headers = {"Content-Type": body["content_type"], "Origin": first.url}
    saved = caller._send("PUT", "/edit_user", body["data"], headers).response["user"]["profile"]
    port = int((instance / "ftp_port").read_text())

    assert saved["image"].startswith(f"ftp://127.0.0.1:{port}/pictures/")
    first.process.kill()
    first.process.wait()
    assert _closes(port), "the FTP server ends with the dashboard, also when that is killed"
    shutil.rmtree(instance / "image_cache", ignore_errors=True)
    with socket.create_server(("127.0.0.1", port)):  # somebody else has the port now
        second = start(migrated)
        request = Request(second.url + saved["image_url"])  # noqa: S310 - our own http URL
        with caller._opener.open(request, timeout=30) as answer:
            assert (answer.status, answer.headers["Content-Type"]) == (200, "image/webp")
    assert manage("images", "sweep", env=migrated).stdout.startswith("2 files; 0 that nobody")


def test_what_nobody_points_at_is_swept_once_it_is_old(migrated):
    folder = Path(migrated["DASHBOARD_INSTANCE"]) / "ftp/pictures"
    folder.mkdir(parents=True)
    for name, age in (("a" * 32 + ".webp", 7200), ("b" * 32 + ".webp", 60), ("c" * 32 + ".webp.part", 7200)):
        (folder / name).write_bytes(b"RIFF")
        os.utime(folder / name, (time.time() - age,) * 2)
    (folder / "notes.txt").write_text("not ours")

    assert "2 that nobody points at would be" in manage("images", "sweep", "--dry-run", env=migrated).stdout
    assert len(list(folder.iterdir())) == 4
    assert "3 files; 2 that nobody points at were" in manage("images", "sweep", env=migrated).stdout
    assert sorted(each.name[0] for each in folder.iterdir()) == ["b", "n"]


def _closes(port: int) -> bool:
    for _ in range(50):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            return True
        time.sleep(0.1)
    return False
