"""What the tests of quotas share."""

from pathlib import Path

import pytest

from tests.services.ground import Ground
from tests.services.quota.till import Till


@pytest.fixture
def till(ground: Ground, tmp_path: Path) -> Till:
    """Five films a day for everybody."""
    return Till(ground, tmp_path)
