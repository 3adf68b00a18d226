"""The parts that hear and speak, over a ground."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from services.budget import Allowance, Budget
from services.chain import Chain
from services.files import Shelf, Workrooms
from services.skills import Synthesizer
from services.sound.ffmpeg import Ffmpeg
from services.speaking.speaking import Speaking
from services.tastes import Tastes
from storage.chats import Chats
from storage.ledger import Ledger
from storage.people import People
from tests.services.ground import Ground


def tastes(ground: Ground) -> Tastes:
    """What people want to hear."""
    return Tastes(People(ground.database), Chats(ground.database))


def budget(ground: Ground, allowances: Mapping[str, Allowance] | None = None) -> Budget:
    """What people may use."""
    return Budget(Ledger(ground.database, ground.clock), allowances or {}, ground.clock)


def speaking(
    ground: Ground,
    folder: Path,
    chain: Chain[Synthesizer],
    *,
    usual: str = "always",
    longest: float = 180.0,
    allowances: Mapping[str, Allowance] | None = None,
) -> Speaking:
    """Who reads answers aloud; its files are in this folder."""
    return Speaking(
        chain,
        tastes(ground),
        budget(ground, allowances),
        Workrooms(folder / "work"),
        Shelf(folder / "outgoing"),
        Ffmpeg(),
        ground.words,
        usual,
        longest,
    )
