"""Drawing and filming, from the order to what is sent, with a ComfyUI that can be broken."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from domain.errors import BackendUnavailable, NoBackendLeft, Refused
from domain.messages import Attachment, Kind
from services.drawing.tickets import Ticket
from services.drawing.works import Work
from services.excuses import Excuses
from services.tasks import Answer
from services.wire import Wire
from tests.services.drawing.atelier import Atelier, atelier, shares
from tests.services.ground import Ground
from tests.services.room import Room

PHOTO = Attachment(Kind.PHOTO, "F1", "image/jpeg", 7)


@pytest.fixture
async def place(ground: Ground, wire: Wire, tmp_path: Path) -> AsyncIterator[Atelier]:
    """An atelier."""
    async with atelier(ground, wire, tmp_path) as one:
        yield one


async def test_a_picture_is_drawn_and_given_with_its_settings(place: Atelier) -> None:
    """One file, what was asked for under it, the buttons for more, and it counts as one."""
    job = await place.ordered("draw", "a red fox --wide")
    *steps, answer = await place.steps(job)
    assert isinstance(answer, Answer)
    assert answer.reply
    assert answer.reply.captioned
    [file] = answer.reply.attachments
    assert Kind.PHOTO is file.kind
    with Image.open(place.shelf.path(file.ref)) as picture:
        assert picture.width > picture.height
    first, settings = answer.reply.text.splitlines()
    assert "a red fox" == first
    assert "seed 1" in settings
    assert "made in" in settings
    assert shares(steps) == sorted(shares(steps))
    assert [] == place.left()
    await place.close(job, answer)
    assert 1 == (await place.used("draw")).today.units
    work = Work.from_json(answer.kept)
    assert work
    assert (file, 1) == (work.file, work.seed)


async def test_a_film_is_made_ready_for_every_telephone(place: Atelier) -> None:
    """As long as was wished; its seconds count."""
    answer = await place.end(await place.ordered("film", "waves --seconds 2"))
    assert answer.reply
    [file] = answer.reply.attachments
    assert (Kind.VIDEO, "video/mp4") == (file.kind, file.mime)
    assert 1.5 < file.seconds < 2.5
    assert place.shelf.path(file.ref).read_bytes()[4:8] == b"ftyp"
    today = (await place.used("film")).today
    assert (1, 2.0) == (today.units, today.seconds)


async def test_a_gif_by_its_name_plays_by_itself(place: Atelier) -> None:
    """Telegram shows a silent film in a loop."""
    answer = await place.end(await place.ordered("film", "waves --gif --seconds 2"))
    assert answer.reply
    assert [Kind.ANIMATION] == [one.kind for one in answer.reply.attachments]


async def test_it_begins_from_a_photo(place: Atelier) -> None:
    """Which is opened in a child, and uploaded without what else it told."""
    answer = await place.end(await place.ordered("draw", "make it winter", PHOTO))
    assert answer.reply
    assert 1 == len(answer.reply.attachments)
    assert 1 == len(place.comfy.work.pictures)


async def test_a_photo_that_is_none_is_told(place: Atelier) -> None:
    """The worker shows it as it stands, and gives back what was reserved."""
    place.sender.sends = b"MZ\x90\x00 this is a program"
    job = await place.ordered("film", "make it move", PHOTO)
    with pytest.raises(Refused, match="program"):
        await place.steps(job)
    assert [] == place.left()
    assert [] == place.comfy.to("/prompt")


async def test_the_same_seed_draws_the_same_picture(place: Atelier) -> None:
    """Another one another."""
    drawn = []
    for seed in (7, 7, 8):
        answer = await place.end(await place.ordered("draw", f"a fox --seed {seed}"))
        assert answer.reply
        drawn.append(place.shelf.path(answer.reply.attachments[0].ref).read_bytes())
    assert drawn[0] == drawn[1] != drawn[2]


@pytest.mark.parametrize("instead", [b"", b"\x00" * 1000, b"<html>"])
@pytest.mark.parametrize("task", ["draw", "film"])
async def test_what_is_no_picture_is_said_and_does_not_count(
    place: Atelier, task: str, instead: bytes
) -> None:
    """With a button to try again; nothing of it is left."""
    place.comfy.work.instead = instead
    answer = await place.end(await place.ordered(task, "a fox"))
    assert answer.reply
    assert "does not work at the moment" in answer.reply.text
    assert "does not count" in answer.reply.text
    assert 1 == len(answer.reply.rows)
    assert 0 == (await place.used(task)).today.units
    assert [] == place.left()


async def test_a_card_that_is_too_small_is_told_in_plain_words(
    ground: Ground, wire: Wire, tmp_path: Path
) -> None:
    """What helps is something smaller, not another try."""
    async with atelier(ground, wire, tmp_path, workflow="text-to-image") as place:
        place.comfy.work.memory_short = True
        answer = await place.end(await place.ordered("draw", "a fox"))
        assert answer.reply
        assert "not enough memory" in answer.reply.text
        assert 0 == (await place.used("draw")).today.units


async def test_a_film_that_is_a_still_is_none(place: Atelier) -> None:
    """It is said, and does not count."""
    place.comfy.work.stills_only = True
    answer = await place.end(await place.ordered("film", "waves"))
    assert answer.reply
    assert "does not count" in answer.reply.text
    assert 0 == (await place.used("film")).today.units


async def test_a_server_that_is_down_is_tried_again(place: Atelier) -> None:
    """Which is the worker's business; what was reserved stays so until then."""
    await place.comfy.stop()
    job = await place.ordered("draw", "a fox")
    with pytest.raises((NoBackendLeft, BackendUnavailable)):
        await place.steps(job)
    assert 1 == (await place.used("draw")).today.units
    await place.comfy.start()


