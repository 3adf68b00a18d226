"""Files in calls: uploaded now, sent before, or named by an address that is not fetched."""

from functools import partial

from playground.errors import bad_request
from playground.files import StoredFile
from playground.formatting import caption
from playground.media import TITLES, content, store
from playground.params import Params
from playground.records import Record
from playground.telegram import Telegram

_CAPTIONED = ("photo", "voice", "video", "audio", "animation", "document")


def stored_file(telegram: Telegram, params: Params, kind: str, value: object) -> StoredFile:
    """Find or keep the file that a call means."""
    name = str(value or "")
    upload = params.uploads.get(name.removeprefix("attach://") if ":" in name else kind)
    if upload is not None:
        return store(telegram.files, kind, upload)
    if not name:
        raise bad_request(f"there is no {kind.replace('_', ' ')} in the request")
    if name.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    found = telegram.files.find(name)
    if found is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if found.kind != kind:
        old, new = TITLES[found.kind], TITLES[kind]
        raise bad_request(f"can't use file of type {old} as {new}")
    return found


def attached(telegram: Telegram, params: Params, kind: str, details: Record) -> Record:
    """Make the content of a message out of a file and what is said about it."""
    stored = stored_file(telegram, params, kind, details.get(kind) or details.get("media"))
    return content(telegram.files, stored, details)


def media_content(kind: str, telegram: Telegram, params: Params) -> Record:
    """Make the content of a message that carries one file."""
    words = caption(params, telegram.world.users) if kind in _CAPTIONED else {}
    return attached(telegram, params, kind, params.values) | words | media_marks(params)


def media_marks(params: Params) -> Record:
    """Read how a picture or a film wants to be shown."""
    names = ("has_spoiler", "show_caption_above_media")
    wanted = {name: True for name in names if params.flag(name)}
    if "has_spoiler" in wanted:
        wanted["has_media_spoiler"] = wanted.pop("has_spoiler")
    return wanted


CONTENTS = {
    "sendPhoto": partial(media_content, "photo"),
    "sendVoice": partial(media_content, "voice"),
    "sendVideo": partial(media_content, "video"),
    "sendAudio": partial(media_content, "audio"),
    "sendAnimation": partial(media_content, "animation"),
    "sendDocument": partial(media_content, "document"),
    "sendVideoNote": partial(media_content, "video_note"),
    "sendSticker": partial(media_content, "sticker"),
}
"""How each method that sends a file makes its content."""
