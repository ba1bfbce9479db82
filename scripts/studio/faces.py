"""Portraits of nobody: drawn from a few shapes, the same ones for the same number."""

from __future__ import annotations

import io
import random

from PIL import Image, ImageChops, ImageDraw

SIDE = 512
_FINER = 2  # drawn larger, then made smaller, so that edges are smooth
_BACKS = (
    ("#c7d2fe", "#818cf8"),
    ("#fde2c5", "#f59e6b"),
    ("#c9f2e1", "#56b893"),
    ("#fbd5e5", "#e57fab"),
    ("#d7ecfa", "#6fb1d9"),
    ("#ece3c8", "#c2a45a"),
)
_SKINS = ("#f6d7c3", "#eebf9f", "#d9a07a", "#b87a52", "#8d5a3a", "#6a4029")
_HAIRS = ("#2b2320", "#4b3326", "#7a4f2c", "#b5833f", "#8f8f96", "#a5482f", "#1f2430")
_CLOTHES = ("#33415c", "#7c3aed", "#0f766e", "#b45309", "#9d174d", "#1d4ed8", "#3f3f46")


def portrait(number: int) -> bytes:
    """Return a portrait as a PNG file; another number is another face."""
    draw = random.Random(number)  # noqa: S311 - a drawing, not a secret
    skin, hair, clothes = (draw.choice(each) for each in (_SKINS, _HAIRS, _CLOTHES))
    image = _gradient(*draw.choice(_BACKS))
    pen = ImageDraw.Draw(image)
    long, fringe, glasses = draw.random() < 0.45, draw.choice((0.0, 0.35, 0.7)), draw.random() < 0.3
    if long:
        _round(pen, (0.24, 0.16, 0.76, 0.82), hair, 0.24)
    else:
        _oval(pen, (0.265, 0.13, 0.735, 0.60), hair)
    _oval(pen, (0.10, 0.76, 0.90, 1.50), clothes)
    _round(pen, (0.42, 0.58, 0.58, 0.84), _darker(skin), 0.07)
    _oval(pen, (0.285, 0.19, 0.715, 0.72), skin)
    _cap(image, hair, fringe)
    _features(pen, _darker(skin), glasses)
    target = io.BytesIO()
    image.resize((SIDE, SIDE), Image.Resampling.LANCZOS).save(target, "PNG")
    return target.getvalue()


def _gradient(top: str, bottom: str) -> Image.Image:
    size = (SIDE * _FINER, SIDE * _FINER)
    return Image.composite(
        Image.new("RGB", size, bottom), Image.new("RGB", size, top), Image.linear_gradient("L").resize(size)
    )


def _cap(image: Image.Image, hair: str, fringe: float) -> None:
    """The hair over the forehead: what of the head lies above a slanting line."""
    head, above = Image.new("L", image.size), Image.new("L", image.size)
    _oval(ImageDraw.Draw(head), (0.27, 0.15, 0.73, 0.74), 255)
    middle = 0.30 + 0.12 * fringe
    corners = ((0.2, 0), (0.8, 0), (0.8, 0.44), (0.3 + 0.4 * fringe, middle - 0.03), (0.2, 0.42))
    ImageDraw.Draw(above).polygon([(x * image.width, y * image.height) for x, y in corners], fill=255)
    image.paste(hair, mask=ImageChops.multiply(head, above))


def _features(pen: ImageDraw.ImageDraw, shade: str, glasses: bool) -> None:
    for middle in (0.415, 0.585):
        _oval(pen, (middle - 0.018, 0.455, middle + 0.018, 0.495), "#2b2320")
        if glasses:
            pen.ellipse(_box((middle - 0.075, 0.40, middle + 0.075, 0.55)), outline="#26262b", width=5 * _FINER)
    if glasses:
        pen.line(_box((0.49, 0.46, 0.51, 0.46)), fill="#26262b", width=5 * _FINER)
    pen.arc(_box((0.43, 0.52, 0.57, 0.64)), 25, 155, fill=shade, width=7 * _FINER)


def _darker(color: str) -> str:
    return "#" + "".join(f"{int(int(color[at : at + 2], 16) * 0.78):02x}" for at in (1, 3, 5))


def _box(part: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    side = SIDE * _FINER
    return part[0] * side, part[1] * side, part[2] * side, part[3] * side


def _oval(pen: ImageDraw.ImageDraw, part: tuple[float, float, float, float], color: str | int) -> None:
    pen.ellipse(_box(part), fill=color)


def _round(pen: ImageDraw.ImageDraw, part: tuple[float, float, float, float], color: str, radius: float) -> None:
    pen.rounded_rectangle(_box(part), radius * SIDE * _FINER, fill=color)
