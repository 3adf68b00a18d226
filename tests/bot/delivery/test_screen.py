"""People watch the work: soon, smoothly, within Telegram's limits, and never after the end."""

import asyncio
import sys
import time
from itertools import pairwise
from typing import Any

import pytest

from bot.delivery.drafts import DraftPainter, Nobody
from bot.delivery.pace import Pace
from bot.delivery.screen import Newest, Painter, Screen
from domain.answers import Draft, Phase, Progress, Reply
from domain.jobs import Job
from domain.messages import Place
from tests.bot.delivery.scripted import OK, Script, bot_at, refusal
from tests.bot.delivery.way import GROUP, Delivery, until
from tests.telegram import Person as Somebody

Record = dict[str, Any]
WATCHED = ("sendMessageDraft", "sendRichMessageDraft", "sendChatAction", "sendMessage")

THINKING = Progress(Phase.THINKING, "")


def drafts(text: str) -> Any:
    """Whether an event shows this draft."""
    return lambda event: event["type"] == "draft" and text == event.get("text", "")


async def stream(delivery: Delivery, job: Job, seconds: float, pace: float = 15.0) -> str:
    """Answer as a model of so many words a second does."""
    text = ""
    async with delivery.stage.show(job) as screen:
        screen.show(THINKING)
        began = time.monotonic()
        for number in range(round(seconds * pace)):
            await asyncio.sleep(max(0.0, began + number / pace - time.monotonic()))
            text += f"word{number} "
            screen.show(Draft(text))
    await delivery.answer(job, Reply(text))
    return text.strip()


async def test_thinking_then_text_then_the_answer(delivery: Delivery, ann: Somebody) -> None:
    """A private chat sees the placeholder, the growing draft, and then the message in its place."""
    job = await delivery.ask(ann, "Hello?")
    async with delivery.stage.show(job) as screen:
        screen.show(THINKING)
        thinking = await ann.wait_event(drafts(""))
        screen.show(Draft("**Hello**"))
        text = await ann.wait_event(drafts("Hello"))
    await delivery.answer(job, Reply("**Hello** Ann"))
    end = await ann.wait_event(lambda event: event["type"] == "draft_end")
    assert [job.id] * 3 == [event["draft_id"] for event in (thinking, text, end)]
    assert text["can_stop"]
    assert "bold" == text["entities"][0]["type"]
    assert "message" == end["reason"]


@pytest.mark.parametrize(
    ("progress", "text"),
    [
        (Progress(Phase.QUEUED, "2 before you"), "2 before you"),
        (Progress(Phase.LOADING, "Loading the model"), "Loading the model"),
        (Progress(Phase.WRITING, "Drawing", 0.5), "Drawing\n▰▰▰▰▰▰▱▱▱▱▱▱ 50%"),
    ],
)
async def test_progress_is_shown_as_a_note(
    delivery: Delivery, ann: Somebody, progress: Progress, text: str
) -> None:
    """The four states of waiting look different, and a share is a bar."""
    job = await delivery.ask(ann, "Hello?")
    async with delivery.stage.show(job) as screen:
        screen.show(progress)
        await ann.wait_event(drafts(text))


async def test_a_table_is_drafted_rich(delivery: Delivery, ann: Somebody) -> None:
    """What will be a rich message is a rich draft before."""
    table = "| a | b |\n|---|---|\n| 1 | 2 |"
    job = await delivery.ask(ann, "Hello?")
    async with delivery.stage.show(job) as screen:
        screen.show(Draft(table))
        shown = await ann.wait_event(lambda event: event["type"] == "draft")
    assert table == shown["rich_message"]["markdown"]


async def test_an_answer_of_four_seconds_is_smooth_and_cheap(
    delivery: Delivery, ann: Somebody
) -> None:
    """At most 14 calls, and text that moves all the time."""
    await delivery.turn(flood={"private": True, "drafts": True, "global_per_second": 30})
    job = await delivery.ask(ann, "Hello?")
    text = await stream(delivery, job, 4.0)
    await ann.wait_reply(lambda message: text == message["text"])
    calls = await delivery.calls(*WATCHED)
    times = [call["at"] for call in calls if call["method"] == "sendMessageDraft"][1:]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    sys.stdout.write(f"{len(calls)} calls, longest gap {max(gaps):.2f} s\n")
    assert len(calls) <= 14
    assert max(gaps) < 1.5  # 0.6 on a machine that does nothing else
    assert {200} == {call["status"] for call in calls}


async def test_several_answers_in_a_row_stay_within_the_budget(
    delivery: Delivery, ann: Somebody
) -> None:
    """The budget is the chat's, not the answer's."""
    await delivery.turn(flood={"private": True, "drafts": True})
    for _ in range(3):
        await stream(delivery, await delivery.ask(ann, "Hello?"), 2.0)
    await delivery.settled()
    assert {200} == {call["status"] for call in await delivery.calls(*WATCHED)}


