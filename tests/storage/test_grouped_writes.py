"""The writer: many writes, one commit, and nobody pays for another's mistake."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import Database
from storage.errors import StorageBroken, StorageFull
from storage.tables import dead_updates, pulse

Notes = Sequence[tuple[int, str]]


async def note(connection: AsyncConnection, items: Notes) -> Sequence[int]:
    """Write numbers down, all in one statement; the answer says how many came together."""
    rows = [{"update_id": number, "body": words} for number, words in items]
    await connection.execute(dead_updates.insert(), rows)
    return [len(items)] * len(items)


async def note_unless_thirteen(connection: AsyncConnection, items: Notes) -> Sequence[int]:
    """Write numbers down, then fail if one of them is thirteen."""
    done = await note(connection, items)
    if any(number == 13 for number, _ in items):
        raise ValueError("thirteen")
    return done


async def break_the_rules(connection: AsyncConnection, items: Notes) -> Sequence[int]:
    """Write down and then violate a constraint of the database."""
    done = await note(connection, items)
    await connection.execute(pulse.insert().values(id=1, beat=0))
    return done


async def numbers(database: Database) -> list[int]:
    """What is written down."""

    async def ask(connection: AsyncConnection) -> list[int]:
        found = await connection.execute(select(dead_updates.c.update_id))
        return sorted(found.scalars())

    return await database.read(ask)


async def beats(database: Database) -> int:
    """How often a commit was made to reach the disk."""

    async def ask(connection: AsyncConnection) -> int:
        return (await connection.execute(select(func.max(pulse.c.beat)))).scalar() or 0

    return await database.read(ask)


async def test_writes_at_the_same_time_are_one_statement(database: Database) -> None:
    """What is submitted together is written together, and everybody gets their own result."""
    together = await asyncio.gather(*(database.write(note, (number, "")) for number in range(200)))
    assert [200] * 200 == list(together)
    assert list(range(200)) == await numbers(database)


async def test_different_operations_share_a_commit_and_keep_their_results(
    database: Database,
) -> None:
    """Results find their way back whatever the mixture."""
    ops = [note, note_unless_thirteen, note]
    results = await asyncio.gather(
        *(database.write(op, (number, "")) for number, op in enumerate(ops))
    )
    assert [2, 1, 2] == list(results)
    assert [0, 1, 2] == await numbers(database)


@pytest.mark.parametrize("guilty", [note_unless_thirteen, break_the_rules])
async def test_only_the_guilty_one_fails(
    database: Database, guilty: Callable[[AsyncConnection, Notes], Any]
) -> None:
    """One item that cannot be written costs the others of its group nothing."""
    items = [(note, number) for number in range(10)]
    items.insert(5, (guilty, 13))  # type: ignore[arg-type]  # of the same form
    results = await asyncio.gather(
        *(database.write(op, (number, "")) for op, number in items), return_exceptions=True
    )
    assert 1 == sum(isinstance(one, Exception) for one in results)
    assert isinstance(results[5], Exception)
    assert list(range(10)) == await numbers(database)
    await database.write(note, (99, ""))
    assert 99 in await numbers(database)


async def test_of_the_same_operation_only_the_guilty_item_fails(database: Database) -> None:
    """Items of one statement are told apart as well."""
    results = await asyncio.gather(
        *(database.write(note_unless_thirteen, (number, "")) for number in (12, 13, 14)),
        return_exceptions=True,
    )
    assert [12, 14] == await numbers(database)
    assert [1, 1] == [results[0], results[2]]
    with pytest.raises(ValueError, match="thirteen"):
        await database.write(note_unless_thirteen, (13, ""))


async def test_whoever_stops_waiting_does_not_undo_the_write(database: Database) -> None:
    """A cancelled caller has written all the same, and so have those beside it."""
    waiting = asyncio.create_task(database.write(note, (1, "")), name="gives up")
    beside = asyncio.create_task(database.write(note, (2, "")), name="waits")
    await asyncio.sleep(0)  # both have submitted
    waiting.cancel()
    await beside
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert [1, 2] == await numbers(database)


async def test_an_operation_that_answers_too_little_fails_as_a_whole(database: Database) -> None:
    """Results are never handed to the wrong one."""

    async def forgetful(connection: AsyncConnection, items: Notes) -> Sequence[int]:
        await note(connection, items)
        return []

    with pytest.raises(ValueError, match="zip"):
        await database.write(forgetful, (1, ""))
    assert [] == await numbers(database)


async def test_a_cancelled_read_leaves_its_connection_clean(database: Database) -> None:
    """People go away at any moment; the next ones read as ever."""
    for patience in range(40):
        task = asyncio.create_task(numbers(database), name="reads")
        for _ in range(patience % 8):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await database.write(note, (5, ""))
    assert [[5]] * 20 == await asyncio.gather(*(numbers(database) for _ in range(20)))


async def test_a_cancelled_read_lets_its_thread_come_to_an_end(
    make_sqlite_url: Callable[[], str],
) -> None:
    """A connection is never taken from under a query that still runs, however often one asks."""
    begun, goes_on = threading.Event(), threading.Event()
    answers: list[int] = []

    async def slow(connection: AsyncConnection) -> None:
        begun.set()
        goes_on.wait(10)
        answers.append((await connection.execute(text("SELECT 7"))).scalar_one())

    async with await Database.open(make_sqlite_url(), durable=False) as database:
        task = asyncio.create_task(database.read(slow), name="reads slowly")
        await asyncio.to_thread(begun.wait, 10)
        for _ in range(3):
            task.cancel()
            await asyncio.sleep(0)
        assert not task.done()
        goes_on.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert [7] == answers
        assert [] == await numbers(database)


async def test_a_read_that_fails_leaves_the_others_alone(database: Database) -> None:
    """A query that is wrong raises, and its connection is not used again as it was."""

    async def wrong(connection: AsyncConnection) -> None:
        await connection.execute(text("SELECT nonsense FROM nowhere"))

    for _ in range(5):
        with pytest.raises(Exception, match="nowhere"):
            await database.read(wrong)
    assert [] == await numbers(database)


async def test_closing_writes_what_was_submitted(url: str) -> None:
    """Nothing that was taken is lost by stopping in good order."""
    database = await Database.open(url, durable=False)
    writes = [asyncio.create_task(database.write(note, (n, "")), name="writes") for n in range(9)]
    await asyncio.sleep(0)  # all have submitted
    await database.close()
    await asyncio.gather(*writes)
    await database.close()
    async with await Database.open(url, durable=False) as again:
        assert list(range(9)) == await numbers(again)


async def test_a_closed_database_says_so(url: str) -> None:
    """Nobody waits for ever for a database that has been closed."""
    database = await Database.open(url, durable=False)
    await database.close()
    with pytest.raises(StorageBroken, match="closed"):
        await database.write(note, (1, ""))
    with pytest.raises(StorageBroken, match="closed"):
        await numbers(database)
    await database.harden()


async def test_a_power_cut_is_survived_by_what_was_hardened(url: str) -> None:
    """Hardening writes something if anything is soft, and costs nothing if nothing is."""
    async with await Database.open(url) as database:
        await database.harden()
        assert 0 == await beats(database)
        await database.write(note, (1, ""))
        await asyncio.gather(*(database.harden() for _ in range(5)))
        after = await beats(database)
        assert 1 <= after <= 5
        await database.harden()
        assert after == await beats(database)


async def test_closing_hardens_what_is_soft(url: str) -> None:
    """Stopping in good order needs no power to stay on afterwards, whoever hardens meanwhile."""
    database = await Database.open(url)
    await database.write(note, (1, ""))
    hardening = asyncio.create_task(database.harden(), name="hardens late")
    await asyncio.sleep(0)  # it waits already
    await database.close()
    async with asyncio.timeout(10):
        await hardening
    async with await Database.open(url) as again:
        assert 1 == await beats(again)


async def break_the_rules_at_the_end(connection: AsyncConnection, items: Notes) -> Sequence[int]:
    """Write what the database objects to only when it is committed."""
    for statement in (
        "CREATE TABLE parent (id INTEGER PRIMARY KEY)",
        "CREATE TABLE child (id INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED)",
        "INSERT INTO child VALUES (1)",
    ):
        await connection.execute(text(statement))
    return [0] * len(items)


@pytest.mark.postgres
async def test_a_commit_that_is_refused_costs_only_the_guilty_one(
    make_postgres_url: Callable[[], str],
) -> None:
    """What the database objects to at the very end is undone and told apart as well."""
    async with await Database.open(make_postgres_url(), durable=False) as database:
        results = await asyncio.gather(
            database.write(note, (1, "")),
            database.write(break_the_rules_at_the_end, (2, "")),
            return_exceptions=True,
        )
        assert 1 == results[0]
        assert isinstance(results[1], Exception)
        assert [1] == await numbers(database)


async def vanish(connection: AsyncConnection, items: Notes) -> Sequence[int]:
    """Write, and have the server end the connection at the commit."""
    done = await note(connection, items)
    for statement in (
        (
            "CREATE FUNCTION pg_temp.vanish() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$"
        ),
        "CREATE TEMP TABLE fuse (id INTEGER)",
        (
            "CREATE CONSTRAINT TRIGGER fuse AFTER INSERT ON fuse DEFERRABLE INITIALLY DEFERRED "
            "FOR EACH ROW EXECUTE FUNCTION pg_temp.vanish()"
        ),
        "INSERT INTO fuse VALUES (1)",
    ):
        await connection.execute(text(statement))
    return done


@pytest.mark.postgres
async def test_a_commit_whose_fate_is_unknown_is_not_repeated(
    make_postgres_url: Callable[[], str],
) -> None:
    """Everybody in the group learns that it may or may not be written; nobody writes twice."""
    async with await Database.open(make_postgres_url(), durable=False) as database:
        results = await asyncio.gather(
            database.write(note, (1, "")),
            database.write(vanish, (2, "")),
            return_exceptions=True,
        )
        assert [StorageBroken, StorageBroken] == [type(one) for one in results]
        assert [] == await numbers(database)
        await database.write(note, (3, ""))
        assert [3] == await numbers(database)


async def test_a_program_that_is_torn_down_cancels_who_waits(url: str) -> None:
    """Nobody waits for ever for a writer that is no more."""
    database = await Database.open(url, durable=False)
    waiting = asyncio.create_task(database.write(note, (1, "")), name="waits")
    await asyncio.sleep(0)  # it has submitted
    database._task.cancel()
    await asyncio.wait([database._task, waiting])
    assert waiting.cancelled()
    with pytest.raises(StorageBroken, match="closed"):
        await database.write(note, (2, ""))
    with pytest.raises(asyncio.CancelledError):
        await database.close()


async def how_hard(connection: AsyncConnection, items: Sequence[None]) -> Sequence[str]:
    """How far the commit of this transaction goes."""
    sqlite = connection.dialect.name == "sqlite"
    question = "PRAGMA synchronous" if sqlite else "SHOW synchronous_commit"
    answer = str((await connection.execute(text(question))).scalar())
    return [{"1": "soft", "2": "hard", "off": "soft", "on": "hard"}[answer]] * len(items)


@pytest.mark.parametrize("durable", [True, False])
async def test_only_what_must_be_durable_waits_for_the_disk(url: str, durable: bool) -> None:
    """The two kinds follow each other in any order; a database for tests knows one."""
    hard = "hard" if durable else "soft"
    async with await Database.open(url, durable=durable) as database:
        asked = [False, True, True, False, True]
        told = [await database.write(how_hard, None, durable=one) for one in asked]
        assert ["soft", hard, hard, "soft", hard] == told
        mixed = await asyncio.gather(
            database.write(how_hard, None), database.write(how_hard, None, durable=True)
        )
        assert [hard, hard] == list(mixed)


async def limit_pages(connection: AsyncConnection, items: Sequence[int]) -> Sequence[int]:
    """Let the file grow by so many pages and no more; SQLite's own full disk."""
    answers: list[int] = []
    for more in items:
        pages = (await connection.execute(text("PRAGMA page_count"))).scalar() or 0
        await connection.execute(text(f"PRAGMA max_page_count = {pages + more}"))
        answers.append(pages)
    return answers


