"""However strange a call is, it gets a result or a refusal, and never a crash."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground import entities as marks
from playground.errors import ApiError
from playground.methods import METHODS
from playground.options import Knobs, Options
from playground.params import Params, Upload
from playground.telegram import Telegram
from playground.text import piece, split, units

BODY = b"body"
SOUND: dict[str, Any] = {
    "chat_id": 1,
    "from_chat_id": 1,
    "message_id": 2,
    "message_ids": [1],
    "text": "hi",
    "entities": [{"type": "text_mention", "offset": 0, "length": 1, "user": {"id": 1}}],
    "caption": "hi",
    "draft_id": 1,
    "action": "typing",
    "photo": "attach://f",
    "document": "attach://f",
    "media": [{"type": "document", "media": "attach://f", "caption": "hi"}] * 2,
    "rich_message": {
        "blocks": [
            {"type": "list", "items": [{"blocks": [{"type": "paragraph", "text": ["a"]}]}]},
            {"type": "voice_note", "voice_note": {"media": "attach://f"}},
            {"type": "table", "cells": [[{"text": "a"}]], "caption": "b"},
        ]
    },
    "reply_parameters": {"message_id": 1, "chat_id": 1, "quote": "h"},
    "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "b", "url": "c.d"}]]},
    "reaction": [{"type": "emoji", "emoji": "👍"}],
    "commands": [{"command": "a", "description": "b"}],
    "scope": {"type": "chat", "chat_id": 1},
    "question": "a?",
    "options": ["a", {"text": "b"}],
    "name": "a",
    "results": [{"id": "1"}],
    "allowed_updates": [],
    "url": "",
    "user_id": 1,
    "file_id": "a",
    "menu_button": {"type": "commands"},
    "link_preview_options": {"is_disabled": True},
    "latitude": 1,
    "longitude": 1,
    "phone_number": "1",
    "first_name": "a",
    "language_code": "en",
    "message_thread_id": 0,
}
"""Values with which nearly every method succeeds."""
STRANGE: list[Any] = [
    *(None, True, -1, 2**80, 0.5, float("nan"), "", "x", "[1]", "null", "{", "attach://f", "@x"),
    *([], {}, [1], ["x"], [None], [[]], [{}], [[[]]]),
    *({"type": []}, {"type": "photo"}, {"type": "photo", "media": 5}),
]


def _spoilt(value: Any) -> list[Any]:
    """Give all values that come of putting something strange into one place of a sound one."""
    found = list(STRANGE)
    if isinstance(value, dict):
        found += [{**value, key: bad} for key in value for bad in _spoilt(value[key])]
        found += [{k: v for k, v in value.items() if k != key} for key in value]
    if isinstance(value, list) and value:
        found += [[bad, *value[1:]] for bad in _spoilt(value[0])]
    return found


def _telegram() -> Telegram:
    telegram = Telegram(Options(), Knobs())
    chat = telegram.world.chats[1]
    chat.known = True
    telegram.posting.post(chat, telegram.world.users[1], {"text": "hi"})
    telegram.posting.post(chat, telegram.world.bot, {"text": "hello"})
    return telegram


@pytest.mark.parametrize("method", sorted(METHODS.keys() - {"getupdates"}))
async def test_no_call_crashes(method: str) -> None:
    """Something strange in any place of any parameter gives a result or a refusal."""
    uploads = {"f": Upload("f.txt", "text/plain", BODY)}
    for name, value in SOUND.items():
        telegram = _telegram()
        for bad in _spoilt(value) if _reads(method, name) else STRANGE[:3]:
            with suppress(ApiError):
                METHODS[method](telegram, Params({**SOUND, name: bad}, uploads))
        telegram.close()


def _reads(method: str, name: str) -> bool:
    """Tell which structures a method looks into; elsewhere a few strange values are enough."""
    readers = {
        "entities": ("sendmessage", "sendmessagedraft", "editmessagetext"),
        "media": ("sendmediagroup", "editmessagemedia"),
        "rich_message": ("sendrichmessage", "sendrichmessagedraft", "editmessagetext"),
        "reply_parameters": ("sendmessage",),
        "reply_markup": ("sendmessage", "editmessagereplymarkup"),
        "options": ("sendpoll",),
        "results": ("answerinlinequery",),
        "reaction": ("setmessagereaction",),
        "commands": ("setmycommands",),
        "scope": ("setmycommands",),
        "message_ids": ("deletemessages", "copymessages", "forwardmessages"),
        "message_id": ("editmessagetext", "deletemessage", "copymessage", "setmessagereaction"),
        "chat_id": ("sendmessage", "getchat"),
    }
    return method in readers.get(name, ())


@given(
    text=st.text(alphabet="a😀 @/.#$x:-", max_size=40),
    entities=st.lists(
        st.fixed_dictionaries(
            {
                "type": st.sampled_from(["bold", "code", "nonsense"]),
                "offset": st.integers(-3, 50),
                "length": st.integers(-3, 50),
            }
        ),
        max_size=4,
    ),
)
def test_entities_that_are_kept_fit_their_text(text: str, entities: list[dict[str, Any]]) -> None:
    """Given entities are refused or lie on whole characters, found ones always do."""
    try:
        kept = marks.given(entities, text)
    except ApiError:
        kept = []
    for entity in [*kept, *marks.found(text, kept)]:
        start, end = entity["offset"], entity["offset"] + entity["length"]
        assert 0 <= start < end <= units(text)
        assert text == piece(text, 0, start) + piece(text, start, end - start) + piece(
            text, end, 99
        )


@given(text=st.text(alphabet="ab 😀\n", max_size=120), limit=st.integers(8, 40))
def test_a_split_text_loses_only_blanks(text: str, limit: int) -> None:
    """Every part is within the limit, and together they are the text without its blanks."""
    parts = split(text, limit)
    assert all(0 < units(part) <= limit for part in parts)
    assert "".join(text.split()) == "".join("".join(parts).split())
