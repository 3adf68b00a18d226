"""Opening: old databases become new ones, broken ones are left as they are."""

from __future__ import annotations

import asyncio
import re
import shutil
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

import storage.migrations
from domain.errors import ConfigError
from storage.database import Database
from storage.document_tables import WORD_INDEX
from storage.errors import StorageBroken
from storage.figures import Figures, Tally
from storage.jobs import Jobs
from storage.people import People
from storage.quotas import Quotas, Used
from storage.tables import REVISION, metadata
from tests.storage.workshop import Talk

MIGRATIONS = Path(storage.migrations.__file__).parent


def old_database(file: Path) -> Path:
    """A database of the first form, with somebody in it."""
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(text("INSERT INTO people (id, name, language) VALUES (1, 'Ann', 'uk')"))
    engine.dispose()
    return file


def backwards(url: str, revision: str) -> None:
    """Make a database anew, in an earlier form, with a ledger of two entries."""
    parsed = make_url(url)
    if parsed.database and parsed.get_backend_name() == "sqlite":
        Path(parsed.database).unlink()
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        for job, state, amount in ((1, "settled", 10.0), (2, "reserved", 60.0)):
            connection.execute(
                text(
                    "INSERT INTO ledger (person, skill, day, job, state, amount)"
                    " VALUES (1, 'hear', '2026-01-31', :job, :state, :amount)"
                ),
                {"job": job, "state": state, "amount": amount},
            )
    engine.dispose()


def names(folder: Path) -> list[str]:
    """What is in a folder."""
    return sorted(one.name for one in folder.iterdir())


def revision(file: Path) -> str:
    """The form of a database file."""
    connection = sqlite3.connect(file)
    found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    connection.close()
    return str(found[0])


def schema(url: str) -> dict[str, str]:
    """How each table and index of a database file was made, spaces and quotes aside."""
    file = make_url(url).database
    connection = sqlite3.connect(str(file))
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    lines = {name: " ".join(sql.replace('"', "").split()) for name, sql in rows}
    found = {name: re.sub(" ?([(),]) ?", r"\1", line) for name, line in lines.items()}
    connection.close()
    return {name: sql for name, sql in found.items() if name != "alembic_version"}


