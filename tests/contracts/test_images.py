"""What every image store promises: in memory, in a folder, by FTP and by FTP with TLS."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from flask_identity.base.image_store import ImageStore
from flask_identity.images import names
from flask_identity.images.address import store_at
from tests.services import Absent, need
from tests.support import ftp
from tests.support.ftp_server import PASSWORD

KINDS = ("memory", "local", "ftp", "ftps")


@contextmanager
def _running(kind: str, folder: Path) -> Iterator[str]:
    if kind == "memory":
        yield "memory:"
    elif kind == "local":
        yield (folder / "a folder").as_uri()
    elif kind == "ftp":
        server = ftp.start(folder)
        yield server.url
        server.stop()
    else:
        if ftp.VSFTPD is None or os.geteuid() != 0:
            need(Absent("vsftpd", "not installed, or this is not root, as whom alone it starts"))
        with pytest.MonkeyPatch.context() as patch, ftp.vsftpd(folder) as (url, certificate):
            patch.setenv("SSL_CERT_FILE", str(certificate))
            yield url


@pytest.fixture(scope="module", params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a place, empty at the start of this module."""
    with _running(request.param, tmp_path_factory.mktemp(request.param)) as found:
        yield found


@pytest.fixture
def store(url: str, tmp_path: Path) -> ImageStore:
    """The store of that place, with no copies yet."""
    return store_at(url, tmp_path / "copies")


@pytest.fixture
def again(url: str, tmp_path: Path) -> ImageStore:
    """The same place from another machine, so to say. What is in memory is there only once."""
    return store_at(url, tmp_path / "others")


def pair(content: bytes = b"RIFF....WEBP") -> tuple[str, dict[str, bytes]]:
    name = names.new()
    return name, {names.small(name): b"small " + content, name: content * 5000}


def test_what_was_saved_is_read_until_it_is_deleted(store):
    name, files = pair()
    store.save(files)

    assert {each: store.read(each) for each in files} == files
    store.delete(names.both(name))
    assert [store.read(each) for each in files] == [None, None]
    store.delete(names.both(name))


def test_another_process_finds_it(store, again, url):
    name, files = pair()
    store.save(files)
    shared = not url.startswith("memory")
    assert again.read(name) == (files[name] if shared else None)


def test_all_names_are_listed_and_nothing_else(store):
    _, files = pair()
    store.save(files)

    listed = set(store.names())
    assert set(files) <= listed
    assert all(names.NAME.fullmatch(each) for each in listed), "no draft is left"


def test_only_what_is_old_enough_is_old(store):
    name, files = pair()
    store.save(files)

    assert store.older([name], 3600) == []
    assert list(store.older([name], -3600)) == [name]
    assert store.older([names.new()], -3600) == []


@pytest.mark.parametrize(
    "name", ["", ".", "../../etc/passwd", "a\r\nDELE b", "x" * 5000, "/etc/passwd", "a.webp", f"{'0' * 32}.webp\n"]
)
def test_no_other_name_gets_near_a_path_or_a_command(store, name):
    """A-133, A-134, S-106."""
    for attempt in (
        lambda: store.read(name),
        lambda: store.save({name: b"x"}),
        lambda: store.delete([name]),
        lambda: store.url(name),
    ):
        with pytest.raises(ValueError, match="not the name"):
            attempt()


def test_the_url_that_is_saved_fits_its_column_and_holds_no_password(store):
    name = names.new()
    saved = store.url(name)

    assert len(saved) <= 255
    assert names.of_url(saved) == name
    assert PASSWORD not in saved
    assert "@" not in saved
    assert PASSWORD not in repr(store)


def test_twelve_at_once_save_and_read_their_own(store):
    def once(number):
        name, files = pair(f"RIFF{number}".encode())
        store.save(files)
        return store.read(name) == files[name]

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(once, range(12)))


@pytest.mark.parametrize(
    "url",
    [
        "http://u:secret-word@h/x",
        "ftp://u:secret-word@/x",
        "ftp://u:secret-word@h:99999/x",
        "ftp://u:secret-word@h/../x",
        "ftp://u:secret-word@h/a b",
        "ftp://u:secret-word%0d%0aDELE@h/x",
        "ftp://u:secret-word@h/x?y",
        "ftps://u:secret-word@[h/x",
        f"ftp://u:secret-word@{'h' * 200}/x",
        "file://elsewhere/secret-word",
        "file:///a/../secret-word",
        "secret-word",
    ],
)
def test_a_url_that_cannot_be_used_is_refused_without_showing_it(url, tmp_path):
    from flask_identity import ConfigurationError

    with pytest.raises(ConfigurationError, match=re.escape("IDENTITY_IMAGE_URL")) as refusal:
        store_at(url, tmp_path)
    assert "secret-word" not in str(refusal.value)
    assert refusal.value.__cause__ is None
