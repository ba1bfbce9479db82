"""How large a picture says it is, read from its first bytes: a decoder would take the memory before we could refuse."""

from __future__ import annotations

import struct

_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
"""Markers of JPEG that are followed by a size."""


def kind_and_size(data: bytes) -> tuple[str, int, int] | None:
    """Return Pillow's name of the format, width and height; None for what is no PNG, JPEG or WebP."""
    try:
        if data.startswith(b"\x89PNG\r\n\x1a\n") and data[12:16] == b"IHDR":
            return ("PNG", *struct.unpack(">II", data[16:24]))
        if data.startswith(b"\xff\xd8\xff"):
            size = _jpeg(data)
            return ("JPEG", *size) if size else None
        if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
            size = _webp(data)
            return ("WEBP", *size) if size else None
    except (struct.error, IndexError):
        pass
    return None


def _jpeg(data: bytes) -> tuple[int, int] | None:
    at, largest = 2, None
    while True:
        while data[at] != 0xFF:
            at += 1
        while data[at] == 0xFF:
            at += 1
        marker, at = data[at], at + 1
        if marker in (0xD9, 0xDA):  # the end, or the pixels
            return largest
        if marker == 0x01 or 0xD0 <= marker <= 0xD8:
            continue
        (length,) = struct.unpack(">H", data[at : at + 2])
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", data[at + 3 : at + 7])
            # Decoders differ in which of several they believe.
            largest = max(largest or (0, 0), (width, height), key=lambda size: size[0] * size[1])
        at += max(length, 2)


def _webp(data: bytes) -> tuple[int, int] | None:
    chunk, body = data[12:16], data[20:30]
    if chunk == b"VP8X":
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if chunk == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", body[6:10])
        return width & 0x3FFF, height & 0x3FFF
    if chunk == b"VP8L" and body[0] == 0x2F:
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return None
