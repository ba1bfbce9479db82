"""What stands between fences in the project's Markdown pages."""

from __future__ import annotations

import re
import shlex
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.house.project import below

FENCE = re.compile(r"^(?P<indent>\s*)(?P<fence>`{3,}|~{3,})\s*(?P<language>.*?)\s*$")
VARIABLE = re.compile(r"[A-Z_]+=")


@dataclass(frozen=True)
class Block:
    """One fenced block: the line it begins on (that of its first line of content), its language, its lines."""

    line: int
    language: str
    lines: tuple[str, ...]


def pages() -> list[Path]:
    return [path for path in below(".", ".md") if path.is_file()]


def blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    opened: re.Match[str] | None = None
    begun = 0
    content: list[str] = []
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        found = FENCE.match(line)
        if opened is None:
            if found:
                opened, begun, content = found, number + 1, []
        elif found and not found["language"] and found["fence"].startswith(opened["fence"]):
            yield Block(begun, opened["language"], tuple(textwrap.dedent("\n".join(content)).split("\n")))
            opened = None
        else:
            content.append(line)
    if opened is not None:
        raise ValueError(f"{page.name}: the block that begins on line {begun} is never closed")


def script_of(page: Path) -> str:
    """All Python of a page as one script, each line where it stands on the page, so that a traceback points there."""
    lines: list[str] = []
    for block in blocks(page):
        if block.language == "python":
            lines.extend([""] * (block.line - 1 - len(lines)))
            lines.extend(block.lines)
    return "\n".join(lines) + "\n" if lines else ""


def commands_of(page: Path) -> Iterator[list[str]]:
    """The commands a page tells its reader to type, as words; leading variables are left out."""
    for block in blocks(page):
        if block.language != "console":
            continue
        for line in block.lines:
            if line.startswith("$ "):
                words = shlex.split(line[2:], comments=True)
                while words and VARIABLE.match(words[0]):
                    words.pop(0)
                yield words
