"""What is in the outbox arrives: once, in order, and as it should look."""

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.delivery.body import Body
from bot.delivery.parts import Part
from domain.answers import Button, Reply
from domain.jobs import State
from domain.messages import Place
from storage.jobs import Ending
from storage.outbox import Delivery as Progress
from tests.bot.delivery.way import GROUP, WORKER, WORKSHOP, Delivery, until
from tests.telegram import Person as Somebody

Record = dict[str, Any]

TABLE = "| a | b |\n|---|---|\n| 1 | 2 |"


def says(text: str) -> Callable[[Record], bool]:
    """Whether a message says exactly this."""
    return lambda message: text == message.get("text")


async def trouble(caplog: pytest.LogCaptureFixture) -> None:
    """Wait until a call has failed."""

    async def logged() -> bool:
        return "does not answer" in caplog.text

    await until(logged)


async def test_a_reply_arrives_with_formatting_and_buttons(
    delivery: Delivery, ann: Somebody
) -> None:
    """Text, entities and buttons are as they were composed."""
    job = await delivery.ask(ann, "Hello?")
    await delivery.answer(job, Reply("**Hello** Ann", rows=((Button("Again", "again:1"),),)))
    message = await ann.wait_reply(says("Hello Ann"))
    assert [{"type": "bold", "offset": 0, "length": 5}] == message["entities"]
    ((button,),) = message["reply_markup"]["inline_keyboard"]
    assert ("Again", "again:1") == (button["text"], button["callback_data"])


async def test_a_long_reply_arrives_in_order_with_its_buttons_last(
    delivery: Delivery, ann: Somebody
) -> None:
    """Each part is a message; only the last has buttons."""
    job = await delivery.ask(ann, "Tell me all")
    text = "\n\n".join(f"Paragraph {n} " + "word " * 100 for n in range(20))
    await delivery.answer(job, Reply(text, rows=((Button("Again", "again:1"),),)))
    last = await ann.wait_reply(lambda message: "Paragraph 19" in message["text"])
    told = await ann.replies()
    assert text.split() == " ".join(message["text"] for message in told).split()
    assert [last["message_id"]] == [one["message_id"] for one in told if "reply_markup" in one]


async def test_a_table_is_a_rich_message_in_private_and_text_in_a_group(
    delivery: Delivery, ann: Somebody, oksana_in_family: Somebody
) -> None:
    """Only a private chat gets a rich message; a group gets the table as code."""
    await delivery.answer(await delivery.ask(ann, "Table?"), Reply(TABLE))
    rich = await ann.wait_reply()
    await delivery.answer(await delivery.ask(oksana_in_family, "Table?"), Reply(TABLE))
    text = await oksana_in_family.wait_reply()
    assert TABLE == rich["rich_message"]["markdown"]
    assert ["pre"] == [entity["type"] for entity in text["entities"]]


async def test_in_a_group_the_answer_replies_to_the_question(
    delivery: Delivery, oksana_in_family: Somebody
) -> None:
    """With several people talking it has to be clear who is answered."""
    job = await delivery.ask(oksana_in_family, "Hello?")
    await delivery.answer(job, Reply("Hello"))
    message = await oksana_in_family.wait_reply(says("Hello"))
    assert job.payload.message == message["reply_to_message"]["message_id"]


async def test_an_answer_made_anew_takes_the_place_of_the_old_one(
    delivery: Delivery, ann: Somebody
) -> None:
    """Parts are edited, and those that are no longer needed are deleted."""
    job = await delivery.ask(ann, "Hello?")
    await delivery.answer(job, Reply("word " * 1500))
    await ann.wait_reply()
    await delivery.settled()
    first, *rest = await ann.replies()
    anew = await delivery.start(job.payload.place, job.payload.message, 1, "Hello?", job.answer)
    await delivery.answer(anew, Reply("Short"))
    await ann.wait_event(lambda event: event["type"] == "delete")
    await delivery.settled()
    (left,) = await ann.replies()
    assert rest
    assert (first["message_id"], "Short") == (left["message_id"], left["text"])


async def test_the_same_answer_once_more_is_no_error(delivery: Delivery, ann: Somebody) -> None:
    """An edit that changes nothing counts as delivered."""
    job = await delivery.ask(ann, "Hello?")
    await delivery.answer(job, Reply("Hello"))
    await ann.wait_reply(says("Hello"))
    await delivery.settled()
    anew = await delivery.start(job.payload.place, job.payload.message, 1, "Hello?", job.answer)
    await delivery.answer(anew, Reply("Hello"))
    await delivery.called("editMessageText")
    await delivery.settled()
    assert 1 == len(await ann.replies())


async def test_an_edit_of_a_deleted_message_is_sent_anew(delivery: Delivery, ann: Somebody) -> None:
    """Somebody may have deleted the old answer; the new one arrives all the same."""
    job = await delivery.ask(ann, "Hello?")
    await delivery.answer(job, Reply("Hello"))
    old = await ann.wait_reply(says("Hello"))
    await delivery.settled()
    await delivery.bot.delete_message(1, old["message_id"])
    anew = await delivery.start(job.payload.place, job.payload.message, 1, "Hello?", job.answer)
    await delivery.answer(anew, Reply("Hello again"))
    await ann.wait_reply(says("Hello again"))
    await delivery.settled()
    (message,) = await ann.replies()
    assert [message["message_id"]] == await delivery.outbox.messages_of(job.answer)


