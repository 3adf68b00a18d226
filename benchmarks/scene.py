"""A bot between a playground and a model, all three in processes of their own."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from benchmarks.children import TOKEN, Child, server
from benchmarks.figures import NAIVE, OURS
from benchmarks.model import answer_to
from benchmarks.town import Record, Town, finals

MODEL = "phi3.5:3.8b"
_NEVER = 1 << 60  # no call has such a number
SUBJECTS = (OURS, NAIVE)

Tables = Mapping[str, Mapping[str, str | int]]
"""Tables of a configuration by their headings, which are as `[[chat]]`."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How the model answers: so many words, so many a second (0 is at once), after a while.

    `text` is what it says to everything, instead of words that only count.
    """

    words: int = 3
    words_per_second: float = 0.0
    first_after: float = 0.0
    text: str = ""

    def answer(self, question: str) -> str:
        """What it will say."""
        return self.text or answer_to(question, self.words)


@dataclass(slots=True)
class Scene:
    """One bot, and all that it needs."""

    town: Town
    bot: Child
    ollama: aiohttp.ClientSession
    known: int = 0

    async def pace(self, pace: Pace) -> None:
        """Have the model answer like this from now on, and forget what it was asked."""
        wanted = {
            "words": pace.words,
            "words_per_second": pace.words_per_second,
            "first_after": pace.first_after,
            "text": pace.text,
        }
        async with self.ollama.post("/script", json=wanted) as answer:
            self.known = (await answer.json())["known"]

    async def asked(self) -> list[Record]:
        """What the model was asked since then, oldest first."""
        async with self.ollama.get("/asked", params={"since": self.known}) as answer:
            listed: list[Record] = (await answer.json())["asked"]
        return listed

    async def warm(self) -> None:
        """Have one question answered, so that nobody pays for the first time."""
        await self.pace(Pace())
        (person,) = await self.town.settle(1)
        await self.town.say(person, "warm up")
        answered = await self.town.until(lambda seen: Pace().answer("warm up") in finals(seen))
        self.bot.alive()
        assert answered, f"There was no answer:\n{self.bot.log.read_text()[-3000:]}"
        await self.town.forget()

    async def start_anew(self, person: int, text: str) -> float:
        """Start the bot, and give the seconds until it asks for updates; the text waits for it."""
        await self.town.say(person, text)  # it also ends the poll that a dead process left behind
        await self.town.unheard()
        before = (await self.town.look("calls", since=_NEVER))["last"]
        await self.bot.start()
        while True:
            polls = [one for one in await self.town.calls(before) if one["method"] == "getUpdates"]
            if polls:
                return float(polls[0]["at"]) - self.bot.started_at
            self.bot.alive()
            await asyncio.sleep(0.05)


@dataclass(slots=True)
class Scenes:
    """All scenes of one run: each is set up when it is first asked for."""

    stack: AsyncExitStack
    folder: Path
    _known: dict[tuple[str, int], Scene] = field(default_factory=dict)

    async def both(self, *, messages_per_second: int = 30) -> Mapping[str, Scene]:
        """Ours and the baseline, running and warm; the setting is one that only ours has."""
        return {
            OURS: await self._running(OURS, messages_per_second),
            NAIVE: await self._running(NAIVE, 0),
        }

    async def _running(self, subject: str, pace: int) -> Scene:
        if (subject, pace) not in self._known:
            scene = await self.cold(subject, messages_per_second=pace)
            await scene.bot.start()
            await scene.warm()
            self._known[subject, pace] = scene
        return self._known[subject, pace]

    async def cold(
        self, subject: str, *, messages_per_second: int = 30, more: Tables | None = None
    ) -> Scene:
        """Set up a scene of one's own, whose bot is not started yet.

        `more` is configuration that only ours has.
        """
        play = await self.stack.enter_async_context(
            server("playground", "--json", "--until-stdin-closes", "--port", "0")
        )
        ollama = await self.stack.enter_async_context(server("benchmarks.model"))
        folder = Path(tempfile.mkdtemp(prefix=f"{subject}-", dir=self.folder))
        if subject == OURS:
            line = _ours(folder, play, ollama, messages_per_second, more or {})
        else:
            line = _naive(play, ollama)
        bot = Child(line, folder / "log.txt")
        self.stack.push_async_callback(bot.kill)
        return Scene(Town(await self._client(play)), bot, await self._client(ollama))

    async def _client(self, url: str) -> aiohttp.ClientSession:
        client = aiohttp.ClientSession(url, trust_env=False)
        return await self.stack.enter_async_context(client)


@asynccontextmanager
async def scenes() -> AsyncIterator[Scenes]:
    """Keep what is set up until the block ends."""
    with tempfile.TemporaryDirectory(prefix="hearthbot-benchmarks-") as folder:
        async with AsyncExitStack() as stack:
            yield Scenes(stack, Path(folder))


def _naive(play: str, ollama: str) -> list[str]:
    where = ["--telegram", play, "--token", TOKEN, "--ollama", ollama, "--model", MODEL]
    return ["-m", "benchmarks.naive", *where]


def _ours(folder: Path, play: str, ollama: str, pace: int, more: Tables) -> list[str]:
    tables: dict[str, Mapping[str, str | int]] = {
        "[telegram]": {"api_base": play, "messages_per_second": pace},
        "[storage]": {"data_dir": str(folder / "data")},
        "[[chat]]": {
            "use": "services.backends.ollama:OllamaChat",
            "url": ollama,
            "model": MODEL,
            "slots": 256,
        },
        **more,
    }
    config = folder / "config.toml"
    config.write_text("embedded = false\n" + "".join(map(_table, tables.items())))
    return ["-m", "bot", "run", "--config", str(config)]


def _table(named: tuple[str, Mapping[str, str | int]]) -> str:
    name, fields = named
    lines = (f"{key} = {value!r}" for key, value in fields.items())  # a literal string in TOML
    return "\n".join([name, *lines, ""])
