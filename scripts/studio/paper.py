"""Several pictures on one sheet, and the files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw

_FINER = 4  # a mask is drawn larger and made smaller, so that its edges are smooth
_MOST_SHADES, _MOST_PIXELS = 8, 500  # a change that nobody sees, of 256 and of two million
_EDGE = "#80839a"
_EDGE_SHOWS = 0.4  # of it, so that it goes with light and with dark


def split(left: Image.Image, right: Image.Image) -> Image.Image:
    """Join two pictures of the same place along a slanting line."""
    width, height = left.size
    corners = ((width * 0.58, 0), (width, 0), (width, height), (width * 0.42, height))
    mask = Image.new("L", (width * _FINER, height * _FINER))
    ImageDraw.Draw(mask).polygon([(x * _FINER, y * _FINER) for x, y in corners], fill=255)
    return Image.composite(right, left, mask.resize(left.size, Image.Resampling.LANCZOS))


def row(pictures: Sequence[Image.Image], gap: int) -> Image.Image:
    """Put pictures side by side, with nothing in between."""
    width = sum(each.width for each in pictures) + gap * (len(pictures) - 1)
    sheet = Image.new("RGBA", (width, max(each.height for each in pictures)))
    at = 0
    for each in pictures:
        sheet.paste(each, (at, 0))
        at += each.width + gap
    return sheet


def framed(picture: Image.Image, radius: int, edge: int = 0) -> Image.Image:
    """Round the corners off, with a thin edge: a white page is seen on a white one then."""
    outer = _mask(picture.size, radius, 0)
    line = ImageChops.subtract(outer, _mask(picture.size, radius, edge)).point(lambda light: int(light * _EDGE_SHOWS))
    shown = Image.composite(Image.new("RGB", picture.size, _EDGE), picture, line).convert("RGBA")
    shown.putalpha(outer)
    return shown


def _mask(size: tuple[int, int], radius: int, inset: int) -> Image.Image:
    mask = Image.new("L", (size[0] * _FINER, size[1] * _FINER))
    far = (mask.width - 1 - inset * _FINER, mask.height - 1 - inset * _FINER)
    ImageDraw.Draw(mask).rounded_rectangle((inset * _FINER, inset * _FINER, *far), (radius - inset) * _FINER, fill=255)
    return mask.resize(size, Image.Resampling.LANCZOS)


def save(picture: Image.Image, path: Path) -> None:
    """Write a picture as WebP without any loss: of pages, that is smaller than with some, and text stays sharp.

    A file that shows the same stays: now and then Chromium draws the edge of an icon a shade lighter or darker.
    """
    if path.exists() and _alike(picture, Image.open(path)):
        return
    picture.save(path, "WEBP", lossless=True, quality=100, method=6)


def _alike(one: Image.Image, other: Image.Image) -> bool:
    if one.size != other.size:
        return False
    apart = ImageChops.difference(_on_white(one), _on_white(other)).convert("L").histogram()
    return sum(apart[1:]) <= _MOST_PIXELS and not any(apart[_MOST_SHADES + 1 :])


def _on_white(picture: Image.Image) -> Image.Image:
    sheet = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(sheet, picture.convert("RGBA")).convert("RGB")
