"""Wyoming's wire: events go both ways unchanged, and a hostile server cannot do much."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wyoming.event import Event as TrueEvent
from wyoming.event import async_read_event

from domain.errors import BackendError, BackendNonsense, BackendRejected, BackendUnavailable
from services.connections import LONGEST_LINE
from services.wire import Ask, Connection, Wire
from services.wyoming_wire import LARGEST_DATA, LARGEST_PAYLOAD, MOST, Event, Talk, read
from tests.fakes.raw import Caller, RawServer
from tests.services.fed import fed

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
DATA = st.dictionaries(WORDS, st.none() | st.booleans() | st.integers() | WORDS | st.lists(WORDS))


def conversation(*parts: bytes) -> Connection:
    """A connection on which these bytes have come, and the end."""
    return Connection(Ask("Ear", "tcp://x:1"), fed(*parts), None, 1.0)  # type: ignore[arg-type]


async def trouble(*parts: bytes) -> BackendError:
    """The error that reading these bytes ends in."""
    with pytest.raises(BackendError) as caught:
        await read(conversation(*parts))
    return caught.value


@given(WORDS, DATA, st.binary(max_size=100))
async def test_an_event_is_read_as_it_was_written(
    kind: str, data: dict[str, Any], payload: bytes
) -> None:
    """Whatever it holds."""
    event = Event(kind, data, payload)
    assert event == await read(conversation(event.written()))


@given(WORDS, DATA, st.binary(max_size=100))
async def test_the_true_library_reads_what_we_write(
    kind: str, data: dict[str, Any], payload: bytes
) -> None:
    """The servers stand on it."""
    written = Event(kind, data, payload).written()
    assert TrueEvent(kind, data, payload or None) == await async_read_event(fed(written))


async def test_data_may_stand_in_the_line_and_behind_it() -> None:
    """What comes later counts more."""
    head = {"type": "x", "version": "1", "data": {"a": 1, "b": 1}, "data_length": 7}
    event = await read(conversation(json.dumps(head).encode(), b'\n{"b":2}'))
    assert Event("x", {"a": 1, "b": 2}) == event


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (b"hello\n", "6 bytes that are not JSON"),
        (b"\xff\n", "2 bytes that are not UTF-8"),
        (b"<html>\r\n", "8 bytes that are not JSON"),
        (b"[1]\n", "a line holds a list"),
        (b"{}\n", "an event of another shape"),
        (b'{"type":1}\n', "an event of another shape"),
        (b'{"type":"x","data":[1]}\n', "an event of another shape"),
        (b'{"type":"x","data_length":-1}\n', "its data_length is no length"),
        (b'{"type":"x","data_length":"9"}\n', "its data_length is no length"),
        (b'{"type":"x","payload_length":true}\n', "its payload_length is no length"),
        (b'{"type":"x","payload_length":1.5}\n', "its payload_length is no length"),
        (b'{"type":"x","data_length":3}\n[1]', "a line holds a list"),
        (b'{"type":"x","data_length":3}\n{1}', "3 bytes that are not JSON"),
        (
            b'{"type":"x","data_length":%d}\n' % (LARGEST_DATA + 1),
            f"its data_length is more than {LARGEST_DATA}",
        ),
        (
            b'{"type":"x","payload_length":%d}\n' % 10**15,
            f"its payload_length is more than {LARGEST_PAYLOAD}",
        ),
        (b"[" * 100_000 + b"\n", "100001 bytes that are not JSON"),
        (b"x" * (LONGEST_LINE + 1), "a line does not end"),
    ],
)
async def test_what_is_no_event_is_nonsense(said: bytes, expected: str) -> None:
    """It is described by its shape."""
    found = await trouble(said)
    assert isinstance(found, BackendNonsense)
    assert f"Ear: {expected}" == str(found)


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b'{"type":',
        b'{"type":"x","data_length":9}\n{',
        b'{"type":"x","payload_length":9}\nxxx',
    ],
)
async def test_an_event_that_is_cut_has_broken_off(said: bytes) -> None:
    """Another server may do better."""
    found = await trouble(said)
    assert isinstance(found, BackendUnavailable)
    assert "Ear: the answer broke off" == str(found)


@pytest.mark.parametrize(
    ("data", "kind", "expected"),
    [
        ({"text": "no", "code": "ValueError"}, BackendRejected, "Ear: ValueError: no"),
        (
            {"text": "v", "code": "VoiceNotFoundError"},
            BackendRejected,
            "Ear: VoiceNotFoundError: v",
        ),
        ({"text": "no", "code": "RuntimeError"}, BackendUnavailable, "Ear: RuntimeError: no"),
        ({"text": "no"}, BackendUnavailable, "Ear: no"),
        ({"text": ["odd"], "code": 5}, BackendUnavailable, 'Ear: ["odd"]'),
    ],
)
async def test_an_error_is_whose_it_is(
    data: dict[str, object], kind: type[BackendError], expected: str
) -> None:
    """Complaints about the question are not repeated, a server's own troubles are."""
    talk = Talk(conversation(Event("error", data).written()))
    with pytest.raises(kind) as caught:
        await talk.hear("info")
    assert expected == str(caught.value)


async def test_other_events_are_passed_over_and_are_no_beginning() -> None:
    """A server may say more than we know."""
    connection = conversation(Event("ping").written())
    with pytest.raises(BackendUnavailable):
        await Talk(connection).hear("info")
    assert not connection.begun
    connection = conversation(Event("ping").written(), Event("info").written())
    assert Event("info") == await Talk(connection).hear("info")
    assert connection.begun


async def test_a_server_that_never_stops_talking_is_stopped(wire: Wire) -> None:
    """Small events count as well as large ones."""
    ping = Event("ping").written() * 1000

    async def babble(caller: Caller) -> None:
        while True:
            await caller.say(ping)

    async with RawServer(babble) as server:
        ask = Ask("Ear", f"tcp://127.0.0.1:{server.port}")
        async with wire.connection(ask) as connection:
            with pytest.raises(BackendNonsense, match="Ear: it talks without end"):
                await Talk(connection).hear("info")
            assert connection.taken < MOST
