"""What the bot does shows on the page, as it happens."""

import pytest
from playwright.async_api import expect

from playground.options import Options
from playground.server import Playground
from tests.playground.conftest import BotSide
from tests.playground.page.stage import Screen
from tests.telegram import Person

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


COUNT = """(words) => {
  window.counts = new Set();
  const shown = () => [...document.querySelectorAll(".bubble")].map((node) => node.textContent);
  const look = () => counts.add(shown().filter((text) => text.startsWith(words)).length);
  const what = { subtree: true, childList: true };
  new MutationObserver(look).observe(document.querySelector("#scroller"), what);
}"""
"""Notes how often something stands in the conversation, at every change of it."""


async def greeted(screen: Screen) -> None:
    """Let the bot know Ann, since it cannot write to strangers."""
    await screen.write("hello")
    await expect(screen.bubbles).to_have_count(1)


async def test_a_draft_grows_and_its_message_takes_its_place(screen: Screen, bot: BotSide) -> None:
    """It thinks, words come, and then the message stands there: never both, never neither."""
    await greeted(screen)
    await bot.do("sendMessageDraft", chat_id=1, draft_id=5, text="")
    await expect(screen.draft).to_contain_text("Thinking")
    await bot.do("sendMessageDraft", chat_id=1, draft_id=5, text="Once upon")
    await expect(screen.draft).to_have_text("Once upon")
    await bot.do("sendMessageDraft", chat_id=1, draft_id=5, text="Once upon a time")
    await expect(screen.draft).to_have_text("Once upon a time")
    await screen.run(COUNT, "Once upon a time")
    stood = await screen.draft.bounding_box()
    await bot.do("sendMessage", chat_id=1, text="Once upon a time")
    await expect(screen.draft).to_have_count(0)
    await expect(screen.bubbles.last).to_contain_text("Once upon a time")
    stands = await screen.bubbles.last.bounding_box()
    assert stood
    assert stands
    assert [1] == await screen.run("[...counts]")
    assert (stood["x"], stood["y"], stood["height"]) == (stands["x"], stands["y"], stands["height"])


async def test_only_new_words_of_a_draft_come_in_gently(screen: Screen, bot: BotSide) -> None:
    """Words that have been seen do not move again."""
    await greeted(screen)
    await bot.do("sendMessageDraft", chat_id=1, draft_id=5, text="Seen long ago")
    await expect(screen.draft.locator(".fresh")).to_have_count(3)
    await screen.rest()
    await bot.do("sendMessageDraft", chat_id=1, draft_id=5, text="Seen long ago, and new")
    await expect(screen.draft.locator(".fresh")).to_have_text([",", "and", "new"])


@pytest.mark.parametrize("way", ["button", "key"])
async def test_stop_reaches_the_bot(screen: Screen, bot: BotSide, way: str) -> None:
    """The button shows while something can be stopped; Escape does the same."""
    await greeted(screen)
    offset = (await bot.updates())[-1]["update_id"] + 1
    await expect(screen.button("Stop Esc")).to_be_hidden()
    await bot.do("sendMessageDraft", chat_id=1, draft_id=9, text="On and on", can_stop=True)
    await expect(screen.button("Stop Esc")).to_be_visible()
    await (screen.button("Stop Esc").click() if way == "button" else screen.field.press("Escape"))
    [update] = await bot.updates(offset=offset, timeout=10)
    assert 9 == update["stopped_message_generation"]["draft_id"]
    await expect(screen.button("Stop Esc")).to_be_hidden()
    await bot.do("sendMessage", chat_id=1, text="On and on (stopped)")
    await expect(screen.draft).to_have_count(0)


async def test_what_the_bot_is_doing_stands_in_the_heading(screen: Screen, bot: BotSide) -> None:
    """Until its message comes."""
    await greeted(screen)
    await bot.do("sendChatAction", chat_id=1, action="record_voice")
    await expect(screen.page.locator("#chat-about")).to_contain_text("is recording voice")
    await bot.do("sendMessage", chat_id=1, text="la la")
    await expect(screen.page.locator("#chat-about")).to_have_text("bot")


