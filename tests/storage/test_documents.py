"""Documents are kept page by page, once, and gone when they are removed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.documents import Document, DocumentKind, InChat, Origin, Outline, Page, Source, Standing
from storage.database import Database
from storage.documents import Documents, NewDocument, Note
from storage.pages import CHARACTERS_AT_ONCE, PAGES_AT_ONCE, portions
from storage.tables import documents as document_rows
from storage.tables import notes, pages, passages, vectors
from tests.storage.library import new, numbered, stored
from tests.storage.workshop import Clock


@pytest.fixture
def documents(database: Database, clock: Clock) -> Documents:
    """The documents of the database."""
    return Documents(database, clock)


async def left(database: Database) -> dict[str, int]:
    """How many rows there are of what was made of text."""
    tables = (pages, passages, notes, vectors)

    async def read(connection: AsyncConnection) -> dict[str, int]:
        counts = [select(func.count()).select_from(table) for table in tables]
        found = [(await connection.execute(count)).scalar_one() for count in counts]
        return dict(zip((table.name for table in tables), found, strict=True))

    return await database.read(read)


async def test_a_document_is_what_was_said_of_it(documents: Documents) -> None:
    """It is being read until it is finished, and then its text is counted."""
    origin = Origin("-5:7", 30, "file")
    outline = Outline(DocumentKind.EPUB, 0, "A title")
    document = await documents.add(NewDocument(2, -5, origin, "book.epub", outline))
    begun = Document(document, 2, -5, "book.epub", outline, 0, origin, Standing.READING)
    assert begun == await documents.get(document)
    await documents.put_pages(document, numbered("one", "three"))
    await documents.finish(document)
    ended = replace(begun, outline=replace(outline, pages=2), characters=8, standing=Standing.READY)
    assert ended == await documents.get(document)
    assert None is await documents.get(document + 1)


async def test_a_message_brings_one_document(documents: Documents) -> None:
    """A job that begins again goes on with what it has; a reply finds it by its message."""
    first = await documents.add(new(message=30))
    await documents.put_pages(first, numbered("one"))
    assert first == await documents.add(new(message=30, name="other.pdf"))
    other = await documents.add(new(message=30, chat=2))
    assert other != first
    found = await documents.find(1, 30)
    assert found
    assert (first, "lease.pdf") == (found.id, found.name)
    assert None is await documents.find(1, 31)
    assert [2, 3] == await documents.missing(first)


async def test_pages_come_back_as_they_were_put(documents: Documents) -> None:
    """In order, with how their text was had, whatever order they came in."""
    document = await documents.add(new(pages=4))
    put = [Page(3, "drei\n\nsi\u00df", Source.OCR), Page(1, ""), Page(2, "два 😀", Source.VISION)]
    assert await documents.put_pages(document, put)
    assert sorted(put, key=lambda page: page.number) == await documents.pages(document)
    assert [put[2], put[0]] == await documents.pages(document, 2, 3)
    assert [4] == await documents.missing(document)
    assert [] == await documents.missing(document + 1)


async def test_a_page_that_is_put_again_changes_nothing(
    documents: Documents, database: Database
) -> None:
    """Its passages keep their ids, and so what was made of them is kept."""
    document = await stored(documents, "the rent is due", "the roof leaks")
    before = await documents.search(InChat(1), "rent roof")
    await documents.put_pages(document, numbered("the rent is due", "the roof leaks"))
    assert before == await documents.search(InChat(1), "rent roof")
    assert {"pages": 2, "passages": 2, "notes": 0, "vectors": 0} == await left(database)


async def test_a_page_with_another_text_takes_the_place_of_the_first(
    documents: Documents, database: Database
) -> None:
    """A page whose text layer was broken is read again by other means."""
    document = await stored(documents, "the rent is due", "r#nt")
    await documents.put_pages(document, [Page(2, "the roof leaks", Source.OCR)])
    assert [] == await documents.search(InChat(1), "r#nt nt")
    [found] = await documents.search(InChat(1), "roof")
    assert (2, "the roof leaks") == (found.page, found.text)
    assert 2 == (await left(database))["passages"]


async def test_of_a_number_that_comes_twice_the_last_counts(documents: Documents) -> None:
    """As if they had come one after the other."""
    document = await documents.add(new())
    await documents.put_pages(document, [Page(1, "first"), Page(1, "second")])
    assert [Page(1, "second")] == await documents.pages(document)


async def test_what_no_database_takes_is_left_out(documents: Documents) -> None:
    """NUL and halves of characters come from broken text layers and are no text."""
    document = await documents.add(new(name="a\x00b\ud800.pdf"))
    await documents.put_pages(document, numbered("nul\x00l", "half \udc00word"))
    await documents.put_note(Note(document, "map", 1, "no\x00te"))
    assert numbered("null", "half word") == await documents.pages(document)
    assert "note" == await documents.note(document, "map", 1)
    found = await documents.get(document)
    assert found
    assert "ab.pdf" == found.name


async def test_the_documents_of_a_chat_are_listed_newest_first(documents: Documents) -> None:
    """All of them, or those of one person; removed ones not."""
    mine, theirs = [await documents.add(new(chat=-5, person=who)) for who in (1, 2)]
    gone, mine_too = [await documents.add(new(chat=-5)) for _ in range(2)]
    await documents.add(new(chat=-6))
    await documents.remove(gone)
    assert [mine_too, theirs, mine] == [one.id for one in await documents.listed(-5)]
    assert [mine_too, mine] == [one.id for one in await documents.listed(-5, 1)]
    assert [] == await documents.listed(-7)


async def test_a_lane_is_about_one_document(documents: Documents) -> None:
    """Until it is about another, or about none, or the document is removed."""
    first, second = [await documents.add(new()) for _ in range(2)]
    assert None is await documents.current("1")
    for wanted in (first, second, None, first):
        await documents.choose("1", wanted)
        found = await documents.current("1")
        assert wanted == (found.id if found else None)
    assert None is await documents.current("1:7")
    await documents.remove(first)
    assert None is await documents.current("1")


async def test_a_removed_document_has_no_text(documents: Documents, database: Database) -> None:
    """Neither pages nor notes nor name; a reply to it is told that it was there."""
    kept = await stored(documents, "the rent is due")
    texts = ["the rent is due again"] * (2 * PAGES_AT_ONCE + 1)
    document = await stored(documents, *texts)
    for one in (kept, document):
        await documents.put_note(Note(one, "map", 1, "about rent"))
    assert await documents.remove(document)
    assert not await documents.remove(document)
    assert {"pages": 1, "passages": 1, "notes": 1, "vectors": 0} == await left(database)
    assert [kept] == [one.document for one in await documents.search(InChat(1), "rent")]
    found = await documents.get(document)
    assert found
    assert (Standing.REMOVED, "", "") == (found.standing, found.name, found.origin.ref)
    assert not await documents.remove(document + 1)


async def test_a_removed_document_takes_nothing_any_more(
    documents: Documents, database: Database
) -> None:
    """Who still reads it is told to stop, and what they read is nowhere."""
    document = await documents.add(new())
    await documents.remove(document)
    assert not await documents.put_pages(document, numbered("late"))
    assert not await documents.put_pages(document + 1, numbered("nobody's"))
    assert not await documents.put_note(Note(document, "map", 1, "late"))
    await documents.finish(document)
    assert {"pages": 0, "passages": 0, "notes": 0, "vectors": 0} == await left(database)
    found = await documents.get(document)
    assert found
    assert Standing.REMOVED == found.standing


async def test_a_removed_document_can_be_sent_again(documents: Documents) -> None:
    """Or asked for by a reply to its old message; it begins without text."""
    document = await documents.add(new(message=30, name="first.pdf"))
    await documents.put_pages(document, numbered("old"))
    await documents.remove(document)
    assert document == await documents.add(new(message=30, name="second.pdf"))
    found = await documents.get(document)
    assert found
    assert (Standing.READING, "second.pdf") == (found.standing, found.name)
    assert [1, 2, 3] == await documents.missing(document)


async def test_old_documents_are_forgotten(
    documents: Documents, database: Database, clock: Clock
) -> None:
    """With all that was made of them, and no newer ones."""
    old = [await stored(documents, "the rent is due") for _ in range(3)]
    await documents.remove(old[0])
    clock.now += 10
    newer = await stored(documents, "the rent is due")
    assert 0 == await documents.prune(clock.now - 10)
    assert 3 == await documents.prune(clock.now)
    assert [None] * 3 == [await documents.get(one) for one in old]
    assert [newer] == [one.id for one in await documents.listed(1)]
    assert 1 == (await left(database))["passages"]


async def test_what_a_removal_left_behind_is_removed_later(
    documents: Documents, database: Database
) -> None:
    """The program may end between the first page and the last."""
    document = await stored(documents, "the rent is due")

    async def mark(connection: AsyncConnection, group: Any) -> Any:
        gone = document_rows.update().values(state=Standing.REMOVED.value)
        await connection.execute(gone.where(document_rows.c.id == document))
        return group

    await database.write(mark, None)
    assert [] == await documents.search(InChat(1), "rent")
    await documents.prune(0)
    assert 0 == (await left(database))["pages"]


async def test_notes_are_kept_by_their_place(documents: Documents) -> None:
    """A second one takes the place of the first; kinds and documents are apart."""
    first, second = [await documents.add(new()) for _ in range(2)]
    for note in (
        Note(first, "map", 2, "two"),
        Note(first, "map", 1, "one"),
        Note(first, "map", 2, "two again"),
        Note(first, "short", 1, "short"),
        Note(second, "map", 1, "other"),
    ):
        assert await documents.put_note(note)
    assert {1: "one", 2: "two again"} == await documents.notes(first, "map")
    assert [1, 2] == list(await documents.notes(first, "map"))
    assert "short" == await documents.note(first, "short", 1)
    assert None is await documents.note(first, "short", 2)
    assert {} == await documents.notes(second, "short")


async def test_notes_that_come_at_once_are_all_kept(documents: Documents) -> None:
    """As many as the slots of the model; of one place the last one stays."""
    document = await documents.add(new())
    notes = [Note(document, "map", number % 50, f"{number}") for number in range(100)]
    assert {True} == set(await asyncio.gather(*(documents.put_note(note) for note in notes)))
    expected = {number: f"{number + 50}" for number in range(50)}
    assert expected == await documents.notes(document, "map")


def test_many_pages_are_written_in_portions() -> None:
    """None too large, unless a page is, and none is left out or turned around."""
    short = numbered(*["short"] * (PAGES_AT_ONCE + 1))
    long = numbered(*["x" * (CHARACTERS_AT_ONCE - 1)] * 2, "y" * CHARACTERS_AT_ONCE * 2, "z")
    assert [PAGES_AT_ONCE, 1] == [len(some) for some in portions(short)]
    assert [[page] for page in long] == list(portions(long))
    assert short == [page for some in portions(short) for page in some]
    assert [] == list(portions([]))


async def test_others_write_while_a_long_document_is_stored(
    url: str, opened: Callable[[str], Any]
) -> None:
    """Somebody's question does not wait for the last page of somebody else's book."""
    database = await opened(url)
    documents = Documents(database)
    book, other = [await documents.add(new(pages=200)) for _ in range(2)]
    text = "The tenant pays the rent on the first day of every month. " * 30
    storing = asyncio.create_task(
        documents.put_pages(book, numbered(*[text] * 200)), name="storing a book"
    )
    between = 0
    while not storing.done():
        await documents.put_note(Note(other, "map", between, "in between"))
        between += 0 < len(await documents.stored(book)) < 200
    assert await storing
    assert between >= 3
    assert [] == await documents.missing(book)
