"""The page in a real browser, looked at and used as a person does."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Browser, ConsoleMessage, Locator, Page, Request, expect

from tests.playground.conftest import BotSide

expect.set_options(timeout=8_000)


READY = "Promise.all(document.getAnimations().filter(ends).map((one) => one.finished))"
ENDS = "const ends = (one) => one.effect.getTiming().iterations === 1;"


class Screen:
    """One window with the page in it, and every trouble that the browser told of."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.troubles: list[str] = []
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("request", self._asked)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.troubles.append(message.text)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "blob:", "data:")):
            self.troubles.append(f"asked for {request.url}")

    async def open(self, url: str, place: str = "") -> None:
        """Open the page at a place, as `1/-100`, and wait until it is drawn."""
        await self.page.goto(f"{url}/#{place}")
        await expect(self.page.locator("#chat-name")).not_to_be_empty()
        await expect(self.field).to_be_focused()

    @property
    def field(self) -> Locator:
        """Where one writes."""
        return self.page.get_by_role("combobox")

    @property
    def bubbles(self) -> Locator:
        """The bubbles of the conversation, without drafts."""
        return self.page.locator("#list .bubble")

    @property
    def draft(self) -> Locator:
        """The bubble of an answer that is being written."""
        return self.page.locator("#drafts .bubble")

    def button(self, name: str) -> Locator:
        """A button by the name that everybody can know it by."""
        return self.page.get_by_role("button", name=name, exact=True)

    async def write(self, text: str) -> None:
        """Write and send."""
        await self.field.fill(text)
        await self.field.press("Enter")

    async def rest(self) -> None:
        """Wait until everything that moves once has moved."""
        await self.run(f"() => {{ {ENDS} return {READY}; }}")

    async def run(self, script: str, value: Any = None) -> Any:
        """Look behind the curtain."""
        return await self.page.evaluate(script, value)


@dataclass(frozen=True, slots=True)
class Reader:
    """A page that stays open for many tests, and the bot that fills it."""

    screen: Screen
    bot: BotSide


@asynccontextmanager
async def opened(browser: Browser, **look: Any) -> AsyncIterator[Screen]:
    """Open a window; closing it fails if the browser had anything to complain of."""
    context = await browser.new_context(locale="en-GB", **{"viewport": SIZE, **look})
    try:
        screen = Screen(await context.new_page())
        yield screen
        assert [] == screen.troubles, screen.troubles
    finally:
        await context.close()


SIZE = {"width": 1100, "height": 760}
