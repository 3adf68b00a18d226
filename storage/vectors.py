"""Passages by their meaning: vectors that an embedding model made of them.

All sketches of a scope are compared first, one bit a number; then the vectors of the nearest few
hundred themselves. So ten thousand passages need neither a library nor a noticeable time, and
where there are no more than the few hundred, the result is exact.
"""

from __future__ import annotations

import math
import sys
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from operator import mul
from typing import Any

from sqlalchemy import Text, bindparam, cast, exists, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.documents import InDocument, Passage, Scope
from storage.dialects import Upsert
from storage.document_search import PLACED, best, passage, placed
from storage.tables import documents, passages, vectors

COMPARED = 400
"""So many vectors are compared number by number."""

MOST_NUMBERS = 8192  # of one vector
_ITEM = 4  # bytes of a number
_ID_BITS = 63
_ID = 2**_ID_BITS - 1


@dataclass(frozen=True, slots=True)
class NewVectors:
    """Vectors of passages of a document by their ids: 32-bit floats, lowest byte first."""

    document: int
    model: str
    of: Mapping[int, bytes]


_THERE = select(passages.c.id).where(
    passages.c.document == bindparam("document"),
    passages.c.id.in_(bindparam("ids", expanding=True)),
)
_PUT = Upsert(
    vectors,
    ("passage",),
    lambda new: {"model": new.model, "sketch": new.sketch, "vector": new.vector},
)
_WITHOUT = (
    PLACED.where(
        passages.c.document == bindparam("document"),
        ~exists().where(vectors.c.passage == passages.c.id, vectors.c.model == bindparam("model")),
    )
    .order_by(passages.c.id)
    .limit(bindparam("most"))
)
# One text for each document: ten thousand rows would make Python look through all its memory
# for what is not needed any more, and everybody wait meanwhile.
_ENTRY = vectors.c.sketch + ":" + cast(vectors.c.passage, Text)
_SKETCHES = (
    select(func.aggregate_strings(_ENTRY, ","))
    .where(vectors.c.model == bindparam("model"))
    .group_by(vectors.c.document)
)
_OF_DOCUMENT = _SKETCHES.where(vectors.c.document == bindparam("document"))
_OF_CHAT = _SKETCHES.where(
    vectors.c.document.in_(select(documents.c.id).where(documents.c.chat == bindparam("chat")))
)
_VECTORS = select(vectors.c.passage, vectors.c.vector).where(
    vectors.c.passage.in_(bindparam("ids", expanding=True))
)


def unit(vector: bytes) -> array[float]:
    """The vector at length 1; raises ValueError for what is none."""
    numbers = _numbers(vector)
    length = math.sqrt(sum(map(mul, numbers, numbers)))
    if not 0 < length < math.inf:
        raise ValueError("a vector of such numbers has no direction")
    return array("f", [number / length for number in numbers])


def _numbers(vector: bytes) -> array[float]:
    if not vector or len(vector) % _ITEM or len(vector) > MOST_NUMBERS * _ITEM:
        raise ValueError(f"{len(vector)} bytes are no vector of 32-bit floats")
    numbers = array("f", vector)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def sketch(numbers: Sequence[float]) -> str:
    """One bit a number, whether it is above zero, in hexadecimal digits."""
    bits = "".join("1" if number > 0 else "0" for number in numbers)
    return f"{int(bits, 2):0{(len(bits) + 3) // 4}x}"


def rows(new: NewVectors) -> list[dict[str, Any]]:
    """What is stored of vectors; raises ValueError where one is none."""
    made = []
    for one, vector in new.of.items():
        numbers = unit(vector)
        made.append(
            {
                "passage": one,
                "document": new.document,
                "model": new.model,
                "sketch": sketch(numbers),
                "vector": _stored(numbers),
            }
        )
    return made


def _stored(numbers: array[float]) -> bytes:
    if sys.byteorder == "big":
        numbers = array("f", numbers)
        numbers.byteswap()
    return numbers.tobytes()


async def put(
    connection: AsyncConnection, group: Sequence[tuple[int, list[dict[str, Any]]]]
) -> Sequence[int]:
    """Store vectors of the passages that are there; how many those are."""
    return [await _put(connection, document, every) for document, every in group]


async def _put(connection: AsyncConnection, document: int, every: list[dict[str, Any]]) -> int:
    ids = [row["passage"] for row in every]
    found = await connection.execute(_THERE, {"document": document, "ids": ids})
    there = set(found.scalars())
    if kept := [row for row in every if row["passage"] in there]:
        await connection.execute(_PUT.on(connection), kept)
    return len(kept)


async def without(
    connection: AsyncConnection, document: int, model: str, most: int
) -> list[Passage]:
    """The first passages of a document that have no vector of this model."""
    values = {"document": document, "model": model, "most": most}
    return [passage(row) for row in await connection.execute(_WITHOUT, values)]


async def sketches(connection: AsyncConnection, scope: Scope, model: str) -> Sequence[str]:
    """The sketches of a scope with the ids of their passages, a text for each document."""
    if isinstance(scope, InDocument):
        rows = await connection.execute(_OF_DOCUMENT, {"document": scope.document, "model": model})
    else:
        rows = await connection.execute(_OF_CHAT, {"chat": scope.chat, "model": model})
    return rows.scalars().all()


def nearest_sketches(known: Sequence[str], wanted: Sequence[float]) -> list[int]:
    """The passages whose sketches differ least; those of another length are no comparison."""
    entries = (entry for every in known for entry in every.split(","))
    return [key & _ID for key in nsmallest(COMPARED, _keys(entries, sketch(wanted)))]


def _keys(entries: Iterable[str], ours: str) -> Iterator[int]:
    """How many bits differ, then the passage, in one number."""
    number = int(ours, 16)
    for entry in entries:
        bits, _, one = entry.partition(":")
        if len(bits) == len(ours):
            yield (int(bits, 16) ^ number).bit_count() << _ID_BITS | int(one)


async def compared(
    connection: AsyncConnection, near: Sequence[int], wanted: Sequence[float], limit: int
) -> list[Passage]:
    """The nearest of some passages, by the cosine to a vector of length 1."""
    found = (await connection.execute(_VECTORS, {"ids": near})).all()
    scores = {
        row.passage: _cosine(row.vector, wanted)
        for row in found
        if len(row.vector) == len(wanted) * _ITEM
    }
    return await placed(connection, best(scores, limit))


def _cosine(vector: bytes, wanted: Sequence[float]) -> float:
    cosine: float = sum(map(mul, _numbers(vector), wanted))
    return cosine
