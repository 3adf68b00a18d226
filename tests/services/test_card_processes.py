"""Processes of one machine at one card: real ones, some of which are killed."""

import asyncio
import random
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from services.card_files import CardFiles
from services.turns import Side, side_of
from tests.services.ground import until

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
TURNS = 12


@dataclass(frozen=True, slots=True)
class Turn:
    """From when to when somebody had the card."""

    side: Side
    begin: float
    end: float

    def clashes(self, other: "Turn") -> bool:
        """Whether it is of the other side and at the same time."""
        return self.side is not other.side and self.begin < other.end and other.begin < self.end


@dataclass(frozen=True, slots=True)
class Hand:
    """A process that works at the card."""

    side: Side
    process: asyncio.subprocess.Process

    async def begins(self) -> float:
        """When it begins next."""
        word, moment = await self._says()
        assert "begins" == word
        return moment

    async def turns(self) -> list[Turn]:
        """All of its turns that were not heard of yet and came to their end."""
        found, begun = [], 0.0
        while (said := await self._says())[0]:
            if said[0] == "begins":
                begun = said[1]
            elif begun:
                found.append(Turn(self.side, begun, said[1]))
        return found

    async def _says(self) -> tuple[str, float]:
        assert self.process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            word, _, moment = (await self.process.stdout.readline()).decode().partition(" ")
        return word, float(moment or 0)


@asynccontextmanager
async def hand(
    folder: Path, skill: str, policy: str, turns: int, seed: int = 0
) -> AsyncIterator[Hand]:
    """A process while the block runs."""
    words = ("-m", "tests.services.card_worker", folder, skill, policy, str(turns), str(seed))
    process = await asyncio.create_subprocess_exec(
        sys.executable, *words, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    try:
        yield Hand(side_of(skill), process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@pytest.mark.parametrize(("first", "second"), [("video", "chat"), ("chat", "video")])
async def test_a_killed_process_has_no_card_any_more(
    tmp_path: Path, first: str, second: str
) -> None:
    """The system lets go for it, and the other side begins."""
    waits = CardFiles(tmp_path, "card0").waits
    async with hand(tmp_path, first, "chat_first", 0) as holder:
        await holder.begins()
        async with hand(tmp_path, second, "chat_first", 1) as other:
            await until(lambda: waits(other.side), PATIENCE)
            killed_at = asyncio.get_running_loop().time()
            holder.process.kill()
            assert await other.begins() > killed_at
            assert 0 == await other.process.wait()


async def test_two_processes_alternate_where_turns_are_fair(tmp_path: Path) -> None:
    """Neither is done long before the other, and they never clash."""
    waits = CardFiles(tmp_path, "card0").waits
    async with hand(tmp_path, "video", "fair", 0) as first:
        await first.begins()
        async with (
            hand(tmp_path, "video", "fair", TURNS, 1) as heavy,
            hand(tmp_path, "chat", "fair", TURNS, 2) as light,
        ):
            await until(lambda: waits(Side.HEAVY) and waits(Side.LIGHT), PATIENCE)
            first.process.kill()
            turns = [*await heavy.turns(), *await light.turns()]
    assert 2 * TURNS == len(turns)
    assert not any(one.clashes(other) for one in turns for other in turns)
    order = "".join(one.side for one in sorted(turns, key=lambda one: one.begin))
    alternations = sum(a != b for a, b in pairwise(order))
    assert alternations >= TURNS, order


@pytest.mark.parametrize("policy", ["chat_first", "fair"])
async def test_they_never_clash_even_when_some_are_killed(tmp_path: Path, policy: str) -> None:
    """Five processes, two of which die at any moment; the others get all of their turns."""
    chance = random.Random(policy)
    skills = ["chat", "vision", "chat", "video", "image"]
    async with (
        hand(tmp_path, skills[0], policy, TURNS, 10) as a,
        hand(tmp_path, skills[1], policy, TURNS, 11) as b,
        hand(tmp_path, skills[2], policy, 1000, 12) as c,
        hand(tmp_path, skills[3], policy, TURNS, 13) as d,
        hand(tmp_path, skills[4], policy, 1000, 14) as e,
    ):
        for doomed in (c, e):
            await doomed.begins()
            await asyncio.sleep(chance.uniform(0.0, 0.3))
            doomed.process.kill()
        turns = [await one.turns() for one in (a, b, d)]
        gone = [await one.turns() for one in (c, e)]
    assert [TURNS] * 3 == [len(one) for one in turns]
    every = [turn for one in (*turns, *gone) for turn in one]
    assert not any(one.clashes(other) for one in every for other in every)
