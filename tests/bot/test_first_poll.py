"""The first poll leaves as soon as it can: what it does not need is imported meanwhile."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

LOADED = """
import sys
from bot import lazy_aiogram
lazy_aiogram.load()
import bot.serving
dear = "sqlalchemy alembic httpx babel telegramify_markdown aiohttp.web bot.parts".split()
print([name for name in dear if name in sys.modules])
"""


ASSEMBLED = """
import sys
from bot import lazy_aiogram
lazy_aiogram.load()
import bot.serving, bot.wiring
dear = "PIL apscheduler websockets pypdfium2 openpyxl num2words alembic".split()
print([name for name in dear if name in sys.modules])
"""


def test_what_only_some_work_needs_is_imported_with_that_work() -> None:
    """Memory is what people run their models in."""
    done = subprocess.run(
        [sys.executable, "-c", ASSEMBLED],
        check=True,
        capture_output=True,
        text=True,
        timeout=100,
        cwd=ROOT,
    )
    assert "[]" == done.stdout.strip()


def test_polling_begins_without_the_database_and_the_backends() -> None:
    """They take longer to import than all the rest; a thread does it while the poll waits."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED],
        check=True,
        capture_output=True,
        text=True,
        timeout=100,
        cwd=ROOT,
    )
    assert "[]" == done.stdout.strip()
