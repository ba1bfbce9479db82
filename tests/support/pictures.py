"""Pictures to send."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

RED, BLUE = (200, 30, 30), (30, 30, 200)


def picture(kind: str = "PNG", size: tuple[int, int] = (640, 480), color: Any = RED, mode: str = "RGB", **more: Any):
    """The bytes of a picture."""
    target = io.BytesIO()
    Image.new(mode, size, color).save(target, kind, **more)
    return target.getvalue()


def opened(data: bytes) -> Image.Image:
    """A picture, decoded."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def parts(data: bytes) -> dict[str, Any]:
    """A body with a file too large to be encoded by the test client, which would leave a file of its own open."""
    head = b'--x\r\nContent-Disposition: form-data; name="image"; filename="x.png"\r\n\r\n'
    return {"data": head + data + b"\r\n--x--\r\n", "content_type": "multipart/form-data; boundary=x"}


def part(data: bytes, name: str = "me.png", kind: str = "image/png") -> tuple[io.BytesIO, str, str]:
    """A file as test clients send it."""
    return io.BytesIO(data), name, kind
