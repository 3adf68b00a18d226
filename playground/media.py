"""A file becomes the part of a message that describes it."""

import mimetypes
from collections.abc import Callable, Mapping
from typing import Any

from playground.errors import bad_request
from playground.files import Files, StoredFile
from playground.films import film
from playground.params import Upload
from playground.pictures import picture_size, sound_seconds
from playground.records import Record

PHOTO_LIMIT = 10 << 20
THUMB = 320
_ANY = "application/octet-stream"
_DEFAULT_NAMES = {
    "photo": "photo.jpg",
    "voice": "voice.ogg",
    "video": "video.mp4",
    "audio": "audio.mp3",
    "animation": "animation.mp4",
    "video_note": "video.mp4",
    "sticker": "sticker.webp",
}
TITLES = {
    "photo": "Photo",
    "voice": "VoiceNote",
    "video": "Video",
    "audio": "Audio",
    "animation": "Animation",
    "video_note": "VideoNote",
    "sticker": "Sticker",
    "document": "Document",
}
"""All kinds of files, by the names that the server uses in its complaints."""

_NAMELESS = ("voice", "video_note", "sticker")
Details = Mapping[str, Any]


def store(files: Files, kind: str, upload: Upload) -> StoredFile:
    """Keep an upload, if it can be what it is said to be."""
    if not upload.body:
        raise bad_request("file must be non-empty")
    if kind == "photo":
        _check_photo(upload)
    name = upload.name if "." in upload.name else _DEFAULT_NAMES.get(kind, upload.name)
    guessed = mimetypes.guess_type(name)[0]
    mime = guessed or _ANY if upload.mime in (_ANY, "text/plain", "") else upload.mime
    return files.add(kind, name, mime, upload.body)


def _check_photo(upload: Upload) -> None:
    size = picture_size(upload.body)
    if size is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    if len(upload.body) > PHOTO_LIMIT:
        raise bad_request(
            f'file "{upload.name}" of size {len(upload.body)} bytes is too big for a photo'
        )
    if sum(size) > 10_000 or max(size) > 20 * min(size):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")


def content(files: Files, stored: StoredFile, details: Details) -> Record:
    """Describe a stored file as a message of its kind does."""
    if stored.kind == "photo":
        return {"photo": _photo_sizes(files, stored)}
    described = _named(stored) if stored.kind not in _NAMELESS else {}
    described |= {"mime_type": stored.mime} if stored.kind == "voice" else {}
    described |= _SHAPES[stored.kind](stored, details)
    described |= _identity(stored)
    if stored.kind == "animation":
        return {"animation": described, "document": _named(stored) | _identity(stored)}
    return {stored.kind: described}


def _identity(stored: StoredFile) -> Record:
    size = len(stored.body)
    return {"file_id": stored.id, "file_unique_id": stored.unique, "file_size": size}


def _named(stored: StoredFile) -> Record:
    return {"file_name": stored.name, "mime_type": stored.mime}


def _photo_sizes(files: Files, stored: StoredFile) -> list[Record]:
    width, height = picture_size(stored.body) or (0, 0)
    full = _identity(stored) | {"width": width, "height": height}
    longest = max(width, height)
    if longest <= THUMB:
        return [full]
    small = files.add("photo", stored.name, stored.mime, stored.body)
    shrunk = {"width": width * THUMB // longest, "height": height * THUMB // longest}
    return [_identity(small) | {"file_unique_id": small.unique + "s"} | shrunk, full]


def _whole(details: Details, name: str, default: int = 0) -> int:
    try:
        return int(details.get(name) or default)
    except (TypeError, ValueError):
        return default


def _sound(stored: StoredFile, details: Details) -> Record:
    seconds = _whole(details, "duration") or sound_seconds(stored.body)
    tags = {name: str(details[name]) for name in ("performer", "title") if details.get(name)}
    return {"duration": seconds, **tags}


def _film(stored: StoredFile, details: Details) -> Record:
    told = film(stored.body)
    width, height = picture_size(stored.body) or (told.width or 320, told.height or 240)
    return {
        "width": _whole(details, "width", width),
        "height": _whole(details, "height", height),
        "duration": _whole(details, "duration", round(told.seconds)),
    }


def _round_film(stored: StoredFile, details: Details) -> Record:
    length = _whole(details, "length", 240)
    seconds = round(film(stored.body).seconds)
    return {"length": length, "duration": _whole(details, "duration", seconds)}


def _sticker(stored: StoredFile, details: Details) -> Record:
    width, height = picture_size(stored.body) or (512, 512)
    kinds = {"is_animated": stored.name.endswith(".tgs"), "is_video": stored.name.endswith(".webm")}
    emoji = {"emoji": details["emoji"]} if details.get("emoji") else {}
    return {"type": "regular", "width": width, "height": height, **kinds, **emoji}


_SHAPES: dict[str, Callable[[StoredFile, Details], Record]] = {
    "document": lambda _stored, _details: {},
    "voice": lambda stored, details: {"duration": _sound(stored, details)["duration"]},
    "audio": _sound,
    "video": _film,
    "animation": _film,
    "video_note": _round_film,
    "sticker": _sticker,
}
