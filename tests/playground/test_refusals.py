"""The playground refuses what the real server refuses, in its words."""

import pytest

from playground.server import Playground
from tests.playground.conftest import BotSide
from tests.playground.wrong_calls import REFUSALS, SEND, Record, button
from tests.telegram import Person


@pytest.mark.parametrize(
    ("method", "params", "words"), REFUSALS, ids=[f"{m} {w[:40]}" for m, _, w in REFUSALS]
)
async def test_it_refuses_with_the_words_of_the_server(
    bot: BotSide, ann: Person, method: str, params: Record, words: str
) -> None:
    """Each wrong call is a Bad Request with exactly this description."""
    answer = await bot.call(method, **params)
    assert {"ok": False, "error_code": 400, "description": f"Bad Request: {words}"} == answer


async def test_a_wrong_token_is_unauthorized(play: Playground, bot: BotSide) -> None:
    """Any token but the bot's own is turned away with 401."""
    answer = await bot.http.post("/bot1000:wrong/getMe")
    assert 401 == answer.status_code
    assert {"ok": False, "error_code": 401, "description": "Unauthorized"} == answer.json()


async def test_an_unknown_method_is_not_found(bot: BotSide) -> None:
    """A method that there is not is a plain 404."""
    answer = await bot.call("sendTelepathy")
    assert {"ok": False, "error_code": 404, "description": "Not Found"} == answer


async def test_a_reply_to_nothing_can_be_allowed(bot: BotSide, ann: Person) -> None:
    """With allow_sending_without_reply the message is sent without being a reply."""
    reply = {"message_id": 777, "allow_sending_without_reply": True}
    sent = await bot.do("sendMessage", **SEND, reply_parameters=reply)
    assert "reply_to_message" not in sent


async def test_an_edit_to_the_same_is_refused(bot: BotSide, ann: Person) -> None:
    """Neither the same text, nor the same with blanks at its end, is a change."""
    sent = await bot.do("sendMessage", chat_id=1, text="same")
    for text in ("same", "same \n"):
        words = await bot.refused(
            "editMessageText", chat_id=1, message_id=sent["message_id"], text=text
        )
        assert (
            "Bad Request: message is not modified: specified new message content and reply markup"
            " are exactly the same as a current content and reply markup of the message"
        ) == words
    changed = await bot.do(
        "editMessageText",
        chat_id=1,
        message_id=sent["message_id"],
        text="same",
        reply_markup=button(callback_data="x"),
    )
    assert changed["edit_date"] >= sent["date"]


async def test_the_bot_hears_that_it_was_kicked(bot: BotSide, ann: Person) -> None:
    """After leaving a group the bot gets 403 there."""
    await bot.do("leaveChat", chat_id=-100)
    words = await bot.refused("sendMessage", chat_id=-100, text="still here?")
    assert "Forbidden: bot was kicked from the group chat" == words


async def test_methods_and_forms_are_read_leniently(bot: BotSide, ann: Person) -> None:
    """Case of the method does not matter; GET, forms and multipart mean the same as JSON."""
    base = f"/bot{bot.token}"
    answers = [
        await bot.http.get(f"{base}/SENDmessage", params=SEND),
        await bot.http.post(f"{base}/sendMessage", data=SEND),
        await bot.http.post(f"{base}/sendMessage", data=SEND, files={"x": ("x.txt", b"x")}),
        await bot.http.post(f"{base}/sendMessage?chat_id=1", json={"text": "hi"}),
    ]
    assert ["hi"] * 4 == [answer.json()["result"]["text"] for answer in answers]


@pytest.mark.parametrize("body", ['{"a"', "[1]", '"x"', "nul"])
async def test_a_broken_body_is_a_bad_request(bot: BotSide, body: str) -> None:
    """JSON that is none is refused and harms nobody."""
    headers = {"Content-Type": "application/json"}
    answer = await bot.http.post(f"/bot{bot.token}/getMe", content=body, headers=headers)
    assert 400 == answer.status_code


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b'{"chat_id": 1, "text": "a\\ud800"}'),
        ("application/json", b'{"chat_id": 1, "text": "\xff"}'),
        ("application/x-www-form-urlencoded", b"chat_id=1&text=%FF"),
    ],
)
async def test_text_has_to_be_utf8(bot: BotSide, ann: Person, kind: str, body: bytes) -> None:
    """Bytes that are no text, and half a character, are refused whatever the encoding."""
    headers = {"Content-Type": kind}
    answer = await bot.http.post(f"/bot{bot.token}/sendMessage", content=body, headers=headers)
    assert "Bad Request: strings must be encoded in UTF-8" == answer.json()["description"]


async def test_a_whole_pair_in_json_is_one_character(bot: BotSide, ann: Person) -> None:
    """Written as two escapes, an emoji arrives whole."""
    headers = {"Content-Type": "application/json"}
    body = b'{"chat_id": 1, "text": "\\ud83d\\ude00"}'
    answer = await bot.http.post(f"/bot{bot.token}/sendMessage", content=body, headers=headers)
    assert "😀" == answer.json()["result"]["text"]


async def test_both_limits_of_length_count_utf16(bot: BotSide, ann: Person) -> None:
    """Exactly 4096 units pass, marks do not count."""
    assert 2048 == len((await bot.do("sendMessage", chat_id=1, text="😀" * 2048))["text"])
    marked = f"<b>{'x' * 4096}</b>"
    sent = await bot.do("sendMessage", chat_id=1, text=marked, parse_mode="HTML")
    assert [{"type": "bold", "offset": 0, "length": 4096}] == sent["entities"]
