"""A database is brought to the newest form before it is used, by one program at a time.

Alembic is imported only where a migration has to run: it costs half a second at every start.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, create_engine, func, inspect, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import NullPool

from storage.engines import WRITE_LOCK, sqlite_file
from storage.errors import StorageBroken
from storage.tables import REVISION

if TYPE_CHECKING:
    from alembic.config import Config

BUSY_SECONDS = 60  # another program may be copying a large file and migrating it
FRESH = ""


def migrate(url: str, backup_dir: Path | None = None) -> None:
    """Bring the database to the newest form, in one transaction, or leave it as it was."""
    parsed = make_url(url)
    file = sqlite_file(parsed) if parsed.get_backend_name() == "sqlite" else None
    if file:
        file.parent.mkdir(parents=True, exist_ok=True)
    engine = _engine(parsed, file)
    try:
        with engine.connect() as connection:
            if revision(connection) != REVISION:
                connection.rollback()
                _upgrade(connection, file, backup_dir)
    finally:
        engine.dispose()


def _engine(url: URL, file: Path | None) -> Engine:
    if file is None:
        return create_engine(url.set(drivername="postgresql+psycopg"), poolclass=NullPool)
    return create_engine(
        "sqlite://",
        # Without a level the driver begins nothing by itself, so that table changes can be
        # part of a transaction.
        creator=lambda: sqlite3.connect(file, timeout=BUSY_SECONDS, isolation_level=None),
        poolclass=NullPool,
    )


def revision(connection: Connection) -> str:
    """Say which form the database has, FRESH where it has none."""
    if not inspect(connection).has_table("alembic_version"):
        return FRESH
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or FRESH


def _upgrade(connection: Connection, file: Path | None, backup_dir: Path | None) -> None:
    if file:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.execute(select(func.pg_advisory_xact_lock(WRITE_LOCK)))
    before = revision(connection)
    if before == REVISION:
        return  # another program was faster
    if file and before == FRESH:
        _refuse_strangers(connection, file)
    config = _config(connection)
    _refuse_the_future(config, before)
    if file and before != FRESH:
        _copy(file, backup_dir or file.parent, before)
    _run(config)
    connection.commit()


def _refuse_strangers(connection: Connection, file: Path) -> None:
    if inspect(connection).get_table_names():
        raise StorageBroken(
            f"{file} belongs to another program: it was left as it was; choose another file"
        )


def _refuse_the_future(config: Config, revision: str) -> None:
    from alembic.script import ScriptDirectory  # noqa: PLC0415  # see above
    from alembic.util import CommandError  # noqa: PLC0415

    try:
        ScriptDirectory.from_config(config).get_revision(revision or "base")
    except CommandError as error:
        raise StorageBroken(
            f"the database has form {revision!r}, which this version does not know: "
            "use the newer program, or restore the copy that it made"
        ) from error


def _config(connection: Connection) -> Config:
    from alembic.config import Config  # noqa: PLC0415  # see above

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.attributes["connection"] = connection
    return config


def _run(config: Config) -> None:
    from alembic import command  # noqa: PLC0415  # see above

    command.upgrade(config, REVISION)


def _copy(file: Path, folder: Path, revision: str) -> Path:
    """Copy the database as it was last committed; the copy appears whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f"{file.name}.copying"
    unfinished.unlink(missing_ok=True)
    with (
        closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(unfinished)) as target,
    ):
        source.backup(target)
    return unfinished.replace(_free_name(folder, f"{file.name}.{revision}"))


def _free_name(folder: Path, stem: str) -> Path:
    candidate, number = folder / f"{stem}.bak", 1
    while candidate.exists():
        candidate, number = folder / f"{stem}.{number}.bak", number + 1
    return candidate
