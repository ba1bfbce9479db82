"""The files of the project, as the house tests see them."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def files() -> tuple[Path, ...]:
    """Every file that is in the repository or about to be."""
    listing = subprocess.run(
        ["git", "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        text=True,
        check=True,
    )
    paths = (ROOT / name for name in listing.stdout.split("\0") if name)
    return tuple(sorted(path for path in paths if path.is_file()))


def below(folder: str, suffix: str) -> list[Path]:
    """The project's files in a folder, by the end of their name."""
    return [path for path in files() if path.is_relative_to(ROOT / folder) and path.name.endswith(suffix)]


def name_of(path: Path) -> str:
    """A path as one would type it at the root."""
    return path.relative_to(ROOT).as_posix()


def text_of(path: Path) -> str | None:
    """What a text file says; None for a picture, a font or the like."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None
