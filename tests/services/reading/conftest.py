"""A study for each test."""

from collections.abc import AsyncIterator

import pytest

from services.wire import Wire
from tests.services.ground import Ground
from tests.services.reading.study import Study, opened


@pytest.fixture
async def study(ground: Ground, wire: Wire) -> AsyncIterator[Study]:
    """A model of four places that takes notes."""
    async with opened(ground, wire) as study:
        yield study
