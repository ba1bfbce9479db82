"""Make a picture that was sent safe to keep and to show: only its pixels go on, in a file written here (S-102)."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import Any

from ..base.image_errors import ImagesBusy, ImageTooLarge, NotAnImage, TooManyPixels
from . import names
from .header import kind_and_size

LARGEST_FILE = 5 * 1024 * 1024  # bytes
LARGEST_SIDE = 8192  # pixels
MOST_PIXELS = 25_000_000
SIDE, SMALL_SIDE = 512, 128  # pixels
_MOST_FRAMES = 100
_QUALITY = 82
_ORIENTATION = 0x0112  # the tag of EXIF
_WAIT = 3.0  # seconds

# A picture of the largest size takes some 200 MB while it is decoded.
_decoders = BoundedSemaphore(2)


@dataclass(frozen=True)
class Picture:
    """A picture that is safe: its name, and its files by their names."""

    name: str
    files: dict[str, bytes]


def clean(data: bytes) -> Picture:
    """Return a new picture with the pixels of one that was sent: square, upright, without anything else it held.

    Args:
        data: PNG, JPEG or WebP, told by its content alone; of an animation the first frame is taken.

    Raises:
        ImageTooLarge: over 5 MiB.
        TooManyPixels: over 25 megapixels or 8,192 a side; read from the header, nothing is decoded then.
        NotAnImage: for anything else, a picture that is cut off or broken among it.
        ImagesBusy: where others keep the decoders.
    """
    if len(data) > LARGEST_FILE:
        raise ImageTooLarge(field_errors={"image": [ImageTooLarge.message]})
    found = kind_and_size(data)
    if found is None or not (found[1] and found[2]):
        raise NotAnImage(field_errors={"image": [NotAnImage.message]})
    kind, width, height = found
    _check_size(width, height)
    if not _decoders.acquire(timeout=_WAIT):
        raise ImagesBusy
    try:
        large, little = _encoded(data, kind)
    finally:
        _decoders.release()
    name = names.new()
    return Picture(name, {names.small(name): little, name: large})


def _check_size(width: int, height: int) -> None:
    if width * height > MOST_PIXELS or max(width, height) > LARGEST_SIDE:
        raise TooManyPixels(field_errors={"image": [TooManyPixels.message]})


def _encoded(data: bytes, kind: str) -> tuple[bytes, bytes]:
    from PIL import Image, UnidentifiedImageError

    # What Pillow's decoders raise for broken files; anything else is a defect, and not the sender's.
    broken = (
        *(UnidentifiedImageError, Image.DecompressionBombError, zlib.error, EOFError, Warning),
        *(OSError, SyntaxError, ValueError, TypeError, LookupError, OverflowError, MemoryError, struct.error),
    )
    try:
        with Image.open(io.BytesIO(data), formats=(kind,)) as image:
            _check_size(*image.size)
            if getattr(image, "n_frames", 1) > _MOST_FRAMES:
                raise NotAnImage(field_errors={"image": [NotAnImage.message]})
            turn = _turn(image)
            square = _square(image)
    except broken:
        raise NotAnImage(field_errors={"image": [NotAnImage.message]}) from None
    if turn is not None:
        square = square.transpose(turn)
    return _webp(square), _webp(square.resize((SMALL_SIDE, SMALL_SIDE), Image.Resampling.LANCZOS))


def _square(image: Any) -> Any:
    """Return the middle of a picture, in the size that is kept."""
    from PIL import Image

    image.draft("RGB", (SIDE, SIDE))  # JPEG is decoded no larger than is needed
    image.load()
    alpha = "A" in image.getbands() or "transparency" in image.info
    whole = image.convert("RGBA" if alpha else "RGB")
    width, height = whole.size
    side = min(width, height)
    left, top = (width - side) // 2, (height - side) // 2
    box = (left, top, left + side, top + side)
    return whole.resize((SIDE, SIDE), Image.Resampling.LANCZOS, box=box, reducing_gap=2.0)


def _turn(image: Any) -> Any:
    """Return how a picture must be turned to be upright, None for not at all; EXIF that is broken says nothing."""
    from PIL import Image

    turns = Image.Transpose
    try:
        orientation = image.getexif().get(_ORIENTATION)
    except Exception:  # EXIF is a format of its own with faults of its own; none of it is kept
        return None
    return {
        2: turns.FLIP_LEFT_RIGHT,
        3: turns.ROTATE_180,
        4: turns.FLIP_TOP_BOTTOM,
        5: turns.TRANSPOSE,
        6: turns.ROTATE_270,
        7: turns.TRANSVERSE,
        8: turns.ROTATE_90,
    }.get(orientation if isinstance(orientation, int) else 1)


def _webp(image: Any) -> bytes:
    target = io.BytesIO()
    # Without these Pillow would carry over what the picture's `info` holds.
    image.save(target, "WEBP", quality=_QUALITY, method=4, exif=b"", icc_profile=b"", xmp=b"")
    return target.getvalue()
