"""A pulpit for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.wire import Wire
from tests.services.ground import Ground
from tests.services.speaking.pulpit import Pulpit, opened


@pytest.fixture
async def pulpit(ground: Ground, tmp_path: Path, wire: Wire) -> AsyncIterator[Pulpit]:
    """Speaking over a Piper of the test's own."""
    async with opened(ground, tmp_path, wire) as pulpit:
        yield pulpit
