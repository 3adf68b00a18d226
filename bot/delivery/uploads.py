"""The calls that send a file of the shelf, each kind of file by a method of its own."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from aiogram import Bot
from aiogram.methods import TelegramMethod
from aiogram.types import InputFile

from domain.messages import Attachment, Kind

Object = Mapping[str, Any]

PIECE = 256 * 1024
NAME_AT_MOST = 64

_UNFIT = re.compile(r'[\x00-\x1f\x7f"*/:<>?\\|]+')
_ENDED = re.compile(r"(.+)(\.\w{1,8})")


class Shelved(InputFile):
    """A file that is read piece by piece while it goes.

    It is open only while a piece is read: an upload that breaks off closes nothing.
    """

    def __init__(self, path: Path, name: str) -> None:
        super().__init__(name, PIECE)
        self._path = path

    async def read(self, bot: Bot) -> AsyncGenerator[bytes, None]:  # noqa: ARG002 - aiogram's
        """Give the pieces; raises OSError where the file is gone."""
        at = 0
        while piece := await asyncio.to_thread(self._piece, at):
            yield piece
            at += len(piece)

    def _piece(self, at: int) -> bytes:
        with self._path.open("rb") as file:
            file.seek(at)
            return file.read(PIECE)


class SendFile(TelegramMethod[Any]):
    """A new message with a file; the heirs have the file in a field of its kind's name."""

    __returning__: ClassVar[Any] = dict[str, Any]

    chat_id: int
    caption: str | None = None
    caption_entities: Sequence[Object] | None = None
    message_thread_id: int | None = None
    reply_parameters: Object | None = None
    reply_markup: Object | None = None
    disable_notification: bool | None = None


class SendVoice(SendFile):
    """A voice message."""

    __api_method__: ClassVar[str] = "sendVoice"

    voice: InputFile
    duration: int | None = None


class SendAudio(SendFile):
    """A piece for the music player."""

    __api_method__: ClassVar[str] = "sendAudio"

    audio: InputFile
    duration: int | None = None


class SendVideo(SendFile):
    """A film, which can be watched before all of it is there."""

    __api_method__: ClassVar[str] = "sendVideo"

    video: InputFile
    duration: int | None = None
    width: int | None = None
    height: int | None = None
    supports_streaming: bool = True


class SendAnimation(SendFile):
    """A short film without sound, which plays by itself."""

    __api_method__: ClassVar[str] = "sendAnimation"

    animation: InputFile
    duration: int | None = None
    width: int | None = None
    height: int | None = None


class SendPhoto(SendFile):
    """A picture, which Telegram makes smaller."""

    __api_method__: ClassVar[str] = "sendPhoto"

    photo: InputFile


class SendDocument(SendFile):
    """A file as it is."""

    __api_method__: ClassVar[str] = "sendDocument"

    document: InputFile
    disable_content_type_detection: bool = True


_CALLS: Mapping[Kind, tuple[type[SendFile], str]] = {
    Kind.VOICE: (SendVoice, "voice"),
    Kind.AUDIO: (SendAudio, "audio"),
    Kind.VIDEO: (SendVideo, "video"),
    Kind.ANIMATION: (SendAnimation, "animation"),
    Kind.PHOTO: (SendPhoto, "photo"),
}
_DOCUMENT = (SendDocument, "document")


def upload(file: Attachment, path: Path, around: Mapping[str, Any]) -> SendFile:
    """The call that sends the file at `path`, which is read piece by piece while it goes."""
    call, name = _CALLS.get(file.kind, _DOCUMENT)
    fields = dict(around)
    if "duration" in call.model_fields and file.seconds:
        fields["duration"] = max(1, round(file.seconds))
    if "width" in call.model_fields and file.width and file.height:
        fields |= {"width": file.width, "height": file.height}
    fields[name] = Shelved(path, _name(file, path))
    return call(**fields)


def _name(file: Attachment, path: Path) -> str:
    """What the file is called there: its name without what no name may hold."""
    clean = _UNFIT.sub("_", file.name).strip(" ._")
    found = _ENDED.fullmatch(clean)
    stem, ending = found.groups() if found else (clean, path.suffix)
    return f"{stem[:NAME_AT_MOST] or file.kind.value}{ending}"
