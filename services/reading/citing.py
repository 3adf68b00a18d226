"""Citing: an answer as it comes, in which only pages are cited that the model was shown."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Container, Sequence
from contextlib import aclosing

from domain.answers import Draft, Phase
from domain.messages import Turn
from services.reading.steps import ReadingStep, Wanted, Written
from services.reading.writing import Writer


async def cited(
    writer: Writer, wanted: Wanted, turns: Sequence[Turn], shown: Container[int]
) -> AsyncGenerator[ReadingStep, None]:
    """Yield what is waited for, drafts, and the whole answer."""
    answer = ""
    async with aclosing(writer.streamed(wanted.route, turns)) as steps:
        async for step in steps:
            if isinstance(step, Phase):
                yield step
                continue
            answer = step
            yield Draft(wanted.citations.checked(answer, shown))
    # the blank shows that a number at the very end is complete
    yield Written(wanted.citations.checked(f"{answer} ", shown).strip())
