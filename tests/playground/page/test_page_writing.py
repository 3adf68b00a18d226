"""What a person writes, attaches and records on the page reaches the bot."""

import struct
import zlib
from typing import Any

import pytest
from playwright.async_api import FilePayload, expect

from playground.server import Playground
from tests.playground.conftest import BotSide
from tests.playground.page.stage import Screen

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def heard(bot: BotSide, kind: str = "message") -> list[dict[str, Any]]:
    """Wait for updates of one kind."""
    return [update[kind] for update in await bot.updates(timeout=10)]


def picture(red: int) -> FilePayload:
    """Make a small PNG of one colour."""
    lines = (b"\0" + bytes((red, 120, 60)) * 24) * 24
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", 24, 24, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(lines)),
    )
    chunks = (
        struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d))
        for k, d in (*parts, (b"IEND", b""))
    )
    return {
        "name": f"{red}.png",
        "mimeType": "image/png",
        "buffer": b"\x89PNG\r\n\x1a\n" + b"".join(chunks),
    }


async def test_a_text_from_the_composer_reaches_the_bot(screen: Screen, bot: BotSide) -> None:
    """Enter sends; the bubble appears, the field is empty again."""
    await screen.write("Good evening 🔥")
    [message] = await heard(bot)
    assert "Good evening 🔥" == message["text"]
    await expect(screen.bubbles).to_contain_text("Good evening 🔥")
    await expect(screen.field).to_have_value("")


async def test_shift_and_enter_begin_a_new_line(screen: Screen, bot: BotSide) -> None:
    """Only Enter alone sends, and the field grows with its lines."""
    height = await screen.field.evaluate("node => node.offsetHeight")
    await screen.field.fill("one")
    await screen.field.press("Shift+Enter")
    await screen.field.press_sequentially("two")
    assert height < await screen.field.evaluate("node => node.offsetHeight")
    await screen.field.press("Enter")
    [message] = await heard(bot)
    assert "one\ntwo" == message["text"]


async def test_a_slash_lists_the_commands_in_the_language_of_the_person(
    screen: Screen, bot: BotSide, play: Playground
) -> None:
    """Ivan reads Russian; arrows and Enter choose, and Enter again sends."""
    start, stop = ({"command": name, "description": name.title()} for name in ("start", "stop"))
    await bot.do("setMyCommands", commands=[start])
    russian = [start | {"description": "Начать"}, stop | {"description": "Прервать"}]
    await bot.do("setMyCommands", commands=russian, language_code="ru")
    await screen.open(play.url + "/?ivan", "3/3")
    await screen.field.press_sequentially("/")
    options = screen.page.get_by_role("option")
    await expect(options).to_have_text(["/startНачать", "/stopПрервать"])
    await screen.field.press("ArrowDown")
    await screen.field.press("Enter")
    await expect(screen.field).to_have_value("/stop ")
    await expect(options).to_have_count(0)
    await screen.field.press("Enter")
    [message] = await heard(bot)
    assert ("/stop", "bot_command") == (message["text"], message["entities"][0]["type"])


async def test_arrow_up_edits_the_latest_message_of_ones_own(screen: Screen, bot: BotSide) -> None:
    """The bot gets the edit, and the bubble says that it was edited."""
    await screen.write("tomorow")
    await expect(screen.bubbles).to_have_count(1)
    await screen.field.press("ArrowUp")
    await expect(screen.field).to_have_value("tomorow")
    await screen.write("tomorrow")
    await expect(screen.bubbles).to_contain_text("edited")
    updates = await bot.updates(timeout=10)
    assert "tomorrow" == updates[-1]["edited_message"]["text"]


async def test_an_answer_to_a_message_quotes_it(screen: Screen, bot: BotSide) -> None:
    """The update names the message, and the bubble shows its words."""
    await screen.write("Is the oven off?")
    await screen.bubbles.first.hover()
    await screen.button("Reply").click()
    await screen.write("Yes")
    await expect(screen.page.locator(".quoted")).to_contain_text("Is the oven off?")
    messages = await heard(bot)
    assert messages[0]["message_id"] == messages[1]["reply_to_message"]["message_id"]


