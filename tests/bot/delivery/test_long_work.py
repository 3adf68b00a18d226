"""Work of minutes is watched in one message with a button, whoever shows it and from where."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bot.delivery.body import Body
from bot.delivery.calls import editing
from bot.delivery.glimpses import Glimpses
from bot.delivery.live import LivePainter
from bot.delivery.parts import Part
from bot.delivery.screen import Screen
from domain.answers import Phase, Progress, Reply
from domain.jobs import Job
from playground.server import Playground
from storage.database import Database
from storage.jobs import NewJob
from tests.bot.delivery.lives import a_life
from tests.bot.delivery.pictures import png
from tests.bot.delivery.shelved import kinds
from tests.bot.delivery.way import GROUP, Delivery, until
from tests.telegram import Person as Somebody

LINE = Progress(Phase.QUEUED, "In line")


def drawing(share: float, glimpse: str = "") -> Progress:
    """A picture that is being made."""
    return Progress(Phase.DRAWING, f"Step {share * 20:.0f} of 20", share, glimpse)


def says(text: str) -> Any:
    """Whether a message says this, as a text or under a picture."""
    return lambda one: text in one.get("text", one.get("caption", ""))


@asynccontextmanager
async def two(play: Playground, database_file: Path) -> AsyncIterator[tuple[Delivery, Delivery]]:
    """Two processes on one database: one that listens, and one that works."""
    address = f"sqlite:///{database_file}"
    async with (
        await Database.open(address, durable=False) as ours,
        await Database.open(address, durable=False) as theirs,
        a_life(play, ours, name="listener") as listener,
        a_life(play, theirs, name="worker two") as worker,
    ):
        yield listener, worker


@pytest.mark.parametrize(("person", "chat"), [(1, 1), (2, GROUP)], ids=["private", "group"])
@pytest.mark.parametrize("task", ["draw", "film", "gif"])
async def test_it_is_shown_at_once_in_a_message_with_a_button(
    delivery: Delivery, person: int, chat: int, task: str
) -> None:
    """No draft, which would vanish; the place in line, the bar and the end are one message."""
    async with Somebody(delivery.play.url, person, chat) as somebody:
        job = await delivery.wait(somebody, "A fox", task)
        async with delivery.stage.show(job) as screen:
            screen.show(LINE)
            first = await somebody.wait_reply(says("In line"))
        await delivery.claim()
        async with delivery.stage.show(job) as screen:
            screen.show(drawing(0.5))
            second = await somebody.wait_reply(says("Step 10 of 20\n▰▰▰▰▰▰▱▱▱▱▱▱ 50%"))
        await delivery.answer(job, Reply("Done"))
        last = await somebody.wait_reply(says("Done"))
    (button,) = first["reply_markup"]["inline_keyboard"][0]
    assert ("Cancel", f"stop:{job.id}") == (button["text"], button["callback_data"])
    assert first["reply_markup"] == second["reply_markup"]
    assert 1 == len({one["message_id"] for one in (first, second, last)})
    assert "reply_markup" not in last
    assert [] == await delivery.calls("sendMessageDraft")


async def test_other_work_is_stopped_not_cancelled(
    delivery: Delivery, oksana_in_family: Somebody
) -> None:
    """What takes seconds keeps its own word."""
    job = await delivery.wait(oksana_in_family, "Hello?", "chat")
    async with delivery.stage.show(job) as screen:
        screen.show(LINE)
        shown = await oksana_in_family.wait_reply(says("In line"))
    assert "Stop" == shown["reply_markup"]["inline_keyboard"][0][0]["text"]


async def test_edits_keep_their_distance(delivery: Delivery, ann: Somebody) -> None:
    """However fast the steps come, a second lies between two edits, and the newest is shown."""
    job = await delivery.wait(ann, "A fox")
    async with delivery.stage.show(job) as screen:
        for step in range(40):
            screen.show(drawing(step / 40))
            await asyncio.sleep(0.05)
        screen.show(drawing(1.0))
        await ann.wait_reply(says("100%"))
    times = [one["at"] for one in await delivery.calls("sendMessage", "editMessageText")]
    assert min(later - earlier for earlier, later in pairwise(times)) >= 0.95


async def test_the_worker_takes_over_what_the_listener_showed(
    play: Playground, database_file: Path, ann: Somebody
) -> None:
    """Both have a screen for a moment: one message, and only the worker's frames in it."""
    async with two(play, database_file) as (listener, worker):
        job = await listener.wait(ann, "A fox")
        async with listener.stage.show(job) as board:
            board.show(LINE)
            first = await ann.wait_reply(says("In line"))
            await worker.claim()
            async with worker.stage.show(job) as screen:
                screen.show(drawing(0.5))
                await ann.wait_reply(says("50%"))
                board.show(Progress(Phase.QUEUED, "Stale"))
                await until(lambda: gave_up(board))
                screen.show(drawing(0.75))
                await ann.wait_reply(says("75%"))
            await worker.answer(job, Reply("Done"))
            await worker.settled()
        (message,) = await ann.replies()
        frames = [one["params"] for one in await listener.calls("editMessageText")]
    assert (first["message_id"], "Done") == (message["message_id"], message["text"])
    assert not [one for one in frames if "Stale" in str(one)]