async def test_a_pressed_button_asks_the_bot_and_shows_its_answer(
    screen: Screen, bot: BotSide
) -> None:
    """The button waits until the answer comes, as a toast or as a box to dismiss."""
    await greeted(screen)
    offset = (await bot.updates())[-1]["update_id"] + 1
    keys = [
        [{"text": "Warm", "callback_data": "w"}],
        [{"text": "Copy", "copy_text": {"text": "x"}}],
    ]
    await bot.do("sendMessage", chat_id=1, text="?", reply_markup={"inline_keyboard": keys})
    await screen.button("Warm").click()
    [update] = await bot.updates(offset=offset, timeout=10)
    query = update["callback_query"]
    assert "w" == query["data"]
    await expect(screen.button("Warm")).to_have_attribute("aria-busy", "true")
    await bot.do("answerCallbackQuery", callback_query_id=query["id"], text="Very warm")
    await expect(screen.page.get_by_role("status").filter(has_text="Very warm")).to_be_visible()
    await expect(screen.button("Warm")).not_to_have_attribute("aria-busy", "true")
    await screen.button("Warm").click()
    query = (await bot.updates(offset=update["update_id"] + 1, timeout=10))[0]["callback_query"]
    await bot.do("answerCallbackQuery", callback_query_id=query["id"], text="Hot!", show_alert=True)
    await expect(screen.page.get_by_role("dialog")).to_contain_text("Hot!")
    await screen.button("All right").click()
    await expect(screen.page.get_by_role("dialog")).to_have_count(0)


async def test_edits_and_deletions_show_at_once(screen: Screen, bot: BotSide) -> None:
    """An edited message is marked, a deleted one is gone."""
    await greeted(screen)
    sent = await bot.do("sendMessage", chat_id=1, text="One")
    await bot.do("editMessageText", chat_id=1, message_id=sent["message_id"], text="One and two")
    await expect(screen.bubbles.last).to_contain_text("One and two")
    await expect(screen.bubbles.last.locator(".edited")).to_be_visible()
    await bot.do("deleteMessage", chat_id=1, message_id=sent["message_id"])
    await expect(screen.bubbles).to_have_count(1)


async def test_a_message_keeps_clear_of_the_buttons_above_it(screen: Screen, bot: BotSide) -> None:
    """Messages of one sender stand close together, buttons and a message do not."""
    await greeted(screen)
    keys = {"inline_keyboard": [[{"text": "Sample", "callback_data": "sample"}]]}
    await bot.do("sendMessage", chat_id=1, text="How shall I sound?", reply_markup=keys)
    await bot.do("sendMessage", chat_id=1, text="So.")
    await bot.do("sendMessage", chat_id=1, text="Or so.")
    await expect(screen.bubbles).to_have_count(4)
    button = await screen.button("Sample").bounding_box()
    below, last = [await screen.bubbles.nth(at).bounding_box() for at in (2, 3)]
    assert button
    assert below
    assert last
    assert below["y"] - (button["y"] + button["height"]) >= 10
    assert last["y"] - (below["y"] + below["height"]) < 5


async def test_a_reply_keyboard_is_offered_and_taken_away(screen: Screen, bot: BotSide) -> None:
    """Pressing a key says its words; the bot can take the keyboard back."""
    await greeted(screen)
    await bot.do("sendMessage", chat_id=1, text="?", reply_markup={"keyboard": [[{"text": "Tea"}]]})
    await screen.button("Tea").click()
    await expect(screen.bubbles.last).to_contain_text("Tea")
    assert "Tea" == (await bot.updates())[-1]["message"]["text"]
    await bot.do("sendMessage", chat_id=1, text=".", reply_markup={"remove_keyboard": True})
    await expect(screen.button("Tea")).to_be_hidden()


