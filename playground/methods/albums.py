"""Several pictures, films, sounds or documents as one album."""

import secrets

from playground.errors import bad_request
from playground.formatting import caption
from playground.methods.attachments import attached, media_marks
from playground.methods.call import Method
from playground.methods.sending import deliver
from playground.params import Params
from playground.records import Record
from playground.telegram import Telegram

SMALLEST, LARGEST = 2, 10
_MIXED = frozenset(("photo", "video", "live_photo"))
_ALONE = frozenset(("audio", "document"))


def send_media_group(telegram: Telegram, params: Params) -> list[Record]:
    """Send an album; each part becomes a message of its own."""
    parts = params.listed("media", "InputMedia")
    _check_mix(parts)
    contents = [_part(telegram, params, part) for part in parts]
    chat = telegram.world.target(params.text("chat_id"))
    group = {"media_group_id": str(secrets.randbits(53))}
    telegram.flood.message(chat, len(contents))
    inner = Params({**params.values, "reply_markup": None})
    return [deliver(telegram, chat, inner, content | group, counted=True) for content in contents]


def _part(telegram: Telegram, params: Params, part: Record) -> Record:
    inner = Params(part, params.uploads)
    words = caption(inner, telegram.world.users)
    return attached(telegram, inner, part["type"], part) | words | media_marks(inner)


def _check_mix(parts: list[object]) -> None:
    if len(parts) > LARGEST:
        raise bad_request("too many messages to send as an album")
    if len(parts) < SMALLEST:
        raise bad_request("too few messages to send as an album")
    kinds = {_kind(part) for part in parts}
    for kind in sorted(kinds & _ALONE):
        if len(kinds) > 1:
            raise bad_request(f"{kind} can't be mixed with other media types")


def _kind(part: object) -> str:
    kind = str(part.get("type")) if isinstance(part, dict) else None
    if kind not in _MIXED | _ALONE:
        raise bad_request(f"can't parse InputMedia: type \"{kind}\" can't be used in an album")
    return str(kind)


METHODS: dict[str, Method] = {"sendMediaGroup": send_media_group}
