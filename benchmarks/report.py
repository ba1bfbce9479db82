"""From the rounds to medians, a verdict and a table."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from statistics import median
from typing import Any

BARE, AGAIN = "bare Flask", "bare Flask again"
WORKLOADS = {
    "W1": "GET by session cookie",
    "W2": "the same with a role check",
    "W3": "GET by bearer token",
    "anonymous": "a page nobody has to sign in for",
}
DIFFERS = 0.05  # bare Flask may differ from itself by this much
FEWEST_ROUNDS = 15

Rounds = dict[tuple[str, str], list[dict[str, float]]]


def summary(rounds: Rounds, versions: dict[str, dict[str, str]], loads: list[float], absent: list[str]) -> Any:
    """Everything worth keeping of a run."""
    figures: dict[str, dict[str, Any]] = {}
    for (cell, workload), measured in rounds.items():
        bare = rounds[BARE, workload]
        figures.setdefault(cell, {})[workload] = {
            clock: {
                "microseconds": round(median(one[clock] for one in measured), 1),
                "ratio": round(median(base[clock] / one[clock] for base, one in zip(bare, measured, strict=True)), 3),
            }
            for clock in ("wall", "cpu")
        }
    count = len(next(iter(rounds.values())))
    machine = {"processor": processor(), "cores": os.cpu_count(), "system": platform.platform()}
    load = {"before": round(loads[0], 2), "median": round(median(loads), 2), "most": round(max(loads), 2)}
    return {
        "worthless": faults(figures, loads, count),
        "rounds": count,
        "machine": machine,
        "load": load,
        "versions": versions,
        "absent": absent,
        "figures": figures,
    }


def faults(figures: dict[str, dict[str, Any]], loads: list[float], rounds: int) -> list[str]:
    """Why this run says nothing; empty where it says something."""
    found = []
    for workload, clocks in figures.get(AGAIN, {}).items():
        ratio = clocks["wall"]["ratio"]
        if abs(ratio - 1) > DIFFERS:
            found.append(f"bare Flask differs from itself in {workload}: {ratio}")
    cores = os.cpu_count() or 1
    if loads[0] > cores / 2:
        found.append(f"the machine had other work: a load of {loads[0]:.1f} on {cores} cores before the run")
    if median(loads) > cores:
        found.append(f"the machine had other work: a load of {median(loads):.1f} on {cores} cores")
    if rounds < FEWEST_ROUNDS:
        found.append(f"only {rounds} rounds")
    return found


def markdown(result: Any) -> str:
    """The table, and what it was measured on."""
    titles = list(WORKLOADS)
    lines = [f"| times as fast as bare Flask | {' | '.join(titles)} |", "|---" * (len(titles) + 1) + "|"]
    for cell, workloads in result["figures"].items():
        lines.append(f"| {cell} | {' | '.join(_shown(workloads.get(name)) for name in titles)} |")
    machine, load = result["machine"], result["load"]
    merged = {name: release for found in result["versions"].values() for name, release in found.items()}
    lines += [
        "",
        "; ".join(f"{name}: {meaning}" for name, meaning in WORKLOADS.items()) + ".",
        f"By wall time, in parentheses by processor time; medians of {result['rounds']} rounds.",
        f"{machine['processor']}, {machine['cores']} cores, load {load['before']} before and {load['median']} during.",
        ", ".join(f"{name} {release}" for name, release in merged.items()) + ".",
        *(f"Left out: {sentence}." for sentence in result["absent"]),
        *(f"**This run is worthless**: {fault}." for fault in result["worthless"]),
    ]
    return "\n".join(lines)


def _shown(clocks: Any) -> str:
    return f"{clocks['wall']['ratio']:.2f} ({clocks['cpu']['ratio']:.2f})" if clocks else ""


def processor() -> str:
    """What the processor calls itself."""
    info = Path("/proc/cpuinfo")
    for line in info.read_text(encoding="utf-8").splitlines() if info.exists() else ():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
