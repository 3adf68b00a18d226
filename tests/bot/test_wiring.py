"""What a process opens is what its work needs."""

from pathlib import Path

from bot.config import environment_for, load
from bot.delivery.pace import Pace
from bot.delivery.session import open_bot
from bot.duties import EVERYTHING, Duty
from bot.parts import Parts
from bot.wiring import assembled
from tests.bot.configured import loaded

FILM = Duty(frozenset({"film"}), listens=False, fed=True)
VIDEO = '[[video]]\nuse = "tests.program.strange_cameras:Camera"\n'


async def built(folder: Path, duty: Duty) -> dict[str, list[str]]:
    """The backends of each skill, by their names."""
    config = loaded(folder, VIDEO, {"HEARTHBOT_DATA_DIR": str(folder / "data")})
    pace = Pace(0)
    bot = open_bot("1000:playground", "http://127.0.0.1:1", pace.hold)

    async def nothing() -> None:
        """Nothing to catch up with."""

    def names(parts: Parts) -> dict[str, list[str]]:
        chains = parts.chains.all().items()
        return {skill: [one.name for one in chain.state()] for skill, chain in chains}

    try:
        async with assembled(config, bot, pace, bot.get_me, nothing, duty=duty) as parts:
            return names(parts)
    finally:
        await bot.session.close()


async def test_who_only_films_has_no_engine_of_our_own(tmp_path: Path) -> None:
    """A chat model translates prompts; one that only demonstrates cannot, and the rest is idle."""
    found = await built(tmp_path, FILM)
    assert ["MLX", "Ollama"] == found.pop("chat")
    assert ["Camera"] == found.pop("video")
    assert [[]] * 5 == list(found.values())


async def test_who_does_everything_has_them_all(tmp_path: Path) -> None:
    """The engines at the end of each chain."""
    found = await built(tmp_path, EVERYTHING)
    assert "Embedded" == found["chat"][-1]
    assert "Embedded Whisper" == found["hear"][-1]
    assert ["Camera"] == found["video"]


def test_another_process_reads_the_same_configuration(tmp_path: Path) -> None:
    """What was overridden here is overridden there, and all else stands in its environment."""
    overridden = {"TELEGRAM_TOKEN": "1:secret", "HEARTHBOT_DATA_DIR": str(tmp_path / "elsewhere")}
    config = loaded(tmp_path, VIDEO, overridden)
    handed = environment_for(config, {"PATH": "/bin"})
    assert "/bin" == handed["PATH"]
    again = load(tmp_path / "config.toml", handed)
    assert config == again