def test_the_newest_migration_is_the_one_that_the_program_expects() -> None:
    """Whoever adds a migration says so, and there is one way through all of them."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert [REVISION] == ScriptDirectory.from_config(config).get_heads()


def test_the_migrations_make_the_tables_that_the_program_knows(
    make_url: Callable[[], str], tmp_path: Path
) -> None:
    """Nothing is missing, nothing is left over, on both databases.

    The index of words is another kind on each, and is looked at where it is used.
    """
    url = make_url()
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect() as connection:
        ours = {"include_name": lambda name, kind, parent: not str(name).startswith(WORD_INDEX)}
        context = MigrationContext.configure(connection, opts=ours)
        assert [] == compare_metadata(context, metadata)
    engine.dispose()


def test_the_migrations_make_exactly_what_the_tables_say(
    make_sqlite_url: Callable[[], str], tmp_path: Path
) -> None:
    """Partial indexes and defaults too, which the comparison above does not see."""
    made = f"sqlite:///{tmp_path / 'made.db'}"
    engine = create_engine(made)
    metadata.create_all(engine)
    engine.dispose()
    assert schema(made) == schema(make_sqlite_url())


async def test_a_new_database_is_made_with_its_folder(tmp_path: Path) -> None:
    """The first start needs no preparation."""
    file = tmp_path / "a" / "b" / "hearthbot.db"
    async with await Database.open(f"sqlite:///{file}", durable=False) as database:
        assert 0 == await Jobs(database).unfinished()
    assert REVISION == revision(file)
    assert ["hearthbot.db"] == names(file.parent)


@pytest.mark.parametrize("folder", [None, "copies"])
async def test_an_older_database_keeps_its_data_and_is_copied_first(
    tmp_path: Path, folder: str | None
) -> None:
    """The copy is whole and of the old form, and a second one does not replace it."""
    file = old_database(tmp_path / "old.db")
    copies = tmp_path / folder if folder else None
    url = f"sqlite:///{file}"
    async with await Database.open(url, backup_dir=copies, durable=False) as database:
        assert "uk" == await People(database).language(1)
        await Figures(database).add("ollama", Tally(answers=1))
    copy = (copies or tmp_path) / "old.db.0001.bak"
    assert ("0001", REVISION) == (revision(copy), revision(file))
    shutil.copy(copy, file)
    async with await Database.open(url, backup_dir=copies, durable=False):
        pass
    assert "0001" == revision(copy.with_name("old.db.0001.1.bak"))


async def test_what_was_used_before_counts_as_one_piece_an_entry(
    make_url: Callable[[], str],
) -> None:
    """A ledger without pieces is brought up to date on both databases, sums and all."""
    url = make_url()
    backwards(url, "0005")
    async with await Database.open(url, durable=False) as database:
        standing = await Quotas(database).standing(1, "hear", "2026-01-31")
    assert (Used(2, 70.0), Used(1, 60.0)) == (standing.today, standing.reserved)


async def test_what_is_in_the_journal_is_copied_too(tmp_path: Path) -> None:
    """A copy taken after a crash holds what had not reached the main file yet."""
    file = old_database(tmp_path / "old.db")
    holder = sqlite3.connect(file)  # keeps the journal from being folded in
    holder.execute("PRAGMA journal_mode = WAL")
    holder.execute("INSERT INTO people (id, name) VALUES (2, 'Bob')")
    holder.commit()
    async with await Database.open(f"sqlite:///{file}", durable=False):
        pass
    holder.close()
    copy = sqlite3.connect(tmp_path / "old.db.0001.bak")
    assert [(1,), (2,)] == copy.execute("SELECT id FROM people ORDER BY id").fetchall()
    copy.close()


GARBAGE = b"This is no database, but somebody may need it. " * 200


def damaged(file: Path, template: Path, begin: int) -> bytes:
    """A database that is overwritten from one place on."""
    whole = bytearray(template.read_bytes())
    whole[begin:] = b"\xff" * (len(whole) - begin)
    file.write_bytes(whole)
    return bytes(whole)


async def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    """The message says what to do, and nothing is touched."""
    file = tmp_path / "notes.txt"
    file.write_bytes(GARBAGE)
    with pytest.raises(StorageBroken, match="not a database: it was left as it was"):
        await Database.open(f"sqlite:///{file}")
    assert GARBAGE == file.read_bytes()
    assert ["notes.txt"] == names(tmp_path)


async def test_a_damaged_database_is_left_as_it_is(tmp_path: Path, sqlite_template: Path) -> None:
    """A backup is the way back, not a guess."""
    file = tmp_path / "damaged.db"
    before = damaged(file, sqlite_template, 100)
    with pytest.raises(StorageBroken, match="damaged"):
        await Database.open(f"sqlite:///{file}")
    assert before == file.read_bytes()


async def test_a_page_that_is_damaged_later_is_told(tmp_path: Path, sqlite_template: Path) -> None:
    """Damage that shows only when it is read comes as the same error."""
    file = tmp_path / "late.db"
    damaged(file, sqlite_template, 4096)
    with pytest.raises(StorageBroken, match="damaged"):
        async with await Database.open(f"sqlite:///{file}", durable=False) as database:
            await Jobs(database).unfinished()


async def test_another_programs_database_is_left_as_it_is(tmp_path: Path) -> None:
    """A wrong path in the configuration does not put our tables into somebody's photos."""
    file = tmp_path / "photos.db"
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE photos (id INTEGER)")
    connection.close()
    before = file.read_bytes()
    with pytest.raises(StorageBroken, match="belongs to another program"):
        await Database.open(f"sqlite:///{file}")
    assert before == file.read_bytes()