async def gave_up(screen: Screen) -> bool:
    """Whether a screen knows that the message is not its own any more."""
    painter = screen._painter
    assert isinstance(painter, LivePainter)
    return painter._opened is None


async def test_who_comes_while_the_message_is_on_its_way_waits_for_it(
    play: Playground, database_file: Path, ann: Somebody
) -> None:
    """The listener is sending it when the worker begins: no second one, and its frames come."""
    async with two(play, database_file) as (listener, worker):
        await listener.turn(faults={"delay": 1.5, "methods": ["sendMessage"]})
        job = await listener.wait(ann, "A fox")
        async with listener.stage.show(job) as board:
            board.show(LINE)
            await until(lambda: in_doubt(listener))
            await worker.claim()
            async with worker.stage.show(job) as screen:
                screen.show(drawing(0.5))
                await ann.wait_reply(says("50%"))
        assert 1 == len(await ann.replies())
        assert 1 == len(await listener.calls("sendMessage"))


async def in_doubt(life: Delivery) -> bool:
    """Whether something is being sent."""
    return bool(await life.outbox.doubtful())


async def test_a_frame_that_comes_after_the_end_does_not_stay(
    play: Playground, database_file: Path, ann: Somebody
) -> None:
    """The listener's last frame is held up on its way, and the worker is done before."""
    async with two(play, database_file) as (listener, worker):
        job = await listener.wait(ann, "A fox")
        async with listener.stage.show(job) as board:
            board.show(LINE)
            await ann.wait_reply(says("In line"))
            await listener.turn(faults={"delay": 1.5, "methods": ["editMessageText"]})
            board.show(Progress(Phase.QUEUED, "Stale"))
            await until(lambda: on_its_way(board))
            await listener.turn(faults=None)
            await worker.claim()
            await worker.answer(job, Reply("Done"))
            await ann.wait_reply(says("Done"))
            await ann.wait_reply(says("Stale"))
            await ann.wait_reply(says("Done"))
        await listener.settled()
        (message,) = await ann.replies()
    assert "Done" == message["text"]


async def on_its_way(screen: Screen) -> bool:
    """Whether a frame is on its way, of which nobody has heard yet."""
    painter = screen._painter
    assert isinstance(painter, LivePainter)
    return painter._shown is not None and "Stale" in painter._shown.part.text


async def test_who_takes_over_says_it_again_a_little_later(
    delivery: Delivery, ann: Somebody
) -> None:
    """A frame of who had the message before may come last, while nothing new is to be said."""
    now = 0.0
    job = await delivery.wait(ann, "A fox")
    for _ in range(2):
        painter = delivery.stage._live(job, asyncio.Lock(), 0.0, quiet=0.0)
        painter.clock, painter._began = lambda: now, 0.0
        await painter.paint(lambda: LINE)
    (message,) = await ann.replies()
    assert painter.patience() == pytest.approx(6.0)
    await delivery.bot(editing(1, message["message_id"], Body(Part("Stale"))))
    await painter.paint(lambda: LINE)
    assert "Stale" == (await ann.replies())[0]["text"]
    now = 6.1
    await painter.paint(lambda: LINE)
    assert "In line" == (await ann.replies())[0]["text"]
    assert painter.patience() is None


async def test_nothing_is_opened_after_the_end(
    play: Playground, database_file: Path, ann: Somebody
) -> None:
    """A screen that comes late changes nothing, and makes no second message."""
    async with two(play, database_file) as (listener, worker):
        job = await listener.wait(ann, "A fox")
        await worker.claim()
        await worker.answer(job, Reply("Done"))
        await worker.settled()
        assert await listener.outbox.open(job.answer, 1, None, "late", 0) is None
        assert ["Done"] == [one["text"] for one in await ann.replies()]


async def test_what_is_cancelled_in_line_leaves_no_message(
    delivery: Delivery, ann: Somebody
) -> None:
    """Its place in line is of no interest any more, and its button would do nothing."""
    job = await delivery.wait(ann, "A fox")
    async with delivery.stage.show(job) as screen:
        screen.show(LINE)
        await ann.wait_reply(says("In line"))
        cancelled = await delivery.jobs.cancel_job(job.id, 1)
        assert (job.id,) == cancelled.dropped
        screen.show(Progress(Phase.QUEUED, "Stale"))
        await delivery.called("deleteMessage")
    await delivery.settled()
    assert [] == await ann.replies()


async def test_a_cancelled_second_try_leaves_the_first_answer(
    delivery: Delivery, ann: Somebody
) -> None:
    """What stood there before it stood in line stands there again."""
    job = await delivery.ask(ann, "A fox")
    await delivery.answer(job, Reply("The first"))
    await ann.wait_reply(says("The first"))
    await delivery.settled()
    anew = await again(delivery, job)
    async with delivery.stage.show(anew) as screen:
        screen.show(LINE)
        await ann.wait_reply(says("In line"))
    await delivery.jobs.cancel_job(anew.id, 1)
    await ann.wait_reply(says("The first"))


