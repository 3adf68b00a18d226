"""Works at a card again and again, as a process of its own, and says when.

`python -m tests.services.card_worker FOLDER SKILL POLICY TURNS SEED`; with 0 turns it begins once
and never ends.
"""

import asyncio
import random
import sys
import time
from pathlib import Path
from typing import cast

from services.cards import Cards
from services.slots import Slots
from services.turns import Policy, Turns


def say(word: str) -> None:
    """A word, and the time that all processes of a machine share."""
    print(word, time.monotonic(), flush=True)  # noqa: T201 - what this program is for


async def work(folder: Path, skill: str, policy: Policy, turns: int, seed: int) -> None:
    """Take turns."""
    chance = random.Random(seed)
    seat = Cards(folder, Turns(policy, patience=0.02)).seat("card0", skill)
    slots = Slots([1], lambda: None, [seat])
    for _ in range(max(turns, 1)):
        assert 0 == await slots.take(lambda: [0])
        say("begins")
        await asyncio.sleep(chance.uniform(0, 0.02) if turns else 1000)
        say("ends")
        slots.give(0)


if __name__ == "__main__":
    where, what, how, many, chosen = sys.argv[1:]
    asyncio.run(work(Path(where), what, cast(Policy, how), int(many), int(chosen)))