async def test_chats_are_changed_and_written_in_without_a_mouse(
    screen: Screen, bot: BotSide
) -> None:
    """From the field back to the list, down to the group, and writing goes on there."""
    await screen.page.locator("#person").focus()
    await screen.page.keyboard.press("Tab")
    await expect(screen.page.locator(".chat[aria-current]")).to_be_focused()
    await screen.page.keyboard.press("ArrowDown")
    await screen.page.keyboard.press("Enter")
    await expect(screen.page.locator("#chat-name")).to_have_text("Family")
    await expect(screen.field).to_be_focused()
    await screen.page.keyboard.type("Hello all")
    await screen.page.keyboard.press("Enter")
    [message] = await heard(bot)
    assert (-100, "Hello all") == (message["chat"]["id"], message["text"])


async def test_a_topic_of_a_forum_is_written_in(screen: Screen, bot: BotSide) -> None:
    """What is written under Plans belongs to Plans and does not show under General."""
    await screen.button("Plans").click()
    await screen.write("A shed by June")
    [message] = await heard(bot)
    assert message["is_topic_message"]
    await expect(screen.bubbles).to_have_count(1)
    await screen.page.locator(".topic", has_text="General").click()
    await expect(screen.bubbles).to_have_count(0)


async def test_several_pictures_become_one_album(screen: Screen, bot: BotSide) -> None:
    """They share a group, the first carries the caption, and one bubble shows them all."""
    await screen.page.locator("#picker").set_input_files([picture(200), picture(90)])
    await screen.write("Our stove")
    await expect(screen.page.locator(".album .picture")).to_have_count(2)
    await expect(screen.bubbles).to_have_count(1)
    first, second = await heard(bot)
    assert first["media_group_id"] == second["media_group_id"]
    assert ("Our stove", None) == (first["caption"], second.get("caption"))


async def test_a_picture_from_the_clipboard_waits_in_the_composer(screen: Screen) -> None:
    """It can be looked at and taken out again before anything is sent."""
    await screen.field.evaluate(
        """node => {
          const data = new DataTransfer();
          data.items.add(new File(["x"], "pasted.png", { type: "image/png" }));
          node.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
        }"""
    )
    await expect(screen.page.locator(".tray-picture")).to_have_count(1)
    await expect(screen.button("Send")).to_be_visible()
    await screen.button("Remove: pasted.png").click()
    await expect(screen.page.locator("#tray")).to_be_hidden()


async def test_a_file_is_sent_and_can_be_taken_back(screen: Screen, bot: BotSide) -> None:
    """Its name and size show, and pressing it downloads the same bytes."""
    file: FilePayload = {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"warm" * 300}
    await screen.page.locator("#picker").set_input_files([file])
    await screen.button("Send").click()
    [message] = await heard(bot)
    assert ("notes.txt", 1200) == (
        message["document"]["file_name"],
        message["document"]["file_size"],
    )
    await expect(screen.bubbles).to_contain_text("1.2 KB")
    async with screen.page.expect_download() as download:
        await screen.page.locator("a.file").click()
    path = await (await download.value).path()
    assert b"warm" * 300 == path.read_bytes()


async def test_a_voice_message_is_recorded_and_can_be_played(screen: Screen, bot: BotSide) -> None:
    """The microphone is heard until Send is pressed; the bot gets a voice and the page a player."""
    await screen.button("Record a voice message").click()
    await expect(screen.page.locator("#record-time")).to_have_text("0:01")
    await screen.button("Send the recording").click()
    [message] = await heard(bot)
    assert message["voice"]["mime_type"] in ("audio/ogg", "audio/webm")
    await expect(screen.page.locator(".player")).to_be_visible()
    await screen.button("Play").click()
    await expect(screen.page.locator(".bars .played")).not_to_have_count(0)


async def test_a_recording_that_is_cancelled_is_gone(screen: Screen, bot: BotSide) -> None:
    """Nothing is sent, and one writes on."""
    await screen.button("Record a voice message").click()
    await screen.button("Cancel").click()
    await expect(screen.field).to_be_focused()
    await screen.write("Never mind")
    [message] = await heard(bot)
    assert "Never mind" == message["text"]
