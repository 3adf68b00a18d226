"""ComfyUI: what goes wrong, and who takes up what was begun."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from domain.answers import Phase, Progress
from domain.drawing import Settled, Sketch
from domain.errors import BackendError, BackendRejected, BackendUnavailable, PartsMissing
from domain.pictures import Picture
from services.backends.comfyui import ComfyImage
from services.wire import Wire
from tests.fakes.comfyui import FakeComfy
from tests.fakes.raw import RawServer, refusing
from tests.services.backends.test_comfyui import own_graph, shipped
from tests.services.comfy_asked import Asker, begun, image_at, made, of, png, started
from tests.services.ground import until


@pytest.fixture
async def card() -> AsyncIterator[FakeComfy]:
    """A server with all that the shipped graphs need."""
    async with FakeComfy() as fake:
        yield fake


@pytest.fixture
def asker(tmp_path: Path) -> Asker:
    """Somebody who wants something."""
    return Asker(tmp_path / "room")


@pytest.fixture
def backend(wire: Wire, card: FakeComfy, tmp_path: Path) -> ComfyImage:
    """A backend that asks the server."""
    return image_at(card, wire, tmp_path)


def prompts(card: FakeComfy) -> list[Any]:
    """The prompts that were posted."""
    return [one.body for one in card.to("/prompt") if one.body]


async def test_who_comes_back_is_told_of_what_still_runs(
    wire: Wire, card: FakeComfy, asker: Asker, backend: ComfyImage
) -> None:
    """It is taken up, not begun again; nothing is translated anew."""
    card.work.free.clear()
    first = asyncio.create_task(made(backend, asker.commission()))
    async with asyncio.timeout(10):
        await card.work.stepped.wait()
    await card.drop_sockets()  # a process that is killed says no goodbye
    again = asker.commission(ticket=asker.tickets[0])
    events: list[Any] = []
    async with aclosing(begun(backend, again)) as stream:
        async for event in stream:
            events.append(event)
            if isinstance(event, Progress) and event.phase is Phase.DRAWING:
                card.work.free.set()
    assert Settled(Sketch("a red cat", 7, 1024, 1024), "SDXL") == events[0]
    assert of(Picture, events)
    assert 1 == asker.translated
    assert 1 == len(asker.tickets) == len(prompts(card))
    assert of(Picture, await first)


async def test_who_comes_back_late_gets_what_is_done(
    card: FakeComfy, asker: Asker, backend: ComfyImage
) -> None:
    """The history has it."""
    await made(backend, asker.commission())
    events = await made(backend, asker.commission(ticket=asker.tickets[0]))
    assert of(Picture, events)
    assert 1 == len(prompts(card))


async def test_who_comes_back_to_a_queue_waits_in_it(
    wire: Wire, card: FakeComfy, asker: Asker, backend: ComfyImage, tmp_path: Path
) -> None:
    """Behind somebody else."""
    card.work.free.clear()
    other = asyncio.create_task(made(backend, Asker(tmp_path / "other").commission()))
    async with asyncio.timeout(10):
        await card.work.stepped.wait()
    mine = asyncio.create_task(made(backend, asker.commission()))
    await until(lambda: len(card.work.pending) == 1)
    seen = []
    async with aclosing(begun(backend, asker.commission(ticket=asker.tickets[0]))) as stream:
        async for event in stream:
            seen.append(event)
            if isinstance(event, Progress) and event.phase is Phase.QUEUED:
                card.work.free.set()
    assert of(Picture, seen)
    assert of(Picture, await other)
    assert of(Picture, await mine)
    assert 2 == len(prompts(card))


async def test_what_a_server_has_forgotten_is_begun_anew(
    card: FakeComfy, asker: Asker, backend: ComfyImage
) -> None:
    """With a ticket of its own; the words are still those that were settled."""
    await made(backend, asker.commission())
    await card.restart()
    events = await made(backend, asker.commission(ticket=asker.tickets[0]))
    assert of(Picture, events)
    assert 2 == len(set(asker.tickets))
    assert 1 == asker.translated
    assert "a red cat" == prompts(card)[1]["prompt"]["2"]["inputs"]["text"]


@pytest.mark.parametrize("ticket", ["rubbish", "[]", '{"url": "http://elsewhere"}', "null"])
async def test_a_ticket_of_somebody_else_begins_anew(
    card: FakeComfy, asker: Asker, backend: ComfyImage, ticket: str
) -> None:
    """Another backend may have written it."""
    assert of(Picture, await made(backend, asker.commission(ticket=ticket)))
    assert 1 == len(asker.tickets)


async def test_what_was_interrupted_as_we_went_away_is_begun_anew(
    card: FakeComfy, asker: Asker, backend: ComfyImage
) -> None:
    """The worker had been told to stop."""
    card.work.free.clear()
    await _left(card, backend, asker)
    await until(lambda: bool(card.interrupted))
    card.work.free.set()
    assert of(Picture, await made(backend, asker.commission(ticket=asker.tickets[0])))
    assert 2 == len(prompts(card))


async def test_a_server_that_starts_again_in_between_begins_anew_once(
    card: FakeComfy, asker: Asker, backend: ComfyImage
) -> None:
    """It has forgotten everything; a second time is too much."""
    card.work.free.clear()
    task = asyncio.create_task(made(backend, asker.commission()))
    async with asyncio.timeout(20):
        await card.work.stepped.wait()
        await card.restart()
        await until(lambda: len(prompts(card)) == 2)
        card.work.free.set()
        events = await task
    assert of(Picture, events)
    assert 2 == len(set(asker.tickets))
    assert 1 == len(of(Settled, events))


async def test_a_server_that_forgets_twice_is_unavailable(
    card: FakeComfy, asker: Asker, backend: ComfyImage
) -> None:
    """It may be the picture that it dies of."""
    card.work.free.clear()
    task = asyncio.create_task(made(backend, asker.commission()))
    async with asyncio.timeout(20):
        await _restarted(card, 1)
        await _restarted(card, 2)
        with pytest.raises(BackendUnavailable, match="twice"):
            await task


async def test_a_server_that_does_not_come_back_is_unavailable(
    wire: Wire, card: FakeComfy, asker: Asker, tmp_path: Path
) -> None:
    """After a while in which it might have."""
    backend = image_at(card, wire, tmp_path, grace=0.3)
    card.work.free.clear()
    task = asyncio.create_task(made(backend, asker.commission()))
    async with asyncio.timeout(20):
        await card.work.stepped.wait()
        await card.stop()
        with pytest.raises(BackendUnavailable) as caught:
            await task
    assert caught.value.down


async def test_a_server_that_is_down_is_told_at_once(
    card: FakeComfy, asker: Asker, backend: ComfyImage
) -> None:
    """So that another may be asked."""
    await card.stop()
    with pytest.raises(BackendUnavailable) as caught:
        await made(backend, asker.commission())
    assert caught.value.down
    with pytest.raises(BackendUnavailable):
        await backend.ready()


async def test_a_prompt_of_which_nobody_knows_whether_it_arrived_is_looked_for(
    card: FakeComfy, asker: Asker, backend: ComfyImage
) -> None:
    """It is never posted twice."""
    card.unclear = True
    assert of(Picture, await made(backend, asker.commission()))
    assert 1 == len(prompts(card))


async def test_a_prompt_that_did_not_arrive_is_unavailable(
    card: FakeComfy, asker: Asker, backend: ComfyImage
) -> None:
    """It is not posted again here: another backend may be better."""
    card.lossy = True
    with pytest.raises(BackendUnavailable):
        await made(backend, asker.commission())
    assert 1 == len(prompts(card))


@pytest.mark.parametrize("trouble", ["silent", "mute"])
async def test_a_socket_that_says_nothing_is_not_needed(
    card: FakeComfy, asker: Asker, backend: ComfyImage, trouble: str
) -> None:
    """The history is the truth."""
    setattr(card, trouble, True)
    assert of(Picture, await made(backend, asker.commission()))


async def test_a_socket_that_is_lost_is_not_needed(
    card: FakeComfy, asker: Asker, backend: ComfyImage
) -> None:
    """In the middle of it."""
    card.work.free.clear()
    task = asyncio.create_task(made(backend, asker.commission()))
    async with asyncio.timeout(20):
        await card.work.stepped.wait()
        await card.drop_sockets()
        card.mute = True
        card.work.free.set()
        assert of(Picture, await task)
    assert 1 == len(prompts(card))


async def test_leaving_interrupts_what_runs(
    card: FakeComfy, asker: Asker, backend: ComfyImage
) -> None:
    """That and nothing else; what waits behind it goes on."""
    card.work.free.clear()
    await _left(card, backend, asker)
    assert [prompts(card)[0]["prompt_id"]] == card.interrupted
    await until(lambda: card.work.running is None)


@pytest.mark.parametrize("version", ["0.3.64", "0.3.55", ""])
async def test_leaving_takes_back_what_waits_and_nobody_elses(
    wire: Wire, card: FakeComfy, asker: Asker, backend: ComfyImage, tmp_path: Path, version: str
) -> None:
    """Older servers would interrupt whoever runs."""
    card.version = version or "0"
    card.work.free.clear()
    other = asyncio.create_task(made(backend, Asker(tmp_path / "other").commission()))
    async with asyncio.timeout(10):
        await card.work.stepped.wait()
    async with aclosing(begun(backend, asker.commission())) as stream:
        async for _ in stream:
            if card.work.pending:
                break
    assert not card.work.pending
    assert not card.interrupted
    card.work.free.set()
    assert of(Picture, await other)


@pytest.mark.parametrize("version", ["0.3.56", "0.3.55", "1.0.0"])
async def test_cancelling_hits_ones_own_on_every_version(
    card: FakeComfy, asker: Asker, backend: ComfyImage, version: str
) -> None:
    """A task that is cancelled takes it back, too."""
    card.version = version
    card.work.free.clear()
    task = asyncio.create_task(made(backend, asker.commission()))
    async with asyncio.timeout(10):
        await card.work.stepped.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert [prompts(card)[0]["prompt_id"]] == card.interrupted


async def test_what_is_just_being_posted_is_taken_back_too(
    card: FakeComfy, asker: Asker, backend: ComfyImage
) -> None:
    """The server goes on with what it has begun to read."""
    card.quick.clear()
    card.work.free.clear()
    task = asyncio.create_task(made(backend, asker.commission()))
    await card.asked("/prompt")
    task.cancel()
    card.quick.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: not card.work.remaining)
    assert not card.work.history or card.interrupted


async def test_a_server_that_numbers_prompts_itself_is_followed(
    card: FakeComfy, asker: Asker, backend: ComfyImage
) -> None:
    """Very old ones; its number is remembered as well."""
    card.numbers = True
    assert of(Picture, await made(backend, asker.commission()))
    [theirs] = card.work.history
    assert theirs not in asker.tickets[0]
    assert theirs in asker.tickets[1]


async def test_what_somebody_else_interrupts_is_told(
    card: FakeComfy, asker: Asker, backend: ComfyImage
) -> None:
    """It is not begun again behind their back."""
    card.work.free.clear()
    task = asyncio.create_task(made(backend, asker.commission()))
    async with asyncio.timeout(10):
        await card.work.stepped.wait()
        card.work.interrupt.set()
        with pytest.raises(BackendRejected) as caught:
            await task
    assert "interrupted" == caught.value.code
    assert not card.interrupted


async def test_what_takes_too_long_is_taken_back(
    wire: Wire, card: FakeComfy, asker: Asker, tmp_path: Path
) -> None:
    """It is told as such."""
    backend = image_at(card, wire, tmp_path, patience=0.5)
    card.work.free.clear()
    with pytest.raises(BackendRejected) as caught:
        await made(backend, asker.commission())
    assert "too_long" == caught.value.code
    assert [prompts(card)[0]["prompt_id"]] == card.interrupted


async def test_a_missing_model_is_named(card: FakeComfy, asker: Asker, backend: ComfyImage) -> None:
    """With the folder that it belongs into."""
    del card.models["checkpoints"][:]
    with pytest.raises(PartsMissing, match="sd_xl_base_1") as caught:
        await made(backend, asker.commission())
    assert caught.value.down
    assert "models/checkpoints" in caught.value.cure


async def test_a_missing_node_is_named(card: FakeComfy, asker: Asker, backend: ComfyImage) -> None:
    """The server names only the first."""
    del card.nodes["EmptyLatentImage"]
    with pytest.raises(PartsMissing, match="EmptyLatentImage"):
        await made(backend, asker.commission())


async def test_a_graph_of_which_only_a_part_runs_is_taken_back(
    wire: Wire, card: FakeComfy, asker: Asker, tmp_path: Path
) -> None:
    """The server says 200, and drops an output without a word."""
    nodes = shipped("text-to-image")
    nodes["8"] = {"class_type": "LoadImage", "inputs": {"image": "nowhere.png"}}
    nodes["9"] = {"class_type": "SaveImage", "inputs": {"images": ["8", 0], "filename_prefix": "x"}}
    own_graph(tmp_path, "half", nodes)
    card.work.free.clear()
    with pytest.raises(BackendRejected) as caught:
        await made(image_at(card, wire, tmp_path, workflow="half"), asker.commission())
    assert "start_picture" == caught.value.code
    await until(lambda: card.work.running is None)
    assert not card.work.pending


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"sampler_name": "magic"}, "not in list"), ({"steps": 0}, "smaller than min")],
)
async def test_a_wrong_graph_is_told_node_by_node(
    wire: Wire, card: FakeComfy, asker: Asker, tmp_path: Path, wrong: dict[str, Any], said: str
) -> None:
    """For the operator, who has made it."""
    nodes = shipped("text-to-image")
    nodes["5"]["inputs"] |= wrong
    own_graph(tmp_path, "wrong", nodes)
    with pytest.raises(BackendRejected, match=f"KSampler.*{said}") as caught:
        await made(image_at(card, wire, tmp_path, workflow="wrong"), asker.commission())
    assert "graph" == caught.value.code


async def test_a_card_without_enough_memory_is_told_as_such(
    card: FakeComfy, asker: Asker, backend: ComfyImage
) -> None:
    """A smaller picture may do."""
    card.work.memory_short = True
    with pytest.raises(BackendRejected, match="KSampler") as caught:
        await made(backend, asker.commission())
    assert "out_of_memory" == caught.value.code


async def test_a_photo_that_is_no_photo_is_told_as_such(
    card: FakeComfy, asker: Asker, backend: ComfyImage, tmp_path: Path
) -> None:
    """The server takes it, and breaks off when it opens it; nor can one be read that is gone."""
    start = tmp_path / "photo.jpg"
    start.write_bytes(b"no photo")
    for path in (start, tmp_path / "gone.jpg"):
        with pytest.raises(BackendRejected) as caught:
            await made(backend, started(asker.commission(), path))
        assert "start_picture" == caught.value.code


@pytest.mark.parametrize(("status", "code"), [(413, "start_picture"), (404, None)])
async def test_a_photo_that_is_not_taken_is_told(
    wire: Wire, asker: Asker, tmp_path: Path, status: int, code: str | None
) -> None:
    """It is too large; or there is no ComfyUI at that address."""
    async with RawServer(refusing(status, b"no")) as server:
        backend = ComfyImage(wire, tmp_path, server.url)
        with pytest.raises(BackendError) as caught:
            await made(backend, started(asker.commission(), png(tmp_path / "photo.png")))
    assert code == getattr(caught.value, "code", None)
    assert isinstance(caught.value, BackendUnavailable) is (code is None)


async def test_a_picture_for_a_graph_that_takes_none_is_refused(
    wire: Wire, card: FakeComfy, asker: Asker, tmp_path: Path
) -> None:
    """The owner named the wrong one."""
    backend = image_at(card, wire, tmp_path, start_workflow="text-to-image")
    commission = started(asker.commission(), png(tmp_path / "photo.png"))
    with pytest.raises(BackendRejected, match="takes no start picture") as caught:
        await made(backend, replace(commission, style="gone"))
    assert "graph" == caught.value.code
    assert not prompts(card)


async def _restarted(card: FakeComfy, count: int) -> None:
    """Start the server again as soon as it works at the first or second prompt."""
    await until(lambda: len(prompts(card)) == count)
    await card.work.stepped.wait()
    await card.restart()


async def _left(card: FakeComfy, backend: ComfyImage, asker: Asker) -> None:
    """Begin, and leave as soon as it runs."""
    async with asyncio.timeout(10), aclosing(begun(backend, asker.commission())) as stream:
        async for event in stream:
            if isinstance(event, Progress) and event.note:
                return