async def test_refused_formatting_is_sent_plain(delivery: Delivery, ann: Somebody) -> None:
    """No answer is lost over an entity that Telegram does not take."""
    job = await delivery.ask(ann, "Hello?")
    broken = Body(Part("Hello", ({"type": "bold", "offset": 3, "length": 99},))).to_json()
    ending = Ending(job.id, WORKER, State.DONE, bodies=[broken], mark_sending_after=1)
    delivery.courier.deliver(await delivery.jobs.finish(ending))
    message = await ann.wait_reply(says("Hello"))
    assert "entities" not in message


async def test_a_flood_of_answers_is_paced_and_complete(delivery: Delivery, ann: Somebody) -> None:
    """With Telegram's limits in force all arrive in order, and none is refused twice."""
    await delivery.turn(flood={"private": True, "global_per_second": 30})
    for number in range(9):
        job = await delivery.ask(ann, f"{number}?")
        await delivery.answer(job, Reply(f"Answer {number}"))
    await ann.wait_reply(says("Answer 8"), timeout=20)
    told = [message["text"] for message in await ann.replies()]
    refused = [call for call in await delivery.calls("sendMessage") if call["status"] == 429]
    assert [f"Answer {number}" for number in range(9)] == told
    assert [] == refused


@pytest.mark.parametrize("fault", ["status_5xx", "cut", "cut_after"])
async def test_a_send_that_goes_wrong_arrives_exactly_once(
    delivery: Delivery, ann: Somebody, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Whether it went wrong before or after the server acted, there is one message in the end."""
    job = await delivery.ask(ann, "Hello?")
    await delivery.turn(faults={fault: 1.0, "methods": ["sendMessage"]})
    await delivery.answer(job, Reply("Hello"))
    await trouble(caplog)
    await delivery.turn(faults=None)
    await delivery.settled()
    (message,) = await ann.replies()
    assert ("Hello", [message["message_id"]]) == (
        message["text"],
        await delivery.outbox.messages_of(job.answer),
    )


async def test_an_edit_that_goes_wrong_is_repeated(
    delivery: Delivery, ann: Somebody, caplog: pytest.LogCaptureFixture
) -> None:
    """An edit may be repeated as often as it takes."""
    job = await delivery.ask(ann, "Hello?")
    await delivery.answer(job, Reply("Hello"))
    await ann.wait_reply(says("Hello"))
    await delivery.settled()
    await delivery.turn(faults={"cut": 1.0, "methods": ["editMessageText"]})
    anew = await delivery.start(job.payload.place, job.payload.message, 1, "Hello?", job.answer)
    await delivery.answer(anew, Reply("Hello again"))
    await trouble(caplog)
    await delivery.turn(faults=None)
    await ann.wait_reply(says("Hello again"))
    assert 1 == len(await ann.replies())


async def test_a_blocked_bot_gives_up_and_tells(delivery: Delivery, ann: Somebody) -> None:
    """What nobody wants to read is dead after one try."""
    job = await delivery.ask(ann, "Hello?")
    await ann.act("block")
    await delivery.answer(job, Reply("Hello"))
    await delivery.called("sendMessage")
    await delivery.settled()
    assert [403] == [call["status"] for call in await delivery.calls("sendMessage")]
    assert [1] == delivery.blocked


async def test_an_impossible_message_is_dead_and_logged_without_its_text(
    delivery: Delivery, caplog: pytest.LogCaptureFixture
) -> None:
    """A chat that does not exist is tried once; the log names the reason and quotes nobody."""
    caplog.set_level(logging.INFO)
    job = await delivery.start(Place(4711), 1, 4711, "Hello?")
    await delivery.answer(job, Reply("A secret"))
    await delivery.called("sendMessage")
    await delivery.settled()
    assert [400] == [call["status"] for call in await delivery.calls("sendMessage")]
    assert "chat not found" in caplog.text
    assert "secret" not in caplog.text


async def test_rows_that_another_process_left_are_found(delivery: Delivery, ann: Somebody) -> None:
    """What waits in the outbox is sent, whoever put it there."""
    job = await delivery.ask(ann, "Hello?")
    bodies = delivery.stage.compose(job, Reply("From elsewhere"))
    await delivery.jobs.finish(Ending(job.id, WORKER, State.DONE, bodies=bodies))
    message = await ann.wait_reply(says("From elsewhere"))
    await delivery.settled()
    assert [message["message_id"]] == await delivery.outbox.messages_of(job.answer)


async def test_a_chat_that_must_wait_holds_up_no_other(
    delivery: Delivery, ann: Somebody, oksana_in_family: Somebody
) -> None:
    """Between chats everything happens at the same time."""
    held, free = await delivery.ask(ann, "?"), await delivery.ask(oksana_in_family, "?")
    delivery.pace.hold(1, 30.0)
    await delivery.answer(held, Reply("Later"))
    await delivery.answer(free, Reply("Now"))
    await oksana_in_family.wait_reply(says("Now"), timeout=3)
    assert [] == await ann.replies()


async def test_what_was_not_sent_is_given_back_at_the_end(
    delivery: Delivery, ann: Somebody
) -> None:
    """Closing leaves a row that nobody tried to send as waiting, and not in doubt."""
    job = await delivery.ask(ann, "Hello?")
    delivery.pace.hold(1, 30.0)
    await delivery.answer(job, Reply("Later"))
    await delivery.courier.aclose(0.05)
    (row,) = await delivery.outbox.waiting(9)
    assert (job.answer, Progress.WAITING) == (row.answer, row.state)


async def test_topics_are_kept_and_lost_ones_fall_back(
    delivery: Delivery, ivan_in_workshop: Somebody
) -> None:
    """An answer goes to the topic of its question, or to the chat if the topic is gone."""
    state = await ivan_in_workshop.look("state")
    (workshop,) = (chat for chat in state["chats"] if chat["id"] == WORKSHOP)
    plans = next(topic["id"] for topic in workshop["topics"] if topic["name"] == "Plans")
    job = await delivery.ask(ivan_in_workshop, "Hello?", message_thread_id=plans)
    await delivery.answer(job, Reply("In the topic"))
    message = await ivan_in_workshop.wait_reply(says("In the topic"))
    assert plans == message["message_thread_id"]
    lost = replace(job.payload.place, topic=999_999)
    job = await delivery.start(lost, job.payload.message, 3, "Hello?")
    await delivery.answer(job, Reply("Anywhere"))
    await ivan_in_workshop.wait_reply(says("Anywhere"))


async def test_a_change_while_a_message_is_under_way_follows_as_an_edit(
    delivery: Delivery, oksana_in_family: Somebody
) -> None:
    """The newest version is what is seen in the end, in one message."""
    job = await delivery.ask(oksana_in_family, "Hello?")
    await delivery.turn(faults={"delay": 0.3, "methods": ["sendMessage"]})
    opened = await delivery.outbox.open(
        job.answer, GROUP, None, Body(Part("First")).to_json(), delivery.stage.newest(job)
    )
    assert opened is not None
    sending = asyncio.create_task(delivery.courier.send(opened), name="first version")
    await delivery.called("sendMessage")
    await delivery.answer(job, Reply("Second"))
    number = await sending
    message = await oksana_in_family.wait_reply(says("Second"))
    await delivery.settled()
    assert number == message["message_id"]
    assert 1 == len(await oksana_in_family.replies())


@pytest.mark.parametrize("seed", range(2))
async def test_luck_does_not_matter(
    delivery: Delivery, play_people: list[Somebody], seed: int
) -> None:
    """With calls failing at random in every way, each answer is there once and in order."""

    async def briefly(seconds: float) -> None:
        await asyncio.sleep(seconds / 10)

    delivery.postman.sleep = delivery.postman.doubt.sleep = briefly
    await delivery.turn(faults={"status_5xx": 0.15, "cut": 0.15, "cut_after": 0.15}, seed=seed)
    for number in range(3):
        for somebody in play_people:
            job = await delivery.ask(somebody, f"{number}?")
            await delivery.answer(job, Reply(f"Answer {number}"))
    await delivery.settled(60)
    for somebody in play_people:
        told = [message["text"] for message in await somebody.replies()]
        assert [f"Answer {number}" for number in range(3)] == told


async def test_a_body_that_cannot_be_read_stops_no_other(
    delivery: Delivery, ann: Somebody, caplog: pytest.LogCaptureFixture
) -> None:
    """A damaged row is given up with a word in the log; what follows it arrives."""
    job = await delivery.ask(ann, "Hello?")
    bodies = ['{"text": ', Body(Part("Hello")).to_json()]
    ending = Ending(job.id, WORKER, State.DONE, bodies=bodies, mark_sending_after=1)
    delivery.courier.deliver(await delivery.jobs.finish(ending))
    await ann.wait_reply(says("Hello"))
    await delivery.settled()
    assert "cannot be read" in caplog.text


async def test_what_could_not_be_noted_is_found_in_the_next_life(
    delivery: Delivery, ann: Somebody, database_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The database fails after a send: nothing is sent twice, neither now nor later."""

    async def left() -> bool:
        return "left in doubt" in caplog.text

    job = await delivery.ask(ann, "Hello?")
    await delivery.turn(faults={"delay": 0.3, "methods": ["sendMessage"]})
    await delivery.answer(job, Reply("Hello"))
    with sqlite3.connect(database_file) as other:
        other.execute("ALTER TABLE outbox RENAME TO elsewhere")
    await until(left)
    with sqlite3.connect(database_file) as other:
        other.execute("ALTER TABLE elsewhere RENAME TO outbox")
    other.close()
    await delivery.courier.prepare()
    await delivery.settled()
    (message,) = await ann.replies()
    assert [message["message_id"]] == await delivery.outbox.messages_of(job.answer)
