"""Pages as they are stored: once each, with the passages that make them searchable."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.documents import Page, Source, Standing
from storage.cutting_pages import cuts
from storage.folding import holdable
from storage.tables import documents, pages, passages, vectors
from storage.word_index import owners
from storage.words import indexed

PAGES_AT_ONCE, CHARACTERS_AT_ONCE = 20, 60_000  # so that others can write in between

_ALIVE = select(documents.c.id, documents.c.chat).where(
    documents.c.state != Standing.REMOVED.value,
    documents.c.id.in_(bindparam("ids", expanding=True)),
)
_KNOWN = select(pages.c.number, pages.c.source, pages.c.text).where(
    pages.c.document == bindparam("document"),
    pages.c.number.in_(bindparam("numbers", expanding=True)),
)
_THEIRS: Any = (bindparam("document"), bindparam("numbers", expanding=True))
_CUT_BEFORE = select(passages.c.id).where(
    passages.c.document == _THEIRS[0], passages.c.page.in_(_THEIRS[1])
)
_FORGET = (
    delete(vectors).where(vectors.c.passage.in_(_CUT_BEFORE)),
    delete(passages).where(passages.c.document == _THEIRS[0], passages.c.page.in_(_THEIRS[1])),
    delete(pages).where(pages.c.document == _THEIRS[0], pages.c.number.in_(_THEIRS[1])),
)
_NUMBERS = (
    select(pages.c.number).where(pages.c.document == bindparam("document")).order_by(pages.c.number)
)
_PAGES = (
    select(pages.c.number, pages.c.source, pages.c.text)
    .where(
        pages.c.document == bindparam("document"),
        pages.c.number.between(bindparam("first"), bindparam("last")),
    )
    .order_by(pages.c.number)
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage before it is stored: where it stands in its page, and its words."""

    page: int
    start: int
    length: int
    words: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """Some pages of a document, cut and read before anybody has to wait for them."""

    document: int
    pages: tuple[Page, ...]
    pieces: tuple[Piece, ...]


def portions(every: Sequence[Page]) -> Iterator[list[Page]]:
    """The pages in groups that are written quickly."""
    group: list[Page] = []
    room = CHARACTERS_AT_ONCE
    for page in every:
        if group and (len(group) == PAGES_AT_ONCE or len(page.text) > room):
            yield group
            group, room = [], CHARACTERS_AT_ONCE
        group.append(page)
        room -= len(page.text)
    if group:
        yield group


def prepared(document: int, some: Sequence[Page]) -> Prepared:
    """Cut the pages and take their words; of a number that comes twice the last one counts."""
    last = {page.number: replace(page, text=holdable(page.text)) for page in some}
    known: dict[str, str] = {}
    pieces = (piece for page in last.values() for piece in _pieces(page, known))
    return Prepared(document, tuple(last.values()), tuple(pieces))


def _pieces(page: Page, known: dict[str, str]) -> Iterator[Piece]:
    for cut in cuts(page.text):
        words = indexed(page.text[cut.start : cut.start + cut.length], known)
        yield Piece(page.number, cut.start, cut.length, words)


async def put(connection: AsyncConnection, group: Sequence[Prepared]) -> Sequence[bool]:
    """Store what is new or different; false for documents that are there no more."""
    ids = sorted({one.document for one in group})
    chats = {row.id: row.chat for row in await connection.execute(_ALIVE, {"ids": ids})}
    for one in group:
        if one.document in chats:
            await _put(connection, one, owners(one.document, chats[one.document]))
    return [one.document in chats for one in group]


async def _put(connection: AsyncConnection, one: Prepared, owner: str) -> None:
    numbers = [page.number for page in one.pages]
    rows = await connection.execute(_KNOWN, {"document": one.document, "numbers": numbers})
    known = {row.number: _page(row) for row in rows}
    new = {page.number: page for page in one.pages if known.get(page.number) != page}
    if old := [number for number in new if number in known]:
        await forget(connection, one.document, old)
    if new:
        values = [_page_row(one.document, page) for page in new.values()]
        await connection.execute(insert(pages), values)
    pieces = [_piece_row(one.document, piece, owner) for piece in one.pieces if piece.page in new]
    if pieces:
        await connection.execute(insert(passages), pieces)


async def forget(connection: AsyncConnection, document: int, numbers: Sequence[int]) -> None:
    """Delete pages with all that was made of their text."""
    for statement in _FORGET:
        await connection.execute(statement, {"document": document, "numbers": numbers})


async def numbers(connection: AsyncConnection, document: int) -> list[int]:
    """The pages that are stored."""
    return list((await connection.execute(_NUMBERS, {"document": document})).scalars())


async def read(connection: AsyncConnection, document: int, first: int, last: int) -> list[Page]:
    """The pages from the first to the last that are stored, in order."""
    values = {"document": document, "first": first, "last": last}
    return [_page(row) for row in await connection.execute(_PAGES, values)]


def _page(row: Any) -> Page:
    return Page(row.number, row.text, Source(row.source))


def _page_row(document: int, page: Page) -> dict[str, Any]:
    return {
        "document": document,
        "number": page.number,
        "source": page.source.value,
        "text": page.text,
    }


def _piece_row(document: int, piece: Piece, owner: str) -> dict[str, Any]:
    return {
        "document": document,
        "page": piece.page,
        "start": piece.start,
        "length": piece.length,
        "words": f"{owner} {piece.words}".rstrip(),
    }
