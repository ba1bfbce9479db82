"""Pictures are made safe: only pixels go on, and what would cost too much is refused by its first bytes."""

from __future__ import annotations

import io
import random
import resource
import struct
import subprocess
import sys
import time
import zlib
from contextlib import suppress
from typing import Any

import pytest
from PIL import Image

from flask_identity import IdentityRefusal
from flask_identity.images import names
from flask_identity.images.clean import clean
from flask_identity.images.header import kind_and_size
from tests.support.pictures import BLUE, RED, opened, picture

KINDS = ("PNG", "JPEG", "WEBP")


def large(data: bytes) -> Image.Image:
    done = clean(data)
    return opened(done.files[done.name])


def color(image: Image.Image, at: tuple[int, int]) -> Any:
    return image.getpixel(at)


def refusal(data: bytes) -> tuple[int, str]:
    with pytest.raises(IdentityRefusal) as refused:
        clean(data)
    assert list(refused.value.field_errors) == ["image"]
    return refused.value.status, refused.value.code


def png_that_says(width: int, height: int) -> bytes:
    """A small file of many pixels, all alike."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = zlib.compress(b"\0" * (height * (width // 8 + 1)), 9)
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [(1, 1), (640, 480), (30, 2000)])
def test_every_kind_becomes_a_square_webp_in_two_sizes(kind, size):
    """S-102, S-103."""
    done = clean(picture(kind, size))

    assert names.NAME.fullmatch(done.name)
    assert [opened(data).size for data in done.files.values()] == [(128, 128), (512, 512)]
    assert {opened(data).format for data in done.files.values()} == {"WEBP"}
    assert list(done.files) == [names.small(done.name), done.name], "the one that rows point at comes last"


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("JPEG", "CMYK"), ("PNG", "I;16"), ("PNG", "P"), ("PNG", "1"), ("PNG", "LA"), ("WEBP", "RGBA"), ("JPEG", "L")],
)
def test_every_way_to_write_pixels_is_read(kind, mode):
    """A-131."""
    paint = {"CMYK": (0, 0, 0, 0), "LA": (9, 0), "RGBA": (9, 9, 9, 0)}.get(mode, 1)
    assert large(picture(kind, (40, 30), paint, mode)).mode == ("RGBA" if "A" in mode else "RGB")


def test_nothing_but_pixels_goes_on():
    """S-102, A-129: no place, no camera, no profile, nothing behind the end."""
    exif = Image.Exif()
    exif[0x010F], exif[0x9286] = "Camera-Canary", "Comment-Canary"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 0.0)
    sent = picture("JPEG", exif=exif.tobytes(), icc_profile=b"Profile-Canary" * 20, comment=b"Text-Canary")
    sent += b"<?php Canary ?><script>Canary</script>PK\x03\x04"

    done = clean(sent)

    assert b"Canary" in sent
    for data in done.files.values():
        assert b"Canary" not in data
        assert not opened(data).getexif()
        assert {"exif", "icc_profile", "xmp"}.isdisjoint(opened(data).info)


@pytest.mark.parametrize(("orientation", "where"), [(1, (10, 256)), (3, (500, 256)), (6, (256, 10)), (8, (256, 500))])
def test_a_picture_is_turned_upright_before_its_orientation_is_lost(orientation, where):
    half = Image.new("RGB", (400, 400), BLUE)
    half.paste(RED, (0, 0, 200, 400))
    exif = Image.Exif()
    exif[0x0112] = orientation
    target = io.BytesIO()
    half.save(target, "JPEG", exif=exif.tobytes())

    pixel = color(large(target.getvalue()), where)
    assert pixel[0] > 150 > pixel[2], "what was left in the file is where a camera meant it"


def test_the_middle_is_kept():
    wide = Image.new("RGB", (1500, 500), BLUE)
    wide.paste(RED, (500, 0, 1000, 500))
    target = io.BytesIO()
    wide.save(target, "PNG")

    done = large(target.getvalue())
    assert all(color(done, at)[0] > 150 for at in ((8, 8), (500, 500), (8, 500)))


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"data:image/svg+xml;base64,PHN2Zz4=",
        b"<html><script>alert(1)</script>",
        b"\xff\xd8\xff<script>alert(1)</script>",
        b"\x89PNG\r\n\x1a\n<script>alert(1)</script>",
        b"RIFF\x00\x00\x00\x00WEBP<script>",
        picture("GIF"),
        picture("TIFF"),
        picture("BMP"),
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(30),
        b"8BPS" + bytes(100),
        b"SIMPLE  =                    T" + bytes(100),
    ],
)
def test_whatever_is_no_picture_of_three_kinds_is_refused(sent):
    """A-128, A-129, A-130."""
    assert refusal(sent) == (400, "not_an_image")


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_that_is_cut_off_is_refused(kind):
    """A-131."""
    whole = picture(kind, (300, 300), mode="RGB")
    noisy = io.BytesIO()
    Image.effect_noise((300, 300), 80).convert("RGB").save(noisy, kind)
    for sent in (noisy.getvalue()[: len(noisy.getvalue()) // 2], whole[:40]):
        assert refusal(sent) == (400, "not_an_image")


@pytest.mark.parametrize("size", [(9000, 9000), (13000, 13000), (8193, 10), (5001, 5000)])
def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(size):
    """A-130: a few kilobytes that would take hundreds of megabytes."""
    bomb = png_that_says(*size)
    began = time.thread_time()
    assert refusal(bomb) == (400, "too_many_pixels")
    assert time.thread_time() - began < 2


def test_a_file_over_five_mebibytes_is_refused():
    """S-099."""
    assert refusal(picture() + bytes(5 * 1024 * 1024)) == (413, "image_too_large")


@pytest.mark.parametrize("kind", ["WEBP", "PNG"])
def test_of_an_animation_the_first_frame_is_kept_and_a_long_one_is_refused(kind):
    """A-131."""
    frames = [Image.new("RGB", (16, 16), RED), *(Image.effect_noise((16, 16), 90).convert("RGB") for _ in range(149))]
    short, long = io.BytesIO(), io.BytesIO()
    frames[0].save(short, kind, save_all=True, append_images=frames[1:3])
    frames[0].save(long, kind, save_all=True, append_images=frames[1:])

    assert color(large(short.getvalue()), (256, 256))[0] > 150
    assert getattr(large(short.getvalue()), "n_frames", 1) == 1
    assert refusal(long.getvalue()) == (400, "not_an_image")


def test_a_bomb_costs_a_worker_of_little_memory_nothing():
    """F-12."""
    program = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (512 << 20, 512 << 20));"
        "from flask_identity import IdentityRefusal; from flask_identity.images.clean import clean\n"
        "try: clean(sys.stdin.buffer.read())\n"
        "except IdentityRefusal as refusal: print(refusal.code)"
    )
    for size in ((9000, 9000), (13000, 13000), (8192, 8192)):
        done = subprocess.run([sys.executable, "-c", program], input=png_that_says(*size), capture_output=True)
        assert done.stdout == b"too_many_pixels\n", done.stderr


def test_mutated_pictures_are_pictures_or_refused():
    """F-37, F-38: never another exception, and never more than two seconds."""
    chance = random.Random(38)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    samples = [picture(kind, (60, 40), exif=_exif()) for kind in KINDS]
    for turn in range(450):
        sent = bytearray(samples[turn % 3])
        for _ in range(chance.randint(1, 12)):
            at = chance.randrange(len(sent)) if chance.random() < 0.5 else chance.randrange(min(64, len(sent)))
            sent[at : at + chance.randint(0, 3)] = chance.randbytes(chance.randint(0, 4))
        began = time.thread_time()
        with suppress(IdentityRefusal):
            done = clean(bytes(sent))
            assert opened(done.files[done.name]).size == (512, 512)
        assert time.thread_time() - began < 2
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 256 * 1024, "kilobytes"


def test_a_header_that_is_cut_at_any_byte_says_nothing_false():
    for kind in KINDS:
        whole = picture(kind, (61, 43))
        assert kind_and_size(whole) == (kind, 61, 43)
        assert {kind_and_size(whole[:end]) for end in range(len(whole))} <= {None, (kind, 61, 43)}


def _exif() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    return exif.tobytes()
