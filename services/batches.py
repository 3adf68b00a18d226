"""More pictures than a model sees at a time: some after others, each answer with its numbers."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import replace

from domain.pictures import Picture
from services.skills import ChatOptions, Usage
from services.thoughts import Listener

See = Callable[[Sequence[Picture], ChatOptions], AsyncGenerator[str, None]]
"""Yields the answer about pictures that are seen at the same time."""


async def in_batches(
    pictures: Sequence[Picture], at_once: int, options: ChatOptions, see: See
) -> AsyncGenerator[str, None]:
    """Yield the answer about pictures of which the model sees so many `at_once`.

    With more of them each piece is a whole answer, and thoughts are left out: a text has them only
    at its beginning.
    """
    batches = list(_numbered(pictures, at_once))
    if len(batches) == 1:
        async with aclosing(see(pictures, options)) as pieces:
            async for piece in pieces:
                yield piece
        return
    spent: list[Usage] = []
    between = ""
    for numbers, batch in batches:
        said = await _whole(see(batch, replace(options, usage=spent.append)))
        yield f"{between}[{numbers}] {said}"
        between = "\n\n"
    if spent:
        options.usage(Usage(sum(one.read for one in spent), sum(one.written for one in spent)))


def _numbered(pictures: Sequence[Picture], at_once: int) -> Iterator[tuple[str, Sequence[Picture]]]:
    """The batches, and the numbers of their pictures in all of them."""
    for start in range(0, len(pictures), at_once):
        batch = pictures[start : start + at_once]
        first, last = start + 1, start + len(batch)
        yield (str(first) if first == last else f"{first}-{last}"), batch


async def _whole(pieces: AsyncGenerator[str, None]) -> str:
    listener = Listener()
    async with aclosing(pieces):
        async for piece in pieces:
            listener.hear(piece)
    listener.finish()
    return listener.answer
