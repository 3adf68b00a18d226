"""The page as a place: themes, narrow windows, people, languages, notes."""

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from playground.server import Playground
from tests.playground.conftest import BotSide
from tests.playground.page.stage import Screen, opened
from tests.telegram import Person

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PAPER = "getComputedStyle(document.body).backgroundColor"


async def test_the_theme_is_switched_and_remembered(screen: Screen) -> None:
    """The choice outlives a reload, and can be taken back."""
    light = await screen.run(PAPER)
    await screen.button("Dark theme").click()
    dark = await screen.run(PAPER)
    assert light != dark
    await screen.page.reload()
    await expect(screen.button("Light theme")).to_be_visible()
    assert dark == await screen.run(PAPER)
    await screen.button("Light theme").click()
    assert light == await screen.run(PAPER)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_words_stand_out_from_what_they_stand_on(
    browser: Browser, play: Playground, bot: BotSide, scheme: str
) -> None:
    """Every text has a contrast of at least 4.5 to 1, as WCAG asks for."""
    keys = [
        [
            {"text": "Key", "callback_data": "k"},
            {"text": "No", "callback_data": "n", "style": "danger"},
        ]
    ]
    async with opened(browser, color_scheme=scheme) as screen:
        await screen.open(play.url)
        await screen.write("hello /start")
        await bot.do("sendMessage", chat_id=1, text="`", reply_markup={"inline_keyboard": keys})
        await bot.do(
            "sendRichMessage",
            chat_id=1,
            rich_message={"markdown": "# a\n> b\n\n`c` [d](https://e.org)\n\n|x|y|\n|-|-|\n|1|2|"},
        )
        await expect(screen.bubbles).to_have_count(3)
        await screen.rest()
        assert [] == await screen.run(Path(__file__).with_name("contrast.js").read_text())


async def test_a_telephone_shows_all_of_it_without_scrolling_sideways(
    browser: Browser, play: Playground, bot: BotSide
) -> None:
    """Long words, wide code and wide tables keep within 360 pixels; the list is a drawer."""
    wide = "| " + " | ".join(f"column {n}" for n in range(12)) + " |\n" + "|---" * 12 + "|\n"
    code = "```\n" + "x" * 200 + "\n```"
    async with Person(play.url, 1) as ann:
        await ann.send("w" * 300)
    await bot.do(
        "sendRichMessage",
        chat_id=1,
        rich_message={"markdown": f"{wide}\n\n{code}\n\n$${'x+' * 80}y$$"},
    )
    await bot.do("sendMessage", chat_id=1, text="https://example.org/" + "a" * 200)
    async with opened(browser, viewport={"width": 360, "height": 740}) as screen:
        await screen.open(play.url)
        await expect(screen.bubbles).to_have_count(3)
        sizes = (
            "[document.documentElement, scroller].map(node => node.scrollWidth - node.clientWidth)"
        )
        assert [0, 0] == await screen.run(sizes)
        family = screen.page.locator(".chat", has_text="Family")
        await expect(family).not_to_be_in_viewport()
        await screen.button("Open the list of chats").click()
        await family.click()
        await expect(screen.page.locator("#chat-name")).to_have_text("Family")
        await expect(family).not_to_be_in_viewport()


async def test_another_person_has_another_language_and_other_chats(screen: Screen) -> None:
    """The page speaks the language of the person, and names it."""
    await screen.page.locator("#person").click()
    await screen.page.get_by_role("menuitemradio", name="Oksana").click()
    await expect(screen.page.locator("html")).to_have_attribute("lang", "uk")
    await expect(screen.field).to_have_attribute("placeholder", "Повідомлення")
    await expect(screen.page.locator("#person")).to_contain_text("Українська")
    await screen.page.locator("#person").click()
    await screen.page.get_by_role("menuitemradio", name="Ivan").click()
    await expect(screen.page.locator(".foot")).to_contain_text("ничто не покидает эту машину")


async def test_people_and_groups_can_be_added(screen: Screen, play: Playground) -> None:
    """A new person writes at once, a new group opens at once."""
    await screen.page.locator("#person").click()
    await screen.page.get_by_role("menuitem", name="New person").click()
    await screen.page.get_by_label("First name").fill("Zoë")
    await screen.button("Create").click()
    await expect(screen.page.locator("#person")).to_contain_text("Zoë")
    await screen.page.locator("#person").click()
    await screen.page.get_by_role("menuitem", name="New group").click()
    await screen.page.get_by_label("Name of the group").fill("Choir")
    await screen.button("Create").click()
    await expect(screen.page.locator("#chat-name")).to_have_text("Choir")
    await screen.write("La")
    await expect(screen.bubbles).to_have_count(1)


async def test_an_empty_chat_invites_and_says_that_the_bot_sleeps(
    screen: Screen, bot: BotSide
) -> None:
    """Start says /start; the note goes when the bot asks for updates."""
    await expect(screen.page.locator("#asleep")).to_be_visible()
    await screen.button("Start").click()
    await expect(screen.page.locator("#empty")).to_be_hidden()
    [update] = await bot.updates()
    assert "/start" == update["message"]["text"]
    async with asyncio.TaskGroup() as group:
        listening = group.create_task(bot.updates(offset=update["update_id"] + 1, timeout=30))
        await expect(screen.page.locator("#asleep")).to_be_hidden()
        listening.cancel()


async def test_who_asked_for_less_motion_gets_it(
    browser: Browser, play: Playground, bot: BotSide
) -> None:
    """New words of a draft are simply there."""
    async with opened(browser, reduced_motion="reduce") as screen:
        await screen.open(play.url)
        await screen.write("hello")
        await expect(screen.bubbles).to_have_count(1)
        await bot.do("sendMessageDraft", chat_id=1, draft_id=5, text="All at once")
        await expect(screen.draft).to_have_text("All at once")
        await expect(screen.draft.locator(".fresh")).to_have_count(0)


async def test_all_buttons_and_fields_have_names(screen: Screen, bot: BotSide) -> None:
    """Also the icons and those that come with a message."""
    await screen.write("hello")
    await expect(screen.bubbles).to_have_count(1)
    nameless = """[...document.querySelectorAll("button, input, textarea, select, [role=dialog]")]
      .filter((node) => !node.hidden && !node.labels?.length)
      .filter((node) => !node.ariaLabel && !node.textContent.trim())
      .map((node) => node.outerHTML)"""
    assert [] == await screen.run(nameless)


async def test_every_language_has_every_word(screen: Screen) -> None:
    """Nothing falls back to English but names."""
    script = """async () => {
      const { EN } = await import("/page/words_en.js");
      const { RU } = await import("/page/words_ru.js");
      const { UK } = await import("/page/words_uk.js");
      const all = new Set([EN, RU, UK].flatMap(Object.keys));
      return [...all].filter((key) => ![EN, RU, UK].every((book) => key in book));
    }"""
    assert ["theBot", "what_animation"] == await screen.run(script)
