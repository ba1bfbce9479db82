"""F-10, F-11: whatever the FTP server does, an upload answers in time, and the old picture stays."""

from __future__ import annotations

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress

import pytest

from flask_identity.base.image_errors import ImagesAway
from flask_identity.images.address import store_at
from tests.features.test_pictures import NOT_SAVED, ada, profile_of, saved_urls, send, server, site  # noqa: F401
from tests.support import ftp
from tests.support.apps import sign_in
from tests.support.ftp_server import PASSWORD

WITHIN = 10  # seconds
NAME = "0" * 32 + ".webp"


@pytest.fixture(params=["sqlalchemy"])
def orm():
    """Storage has no part in this; one ORM will do."""
    return "plain"


def test_the_way_to_the_server_holds_no_connection_of_the_database(site, server, ada):  # noqa: F811
    """F-10: an upload waits for seconds, and nobody waits for it."""
    server.fails("slow")
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(send, ada)
        taken = []
        while not wait([waiting], timeout=0.05).done:
            taken.append(site.engine.pool.checkedout())
        assert len(taken) > 20, "nothing was waited for"
        assert sum(map(bool, taken)) <= len(taken) // 5, taken
        assert waiting.result().json["response"]["warnings"] == NOT_SAVED


@pytest.mark.parametrize("fault", ["refuse", "slow", "cut", "full", "restart", "garbage", "down"])
def test_an_upload_answers_in_time_and_the_old_picture_stays(site, server, ada, fault, caplog):  # noqa: F811
    kept = send(ada).json["response"]["user"]["profile"]
    assert server.files
    if fault == "down":
        server.stop()
    server.fails(fault)
    began = time.perf_counter()
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(send, ada, None, "x.png", **{"profile.full_name": f"Despite {fault}"})
        meanwhile = time.perf_counter()
        assert sign_in(site.client(), "nobody@example.com").status_code == 401
        assert time.perf_counter() - meanwhile < 4, "signing in does not wait for pictures"
        body = answer.result().json["response"]

    assert time.perf_counter() - began < WITHIN
    assert body["warnings"] == NOT_SAVED
    assert body["user"]["profile"]["full_name"] == f"Despite {fault}"
    assert (body["user"]["profile"]["image"], saved_urls(site)) == (kept["image"], [kept["image"]])
    assert PASSWORD not in caplog.text
    assert "ask" not in str(body["user"].get("message"))
    server.fails("")
    if fault != "down":
        assert site.client().get(kept["image_url"]).status_code == 200
        assert send(ada).json["response"].get("warnings") is None, "as soon as it is well again"


def test_where_pasv_points_is_of_no_importance(server, ada, site):  # noqa: F811
    """A-135: a hostile server would have us connect to another."""
    server.fails("elsewhere")
    began = time.perf_counter()
    assert "warnings" not in send(ada).json["response"]
    assert time.perf_counter() - began < 5


def test_a_picture_that_cannot_be_fetched_is_503_and_one_that_was_is_shown(site, server, ada):  # noqa: F811
    url = send(ada).json["response"]["user"]["profile"]["image_url"]
    assert ada.get(url).status_code == 200
    server.stop()

    assert ada.get(url).status_code == 200, "there is a copy"
    small = ada.get(url.replace(".webp", "-128.webp"))
    assert (small.status_code, small.headers["Cache-Control"]) == (503, "no-store")
    began = time.perf_counter()
    assert {ada.get(url.replace(".webp", "-128.webp")).status_code for _ in range(20)} == {503}
    assert time.perf_counter() - began < 5, "a server that failed is not asked with every request"


def test_deleting_a_user_does_not_need_the_server(site, server, ada):  # noqa: F811
    root = site.signed_in("root@example.com", roles=["admin"])
    send(ada)
    user_id = next(row["user_id"] for row in site.rows("identity_profile") if row["image"])
    server.stop()

    assert root.delete(f"/identity/delete_user?id={user_id}").status_code == 200
    assert saved_urls(site) == []


@contextmanager
def talking(lines):
    """A server that says lines without end, each after a pause: `(text, seconds)`."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        with suppress(OSError):
            connection, _ = listener.accept()
            text, pause = lines
            with connection:
                while True:
                    connection.sendall(text)
                    time.sleep(pause)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"ftp://u:p@127.0.0.1:{listener.getsockname()[1]}/x"
    finally:
        listener.close()


@pytest.mark.parametrize(
    "lines", [(b"220-more\r\n", 0.0), (b"2", 0.5), (b"\xff\xfe\r\n", 0.0)], ids=["endless", "drip", "bytes"]
)
def test_a_server_that_never_comes_to_an_end_is_cut_off(lines, tmp_path):
    """A-135."""
    with talking(lines) as url:
        began = time.perf_counter()
        with pytest.raises(ImagesAway):
            store_at(url, tmp_path).save({NAME: b"RIFF"})
        assert time.perf_counter() - began < WITHIN


def test_a_listing_full_of_strange_paths_names_no_picture(server, tmp_path):  # noqa: F811
    """A-135."""
    store = store_at(server.url, tmp_path / "c")
    store.save({NAME: b"RIFF"})
    server.fails("listing")
    assert store.names() == []


def test_a_certificate_that_is_not_trusted_and_a_server_without_tls_get_no_password(server, tmp_path):  # noqa: F811
    """S-107."""
    with pytest.raises(ImagesAway):
        store_at(server.url.replace("ftp://", "ftps://"), tmp_path / "c").save({NAME: b"RIFF"})
    if ftp.VSFTPD is None:
        return
    with ftp.vsftpd(tmp_path) as (url, _), pytest.raises(ImagesAway):
        store_at(url, tmp_path / "c").save({NAME: b"RIFF"})
