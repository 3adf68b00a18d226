"""A running playground, the bot's side of it, and a person."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from playground.server import Playground
from tests.telegram import Person, plain_client

Record = dict[str, Any]


class BotSide:
    """The Bot API of a playground, called by hand."""

    def __init__(self, play: Playground) -> None:
        self.token = play.token
        self.http = plain_client(play.url, timeout=70)

    async def call(self, method: str, **params: Any) -> Record:
        """Call a method with JSON; give the whole answer."""
        answer: Record = (await self.http.post(f"/bot{self.token}/{method}", json=params)).json()
        return answer

    async def do(self, method: str, **params: Any) -> Any:
        """Call a method that has to succeed; give its result."""
        answer = await self.call(method, **params)
        assert answer["ok"], answer
        return answer["result"]

    async def refused(self, method: str, **params: Any) -> str:
        """Call a method that has to fail; give the server's words."""
        answer = await self.call(method, **params)
        assert not answer["ok"], answer
        return str(answer["description"])

    async def upload(self, method: str, files: dict[str, Any], **params: Any) -> Record:
        """Call a method with files in a multipart form."""
        url = f"/bot{self.token}/{method}"
        answer: Record = (await self.http.post(url, data=params, files=files)).json()
        return answer

    async def updates(self, **params: Any) -> list[Record]:
        """Ask for updates without waiting, unless told to."""
        found: list[Record] = await self.do("getUpdates", **params)
        return found


@pytest.fixture
async def play() -> AsyncIterator[Playground]:
    """A playground of one's own."""
    async with Playground() as running:
        yield running


@pytest.fixture
async def bot(play: Playground) -> AsyncIterator[BotSide]:
    """The bot's side."""
    side = BotSide(play)
    async with side.http:
        yield side


@pytest.fixture
async def ann(play: Playground) -> AsyncIterator[Person]:
    """Ann in her private chat, which the bot knows because she has said hello."""
    async with Person(play.url, 1) as person:
        await person.send("hello")
        yield person
