"""Files on their way through: rooms leave nothing behind, the shelf keeps what it has to."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from domain.jobs import State
from services.files import Shelf, Workrooms
from services.tidying import YOUNG_SECONDS, Tidying
from storage.documents import Documents
from storage.jobs import Ending, Filed
from storage.ledger import Ledger
from storage.outbox import Sent
from tests.services.ground import ME, Ground

WEEK = 7 * 24 * 3600.0
NOW = 1_000_000_000.0


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """A shelf that nobody has put anything on."""
    return Shelf(tmp_path / "outgoing")


def put(shelf: Shelf, tmp_path: Path, age: float) -> str:
    """A file that was put there so many seconds ago; its name."""
    made = tmp_path / "made"
    made.write_bytes(b"sound")
    ref = shelf.put(made, ".ogg")
    os.utime(shelf.path(ref), (NOW - age, NOW - age))
    return ref


def tidying(ground: Ground, shelf: Shelf, kept: float = WEEK) -> Tidying:
    """Who tidies up."""
    return Tidying(
        shelf.folder.with_name("work"),
        shelf,
        ground.outbox,
        Ledger(ground.database),
        Documents(ground.database),
        kept,
    )


def test_a_room_is_empty_and_leaves_nothing(tmp_path: Path) -> None:
    """Whatever happened in it, before or meanwhile."""
    rooms = Workrooms(tmp_path / "work" / "me")
    with rooms.open("7") as room:
        (room / "half").write_bytes(b"sound")
    assert not room.exists()
    with pytest.raises(ZeroDivisionError), rooms.open("7"):
        raise ZeroDivisionError
    assert not room.exists()
    room.mkdir()
    (room / "left over").write_bytes(b"sound")
    with rooms.open("7") as again:
        assert [] == list(again.iterdir())


@pytest.mark.parametrize("ref", ["", ".", "..", "../x", "a/b", "/etc/passwd", ".hidden"])
def test_a_name_is_never_a_path(shelf: Shelf, ref: str) -> None:
    """What stands in a row of the outbox leads nowhere else."""
    with pytest.raises(ValueError, match="path"):
        shelf.path(ref)


def test_what_is_put_on_the_shelf_is_moved(shelf: Shelf, tmp_path: Path) -> None:
    """Its name cannot be guessed, and its bytes are there."""
    refs = [put(shelf, tmp_path, 0), put(shelf, tmp_path, 0)]
    assert 2 == len(set(refs))
    assert [b"sound"] * 2 == [shelf.path(ref).read_bytes() for ref in refs]
    assert not (tmp_path / "made").exists()


async def test_old_files_are_forgotten(ground: Ground, shelf: Shelf, tmp_path: Path) -> None:
    """After `keep_files_days`, and not before."""
    old, young = put(shelf, tmp_path, WEEK + 1), put(shelf, tmp_path, WEEK - 1)
    await tidying(ground, shelf).sweep_shelf(NOW)
    assert {young} == shelf.older(NOW)
    shelf.forget([old])


async def test_a_file_that_was_just_made_is_never_swept(
    ground: Ground, shelf: Shelf, tmp_path: Path
) -> None:
    """With `keep_files_days = 0`, too: its answer may not be written down yet."""
    put(shelf, tmp_path, YOUNG_SECONDS + 1)
    young = put(shelf, tmp_path, YOUNG_SECONDS - 1)
    await tidying(ground, shelf, kept=0).sweep_shelf(NOW)
    assert {young} == shelf.older(NOW)


async def test_a_file_that_has_still_to_be_sent_is_kept(
    ground: Ground, shelf: Shelf, tmp_path: Path
) -> None:
    """However old it is; once it was sent it goes."""
    ref = put(shelf, tmp_path, 2 * WEEK)
    job = await ground.begun(ground.talk.says())
    filed = Filed(ref, f'{{"file":{{"ref":"{ref}"}}}}')
    [row, text] = await ground.jobs.finish(Ending(job.id, ME, State.DONE, bodies=[filed, "{}"]))
    assert (-1, 0) == (row.part, text.part)
    await tidying(ground, shelf).sweep_shelf(NOW)
    assert {ref} == shelf.older(NOW)
    await ground.outbox.mark_sending({row.id: 1})
    await ground.outbox.sent([Sent(row.id, row.version, 2)])
    await tidying(ground, shelf).sweep_shelf(NOW)
    assert set() == shelf.older(NOW)


async def test_where_there_is_no_folder_there_is_nothing_to_tidy(
    ground: Ground, shelf: Shelf
) -> None:
    """A program that never saw a file has made no folders."""
    made = tidying(ground, shelf)
    await made.sweep_rooms(set)
    await made.sweep_shelf(NOW)
    assert not shelf.folder.exists()
