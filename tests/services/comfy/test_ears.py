"""Listening to a ComfyUI, which may forget who listens."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from domain.errors import BackendUnavailable
from services.comfy.ears import listening
from services.comfy.server import Comfy
from services.comfy.watch import Watch
from services.wire import Wire
from tests.fakes.comfyui import FakeComfy
from tests.services.ground import until

ID = "00000000-0000-4000-8000-000000000000"
GRAPH: dict[str, Any] = {
    "1": {"class_type": "EmptyImage", "inputs": {"width": 9, "height": 9, "batch_size": 1}},
    "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "x"}},
}
GRAPH["1"]["inputs"]["color"] = 7


@pytest.fixture
async def card() -> AsyncIterator[FakeComfy]:
    """A server."""
    async with FakeComfy() as fake:
        yield fake


async def test_what_is_said_of_a_prompt_is_heard(wire: Wire, card: FakeComfy) -> None:
    """From its first event on, since somebody listens before it is posted."""
    comfy, watch = Comfy(wire, card.url, "Card"), Watch(ID, GRAPH)
    async with listening(comfy, "me", watch):
        assert 200 == (await comfy.post(ID, "me", GRAPH)).status
        await until(lambda: watch.over)
    assert 0.99 == watch.share


async def test_a_server_that_has_forgotten_who_listens_is_told_again(
    wire: Wire, card: FakeComfy
) -> None:
    """As it does when an older socket of the same client closes late; nothing else would tell."""
    comfy, watch = Comfy(wire, card.url, "Card"), Watch(ID, GRAPH)
    async with aiohttp.ClientSession(card.url) as session:
        older = await session.ws_connect("/ws?clientId=me")
        async with listening(comfy, "me", watch, silence=0.2):
            await older.close()
            await until(lambda: not card.listeners)
            await until(lambda: card.listeners == {"me"})
            await comfy.post(ID, "me", GRAPH)
            await until(lambda: watch.over)


async def test_a_socket_that_was_lost_is_opened_again(wire: Wire, card: FakeComfy) -> None:
    """After a while."""
    comfy, watch = Comfy(wire, card.url, "Card"), Watch(ID, GRAPH)
    async with listening(comfy, "me", watch):
        await card.drop_sockets()
        await until(lambda: card.listeners == {"me"})
        await comfy.post(ID, "me", GRAPH)
        await until(lambda: watch.over)


async def test_nobody_there_is_told_at_once(wire: Wire, card: FakeComfy) -> None:
    """Before anything is posted."""
    await card.stop()
    with pytest.raises(BackendUnavailable):
        async with listening(Comfy(wire, card.url, "Card"), "me", Watch(ID, GRAPH)):
            pytest.fail("nobody is there")


async def test_leaving_ends_the_listening(wire: Wire, card: FakeComfy) -> None:
    """However one leaves, and nothing of it stays behind."""
    before = len(asyncio.all_tasks())
    with pytest.raises(RuntimeError, match="enough"):
        async with listening(Comfy(wire, card.url, "Card"), "me", Watch(ID, GRAPH)):
            raise RuntimeError("enough")
    await until(lambda: not card.listeners)
    await until(lambda: len(asyncio.all_tasks()) <= before)
