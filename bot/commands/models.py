"""`python -m bot models`: the weights of the embedded engines, listed or fetched."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import aclosing, closing
from dataclasses import dataclass
from pathlib import Path

from bot.exits import DONE, FAILED, MISUSED, told
from bot.settings import Config
from domain.errors import BackendError
from services.pulling import pull
from services.shop import SHOP, here, target
from services.weights import Weights
from services.wire import Wire

BAR = 30
MIB = 1 << 20


async def main(config: Config, arguments: argparse.Namespace) -> int:
    """List the weights, or fetch those that are named; gives the exit code."""
    folder_of_data = config.storage.data_dir
    if arguments.action == "list":
        sys.stdout.write("".join(f"{_line(one, folder_of_data)}\n" for one in SHOP))
        return DONE
    wanted = arguments.names or [next(iter(SHOP))]
    unknown = [name for name in wanted if name not in SHOP]
    if unknown:
        known = ", ".join(SHOP)
        return told(f"there are no weights named {unknown[0]!r}; there are {known}", MISUSED)
    return await _fetched(wanted, folder_of_data)


def _line(name: str, data_dir: Path) -> str:
    path = here(data_dir, name)
    where = f"here: {path}" if path else f"python -m bot models pull {name}"
    return f"{name:<14}  {where}"


async def _fetched(wanted: Sequence[str], data_dir: Path) -> int:
    wire = Wire()
    async with aclosing(wire):
        for name in wanted:
            if path := here(data_dir, name):
                sys.stdout.write(f"{name} is here already: {path}\n")
                continue
            place = target(data_dir, name)
            try:
                for weights in SHOP[name]:
                    await _fetch(wire, weights, place)
            except BackendError as error:
                return told(f"{error}; what has come stays, so try again", FAILED)
            except OSError as error:
                return told(f"{place}: {error.strerror}", FAILED)
    return DONE


async def _fetch(wire: Wire, weights: Weights, target: Path) -> None:
    with closing(Bar(weights.name)) as bar:
        pulled = await pull(wire, weights, target, bar.show)
    sys.stdout.write(f"{pulled.path}\nsha256 {pulled.sha256}, vouched for by {pulled.vouched}\n")


@dataclass(slots=True)
class Bar:
    """A bar on standard error that moves with every hundredth; on a terminal it stays in place."""

    name: str
    shown: int = -1

    def show(self, here: int, total: int) -> None:
        """Say how many bytes of how many are there; 0 of all is an unknown total."""
        step = here * 100 // total if total else here // MIB
        pace = 1 if sys.stderr.isatty() else 10
        if step // pace == self.shown // pace and self.shown >= 0:
            return
        self.shown = step
        start, end = ("\r", "") if sys.stderr.isatty() else ("", "\n")
        sys.stderr.write(f"{start}{self.name} {_drawn(here, total)}{end}")
        sys.stderr.flush()

    def close(self) -> None:
        """Leave the line."""
        if sys.stderr.isatty() and self.shown >= 0:
            sys.stderr.write("\n")


def _drawn(here: int, total: int) -> str:
    if not total:
        return f"{here // MIB} MiB"
    full = here * BAR // total
    return f"{'█' * full}{'░' * (BAR - full)} {here * 100 // total:3d} % of {total / MIB:.0f} MiB"
