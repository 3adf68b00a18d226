"""Turns whatever somebody sent into Speech, from file to file."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from domain.errors import Broken, Refused, TooBig, Unsupported
from domain.speech import Speech
from services.sound.decoding import HEADER, Decoding
from services.sound.ffmpeg import Ffmpeg, FfmpegError, FfmpegFailed, FfmpegMissing
from services.sound.kinds import Kind, kind
from services.words import Voice

log = logging.getLogger(__name__)

RATE = 16_000
"""Samples a second that transcribers want."""

GRACE = 5
"""Seconds over the limit that are taken: an hour of talk is seldom just an hour."""

SHORTEST = 0.05
"""Seconds below which nothing can have been said."""


@dataclass(frozen=True, slots=True)
class Converter:
    """Takes recordings of up to so many minutes; `deadline` is how many seconds one may cost."""

    ffmpeg: Ffmpeg
    minutes: int = 60
    deadline: float = 120.0

    async def convert(self, file: Path, room: Path, voice: Voice) -> Speech:
        """Write the first sound of the file into the room, and measure what came out.

        What a damaged file still gives is taken. Raises Unsupported, Broken or TooBig in the
        person's words, and leaves nothing behind then.
        """
        into = room / "speech.wav"
        try:
            speech = await self._converted(file, into, voice)
        except BaseException:
            into.unlink(missing_ok=True)
            raise
        return speech

    async def _converted(self, file: Path, into: Path, voice: Voice) -> Speech:
        # a few bytes of a file that has just been written: a thread would take longer
        form = _examined(file, voice)
        trouble = await self._write(file, form, into)
        seconds = _seconds(into)
        if seconds > self.minutes * 60 + GRACE:
            raise too_long(self.minutes, voice)
        if seconds < SHORTEST or _crashed(trouble):
            raise _refusal(trouble, voice)
        return Speech(into, seconds)

    async def _write(self, file: Path, form: Kind, into: Path) -> FfmpegError | None:
        """Let ffmpeg write it; what went wrong is weighed once it is seen what came out."""
        decoding = Decoding(file, form, into, RATE, self.minutes * 60 + GRACE + 1)
        try:
            await self.ffmpeg.run(decoding.arguments(), self.deadline)
        except FfmpegFailed as trouble:
            return trouble
        except FfmpegError as trouble:
            # the person cannot mend it, and asking again would cost as much
            log.error("%s", trouble, extra={"action": "convert"})  # noqa: TRY400 - no traceback
            return trouble
        return None


def _examined(file: Path, voice: Voice) -> Kind:
    with file.open("rb") as opened:
        form = kind(opened)
        empty = not opened.seek(0, 2)
    if empty:
        raise Broken(_nothing(voice))
    if form is None:
        raise Unsupported(
            voice(
                "This is no recording that I can listen to. "
                "Send a voice note, or a file such as MP3, M4A, OGG or WAV."
            )
        )
    return form


def _seconds(file: Path) -> float:
    """How long it is by what is there, for headers may say anything."""
    try:
        size = file.stat().st_size
    except FileNotFoundError:
        return 0.0
    return max(size - HEADER, 0) // 2 / RATE


def _crashed(trouble: FfmpegError | None) -> bool:
    """Whether what was written must not be trusted: it was killed, or never began."""
    return trouble is not None and not (isinstance(trouble, FfmpegFailed) and trouble.code > 0)


def _refusal(trouble: FfmpegError | None, voice: Voice) -> Refused:
    match trouble:
        case None:
            return Broken(_nothing(voice))
        case FfmpegFailed(words=words) if "matches no streams" in words:
            return Unsupported(voice("There is no sound in this file."))
        case FfmpegFailed():
            text = voice("This recording is damaged, and I cannot open it. Please send it again.")
            return Broken(text)
        case FfmpegMissing():
            text = voice("I cannot listen to recordings at the moment. Please write to me instead.")
            return Unsupported(text)
    text = voice("This recording takes too long to open. Please send it in another format.")
    return Broken(text)


def _nothing(voice: Voice) -> str:
    return voice("This recording is empty: there is nothing to hear in it.")


def too_long(minutes: int, voice: Voice) -> TooBig:
    """The refusal of a recording of more than so many minutes."""
    return TooBig(
        voice.many(
            "This recording is too long. I take up to {n} minute; please send it in parts.",
            "This recording is too long. I take up to {n} minutes; please send it in parts.",
            minutes,
        )
    )
