"""Passages by their meaning: vectors that an embedding model made of them.

All sketches of a scope are compared first, one bit a number; then the vectors of the nearest few
hundred themselves. So ten thousand passages need neither a library nor a noticeable time, and
where there are no more than the few hundred, the result is exact.
"""

from __future__ import annotations

import math
import sys
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from operator import mul
from typing import Any

from sqlalchemy import bindparam, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.documents import InDocument, Passage, Scope
from storage.dialects import Upsert
from storage.document_search import PLACED, best, passage, placed
from storage.tables import documents, passages, vectors

COMPARED = 400
"""So many vectors are compared number by number."""

MOST_NUMBERS = 8192  # of one vector
_ITEM = 4  # bytes of a number


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
_SKETCHES = select(vectors.c.passage, vectors.c.sketch).where(vectors.c.model == bindparam("model"))
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


def sketch(numbers: Sequence[float]) -> bytes:
    """One bit a number: whether it is above zero."""
    bits = sum(1 << place for place, number in enumerate(numbers) if number > 0)
    return bits.to_bytes((len(numbers) + 7) // 8, "little")


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


async def sketches(
    connection: AsyncConnection, scope: Scope, model: str
) -> Sequence[tuple[int, bytes]]:
    """The sketches of all passages of a scope, with the passages' ids."""
    if isinstance(scope, InDocument):
        rows = await connection.execute(_OF_DOCUMENT, {"document": scope.document, "model": model})
    else:
        rows = await connection.execute(_OF_CHAT, {"chat": scope.chat, "model": model})
    return [(one, bits) for one, bits in rows.all()]


def nearest_sketches(known: Sequence[tuple[int, bytes]], wanted: Sequence[float]) -> list[int]:
    """The passages whose sketches differ least; those of another length are no comparison."""
    bits = sketch(wanted)
    number, size, read = int.from_bytes(bits, "little"), len(bits), int.from_bytes
    distances = [
        ((read(theirs, "little") ^ number).bit_count(), one)
        for one, theirs in known
        if len(theirs) == size
    ]
    return [one for _, one in nsmallest(COMPARED, distances)]


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
