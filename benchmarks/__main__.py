"""`python -m benchmarks [name ...]` measures what the README claims."""

from __future__ import annotations

import argparse
import asyncio
import importlib
import json
import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure, table
from benchmarks.scene import Scenes, scenes
from benchmarks.sheet import Sheet

NAMES = (
    "dispatch",
    "streaming",
    "crowd",
    "order",
    "crash",
    "footprint",
    "storage",
    "quotas",
    "document_search",
    "voice_conversion",
    "summaries",
    "reading",
    "speech",
    "voices",
    "gif",
    "companion",
    "pipe",
    "film_crash",
)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(NAMES)}")
    parser.add_argument("--quick", action="store_true", help="see that it runs; the figures vary")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures down, too")
    given = parser.parse_args()
    if unknown := set(given.names) - set(NAMES):
        parser.error(f"there is no benchmark {min(unknown)!r}; there are {', '.join(NAMES)}")
    return given


async def _measure(names: Sequence[str], *, quick: bool) -> dict[str, Any]:
    told: dict[str, Any] = {}
    async with scenes() as set_up:
        for name in names:
            sheet, figures = await _one(name, set_up, quick=quick)
            print(f"\n{name}: {sheet.noise}\n{table(figures)}", flush=True)
            told[name] = {"noise": sheet.noise, "figures": [one.record() for one in figures]}
    return told


async def _one(name: str, set_up: Scenes, *, quick: bool) -> tuple[Sheet, list[Figure]]:
    benchmark, sheet = importlib.import_module(f"benchmarks.{name}"), Sheet(quick)
    await benchmark.run(sheet, set_up)
    return sheet, sheet.figures(benchmark.CLAIMS)


def _machine() -> dict[str, Any]:
    return {
        "system": platform.platform(),
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "load": os.getloadavg()[0],
    }


def main() -> None:
    """Measure what is named, or all; fails only when something cannot be measured."""
    given = _arguments()
    machine = _machine()
    print(" · ".join(f"{key} {value}" for key, value in machine.items()))
    told = asyncio.run(_measure(given.names or NAMES, quick=given.quick))
    if given.json:
        given.json.write_text(json.dumps({"machine": machine, **told}, indent=2) + "\n")
    sys.exit(0)


if __name__ == "__main__":
    main()
