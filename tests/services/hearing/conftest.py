"""A booth for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.wire import Wire
from tests.services.ground import Ground
from tests.services.hearing.booth import Booth, opened


@pytest.fixture
async def booth(ground: Ground, tmp_path: Path, wire: Wire) -> AsyncIterator[Booth]:
    """Ears over a whisper.cpp of the test's own."""
    async with opened(ground, tmp_path, wire) as booth:
        yield booth