async def test_reactions_of_both_sides_show(screen: Screen, bot: BotSide) -> None:
    """The person picks one from the palette by keyboard, the bot answers with another."""
    await greeted(screen)
    await bot.updates(allowed_updates=["message_reaction"])
    await screen.page.locator("#list .row").focus()
    await screen.page.keyboard.press("Tab")
    await screen.page.keyboard.press("Tab")
    await screen.page.keyboard.press("Enter")
    await screen.page.keyboard.press("ArrowRight")
    await screen.page.keyboard.press("Enter")
    await expect(screen.page.locator(".reaction")).to_have_text(["❤️"])
    [message] = (await bot.http.get("/play/messages?chat_id=1")).json()["messages"]
    reaction = [{"type": "emoji", "emoji": "🔥"}]
    await bot.do(
        "setMessageReaction", chat_id=1, message_id=message["message_id"], reaction=reaction
    )
    await expect(screen.page.locator(".reaction")).to_have_text(["❤️", "🔥"])
    await expect(screen.page.locator(".reaction[aria-pressed=true]")).to_have_text("❤️")


async def test_new_messages_are_spoken_and_drafts_are_not(screen: Screen, bot: BotSide) -> None:
    """A reader of the screen hears each message once, when it is whole."""
    await greeted(screen)
    log = screen.page.locator("[aria-live=polite]")
    await bot.do("sendMessageDraft", chat_id=1, draft_id=5, text="Half a sen")
    await expect(screen.draft).to_contain_text("Half a sen")
    await bot.do("sendMessage", chat_id=1, text="Half a sentence is enough.")
    await expect(log).to_have_text("Hearthbot: Half a sentence is enough.")
    assert "off" == await screen.page.locator("#drafts").get_attribute("aria-live")


async def test_older_messages_come_when_one_scrolls_up(
    screen: Screen, bot: BotSide, play: Playground
) -> None:
    """The place where one reads stays; what is new meanwhile is counted."""
    async with Person(play.url, 1) as ann:
        many = [{"chat_id": 1, "user_id": 1, "text": f"line {n}"} for n in range(1, 141)]
        await ann.act("send_many", messages=many)
    await screen.page.reload()
    await expect(screen.bubbles).to_have_count(60)
    await expect(screen.bubbles.last).to_be_in_viewport()
    await screen.page.locator("#scroller").evaluate("node => node.scrollTop = 300")
    await expect(screen.bubbles).to_have_count(120)
    assert 300 < await screen.page.locator("#scroller").evaluate("node => node.scrollTop")
    await bot.do("sendMessage", chat_id=1, text="news")
    await screen.button("1 new message").click()
    await expect(screen.bubbles.last).to_be_in_viewport()


async def test_messages_of_other_chats_are_counted_in_the_list(
    screen: Screen, play: Playground
) -> None:
    """Until the chat is opened."""
    async with Person(play.url, 2, -100) as oksana:
        await oksana.send("Добрий вечір")
    family = screen.page.locator(".chat", has_text="Family")
    await expect(family).to_contain_text("Oksana: Добрий вечір")
    await expect(family.locator(".unread")).to_have_text("1")
    await family.click()
    await expect(screen.page.locator(".sender")).to_have_text("Oksana")
    await expect(family.locator(".unread")).to_have_count(0)


async def test_a_lost_connection_is_said_and_made_good(screen: Screen, play: Playground) -> None:
    """The page comes back by itself when the playground does, and shows what there is."""
    port = int(play.url.rpartition(":")[2])
    await play.__aexit__(None, None, None)
    await expect(screen.page.locator("#lost")).to_be_visible()
    async with Playground(Options(port=port)) as again, Person(again.url, 1) as ann:
        await ann.send("Are you there?")
        await expect(screen.page.locator("#lost")).to_be_hidden()
        await expect(screen.bubbles).to_contain_text(["Are you there?"])
        await ann.send("Good.")
        await expect(screen.bubbles).to_contain_text(["Are you there?", "Good."])
        await screen.page.goto("about:blank")
    screen.troubles.clear()
