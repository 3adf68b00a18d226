"""Content that needs no file: text, places, people, polls and dice."""

import secrets
from random import randint

from playground.errors import bad_request
from playground.formatting import arranged, message_text
from playground.methods.attachments import attached
from playground.params import Params
from playground.records import Record
from playground.rich import rich_message
from playground.telegram import Telegram
from playground.text import units

_DICE = {"🎲": 6, "🎯": 6, "🎳": 6, "🏀": 5, "⚽": 5, "🎰": 64}


def text_content(telegram: Telegram, params: Params) -> Record:
    """Make the content of a text message."""
    preview = params.record("link_preview_options", "link preview options")
    shown = {"link_preview_options": preview} if preview else {}
    return message_text(params, telegram.world.users).fields() | shown


def rich_content(telegram: Telegram, params: Params, *, draft: bool = False) -> Record:
    """Make the content of a rich message."""

    def resolve(kind: str, media: Record) -> object:
        kind = "voice" if kind == "voice_note" else kind
        return attached(telegram, params, kind, media)[kind]

    return {"rich_message": rich_message(params, resolve, draft=draft)}


def _contact(_telegram: Telegram, params: Params) -> Record:
    names = ("phone_number", "first_name", "last_name", "vcard")
    given = {name: params.text(name) for name in names if name in params}
    if "phone_number" not in given:
        raise bad_request("contact phone number is empty")
    if "first_name" not in given:
        raise bad_request("contact first name is empty")
    return {"contact": given}


def _location(_telegram: Telegram, params: Params) -> Record:
    latitude, longitude = params.number("latitude"), params.number("longitude")
    if not {"latitude", "longitude"} <= params.values.keys():
        raise bad_request("latitude is empty" if "latitude" not in params else "longitude is empty")
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise bad_request("wrong latitude or longitude specified")
    return {"location": {"latitude": latitude, "longitude": longitude}}


def _venue(telegram: Telegram, params: Params) -> Record:
    place = _location(telegram, params)
    venue = place | {"title": params.text("title"), "address": params.text("address")}
    return {"venue": venue, **place}


def _dice(_telegram: Telegram, params: Params) -> Record:
    emoji = params.text("emoji") or "🎲"
    if emoji not in _DICE:
        raise bad_request("wrong dice emoji specified")
    return {"dice": {"emoji": emoji, "value": randint(1, _DICE[emoji])}}


def _poll(telegram: Telegram, params: Params) -> Record:
    question = params.text("question").strip()
    options = [
        _option(telegram, n, one) for n, one in enumerate(params.listed("options", "options"))
    ]
    if not 0 < units(question) <= 300:
        raise bad_request("poll question must be non-empty and at most 300 characters long")
    if not 2 <= len(options) <= 12:
        few = len(options) < 2
        limit = "at least 2 options" if few else "no more than 12 options"
        raise bad_request(f"poll must have {limit}")
    anonymous = params.flag("is_anonymous") if "is_anonymous" in params else True
    poll: Record = {
        "id": str(secrets.randbits(62)),
        "question": question,
        "options": options,
        "total_voter_count": 0,
        "is_closed": params.flag("is_closed"),
        "is_anonymous": anonymous,
        "type": params.text("type") or "regular",
        "allows_multiple_answers": params.flag("allows_multiple_answers"),
        "allows_revoting": params.flag("allows_revoting"),
        "members_only": params.flag("members_only"),
    }
    return {"poll": poll}


def _option(telegram: Telegram, number: int, given: object) -> Record:
    text = given.get("text") if isinstance(given, dict) else given
    read = arranged(str(text or ""), [], telegram.world.users)
    if not 0 < units(read.text) <= 100:
        raise bad_request("poll options length must not exceed 100")
    return {"persistent_id": str(number), "text": read.text, "voter_count": 0}


CONTENTS = {
    "sendMessage": text_content,
    "sendRichMessage": rich_content,
    "sendContact": _contact,
    "sendLocation": _location,
    "sendVenue": _venue,
    "sendDice": _dice,
    "sendPoll": _poll,
}
"""How each method that sends no file makes its content."""
