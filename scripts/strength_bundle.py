"""Build static/vendor/zxcvbn.js anew: the browser's password scorer, with the word lists of the server's.

Needs Node.js with npm. `python scripts/strength_bundle.py` writes it, its licences and their rows in the list of the
folder; with `--check` it only says whether the committed files are what would be written.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from importlib.metadata import files, version
from pathlib import Path

from zxcvbn.adjacency_graphs import ADJACENCY_GRAPHS
from zxcvbn.frequency_lists import FREQUENCY_LISTS
from zxcvbn.matching import L33T_TABLE

ROOT = Path(__file__).resolve().parent.parent
SOURCES = Path(__file__).resolve().parent / "strength"
VENDOR = ROOT / "src/flask_identity/static/vendor"
PACKAGE = "@zxcvbn-ts/core"
_BETWEEN = ","


def lists() -> str:
    """Return a module with the server's word lists, keyboards and look-alike letters.

    Raises:
        ValueError: where a word holds the mark that separates words.
    """
    joined = {}
    for name, words in FREQUENCY_LISTS.items():
        joined[name] = _BETWEEN.join(words)
        if joined[name].count(_BETWEEN) != len(words) - 1:
            raise ValueError(f"a word of {name} holds {_BETWEEN!r}")
    values = {"lists": joined, "adjacency": ADJACENCY_GRAPHS, "l33t": L33T_TABLE}
    return "".join(f"export const {name} = {json.dumps(value)};\n" for name, value in values.items())


def bundle(folder: Path) -> dict[str, bytes]:
    """Build in a folder that may be thrown away; return the bundle and its licences by the names of their files.

    Raises:
        CalledProcessError: where npm or the build fails.
        FileNotFoundError: where there is no npm or node.
    """
    shutil.copytree(SOURCES, folder, dirs_exist_ok=True)
    (folder / "lists.js").write_text(lists(), encoding="utf-8")
    npm, node = _program("npm"), _program("node")
    subprocess.run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], cwd=folder, check=True)
    told = f"{PACKAGE} {pinned()} with the word lists of zxcvbn {version('zxcvbn')} for Python. MIT: zxcvbn.LICENSE"
    subprocess.run([node, "build.mjs", "zxcvbn.js", told], cwd=folder, check=True)
    return {"zxcvbn.js": (folder / "zxcvbn.js").read_bytes(), "zxcvbn.LICENSE": _licences(folder / "node_modules")}


def pinned() -> str:
    """Return the version of the JavaScript package."""
    found: str = json.loads((SOURCES / "package.json").read_text(encoding="utf-8"))["dependencies"][PACKAGE]
    return found


def rows(made: Mapping[str, bytes]) -> str:
    """Return the lines that list the files in the folder's README."""
    return "".join(
        f"| `{name}` | {PACKAGE} | {pinned()} | MIT | `{hashlib.sha256(content).hexdigest()}` |\n"
        for name, content in made.items()
    )


def _licences(modules: Path) -> bytes:
    python = next(Path(str(file.locate())) for file in files("zxcvbn") or () if "LICENSE" in file.name)
    texts = {
        PACKAGE: modules / PACKAGE / "LICENSE.txt",
        "fastest-levenshtein": modules / "fastest-levenshtein/LICENSE.md",
        "zxcvbn for Python (word lists, keyboards)": python,
    }
    return (
        "\n\n".join(f"{name}\n\n{path.read_text(encoding='utf-8').strip()}" for name, path in texts.items()).encode()
        + b"\n"
    )


def _list_anew(readme: str, ours: str) -> str:
    return re.sub(r"^\| `zxcvbn\..*\n", "", readme, flags=re.MULTILINE) + ours


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise FileNotFoundError(f"{name} is needed to build the bundle")
    return found


def main() -> int:
    """Write the bundle, or compare; 1 where they differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only say whether the committed file is up to date")
    check = parser.parse_args().check
    with tempfile.TemporaryDirectory() as folder:
        made = bundle(Path(folder))
    readme = VENDOR / "README.md"
    before = readme.read_text(encoding="utf-8")
    made["README.md"] = _list_anew(before, rows(made)).encode()
    different = [name for name, content in made.items() if (VENDOR / name).read_bytes() != content] if check else []
    for name, content in made.items():
        print(f"{name}: {len(content):,} bytes{', differs' if name in different else ''}")
        if not check:
            (VENDOR / name).write_bytes(content)
    if different:
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
