"""Pictures and films that the bot makes, as the page shows them."""

import json
from typing import Any

import pytest
from playwright.async_api import Route, expect

from playground.server import Playground
from tests.playground.cinema import mp4
from tests.playground.conftest import BotSide
from tests.playground.page.stage import Screen
from tests.playground.page.test_page_writing import heard, picture
from tests.playground.test_files import png

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

KEYS = {"inline_keyboard": [[{"text": "Again", "callback_data": "again:1"}]]}


async def greeted(screen: Screen) -> None:
    """Let the bot know Ann, since it cannot write to strangers."""
    await screen.write("/image a fox")
    await expect(screen.bubbles).to_have_count(1)


async def shows(bot: BotSide, kind: str, body: bytes, caption: str = "") -> dict[str, Any]:
    """The bot sends a file with words and a button."""
    method = f"send{kind.title()}"
    mime = "image/png" if kind == "photo" else "video/mp4"
    name = "a.png" if kind == "photo" else "a.mp4"
    answer = await bot.upload(
        method,
        {kind: (name, body, mime)},
        chat_id=1,
        caption=caption,
        reply_markup=json.dumps(KEYS),
    )
    assert answer["ok"], answer
    sent: dict[str, Any] = answer["result"]
    return sent


async def becomes(bot: BotSide, message: int, body: bytes, caption: str) -> None:
    """The bot makes a message a picture."""
    media = json.dumps({"type": "photo", "media": "attach://p", "caption": caption})
    files = {"p": ("p.png", body, "image/png")}
    answer = await bot.upload(
        "editMessageMedia", files, chat_id=1, message_id=message, media=media,
        reply_markup=json.dumps(KEYS),
    )  # fmt: skip
    assert answer["ok"], answer


WATCH = """() => {
  window.gaps = 0;
  const look = () => {
    const seen = [...document.querySelectorAll(".picture img")];
    if (!seen.some((one) => one.complete && one.naturalWidth)) window.gaps += 1;
    window.looking = requestAnimationFrame(look);
  };
  window.looking = requestAnimationFrame(look);
}"""
"""Counts the frames in which no picture is to be seen."""


async def test_a_text_becomes_a_picture_and_that_the_next_one(screen: Screen, bot: BotSide) -> None:
    """All in one row, with its button; between two pictures there is never none."""
    await greeted(screen)
    text = await bot.do("sendMessage", chat_id=1, text="Drawing 10%", reply_markup=KEYS)
    await expect(screen.bubbles.last).to_contain_text("Drawing 10%")
    await becomes(bot, text["message_id"], png(512, 512), "Drawing 50%")
    shown = screen.page.locator(".picture img:not(.leaving)")
    await expect(shown).to_have_js_property("naturalWidth", 512)
    await expect(screen.bubbles.last).to_contain_text("Drawing 50%")
    await screen.run(WATCH)
    await becomes(bot, text["message_id"], png(640, 640), "Drawing 80%")
    await expect(shown).to_have_js_property("naturalWidth", 640)
    await expect(screen.page.locator(".leaving")).to_have_count(0)
    await expect(screen.bubbles.last).to_contain_text("Drawing 80%")
    await expect(screen.bubbles).to_have_count(2)
    await expect(screen.button("Again")).to_be_visible()
    assert 0 == await screen.run("cancelAnimationFrame(looking) || gaps")


async def test_new_words_leave_a_film_playing(screen: Screen, bot: BotSide) -> None:
    """Only what has changed is drawn anew."""
    await greeted(screen)
    sent = await shows(bot, "animation", await mp4(96, 64), "Old")
    film = screen.page.locator("#list video")
    await expect(film).to_have_js_property("paused", False)
    await screen.run("window.kept = document.querySelector('#list video'), null")
    where = {"chat_id": 1, "message_id": sent["message_id"]}
    await bot.do("editMessageCaption", **where, caption="New", reply_markup=KEYS)
    await expect(screen.bubbles.last).to_contain_text("New")
    await expect(film).to_have_js_property("paused", False)
    assert await screen.run("kept === document.querySelector('#list video')")


