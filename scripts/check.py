"""The checkers the code has to satisfy: `make check` runs them all, the house tests run them one by one."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import MappingProxyType

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

CHECKS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "types": ("mypy",),
        "public types": ("pyright", "--verifytypes", "flask_identity", "--ignoreexternal"),
        "imports": ("lint-imports", "--no-cache"),
        "lint": ("ruff", "check"),
        "format": ("ruff", "format", "--check"),
    }
)


def run(name: str) -> subprocess.CompletedProcess[str]:
    """Run one checker at the root of the checkout; its return code says whether it is content."""
    program, *arguments = CHECKS[name]
    environment = os.environ | {
        "NO_COLOR": "1",
        # Told an interpreter by path, pyright follows the link out of the environment and finds no library.
        "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}",
        # Judging a whole package, pyright does not look at .pth files, by which an editable install is found.
        "PYTHONPATH": str(ROOT / "src"),
        # It would otherwise ask over the network for a newer release of itself.
        "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1",
    }
    return subprocess.run(
        [BIN / program, *arguments],
        cwd=ROOT,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )


def main() -> int:
    """Run all checkers, as many at once as there are cores; 1 if any complains, with what it said."""
    begun = time.monotonic()
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        results = dict(zip(CHECKS, pool.map(run, CHECKS), strict=True))
    for name, result in results.items():
        if result.returncode:
            print(f"--- {name}: {' '.join(CHECKS[name])}\n{result.stdout.strip()}\n")
    complaints = [name for name, result in results.items() if result.returncode]
    verdict = f"complaints from: {', '.join(complaints)}" if complaints else "all content"
    print(f"{len(CHECKS)} checks in {time.monotonic() - begun:.0f} s: {verdict}")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