async def test_a_database_of_a_newer_program_is_left_as_it_is(
    make_sqlite_url: Callable[[], str],
) -> None:
    """Going back to an older program needs the copy that the newer one made."""
    url = make_sqlite_url()
    file = Path(str(make_url(url).database))
    connection = sqlite3.connect(file)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    with pytest.raises(StorageBroken, match="'9999', which this version does not know"):
        await Database.open(url)
    assert "9999" == revision(file)


async def test_a_folder_is_no_database(tmp_path: Path) -> None:
    """A path that cannot be opened is told as such."""
    with pytest.raises(StorageBroken, match="check path and permissions"):
        await Database.open(f"sqlite:///{tmp_path}")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("mysql://somewhere/db", "'mysql' is not known"),
        ("sqlite://", "needs a file"),
        ("sqlite:///:memory:", "needs a file"),
    ],
)
async def test_an_address_that_cannot_work_is_a_mistake_in_the_configuration(
    url: str, expected: str
) -> None:
    """The message names the key."""
    with pytest.raises(ConfigError, match=f"database_url.*{expected}"):
        await Database.open(url)


async def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    """PostgreSQL that does not run is a broken memory, not a traceback of its driver."""
    with pytest.raises(StorageBroken, match="cannot be reached"):
        await Database.open(f"postgresql://nobody@/nothing?host={tmp_path}")


OPEN_AND_ADD = """
import asyncio, sys
from storage.database import Database
from storage.figures import Figures, Tally

async def main():
    async with await Database.open(sys.argv[1]) as database:
        await Figures(database).add("ollama", Tally(answers=1))
    print("alembic" in sys.modules)

asyncio.run(main())
"""


async def child(url: str) -> str:
    """Open the database in another program, and say whether it needed Alembic."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "error", "-c", OPEN_AND_ADD, url),
        cwd=Path(__file__).parents[2],
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, complaint = await process.communicate()
    assert b"" == complaint, complaint.decode()
    return said.decode().strip()


@pytest.mark.parametrize("form", ["nothing", "old"])
async def test_programs_that_start_together_migrate_once(tmp_path: Path, form: str) -> None:
    """The bot and its workers may be started at the same moment."""
    file = tmp_path / "shared.db"
    if form == "old":
        old_database(file)
    url = f"sqlite:///{file}"
    await asyncio.gather(*(child(url) for _ in range(4)))
    async with await Database.open(url, durable=False) as database:
        [today] = await Figures(database).recent(1)
    assert 4 == today.tally.answers
    copies = [name for name in names(tmp_path) if name.endswith(".bak")]
    assert (["shared.db.0001.bak"] if form == "old" else []) == copies


@pytest.mark.postgres
async def test_programs_that_start_together_migrate_a_server_once(
    make_postgres_url: Callable[[], str], postgres_home: str
) -> None:
    """The same on PostgreSQL, from an empty database."""
    url = make_url(make_postgres_url())
    engine = create_engine(url.set(drivername="postgresql+psycopg"))
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    address = url.render_as_string(hide_password=False)
    assert ["True"] == sorted({*await asyncio.gather(*(child(address) for _ in range(3)))})[-1:]
    async with await Database.open(address, durable=False) as database:
        [today] = await Figures(database).recent(1)
    assert 3 == today.tally.answers


async def test_a_database_that_is_new_enough_opens_without_alembic(
    make_sqlite_url: Callable[[], str],
) -> None:
    """Half a second of every start is not spent on what there is nothing to do for."""
    assert "False" == await child(make_sqlite_url())


async def test_two_databases_in_one_program_see_each_other(url: str, opened: Any) -> None:
    """What one has written the other reads at once."""
    first, second = await opened(url), await opened(url)
    talk = Talk()
    for count in range(1, 20):
        await Jobs(first).add([talk.job()])
        assert count == await Jobs(second).unfinished()
