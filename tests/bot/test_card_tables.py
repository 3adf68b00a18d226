"""The graphics cards that a configuration names."""

from pathlib import Path

import pytest

from bot.card_tables import cards_of
from bot.duties import Duty
from services.backends.ollama import OllamaChat
from services.turns import Side
from services.wire import Wire
from tests.bot.configured import complaint, loaded
from tests.program.strange_cameras import Camera

FILE = """
[cards]
policy = "night"
night = "01:00-05:00"
timezone = "Europe/Kyiv"
patience_seconds = 5

[[chat]]
use = "services.backends.ollama:OllamaChat"
gpu = "card0"

[[chat]]
use = "services.backends.ollama:OllamaChat"
url = "http://127.0.0.1:1"
gpu = "card1"

[[vision]]
use = "services.backends.ollama:OllamaVision"

[[video]]
use = "tests.program.strange_cameras:Camera"
gpu = "card0"
"""


async def test_those_of_one_card_are_known_by_their_side(tmp_path: Path) -> None:
    """So that each process can ask the other side to free memory, whoever it works with itself."""
    wire = Wire()
    cards = cards_of(loaded(tmp_path, FILE), wire)
    assert {"card0", "card1"} == set(cards.reliefs)
    first = cards.reliefs["card0"].backends
    assert [OllamaChat] == [type(one) for one in first[Side.LIGHT]]
    assert [Camera] == [type(one) for one in first[Side.HEAVY]]
    assert () == tuple(cards.reliefs["card1"].backends[Side.HEAVY])
    assert ("night", 5) == (cards.turns.policy, cards.turns.patience)
    assert "Europe/Kyiv" == str(cards.turns.zone)
    await wire.aclose()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('policy = "first"', 'policy: wanted one of "chat_first", "fair", "night"'),
        ('night = "all of it"', 'night: must look like "23:00-07:00"'),
        ('night = "24:30-07:00"', "night: must be hours of a day"),
        ('timezone = "Kyiv"', 'timezone: must be the name of a time zone, as "Europe/Kyiv"'),
        ("patience_seconds = -1", "patience_seconds: must be from 0 to 86400"),
    ],
)
def test_turns_that_cannot_be_taken_are_an_error(tmp_path: Path, line: str, expected: str) -> None:
    """It is found at start."""
    assert f"config.toml: [cards] {expected}" == complaint(tmp_path, f"[cards]\n{line}")


def test_each_process_claims_what_is_its_own() -> None:
    """Commands only where somebody listens, and no backend that nobody asks."""
    door = Duty(frozenset({"chat"}))
    assert {"quick", "clips", "chat", "hear", "speak", "vision", "read"} == door.pools
    assert door.needs("image")
    assert [True, False] == [door.watches(skill) for skill in ("image", "chat")]
    assert not Duty().watches("image")
    studio = Duty(frozenset({"draw", "film"}), listens=False)
    assert {"image", "video"} == studio.pools
    assert ["chat", "image", "video"] == [
        skill
        for skill in ("chat", "hear", "speak", "vision", "embed", "image", "video")
        if studio.needs(skill)
    ]
    assert not studio.talks
    everything = Duty(listens=False)
    assert everything.talks
    assert "quick" not in everything.pools
