"""The fake Wyoming server answers events as the true ones did: the same kinds, the same shapes."""

import asyncio
import json
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from wyoming.event import Event, async_read_event, async_write_event

from tests.fakes.capturing import shape
from tests.fakes.serving import Script
from tests.fakes.wyoming import FakeWyoming, Talents

CAPTURES = sorted((Path(__file__).parents[1] / "captures" / "wyoming").glob("*.ndjson"))
ABSENT = "en_US-lessac-medium"
LONGEST = 10.0
"""Seconds that the fake has for an answer."""

STREAM = [
    Event("synthesize-start", {}),
    Event("synthesize-chunk", {"text": "One."}),
    Event("synthesize-stop"),
]

Shape = tuple[str, Any, bool]


def recorded(capture: Path) -> tuple[list[Event], list[Shape], bool]:
    """What was sent, the shapes of what came back, and whether the server closed then."""
    lines = [json.loads(line) for line in capture.read_text().splitlines()]
    sent = [
        Event(one["type"], one["data"] or {}, bytes(one.get("payload_length", 0)) or None)
        for one in lines
        if one["dir"] == "send"
    ]
    if lines[0]["dir"] == "recv":
        sent = [*STREAM, *sent]  # how it began was not written down
    came = [one for one in lines if one["dir"] == "recv" and "header" in one]
    shapes = [
        (one["header"]["type"], read(one["data"]), "payload_length" in one["header"])
        for one in came
    ]
    return sent, shapes, any("EOF" in one for one in lines)


def read(data: Any) -> Any:
    """The shape of data; lists of what a server has may be empty, and speakers are not asked."""
    if isinstance(data, dict) and "asr" in data:
        return {key: [narrowed(one) for one in value[:1]] for key, value in data.items()}
    return shape(data)


def narrowed(program: dict[str, Any]) -> Any:
    """A program of a server, and the first of its models or voices."""
    listed = {"models", "voices"} & program.keys()
    first = {key: shape({**program[key][0], "version": ""}) for key in listed}
    return {key: shape(value) for key, value in program.items()} | first


async def answered(fake: FakeWyoming, sent: list[Event], *, stays: bool) -> list[Shape]:
    """The shapes of what the fake answers; a last `describe` shows where an answer ends."""
    where = urlsplit(fake.url)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    try:
        async with asyncio.timeout(LONGEST):
            for event in [*sent, *([Event("describe")] if stays else [])]:
                await async_write_event(event, writer)
            came = []
            while (said := await async_read_event(reader)) is not None:
                came.append((said.type, read(said.data), said.payload is not None))
                if stays and said.type == "info" and len(came) > (sent[0].type == "describe"):
                    return came[:-1]
            return came
    finally:
        writer.close()
        await writer.wait_closed()


def runs(shapes: list[Shape]) -> Iterator[Shape]:
    """Runs of alike events as one, as they were recorded."""
    return (one for one, _ in groupby(shapes))


@pytest.mark.parametrize("capture", CAPTURES, ids=lambda path: path.stem)
async def test_the_fake_answers_as_the_true_servers(capture: Path) -> None:
    """Event by event; who closed closes."""
    hears = capture.stem.startswith("stt")
    talents = Talents(streams=not hears)
    if hears:
        talents.voices = {}
    else:
        talents.models = ()
        talents.voices[ABSENT] = "en_US"
        talents.absent = {ABSENT}
    sent, expected, closed = recorded(capture)
    async with FakeWyoming(Script("What was said."), talents) as fake:
        found = await answered(fake, sent, stays=not closed)
    assert list(runs(expected)) == list(runs(found))