async def test_no_frame_arrives_after_the_end(delivery: Delivery, ann: Somebody) -> None:
    """Closing the screen waits for the frame that is on its way."""

    async def on_its_way() -> bool:
        return delivery.pace.drafts_left(1) < 39

    await delivery.turn(faults={"delay": 0.3, "methods": ["sendMessageDraft"]})
    job = await delivery.ask(ann, "Hello?")
    async with delivery.stage.show(job) as screen:
        screen.show(Draft("Half"))
        await until(on_its_way)
        screen.show(Draft("Half and"))
    await delivery.answer(job, Reply("Half and half"))
    message = await ann.wait_reply()
    events = (await ann.look("events", since=0, wait=1))["events"]
    drafted = [event["n"] for event in events if event["type"] == "draft"]
    spoken = [e["n"] for e in events if e.get("message", {}).get("text") == message["text"]]
    assert 1 == len(drafted)
    assert drafted < spoken


async def test_a_draft_is_kept_alive_while_nothing_changes(
    delivery: Delivery, ann: Somebody
) -> None:
    """Telegram forgets drafts after thirty seconds; a slow model takes longer."""
    now = 0.0
    job = await delivery.ask(ann, "Hello?")

    def nobody() -> Painter:
        raise AssertionError("drafts were refused")

    painter = DraftPainter(
        delivery.bot, delivery.pace, job, asyncio.Lock(), nobody, False, lambda: now, asyncio.sleep
    )
    for moment in (0.0, 10.0, 21.0):
        now = moment
        await painter.paint(lambda: THINKING)
    assert 2 == len(await delivery.calls("sendMessageDraft"))
    assert painter.patience() == pytest.approx(20.0)


async def test_a_long_answer_shows_its_end(delivery: Delivery, ann: Somebody) -> None:
    """A draft has room for one message: what does not fit any more is before an ellipsis."""
    job = await delivery.ask(ann, "Hello?")
    text = "\n\n".join(f"Paragraph {n} " + "word " * 100 for n in range(20))
    async with delivery.stage.show(job) as screen:
        screen.show(Draft(text))
        shown = await ann.wait_event(lambda event: event["type"] == "draft")
    assert shown["text"].startswith("…\n")
    assert shown["text"].endswith(text.split("\n\n")[-1].strip())


async def test_where_drafts_are_refused_a_message_is_edited(
    delivery: Delivery, oksana_in_family: Somebody
) -> None:
    """A server that does not know drafts, or a chat that has none, gets live messages."""
    message = await oksana_in_family.send("Hello?")
    job = await delivery.start(Place(GROUP, None, private=True), message["message_id"], 2, "?")
    async with delivery.stage.show(job) as screen:
        screen.show(Draft("Half"))
        half = await oksana_in_family.wait_reply(lambda one: one["text"] == "Half")
    await delivery.answer(job, Reply("Half and half"))
    whole = await oksana_in_family.wait_reply(lambda one: one["text"] == "Half and half")
    assert half["message_id"] == whole["message_id"]
    assert "reply_markup" in half
    assert "reply_markup" not in whole