async def test_what_was_begun_is_remembered_before_the_server_is_asked(place: Atelier) -> None:
    """With the seed, so that the next start makes the same."""
    place.comfy.lossy = True
    job = await place.ordered("draw", "a fox")
    with pytest.raises((NoBackendLeft, BackendUnavailable)):
        await place.steps(job)
    saved = await place.ground.jobs.get(job.id)
    assert saved
    ticket = Ticket.from_json(saved.job.checkpoint)
    assert ticket
    assert ticket.begun
    assert 1 == ticket.seed


async def test_what_is_cancelled_before_it_began_does_not_count(place: Atelier) -> None:
    """But what the machine had begun does."""
    job = await place.ordered("film", "waves --seconds 3")
    task = place.task("film")
    early = task.stopped(job, "")
    assert early.reply
    assert early.spent is None
    assert "does not count" in early.reply.text
    begun = replace(job, checkpoint=Ticket(1, "Card", "somewhere").to_json())
    late = task.stopped(begun, "")
    assert late.reply
    assert 3.0 == late.spent
    assert "counts" in late.reply.text


async def test_a_cancelled_picture_is_taken_back_from_the_server(place: Atelier) -> None:
    """And only that one."""
    place.comfy.work.free.clear()
    job = await place.ordered("draw", "a fox")
    work = asyncio.create_task(place.steps(job))
    async with asyncio.timeout(20):
        await place.comfy.work.stepped.wait()
    running = place.comfy.work.running
    assert running
    work.cancel()
    await asyncio.wait([work])
    assert [running.id] == place.comfy.interrupted


async def test_a_program_that_stops_lets_the_server_go_on(place: Atelier) -> None:
    """The next one takes up the very prompt."""
    place.comfy.work.free.clear()
    job = await place.ordered("draw", "a fox")
    work = asyncio.create_task(place.steps(job))
    async with asyncio.timeout(20):
        await place.comfy.work.stepped.wait()
    place.stops = True
    work.cancel()
    await asyncio.wait([work])
    assert [] == place.comfy.interrupted
    saved = await place.ground.jobs.get(job.id)
    assert saved
    place.comfy.work.free.set()
    answer = (await place.steps(replace(job, checkpoint=saved.job.checkpoint)))[-1]
    assert isinstance(answer, Answer)
    assert answer.reply
    assert "seed 1" in answer.reply.text
    assert "made in" not in answer.reply.text
    assert 1 == len([one for one in place.comfy.to("/prompt") if one.body])


async def test_prompts_are_translated_where_the_graph_knows_english_only(
    ground: Ground, wire: Wire, room: Room, tmp_path: Path
) -> None:
    """By the local chat model; what it became is shown."""
    room.model.script.answer = "a red fox in the snow"
    async with atelier(ground, wire, tmp_path, room.chain) as place:
        english = tmp_path / "workflows"
        english.mkdir()
        for name in ("try-picture.json", "try-picture.toml"):
            shipped = Path("workflows") / name
            (english / name).write_text(shipped.read_text())
        card = english / "try-picture.toml"
        card.write_text("english = true\n" + card.read_text())
        answer = await place.end(await place.ordered("draw", "рыжая лиса в снегу"))
    assert answer.reply
    first, second, _ = answer.reply.text.splitlines()
    assert "рыжая лиса в снегу" == first
    assert "In English: " in second


async def test_times_are_measured_and_told_to_those_who_wait(place: Atelier) -> None:
    """By the kind of the work."""
    paces = place.timing.paces
    await place.end(await place.ordered("draw", "a fox"))
    assert await paces.of("draw::0:0") is not None
    assert await paces.of("film::4:0") is None


async def test_what_nobody_could_make_does_not_count(place: Atelier) -> None:
    """That is what people who waited want to know first."""
    job = await place.ordered("film", "waves")
    excuse = Excuses(place.ground.words).failed(job, NoBackendLeft("video", {}))
    assert excuse.reply
    assert "does not count" in excuse.reply.text
    await place.close(job, excuse)
    assert 0 == (await place.used("film")).today.units
