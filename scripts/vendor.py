"""Write src/flask_identity/static/vendor and tests/browser/vendor anew from packages, fetched with npm.

    python scripts/vendor.py

Adding an icon: add its name to _ICONS (the outline icons of @tabler/icons) and run this.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "src/flask_identity/static/vendor"
TEST_VENDOR = ROOT / "tests/browser/vendor"

PACKAGES = {
    "bootstrap": ("5.3.9", "MIT"),
    "@tabler/icons": ("3.51.0", "MIT"),
    "@fontsource-variable/inter": ("5.3.0", "OFL-1.1"),
}

TESTED_WITH = {"axe-core": ("4.14.1", "MPL-2.0")}
"""What only the browser tests use; it is in no wheel."""

BUNDLED = {"@zxcvbn-ts/core": ("4.2.0", "MIT")}
"""What `scripts/strength_bundle.py` writes beside."""

_ICONS = """
activity adjustments alert-circle alert-triangle archive arrow-left ban bell browser calendar camera check chevron-down
chevron-left chevron-right chevron-up circle-check circle-x clock copy device-desktop device-laptop device-mobile dots
download edit external-link eye eye-off file-text filter fingerprint globe history home id info-circle key
layout-dashboard link list-details lock lock-open logout login mail map-pin menu-2 minus moon phone photo plus
printer qrcode refresh search selector send settings shield shield-check shield-lock shield-off sort-ascending
sort-descending sun sun-moon trash upload user user-check user-circle user-plus user-x users world x
"""
ICONS = _ICONS.split()

_HEAD = re.compile(r"^@charset [^;]+;")
_MAP = re.compile(r"\n?(/\*# sourceMappingURL=.*?\*/|//# sourceMappingURL=.*)\s*$")
_INSIDE = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
_FRAME = re.compile(r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>')


def packed(folder: Path, package: str) -> Mapping[str, bytes]:
    """Fetch a package and return its files by name."""
    version, _ = (PACKAGES | TESTED_WITH)[package]
    done = subprocess.run(
        [shutil.which("npm") or "npm", "pack", "--silent", f"{package}@{version}"],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    with tarfile.open(folder / done.stdout.split()[-1]) as archive:
        found = {each.name.removeprefix("package/"): archive.extractfile(each) for each in archive if each.isfile()}
        return {name: file.read() for name, file in found.items() if file is not None}


def layered(css: bytes) -> bytes:
    """Put a stylesheet into the layer `bootstrap`, below ours and the application's, without its source map."""
    text = _MAP.sub("", _HEAD.sub("", css.decode()))
    return f'@charset "UTF-8";@layer bootstrap,fi,host;@layer bootstrap{{{text}}}\n'.encode()


def without_map(script: bytes) -> bytes:
    """Take the line off that names a source map."""
    return (_MAP.sub("", script.decode()) + "\n").encode()


def sprite(files: Mapping[str, bytes]) -> bytes:
    """Put icons into one file, as symbols under their names."""
    symbols = []
    for name in sorted(ICONS):
        found = _INSIDE.search(files[f"icons/outline/{name}.svg"].decode())
        if found is None:
            raise ValueError(f"{name} is no icon")
        shapes = "".join(line.strip() for line in _FRAME.sub("", found[1]).splitlines())
        symbols.append(
            f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-linecap="round"'
            f' stroke-linejoin="round">{shapes}</symbol>\n'
        )
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{"".join(symbols)}</svg>\n'.encode()


def shipped(folder: Path) -> Mapping[str, tuple[str, bytes]]:
    """What the pages use: package and content by the name of the file."""
    bootstrap, icons, inter = (packed(folder, name) for name in PACKAGES)
    return {
        "bootstrap.css": ("bootstrap", layered(bootstrap["dist/css/bootstrap.min.css"])),
        "bootstrap.js": ("bootstrap", without_map(bootstrap["dist/js/bootstrap.bundle.min.js"])),
        "bootstrap.LICENSE": ("bootstrap", bootstrap["LICENSE"]),
        "icons.svg": ("@tabler/icons", sprite(icons)),
        "icons.LICENSE": ("@tabler/icons", icons["LICENSE"]),
        "inter-latin.woff2": ("@fontsource-variable/inter", inter["files/inter-latin-wght-normal.woff2"]),
        "inter-latin-ext.woff2": ("@fontsource-variable/inter", inter["files/inter-latin-ext-wght-normal.woff2"]),
        "inter.LICENSE": ("@fontsource-variable/inter", inter["LICENSE"]),
    }


def for_tests(folder: Path) -> Mapping[str, tuple[str, bytes]]:
    """What looks at the pages, as its makers publish it."""
    axe = packed(folder, "axe-core")
    names = {"axe.min.js": "axe.min.js", "axe.LICENSE": "LICENSE", "axe.LICENSE-3RD-PARTY": "LICENSE-3RD-PARTY.txt"}
    return {name: ("axe-core", axe[source]) for name, source in names.items()}


def write(folder: Path, files: Mapping[str, tuple[str, bytes]], about: str) -> None:
    """Write the files and list them in README.md, beside those that another script wrote there."""
    folder.mkdir(parents=True, exist_ok=True)
    readme = folder / "README.md"
    listed = readme.read_text(encoding="utf-8").splitlines() if readme.exists() else []
    others = [line for line in listed if any(f"| {name} |" in line for name in BUNDLED)]
    rows = []
    for name, (package, content) in files.items():
        (folder / name).write_bytes(content)
        version, licence = (PACKAGES | TESTED_WITH)[package]
        rows.append(f"| `{name}` | {package} | {version} | {licence} | `{hashlib.sha256(content).hexdigest()}` |")
    table = "\n".join(["| File | Package | Version | Licence | SHA-256 |", "|---|---|---|---|---|", *rows, *others])
    readme.write_text(
        "# What other people made\n\nWritten by `python scripts/vendor.py`; edit that, not these files."
        f" {about}\n\n{table}\n",
        encoding="utf-8",
    )
    print(f"{folder}: {len(files)} files")


def main() -> None:
    """Fetch, write the files, and list them."""
    with tempfile.TemporaryDirectory() as folder:
        ours, tests = shipped(Path(folder)), for_tests(Path(folder))
    write(
        VENDOR,
        ours,
        "`bootstrap.css` is put into a cascade layer,\nsource maps are left out, the icons are joined into one sprite."
        " `zxcvbn.js` and its licence are written by\n`python scripts/strength_bundle.py`, with the word lists of the"
        " Python package `zxcvbn`, so that browser and server agree.",
    )
    write(
        TEST_VENDOR,
        tests,
        "The browser tests use them; no wheel\nholds them. Source: https://github.com/dequelabs/axe-core.",
    )


if __name__ == "__main__":
    main()
