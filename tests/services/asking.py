"""Questions to raw servers, for the tests of the wire."""

from contextlib import aclosing
from typing import Any

import pytest

from domain.errors import BackendError
from services.wire import Ask, Event, Wire
from tests.fakes.raw import RawServer


def ask(server: RawServer, **more: Any) -> Ask:
    """A question with a body, which makes it a POST."""
    return Ask("the server", f"{server.url}/ask", more.pop("body", {"q": 1}), **more)


def is_done(line: dict[str, Any]) -> bool:
    """Whether a line is the last."""
    return bool(line.get("done"))


async def lines(wire: Wire, question: Ask) -> list[dict[str, Any]]:
    """All lines of an answer."""
    async with aclosing(wire.lines(question, last=is_done)) as stream:
        return [line async for line in stream]


async def events(wire: Wire, question: Ask) -> list[Event]:
    """All events of an answer."""
    async with aclosing(wire.events(question, last=lambda one: one.text == "[DONE]")) as stream:
        return [event async for event in stream]


async def trouble(wire: Wire, question: Ask) -> BackendError:
    """The error that a question ends in."""
    with pytest.raises(BackendError) as caught:
        await lines(wire, question)
    return caught.value
