"""The door: what comes in is written down as a job, once, and what belongs together as one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from domain.jobs import State
from domain.messages import Incoming
from services.access import Access
from services.categories import Rules
from services.drawing.studio import Studio
from services.intake import Batch, Intake, Patience
from services.people import Languages
from services.tastes import Tastes
from storage.chats import Chats
from storage.people import People
from tests.services.drawing.easel import studio
from tests.services.ground import Ground

POOLS = ("quick", "chat/fast", "chat/default", "chat/complex")


@dataclass(slots=True)
class Door:
    """An intake, and how often it has called the worker."""

    ground: Ground
    access: Access = field(default_factory=Access)
    calls: list[int] = field(default_factory=list)
    updates: int = 0
    studio: Studio = field(default_factory=studio)
    languages: Languages = field(init=False)
    tastes: Tastes = field(init=False)

    def __post_init__(self) -> None:
        known = frozenset({"en", "ru", "uk"})
        people = People(self.ground.database)
        self.languages = Languages(people, known)
        self.tastes = Tastes(people, Chats(self.ground.database))

    def batch(self) -> Batch:
        """Open a batch."""
        intake = Intake(
            self.ground.jobs,
            self.access,
            Rules(),
            self.languages,
            self.tastes,
            Patience(),
            self.ground.clock,
            lambda: self.calls.append(1),
            self.studio,
        )
        return intake.batch()

    async def takes(self, *said: Incoming, group: str = "", age: float = 0.0) -> None:
        """Take questions that came together, each as an update of its own."""
        batch = self.batch()
        sent_at = self.ground.clock() - age
        for one in said:
            self.updates += 1
            await batch.desk(self.updates).accept("chat", one, sent_at=sent_at, group=group)
        await batch.commit()

    async def acts(self, task: str, said: Incoming, *, in_order: bool = False) -> None:
        """Take one command."""
        batch = self.batch()
        self.updates += 1
        desk = batch.desk(self.updates)
        await desk.act(task, said, sent_at=self.ground.clock(), in_order=in_order)
        await batch.commit()

    async def claimed(self) -> list[str]:
        """What a worker with room for all would begin now."""
        jobs = await self.ground.jobs.claim(dict.fromkeys(POOLS, 100), "somebody")
        return [job.payload.text for job in jobs]


@pytest.fixture
def door(ground: Ground) -> Door:
    """A door that is open to all."""
    return Door(ground)


async def test_nothing_exists_before_the_commit(door: Door, ground: Ground) -> None:
    """A batch that is not committed leaves no job and calls nobody."""
    batch = door.batch()
    await batch.desk(1).accept("chat", ground.talk.says(), sent_at=ground.clock())
    assert [] == await ground.every()
    assert [] == door.calls
    await batch.commit()
    assert 1 == len(await ground.every())
    assert [1] == door.calls


async def test_an_empty_batch_calls_nobody(door: Door) -> None:
    """Where nothing came there is nothing to be begun."""
    await door.batch().commit()
    assert [] == door.calls


async def test_an_update_is_known_once(door: Door, ground: Ground) -> None:
    """Telegram repeats what was not confirmed; it is one job all the same."""
    said = ground.talk.says("once")
    for _ in range(2):
        batch = door.batch()
        await batch.desk(7).accept("chat", said, sent_at=ground.clock())
        await batch.desk(7).accept("chat", said, sent_at=ground.clock())
        await batch.commit()
    assert ["once"] == [one.job.payload.text for one in await ground.every()]


@pytest.mark.parametrize(
    ("text", "pool"),
    [
        ("Hi!", "chat/fast"),
        ("Why is the sky blue, and the sea too?\n", "chat/default"),
        ("word " * 400, "chat/complex"),
    ],
)
async def test_a_question_stands_in_the_pool_of_its_kind(
    door: Door, ground: Ground, text: str, pool: str
) -> None:
    """The kind of model is chosen by the text, before anything else is known."""
    await door.takes(ground.talk.says(text))
    [one] = await ground.every()
    assert (pool, "1", "chat") == (one.job.pool, one.job.lane, one.job.task)


async def test_a_command_waits_in_no_lane(door: Door, ground: Ground) -> None:
    """What is asked before it and still runs holds no command up."""
    await door.takes(ground.talk.says("a question"))
    assert ["a question"] == await door.claimed()
    await door.acts("stop", ground.talk.says("/stop"))
    await door.acts("status", ground.talk.says("/status"))
    assert ["/stop", "/status"] == sorted(await door.claimed(), reverse=True)


async def test_a_command_in_order_waits_for_its_turn(door: Door, ground: Ground) -> None:
    """To begin anew takes its turn behind what was asked before."""
    await door.takes(ground.talk.says("a question"))
    await door.acts("new", ground.talk.says("/new"), in_order=True)
    assert ["a question"] == await door.claimed()
    assert "1" == (await ground.every())[1].job.lane


async def test_a_stranger_is_refused_once_a_chat(door: Door, ground: Ground) -> None:
    """However much they say at once there is one refusal, which keeps nothing of it."""
    door.access = Access("allow_list", allowed=frozenset({2}))
    await door.takes(*(ground.talk.says(f"secret {n}") for n in range(3)), ground.talk.says("x"))
    await door.acts("stop", ground.talk.says("/stop"))
    await door.takes(ground.talk.says("welcome", chat=2))
    refusal, welcome = (one.job for one in await ground.every())
    assert ("refuse", "quick", "") == (refusal.task, refusal.pool, refusal.payload.text)
    assert "welcome" == welcome.payload.text
    ground.clock.now += 1.01
    assert ["", "welcome"] == sorted(await door.claimed())


async def test_what_is_too_old_is_apologised_for_once(door: Door, ground: Ground) -> None:
    """After a long time off, one apology a chat takes the place of late answers."""
    many = [ground.talk.says(f"old {n}") for n in range(5)]
    await door.takes(*many, ground.talk.says("old", chat=2), age=3601)
    tasks = [(one.job.task, one.job.payload.place.chat) for one in await ground.every()]
    assert [("apologise", 1), ("apologise", 2)] == tasks
    await door.takes(ground.talk.says("in time"), age=3600)
    assert "chat" == (await ground.every())[-1].job.task


async def test_a_stranger_gets_no_apology(door: Door, ground: Ground) -> None:
    """Who may not use the bot is told so, however late."""
    door.access = Access("allow_list")
    await door.takes(ground.talk.says("old"), age=10_000)
    assert ["refuse"] == [one.job.task for one in await ground.every()]


async def test_a_paste_is_one_question(door: Door, ground: Ground) -> None:
    """Pieces that Telegram's clients cut are put together again and wait for the last."""
    first, second, last = "a" * 4096, "b" * 4000, "the end"
    await door.takes(ground.talk.says(first), ground.talk.says(second))
    assert [] == await door.claimed()
    ground.clock.now += 0.5
    await door.takes(ground.talk.says(last))
    # the cut in the middle of a word is none; the one at white space is white space again
    assert [f"{first}{second}\n{last}"] == await door.claimed()
    assert 1 == len(await ground.every())