async def test_a_group_sees_typing_and_then_one_message_that_grows(
    delivery: Delivery, oksana_in_family: Somebody
) -> None:
    """The live message replies to the question, can be stopped, and becomes the answer."""
    job = await delivery.ask(oksana_in_family, "Hello?")
    async with delivery.stage.show(job) as screen:
        screen.show(THINKING)
        await oksana_in_family.wait_event(lambda event: event["type"] == "action")
        screen.show(Draft("Half"))
        half = await oksana_in_family.wait_reply(lambda one: one["text"] == "Half")
        screen.show(Draft("Half and"))
        await oksana_in_family.wait_reply(lambda one: one["text"] == "Half and")
    await delivery.answer(job, Reply("Half and half"))
    whole = await oksana_in_family.wait_reply(lambda one: one["text"] == "Half and half")
    opened, edited, *_ = await delivery.calls("sendMessage", "editMessageText")
    assert half["message_id"] == whole["message_id"]
    assert job.payload.message == half["reply_to_message"]["message_id"]
    assert f"stop:{job.id}" == half["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    assert edited["at"] - opened["at"] >= 2.9


async def test_a_group_is_told_what_it_waits_for_after_a_while(
    delivery: Delivery, oksana_in_family: Somebody
) -> None:
    """After two seconds without text the note is a message, which the answer takes over."""
    job = await delivery.ask(oksana_in_family, "Hello?")
    began = time.monotonic()
    async with delivery.stage.show(job) as screen:
        screen.show(Progress(Phase.LOADING, "Loading the model"))
        note = await oksana_in_family.wait_reply()
        waited = time.monotonic() - began
    await delivery.answer(job, Reply("Hello"))
    whole = await oksana_in_family.wait_reply(lambda one: one["text"] == "Hello")
    assert "Loading the model" == note["text"]
    assert note["message_id"] == whole["message_id"]
    assert waited >= 1.9


async def test_what_is_answered_at_once_shows_nothing_before(
    delivery: Delivery, oksana_in_family: Somebody, ann: Somebody
) -> None:
    """Commands cost one call, in a group and in private."""
    for somebody in (oksana_in_family, ann):
        job = await delivery.ask(somebody, "/help")
        async with delivery.stage.show(job):
            pass
        await delivery.answer(job, Reply("Help"))
        await somebody.wait_reply()
    assert ["sendMessage"] * 2 == [call["method"] for call in await delivery.calls()]


@pytest.mark.parametrize(("person", "chat"), [(1, 1), (2, GROUP)], ids=["private", "group"])
async def test_an_answer_made_anew_grows_in_the_old_message(
    delivery: Delivery, person: int, chat: int
) -> None:
    """The old answer is edited while the new one is written; no second message, and no draft."""
    async with Somebody(delivery.play.url, person, chat) as somebody:
        job = await delivery.ask(somebody, "Hello?")
        await delivery.answer(job, Reply("Old"))
        old = await somebody.wait_reply(lambda one: one["text"] == "Old")
        await delivery.settled()
        anew = await delivery.start(job.payload.place, job.payload.message, person, "?", job.answer)
        async with delivery.stage.show(anew) as screen:
            screen.show(THINKING)
            screen.show(Draft("New"))
            live = await somebody.wait_reply(lambda one: one["text"] == "New")
        await delivery.answer(anew, Reply("New answer"))
        new = await somebody.wait_reply(lambda one: one["text"] == "New answer")
    assert [old["message_id"]] * 2 == [live["message_id"], new["message_id"]]
    assert [] == await delivery.calls("sendMessageDraft")


async def test_a_blocked_bot_stops_painting(delivery: Delivery, ann: Somebody) -> None:
    """Nobody watches: one call says so, and no more are made."""
    job = await delivery.ask(ann, "Hello?")
    await ann.act("block")
    async with delivery.stage.show(job) as screen:

        async def nobody_paints() -> bool:
            return isinstance(screen._painter, Nobody)

        screen.show(Draft("Half"))
        await until(nobody_paints)
        screen.show(Draft("Half and"))
    assert 1 == len(await delivery.calls("sendMessageDraft"))


async def test_bad_luck_on_the_screen_never_costs_the_answer(
    delivery: Delivery, ann: Somebody
) -> None:
    """Frames fail in every way; the answer comes."""
    await delivery.turn(
        faults={"status_5xx": 0.4, "cut": 0.4, "methods": ["sendMessageDraft"]}, seed=3
    )
    text = await stream(delivery, await delivery.ask(ann, "Hello?"), 2.0)
    await ann.wait_reply(lambda message: text == message["text"])


async def test_progress_is_shown_once_a_second(delivery: Delivery, ann: Somebody) -> None:
    """A bar that moves all the time costs few calls, and its last state is shown."""
    job = await delivery.ask(ann, "Draw")
    async with delivery.stage.show(job) as screen:
        for share in range(0, 100, 5):
            screen.show(Progress(Phase.WRITING, "Drawing", share / 100))
            await asyncio.sleep(0.01)
        await ann.wait_event(lambda event: "95%" in event.get("text", ""))
    assert len(await delivery.calls("sendMessageDraft")) <= 3


async def test_a_refused_rich_draft_goes_on_as_text(delivery: Delivery) -> None:
    """One refusal is enough to know; the answer keeps growing."""
    script = Script([refusal(400, "Bad Request: can't parse rich message"), OK])
    job = await delivery.start(Place(1), 1, 1, "Table?")

    def nobody() -> Painter:
        raise AssertionError("drafts were refused")

    async with bot_at(script.answer) as bot:
        painter = DraftPainter(
            bot, Pace(), job, asyncio.Lock(), nobody, True, time.monotonic, asyncio.sleep
        )
        table = Draft("| a | b |\n|---|---|\n| 1 | 2 |")
        await painter.paint(lambda: table)
        await painter.paint(lambda: table)
    assert ["sendRichMessageDraft", "sendMessageDraft"] == script.methods


async def test_a_fault_of_the_screen_is_logged_and_nothing_more(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An accident while painting never costs the answer."""

    class Clumsy:
        def patience(self) -> float | None:
            return None

        async def paint(self, newest: Newest) -> Painter:
            raise ZeroDivisionError

    screen = Screen(Clumsy(), asyncio.Lock(), "screen")
    screen.show(THINKING)
    await asyncio.wait({screen._task})
    screen.show(Draft("Hello"))
    await screen.close()
    assert "went dark" in caplog.text


async def test_typing_is_renewed(delivery: Delivery, oksana_in_family: Somebody) -> None:
    """Telegram shows it for five seconds; a group that waits in quiet sees it all the time."""
    now = 0.0
    job = await delivery.ask(oksana_in_family, "Hello?")
    painter = delivery.stage._live(job, asyncio.Lock(), 3.0)
    painter.clock, painter._began = lambda: now, 0.0
    for moment in (0.2, 1.0, 4.8):
        now = moment
        await painter.paint(lambda: None)
    assert 2 == len(await delivery.calls("sendChatAction"))
    assert painter.patience() == pytest.approx(4.5)
