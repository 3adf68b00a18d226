"""Moondream Station: what is peculiar to it."""

from base64 import b64encode
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from domain.errors import BackendNonsense, BackendRejected, BackendUnavailable
from services.backends.moondream_station import MoondreamVision
from services.skills import ChatOptions, Ready, Usage
from services.wire import Wire
from tests.fakes.moondream import FakeMoondream
from tests.fakes.raw import RawServer, refusing
from tests.fakes.serving import Script, pieces_of
from tests.services.backends.sights import picture, seen

CAT = pieces_of("A cat on a sofa.")


@pytest.fixture
async def station() -> AsyncIterator[FakeMoondream]:
    """A fake station with a model that sees cats."""
    async with FakeMoondream() as fake:
        yield fake


def at(wire: Wire, fake: FakeMoondream, patience: float = 60.0) -> MoondreamVision:
    """A backend that asks this fake."""
    return MoondreamVision(wire, f"{fake.url}/v1", patience=patience)


async def test_a_question_says_all_that_the_station_must_know(
    wire: Wire, station: FakeMoondream, tmp_path: Path
) -> None:
    """Above all how long it may take: its own 30 seconds are too few."""
    one = picture(tmp_path)
    options = ChatOptions(77, temperature=0.3)
    assert CAT == await seen(at(wire, station), [one], "What is it?", options)
    [asked] = station.requests
    assert "/v1/query" == asked.path
    assert {
        "image_url": f"data:image/jpeg;base64,{b64encode(one.path.read_bytes()).decode()}",
        "question": "What is it?",
        "stream": True,
        "timeout": 60.0,
        "settings": {"max_tokens": 77, "temperature": 0.3},
    } == asked.body


async def test_without_a_question_it_describes(
    wire: Wire, station: FakeMoondream, tmp_path: Path
) -> None:
    """It has an address of its own for that, and three lengths."""
    backend = MoondreamVision(wire, f"{station.url}/v1/", length="short")
    assert CAT == await seen(backend, [picture(tmp_path)], " \n")
    [asked] = station.requests
    assert ("/v1/caption", "short") == (asked.path, asked.body["length"])
    assert "question" not in asked.body


@pytest.mark.parametrize("question", ["What is it?", ""])
async def test_a_model_that_does_not_stream_answers_all_the_same(
    wire: Wire, station: FakeMoondream, tmp_path: Path, question: str
) -> None:
    """Whole, and as complete."""
    station.streams = False
    told: list[Usage] = []
    options = ChatOptions(usage=told.append)
    answer = await seen(at(wire, station), [picture(tmp_path)], question, options)
    assert ["A cat on a sofa."] == answer
    assert [Usage(0, 5)] == told


async def test_it_looks_at_an_album_one_picture_after_another(
    wire: Wire, station: FakeMoondream, tmp_path: Path
) -> None:
    """In their order, and the answers are numbered."""
    album = [picture(tmp_path, name) for name in "cab"]
    answer = await seen(at(wire, station), album)
    assert "[1] A cat on a sofa.\n\n[2] A cat on a sofa.\n\n[3] A cat on a sofa." == "".join(answer)
    sent = [one.body["image_url"].partition(",")[2] for one in station.requests]
    assert [b64encode(one.path.read_bytes()).decode() for one in album] == sent


async def test_what_it_cost_is_told_once(
    wire: Wire, station: FakeMoondream, tmp_path: Path
) -> None:
    """It counts only what it wrote."""
    told: list[Usage] = []
    options = ChatOptions(usage=told.append)
    album = [picture(tmp_path, name) for name in "ab"]
    await seen(at(wire, station), album, "Who?", options)
    assert [Usage(0, 10)] == told


async def test_a_model_that_fails_is_unavailable(
    wire: Wire, station: FakeMoondream, tmp_path: Path
) -> None:
    """Its failures come as successes do."""
    station.script = Script(status=500, error="CUDA out of memory")
    with pytest.raises(BackendUnavailable, match="CUDA out of memory"):
        await seen(at(wire, station), [picture(tmp_path)])


async def test_a_full_queue_is_unavailable(
    wire: Wire, station: FakeMoondream, tmp_path: Path
) -> None:
    """Others may have room."""
    station.queue = 0
    with pytest.raises(BackendUnavailable, match="Queue is full") as caught:
        await seen(at(wire, station), [picture(tmp_path)])
    assert not caught.value.down