async def again(delivery: Delivery, job: Job) -> Job:
    """A job in line that makes the answer of another anew."""
    entry = NewJob(task="draw", pool="chat", incoming=job.payload, answer=job.answer)
    (added,) = await delivery.jobs.add([entry])
    found = await delivery.jobs.get(added.job or 0)
    assert found
    return found.job


@pytest.fixture
def glimpse(tmp_path: Path) -> Path:
    """The file of an unfinished picture."""
    file = tmp_path / "glimpse.png"
    repaint(file, png(40))
    return file


def repaint(glimpse: Path, content: bytes | None) -> None:
    """Paint over it, or throw it away."""
    if content is None:
        glimpse.unlink()
    else:
        glimpse.write_bytes(content)


async def test_an_unfinished_picture_is_shown_in_the_message(
    delivery: Delivery, ann: Somebody, glimpse: Path
) -> None:
    """The text becomes a picture with the same words and button; later ones change its words."""
    job = await delivery.wait(ann, "A fox")
    async with delivery.stage.show(job) as screen:
        screen.show(drawing(0.25))
        text = await ann.wait_reply(says("25%"))
        screen.show(drawing(0.5, str(glimpse)))
        picture = await ann.wait_reply(says("50%"))
        repaint(glimpse, png(80))
        screen.show(drawing(0.75, str(glimpse)))
        later = await ann.wait_reply(says("75%"))
    assert ["text", "photo", "photo"] == kinds([text, picture, later])
    assert 1 == len({one["message_id"] for one in (text, picture, later)})
    assert text["reply_markup"] == picture["reply_markup"] == later["reply_markup"]
    assert picture["photo"] == later["photo"]
    assert 1 == len(await delivery.calls("editMessageMedia"))


async def test_pictures_come_now_and_then(glimpse: Path) -> None:
    """At most every eight seconds, each once, and nothing where the file is gone."""
    now = 100.0
    glimpses = Glimpses(lambda: now)
    seen = drawing(0.5, str(glimpse))
    assert await glimpses.next(seen)
    now = 107.9
    repaint(glimpse, png(80))
    assert await glimpses.next(seen) is None
    now = 108.0
    assert await glimpses.next(seen)
    now = 120.0
    assert await glimpses.next(seen) is None
    repaint(glimpse, None)
    assert await glimpses.next(seen) is None
    assert await glimpses.next(drawing(0.6)) is None
    assert await glimpses.next(None) is None


@pytest.mark.parametrize("content", [b"no picture at all", b""], ids=["refused", "empty"])
async def test_a_picture_that_is_not_taken_costs_nothing(
    delivery: Delivery, ann: Somebody, glimpse: Path, content: bytes
) -> None:
    """The words go on; it is not tried again and again."""
    repaint(glimpse, content)
    job = await delivery.wait(ann, "A fox")
    async with delivery.stage.show(job) as screen:
        screen.show(drawing(0.25, str(glimpse)))
        await ann.wait_reply(says("25%"))
        screen.show(drawing(0.5, str(glimpse)))
        await ann.wait_reply(says("50%"))
        screen.show(drawing(0.75, str(glimpse)))
        message = await ann.wait_reply(says("75%"))
    assert ["text"] == kinds([message])
    assert len(await delivery.calls("editMessageMedia")) <= 1


async def pictured(delivery: Delivery, somebody: Somebody, glimpse: Path) -> Job:
    """A job whose message shows an unfinished picture."""
    job = await delivery.wait(somebody, "A fox")
    async with delivery.stage.show(job) as screen:
        screen.show(drawing(0.25))
        await somebody.wait_reply(says("25%"))
        screen.show(drawing(0.5, str(glimpse)))
        await somebody.wait_reply(says("50%"))
    return job


async def test_another_screen_goes_on_under_the_picture(
    delivery: Delivery, ann: Somebody, glimpse: Path
) -> None:
    """A start anew does not know that the message is a picture by now, and learns it."""
    job = await pictured(delivery, ann, glimpse)
    await delivery.claim()
    async with delivery.stage.show(job) as screen:
        screen.show(drawing(0.75))
        message = await ann.wait_reply(says("75%"))
    assert ["photo"] == kinds([message])


@pytest.mark.parametrize(("words", "kind"), [("It failed.", "photo"), ("word " * 400, "text")])
async def test_an_end_in_words_takes_the_place_of_the_picture(
    delivery: Delivery, ann: Somebody, glimpse: Path, words: str, kind: str
) -> None:
    """Few words stand under what was to be seen last; many are a message of their own."""
    job = await pictured(delivery, ann, glimpse)
    await delivery.claim()
    await delivery.answer(job, Reply(words))
    await ann.wait_reply(says(words.strip()))
    await delivery.settled()
    (message,) = await ann.replies()
    assert [kind] == kinds([message])
    assert "reply_markup" not in message
