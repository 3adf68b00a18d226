"""People, chats, updates that could not be read, and figures."""

from __future__ import annotations

import asyncio

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.messages import Incoming, Person, Place
from storage.chats import Chats
from storage.database import Database
from storage.figures import DayTally, Figures, Tally
from storage.intake import NewJob
from storage.jobs import Jobs
from storage.people import People, VoiceTaste
from storage.tables import dead_updates
from storage.updates import Updates
from tests.storage.workshop import Clock, Talk


async def test_a_chosen_language_goes_before_that_of_the_client(
    jobs: Jobs, database: Database, talk: Talk
) -> None:
    """And the client's counts again when the choice is taken back."""
    people = People(database)
    await jobs.add([NewJob("chat", "text", Incoming(Place(1), 1, Person(1, "Ann", "uk"), "hi"))])
    assert "uk" == await people.language(1)
    await people.choose_language(1, "ru")
    await jobs.add([NewJob("chat", "text", Incoming(Place(1), 2, Person(1, "Ann", "de"), "hi"))])
    assert Person(1, "Ann", "ru") == await people.get(1)
    assert {1: "ru"} == await people.languages()
    await people.choose_language(1, "")
    assert "de" == await people.language(1)
    assert {} == await people.languages()


async def test_strangers_have_no_language(database: Database) -> None:
    """A choice can be made before anything was said."""
    people = People(database)
    assert ("", None) == (await people.language(9), await people.get(9))
    await people.choose_language(9, "en")
    assert "en" == await people.language(9)


async def test_a_voice_is_chosen_by_those_who_want_one(
    jobs: Jobs, database: Database, talk: Talk
) -> None:
    """Any part of it alone, before anything was said or after, and whatever is said later."""
    people = People(database)
    tastes = {
        1: VoiceTaste("always"),
        2: VoiceTaste(name="lada"),
        3: VoiceTaste(speed=1.25),
        4: VoiceTaste(spoken="uk"),
    }
    for person, taste in tastes.items():
        await people.choose_voice(person, taste)
    await people.choose_language(1, "uk")
    await jobs.add([talk.job(talk.says(chat=chat)) for chat in (1, 4)])
    assert tastes == await people.voices()
    await people.choose_voice(2, VoiceTaste("off", "irina", 0.5))
    await people.choose_voice(3, VoiceTaste())
    left = {1: tastes[1], 2: VoiceTaste("off", "irina", 0.5), 4: tastes[4]}
    assert left == await people.voices()
    assert "uk" == await people.language(1)


async def test_chats_can_want_their_speech_written_down(
    jobs: Jobs, database: Database, talk: Talk
) -> None:
    """Known to the bot or not; what is said later does not undo it."""
    chats = Chats(database)
    await jobs.add([talk.job(talk.says(chat=-1))])
    await asyncio.gather(*(chats.choose_transcribing(chat, True) for chat in (-1, -2, -3)))
    await chats.choose_transcribing(-3, False)
    await jobs.add([talk.job(talk.says(chat=-1))])
    assert {-1, -2} == await chats.transcribing()
    assert not await chats.blocked(-2)


async def test_a_chat_is_blocked_until_somebody_writes_there(
    jobs: Jobs, database: Database, talk: Talk
) -> None:
    """Whoever writes to the bot has let it in again."""
    chats = Chats(database)
    assert not await chats.blocked(1)
    await chats.mark_blocked(1)
    assert await chats.blocked(1)
    await jobs.add([talk.job()])
    assert not await chats.blocked(1)
    await chats.mark_blocked(1)
    await chats.mark_blocked(1, blocked=False)
    assert not await chats.blocked(1)


async def test_nothing_is_known_of_a_new_chat(database: Database) -> None:
    """Its count begins at nothing."""
    assert 0 == await Chats(database).newest_message(-77)


async def test_updates_can_be_buried(database: Database, clock: Clock) -> None:
    """What cannot be handled is kept for the operator, as often as it came."""
    updates = Updates(database, clock)
    await asyncio.gather(*(updates.bury(7, '{"odd": 1}', "no such type") for _ in range(2)))

    async def buried(connection: AsyncConnection) -> list[tuple[int, str, str]]:
        columns = dead_updates.c
        found = await connection.execute(select(columns.update_id, columns.body, columns.reason))
        return [(row[0], row[1], row[2]) for row in found]

    assert [(7, '{"odd": 1}', "no such type")] * 2 == await database.read(buried)


async def test_old_update_ids_are_forgotten(
    jobs: Jobs, database: Database, clock: Clock, talk: Talk
) -> None:
    """Telegram repeats nothing after a day, so three are enough."""
    updates = Updates(database, clock)
    await jobs.add([talk.job(update=1)])
    clock.now += 2 * 24 * 3600
    await jobs.add([talk.job(update=2)])
    assert 0 == await updates.prune()
    clock.now += 2 * 24 * 3600
    assert 1 == await updates.prune()
    added = await jobs.add([talk.job(update=1), talk.job(update=2)])
    assert [True, False] == [one.fresh for one in added]


async def test_figures_add_up_a_day_and_a_backend(database: Database, clock: Clock) -> None:
    """Everything that is counted at once is counted once."""
    figures = Figures(database, clock)
    clock.now = 1_700_000_000.0  # 2023-11-14 in UTC
    gained = Tally(answers=1, tokens_read=10, tokens_written=5, seconds=0.5)
    await asyncio.gather(*(figures.add("ollama", gained) for _ in range(20)))
    await figures.add("mlx", Tally(failures=1))
    clock.now += 24 * 3600
    await figures.add("ollama", Tally(answers=2))
    today = DayTally("2023-11-15", "ollama", Tally(answers=2))
    before = [
        DayTally("2023-11-14", "mlx", Tally(failures=1)),
        DayTally("2023-11-14", "ollama", Tally(20, 0, 200, 100, 10.0)),
    ]
    assert [today] == await figures.recent(1)
    assert [today, *before] == await figures.recent(2)
