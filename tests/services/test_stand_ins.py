"""Who stands in for others: asked where nobody else can be, and for pages like anybody."""

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

import pytest

from domain.errors import BackendUnavailable
from domain.routes import Category, Route
from services.backends.embedded_ocr import EmbeddedOcrVision
from services.chain import Candidate, Chain
from services.skills import Ready, VisionModel

LOOK = (Category.VISION,)
PAGES = (Category.VISION_PDF,)


@dataclass
class Eye:
    """One that sees, or that only reads; or that is down."""

    label: str
    reads_only: bool = False
    down: bool = False

    async def look(self, *_: object) -> AsyncIterator[str]:
        """Say who looked."""
        if self.down:
            raise BackendUnavailable(self.label, "nobody listens", down=True)
        yield self.label

    async def ready(self) -> Ready:
        """Need nobody."""
        return Ready()


SEES, READS = Eye("sees"), Eye("reads", reads_only=True)
GONE, BLIND = Eye("gone", down=True), Eye("blind", reads_only=True, down=True)


async def asked(members: Sequence[tuple[Eye, Sequence[Category]]], category: Category) -> str:
    """Who answers."""
    chain: Chain[Eye] = Chain("vision", [Candidate(one, 1, tuple(some)) for one, some in members])
    async with aclosing(chain.stream(Route(category), lambda one: one.look())) as pieces:
        return "".join([piece async for piece in pieces])


@pytest.mark.parametrize(
    ("members", "looks", "reads"),
    [
        ([(READS, ())], "reads", "reads"),
        ([(READS, ()), (SEES, ())], "sees", "reads"),
        ([(SEES, ()), (READS, ())], "sees", "sees"),
        ([(SEES, LOOK), (READS, ())], "sees", "reads"),
        ([(SEES, PAGES), (READS, ())], "sees", "sees"),
        ([(GONE, LOOK), (READS, ())], "reads", "reads"),
        ([(GONE, PAGES), (SEES, LOOK), (READS, ())], "sees", "reads"),
        ([(BLIND, ()), (SEES, LOOK)], "sees", "sees"),
    ],
    ids=["alone", "first", "last", "no pages", "pages", "down", "pages down", "itself down"],
)
async def test_who_only_reads_is_asked_about_pages_and_else_in_need(
    members: Sequence[tuple[Eye, Sequence[Category]]], looks: str, reads: str
) -> None:
    """What a photo shows it cannot tell; pages it reads where it stands in the line."""
    assert (looks, reads) == tuple(
        [await asked(members, category) for category in (Category.VISION, Category.VISION_PDF)]
    )


async def test_a_question_waits_for_who_sees() -> None:
    """Being busy is no need."""
    chain: Chain[Eye] = Chain("vision", [Candidate(SEES), Candidate(READS)])
    assert 1 == chain.capacity(Category.VISION)
    assert 2 == chain.capacity(Category.VISION_PDF)


def test_the_embedded_eye_only_reads() -> None:
    """And it fits where eyes fit."""
    eye: VisionModel = EmbeddedOcrVision()
    assert getattr(eye, "reads_only", False)