async def test_a_piece_is_measured_as_telegram_does(door: Door, ground: Ground) -> None:
    """A character outside the basic plane counts twice, so 1750 of them may be a piece."""
    await door.takes(ground.talk.says("😀" * 1750))
    assert [] == await door.claimed()
    await door.takes(ground.talk.says("😀" * 1749, chat=2))
    assert 1 == len(await door.claimed())


async def test_a_paste_that_nothing_follows_begins_soon(door: Door, ground: Ground) -> None:
    """A long message may be the first piece of several; when no other comes it is a question."""
    await door.takes(ground.talk.says("long " * 750))
    assert [] == await door.claimed()
    ground.clock.now += 0.81
    assert 1 == len(await door.claimed())


async def test_a_paste_is_one_persons(door: Door, ground: Ground) -> None:
    """In a group nobody's words become the end of somebody else's paste."""
    await door.takes(ground.talk.says("a" * 4096, chat=-5, person=1))
    await door.takes(ground.talk.says("and I?", chat=-5, person=2))
    assert 2 == len(await ground.every())


async def test_an_album_is_one_turn(door: Door, ground: Ground) -> None:
    """The photos of an album are one job with all captions; another album is another."""
    talk = ground.talk
    await door.takes(talk.shows("A", "look"), talk.shows("B"), group="77")
    ground.clock.now += 0.5
    await door.takes(talk.shows("C", "here"), group="77")
    await door.takes(talk.shows("D"), group="78")
    first, second = (one.job.payload for one in await ground.every())
    assert ["A", "B", "C"] == [one.ref for one in first.attachments]
    assert "look\nhere" == first.text
    assert ["D"] == [one.ref for one in second.attachments]


async def test_a_photo_ends_no_paste(door: Door, ground: Ground) -> None:
    """What carries a file is a turn of its own."""
    await door.takes(ground.talk.says("a" * 4096), ground.talk.shows("A", "my cat"))
    assert 2 == len(await ground.every())


async def test_people_are_taken_in_their_language(door: Door, ground: Ground) -> None:
    """A choice counts more than the client's language, which counts where it is known."""
    said = ground.talk.says("hello")
    await door.languages.choose(1, "uk")
    french = replace(said.person, id=9, language="fr")
    russian = replace(said.person, id=8, language="ru-RU")
    await door.takes(said, replace(said, person=french), replace(said, person=russian))
    assert ["uk", "en", "ru"] == [one.job.payload.person.language for one in await ground.every()]


async def test_all_wait_until_they_are_claimed(door: Door, ground: Ground) -> None:
    """The door begins nothing by itself."""
    await door.takes(ground.talk.says("one"), ground.talk.says("two"))
    assert [State.QUEUED] * 2 == [one.state for one in await ground.every()]


async def test_a_plain_request_is_an_order_where_the_owner_allows_it(ground: Ground) -> None:
    """Elsewhere it is something to talk about."""
    talks, draws = Door(ground), Door(ground, studio=studio(plain=True), updates=100)
    await talks.takes(ground.talk.says("draw me a red fox"))
    await draws.takes(ground.talk.says("draw me a red fox", chat=2))
    await draws.takes(ground.talk.says("what is a fox?", chat=3))
    jobs = [one.job for one in await ground.every()]
    assert ["chat", "draw", "chat"] == [job.task for job in jobs]
    assert "a red fox" == jobs[1].payload.text