async def test_an_animation_plays_by_itself_without_sound(screen: Screen, bot: BotSide) -> None:
    """Again and again, and marked as a GIF."""
    await greeted(screen)
    await shows(bot, "animation", await mp4(96, 64))
    film = screen.page.locator("#list video")
    for name, value in (("muted", True), ("loop", True), ("autoplay", True), ("paused", False)):
        await expect(film).to_have_js_property(name, value)
    await expect(screen.page.locator(".animated .badge-corner")).to_have_text("GIF")


async def test_a_film_can_be_played(screen: Screen, bot: BotSide) -> None:
    """It has controls, waits until it is asked, and then moves."""
    await greeted(screen)
    await shows(bot, "video", await mp4(96, 64, 1), "A fox")
    film = screen.page.locator("#list video")
    await expect(film).to_have_js_property("controls", True)
    await expect(film).to_have_js_property("paused", True)
    await film.evaluate("node => { node.muted = true; return node.play(); }")
    await expect(film).to_have_js_property("ended", True)


@pytest.mark.parametrize(("wide", "high"), [(640, 360), (360, 640), (256, 256)])
@pytest.mark.parametrize("kind", ["photo", "video", "animation"])
@pytest.mark.parametrize("room", [1100, 390])
async def test_its_place_is_known_before_its_bytes_come(
    screen: Screen, bot: BotSide, kind: str, wide: int, high: int, room: int
) -> None:
    """Nothing jumps when it is there: the shape is that of the file, and it fits the window."""
    await screen.page.set_viewport_size({"width": room, "height": 760})
    await screen.page.route("**/play/file/**", _never)
    try:
        await greeted(screen)
        body = png(wide, high) if kind == "photo" else await mp4(wide, high)
        await shows(bot, kind, body)
        shown = screen.page.locator("#list img, #list video")
        await expect(shown).to_have_count(1)
        box = await shown.bounding_box()
        assert box
        assert box["width"] / box["height"] == pytest.approx(wide / high, rel=0.02)
        assert box["x"] + box["width"] <= room
        across = await screen.run("document.documentElement.scrollWidth")
        assert across <= room
    finally:
        await screen.page.unroute("**/play/file/**", _never)
        await screen.page.set_viewport_size({"width": 1100, "height": 760})


async def _never(route: Route) -> None:
    """Nothing comes, and nothing is known of it."""
    await route.fulfill(status=204, body="")


@pytest.mark.parametrize("kind", ["photo", "video"])
async def test_a_reply_to_what_the_bot_made_brings_it_along(
    screen: Screen, bot: BotSide, kind: str
) -> None:
    """The bot is told which file is meant, and can fetch it."""
    await greeted(screen)
    body = png(300, 300) if kind == "photo" else await mp4(96, 64)
    await shows(bot, kind, body, "A fox")
    offset = (await bot.updates())[-1]["update_id"] + 1
    await screen.bubbles.last.hover()
    await screen.button("Reply").last.click()
    await screen.write("/gif")
    [update] = await bot.updates(offset=offset, timeout=10)
    about = update["message"]["reply_to_message"]
    file = about["photo"][-1] if kind == "photo" else about["video"]
    path = (await bot.do("getFile", file_id=file["file_id"]))["file_path"]
    assert body == (await bot.http.get(f"/file/bot{bot.token}/{path}")).content


async def test_a_picture_goes_with_a_command_as_its_words(screen: Screen, bot: BotSide) -> None:
    """One attaches a photo and writes what is to be made of it."""
    await bot.do("setMyCommands", commands=[{"command": "image", "description": "Draw"}])
    await screen.page.locator("#picker").set_input_files([picture(200)])
    await screen.write("/image make it winter")
    [message] = await heard(bot)
    assert "/image make it winter" == message["caption"]
    assert "bot_command" == message["caption_entities"][0]["type"]
    assert message["photo"]


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ("upload_photo", "is sending a photo"),
        ("upload_video", "is sending a video"),
        ("record_video", "is recording a video"),
    ],
)
async def test_the_heading_tells_what_is_being_made(
    screen: Screen, bot: BotSide, play: Playground, action: str, words: str
) -> None:
    """Until the message is there."""
    await greeted(screen)
    await bot.do("sendChatAction", chat_id=1, action=action)
    await expect(screen.page.locator("#chat-about")).to_contain_text(words)
