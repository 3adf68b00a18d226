"""What the tests of the services share."""

from collections.abc import AsyncIterator

import pytest

from services.wire import Wire


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    """A wire that is closed afterwards."""
    wire = Wire()
    yield wire
    await wire.aclose()