async def test_a_worker_that_is_stuck_keeps_it_from_being_ready(
    wire: Wire, station: FakeMoondream, tmp_path: Path
) -> None:
    """A question that was too late goes on; until it ends, all others would be too late as well."""
    backend = at(wire, station, patience=0.1)
    station.free.clear()
    assert await backend.ready()
    with pytest.raises(BackendUnavailable, match="Request timeout") as caught:
        await seen(backend, [picture(tmp_path)])
    assert caught.value.down
    with pytest.raises(BackendUnavailable, match="too late"):
        await backend.ready()
    station.free.set()
    await station.idle()
    assert await backend.ready()
    assert CAT == await seen(at(wire, station), [picture(tmp_path)])


@pytest.mark.parametrize("break_after", [None, 2])
async def test_an_answer_that_breaks_off_is_unavailable(
    wire: Wire, station: FakeMoondream, tmp_path: Path, break_after: int | None
) -> None:
    """A model that fails in the middle ends as if nothing had happened; only the end is missing."""
    station.script = Script("A cat on a sofa.", error_after=2, break_after=break_after)
    stream = at(wire, station).look([picture(tmp_path)], "?", ChatOptions())
    assert CAT[:2] == [await anext(stream), await anext(stream)]
    with pytest.raises(BackendUnavailable):
        await anext(stream)


async def test_a_file_that_is_no_picture_is_refused(
    wire: Wire, station: FakeMoondream, tmp_path: Path
) -> None:
    """Nobody else could see anything in it."""
    one = picture(tmp_path)
    one.path.write_bytes(b"no picture")
    with pytest.raises(BackendRejected, match="cannot identify image"):
        await seen(at(wire, station), [one])


@pytest.mark.parametrize(
    "words",
    [
        b'{"error":"Inference service not started"}',
        b'{"error":"Function \'query\' not available"}',
        b'{"error":"Could not load model. Either login to the hub or ensure it is cached."}',
        b'{"error":{"deep":1},"status":"unheard of"}',
    ],
)
async def test_what_is_not_our_fault_is_unavailable(
    wire: Wire, tmp_path: Path, words: bytes
) -> None:
    """Whatever it says, the next backend is asked."""
    async with RawServer(refusing(200, words)) as server:
        with pytest.raises(BackendUnavailable):
            await seen(MoondreamVision(wire, f"{server.url}/v1"), [picture(tmp_path)])


async def test_without_a_running_model_it_is_unavailable(
    wire: Wire, station: FakeMoondream, tmp_path: Path
) -> None:
    """For a question, and for whether it is ready, though its health is well."""
    station.running = False
    with pytest.raises(BackendUnavailable, match="Inference service not running"):
        await seen(at(wire, station), [picture(tmp_path)])
    with pytest.raises(BackendUnavailable, match="no model runs; start one") as caught:
        await at(wire, station).ready()
    assert caught.value.down


async def test_it_tells_which_models_there_are(wire: Wire, station: FakeMoondream) -> None:
    """And which of them runs."""
    assert Ready(("stub",), ("stub",)) == await at(wire, station).ready()
    assert MoondreamVision.english_only


@pytest.mark.parametrize("told", [b"[]", b'{"models":3}', b'{"models":[{}]}', b"null"])
async def test_what_is_no_station_is_nonsense(wire: Wire, told: bytes) -> None:
    """Something else listens there."""
    async with RawServer(refusing(200, told)) as server:
        with pytest.raises(BackendNonsense, match="another shape"):
            await MoondreamVision(wire, f"{server.url}/v1").ready()


async def test_a_server_without_its_addresses_is_not_ready(wire: Wire) -> None:
    """A mistake in the configuration, which shows at the start."""
    async with RawServer(refusing(404, b'{"detail":"Not Found"}')) as server:
        with pytest.raises(BackendUnavailable, match="404 Not Found"):
            await MoondreamVision(wire, f"{server.url}/v1").ready()


def test_its_label_names_it_for_the_operator(wire: Wire) -> None:
    """With its address."""
    assert "Moondream Station at 127.0.0.1:2020" == MoondreamVision(wire).label
    assert "Eyes" == MoondreamVision(wire, label="Eyes").label
