"""A browser for all tests of the page, and a playground for each of them."""

import shutil
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from playground.server import Playground
from tests.playground.conftest import BotSide
from tests.playground.page.stage import Reader, Screen, opened

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --use-fake-ui-for-media-stream "
    "--use-fake-device-for-media-stream"
)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Chromium as the system has it."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        pytest.skip("Chromium is not installed")
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=program, args=QUIET.split())
        yield running
        await running.close()


@pytest_asyncio.fixture(loop_scope="session")
async def play() -> AsyncIterator[Playground]:
    """A playground on the loop that the browser lives on."""
    async with Playground() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def bot(play: Playground) -> AsyncIterator[BotSide]:
    """The bot's side of it."""
    side = BotSide(play)
    async with side.http:
        yield side


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def window(browser: Browser) -> AsyncIterator[Screen]:
    """One window for all: a new one costs the browser more than most tests do."""
    async with opened(browser) as screen:
        yield screen


@pytest_asyncio.fixture(loop_scope="session")
async def screen(window: Screen, play: Playground) -> AsyncIterator[Screen]:
    """The page, open in Ann's private chat with the bot; it must not complain of anything."""
    await window.open(play.url)
    yield window
    troubles, window.troubles = window.troubles, []
    await window.page.goto("about:blank")
    assert [] == troubles, troubles


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def open_reader(browser: Browser) -> AsyncIterator[Reader]:
    """One page for all tests that only look at what the bot said: opening is what takes time."""
    async with Playground() as play, opened(browser) as screen:
        bot = BotSide(play)
        await screen.open(play.url)
        await screen.write("hello")
        await expect(screen.bubbles).to_have_count(1)
        async with bot.http:
            yield Reader(screen, bot)


@pytest.fixture
def reader(open_reader: Reader) -> Iterator[Reader]:
    """The same page; whoever makes the browser complain is the one who fails."""
    yield open_reader
    assert [] == open_reader.screen.troubles, open_reader.screen.troubles