async def test_a_full_disk_is_told_and_the_writer_lives_on(
    make_sqlite_url: Callable[[], str],
) -> None:
    """What does not fit fails with what to do; when there is room again all goes on."""
    async with await Database.open(make_sqlite_url(), durable=False) as database:
        await database.write(limit_pages, 4)
        with pytest.raises(StorageFull, match="free some space"):
            await database.write(note, (1, "x" * 100_000))
        assert [] == await numbers(database)
        await database.write(note, (2, "small"))
        await database.write(limit_pages, 1000)
        await database.write(note, (3, "x" * 100_000))
        assert [2, 3] == await numbers(database)


async def note_read_only(connection: AsyncConnection, items: Notes) -> Sequence[int]:
    """Write where SQLite refuses to write, as it does on a read-only disk."""
    await connection.execute(text("PRAGMA query_only = ON"))
    return await note(connection, items)


async def test_a_database_that_cannot_be_written_says_what_to_check(
    make_sqlite_url: Callable[[], str],
) -> None:
    """Reading goes on meanwhile."""
    async with await Database.open(make_sqlite_url(), durable=False) as database:
        with pytest.raises(StorageBroken, match="owner and permissions"):
            await database.write(note_read_only, (1, ""))
        assert [] == await numbers(database)


async def test_work_may_await_nothing_but_its_connection(
    make_sqlite_url: Callable[[], str],
) -> None:
    """Whoever waits for something else inside a transaction is told at once."""

    async def dreamer(connection: AsyncConnection, items: Notes) -> Sequence[int]:
        await asyncio.sleep(0)
        return await note(connection, items)

    async with await Database.open(make_sqlite_url(), durable=False) as database:
        with pytest.raises(RuntimeError, match="nothing but its connection"):
            await database.write(dreamer, (1, ""))
        await database.write(note, (2, ""))
        assert [2] == await numbers(database)


@pytest.mark.postgres
async def test_a_lost_connection_is_made_anew(make_postgres_url: Callable[[], str]) -> None:
    """The server was restarted, or somebody pulled a cable: the next write connects again."""
    async with await Database.open(make_postgres_url(), durable=False) as database:
        await database.write(note, (1, ""))
        assert [1] == await numbers(database)

        async def end_all_others(connection: AsyncConnection) -> None:
            await connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )

        await database.read(end_all_others)
        await database.write(note, (2, ""))
        assert [1, 2] == await numbers(database)
