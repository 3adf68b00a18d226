"""The last look at a film: what a server wrote becomes what Telegram plays everywhere."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from domain.drawing import Clip
from domain.errors import BackendNonsense, TooBig, Unsupported
from services.clips.boxes import labelled, streams
from services.clips.kinds import Form, form
from services.clips.moving import Still, Undrawn, filmed
from services.clips.probing import Facts, probe, roomy, source
from services.clips.writing import (
    CODEC,
    LONGEST,
    PIXELS,
    SOUNDS,
    TRIES,
    encoded,
    rewrapped,
)
from services.sound.ffmpeg import Ffmpeg, FfmpegError, FfmpegFailed, FfmpegHung
from services.words import Voice

log = logging.getLogger(__name__)

UPLOAD = 49 << 20
"""Bytes that a bot may upload, less what the words around the file may have."""

LARGEST = 1 << 29
"""Bytes that a server's file may have at all."""

SMALLEST = 16
"""Pixels of a side below which it is no film."""

GRACE = 0.3
"""Seconds over the wish that are let be: models count in frames, and one more is no harm."""

MIME = "video/mp4"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which `server` made a film, and how many `seconds` it may have; 0 is any number."""

    server: str
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class _Film:
    """A file, and what is known of it."""

    file: Path
    form: Form
    facts: Facts


@dataclass(frozen=True, slots=True)
class Finisher:
    """Makes films ready; `most` bytes may be sent, and a step may take `deadline` seconds.

    No film is longer than `longest` seconds, whatever was wanted.
    """

    ffmpeg: Ffmpeg
    most: int = UPLOAD
    longest: float = 60.0
    deadline: float = 120.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "ffmpeg", roomy(self.ffmpeg))

    async def finish(self, clip: Clip, room: Path, wanted: Wanted, voice: Voice) -> Clip:
        """Return the film as it is sent: MP4, H.264, yuv420p, even sizes, its index first.

        What is right already is not touched, only moved within the room. Raises BackendNonsense
        for what is no film, and TooBig or Unsupported in the person's words.
        """
        into = room / "finished.mp4"
        file, found = clip.path, await asyncio.to_thread(_examined, clip.path, wanted.server)
        if found is Form.DRAWN:
            file, found = await self._filmed(file, room / "moving.mp4", wanted, voice), Form.MP4
        facts = await self._opened(file, found, wanted, voice)
        if await asyncio.to_thread(self._right, file, facts, wanted):
            await asyncio.to_thread(file.replace, into)
        else:
            way = await self._written(_Film(file, found, facts), into, wanted, voice)
            if found is not Form.MP4 or way != rewrapped():  # else all is as it was found
                facts = await self._opened(into, Form.MP4, wanted, voice)
        return Clip(into, MIME, facts.seconds, *facts.size)

    def _limit(self, wanted: Wanted) -> float:
        return min(wanted.seconds, self.longest) if wanted.seconds > 0 else self.longest

    async def _opened(self, file: Path, found: Form, wanted: Wanted, voice: Voice) -> Facts:
        """Open all of it that counts; raises BackendNonsense where that is no film."""
        most = self._limit(wanted) + 2 * GRACE
        with _blaming(wanted.server, voice):
            facts = await probe(file, found, self.ffmpeg, most, self.deadline)
        if facts.frames < 2:
            raise BackendNonsense(wanted.server, "a still picture in the place of a film")
        if min(facts.size) < SMALLEST:
            raise BackendNonsense(wanted.server, f"a film of {facts.size[0]}x{facts.size[1]}")
        return facts

    async def _filmed(self, picture: Path, into: Path, wanted: Wanted, voice: Voice) -> Path:
        try:
            with _blaming(wanted.server, voice):
                await filmed(picture, into, self._limit(wanted), self.ffmpeg, self.deadline)
        except Still:
            reason = "a still picture in the place of a film"
            raise BackendNonsense(wanted.server, reason) from None
        except Undrawn:
            raise BackendNonsense(wanted.server, "a damaged moving picture") from None
        return into

    def _right(self, file: Path, facts: Facts, wanted: Wanted) -> bool:
        """Whether it can be sent as it stands."""
        fits = file.stat().st_size <= self.most and self._plays(facts, wanted)
        return fits and streams(file) and not labelled(file)

    def _plays(self, facts: Facts, wanted: Wanted) -> bool:
        """Whether its pictures and sounds are right, in whatever box they are."""
        plain = (facts.codec, facts.pixels) == (CODEC, PIXELS) and facts.sound in SOUNDS
        fits = not any(side % 2 for side in facts.size) and max(facts.size) <= LONGEST
        return plain and fits and facts.seconds <= self._limit(wanted) + GRACE

    async def _written(
        self, film: _Film, into: Path, wanted: Wanted, voice: Voice
    ) -> tuple[str, ...]:
        """Write it anew, with as little change as will do, and tell the way that did.

        Raises TooBig where none does.
        """
        trouble: FfmpegFailed | None = None
        for way in await asyncio.to_thread(self._ways, film, wanted):
            arguments = (*source(film.file, film.form), *way, f"file:{into}")
            trouble = await self._run(arguments, voice)
            if not trouble and (await asyncio.to_thread(into.stat)).st_size <= self.most:
                return way
        await asyncio.to_thread(into.unlink, missing_ok=True)
        if trouble:
            raise unprepared(trouble, voice) from trouble
        raise TooBig(
            voice(
                "The video came out too large to be sent. "
                "Please ask for a shorter or a smaller one."
            )
        )

    def _ways(self, film: _Film, wanted: Wanted) -> list[tuple[str, ...]]:
        """The ways to write it, the one that changes least first."""
        seconds = min(film.facts.seconds, self._limit(wanted))
        anew = [encoded(one, film.facts.size, seconds, self.most) for one in TRIES]
        small = film.file.stat().st_size <= self.most  # another box would make it no smaller
        return [rewrapped(), *anew] if small and self._plays(film.facts, wanted) else anew

    async def _run(self, arguments: Sequence[str], voice: Voice) -> FfmpegFailed | None:
        """Let ffmpeg write it; where one way fails, another may not."""
        try:
            await self.ffmpeg.run(arguments, self.deadline)
        except FfmpegFailed as trouble:
            return trouble
        except FfmpegHung as error:
            log.error("%s", error, extra={"action": "finish"})  # noqa: TRY400 - no traceback
            raise TooBig(
                voice("This video takes too long to prepare. Please ask for a shorter one.")
            ) from error
        except FfmpegError as error:
            raise unprepared(error, voice) from error
        return None


def _examined(file: Path, server: str) -> Form:
    try:
        size = file.stat().st_size
    except FileNotFoundError:
        raise BackendNonsense(server, "no film, where one was promised") from None
    if not size:
        raise BackendNonsense(server, "an empty file in the place of a film")
    if size > LARGEST:
        raise BackendNonsense(server, f"a film of {size >> 20} MB")
    found = form(file)
    if found is None:
        raise BackendNonsense(server, f"{size} bytes that are no film")
    return found


@contextmanager
def _blaming(server: str, voice: Voice) -> Iterator[None]:
    """What cannot be opened is the server's fault; a missing ffmpeg is ours."""
    try:
        yield
    except FfmpegHung as error:
        raise BackendNonsense(server, "a film that takes too long to open") from error
    except FfmpegFailed as error:
        raise BackendNonsense(server, "a damaged film") from error
    except FfmpegError as error:
        raise unprepared(error, voice) from error


def unprepared(error: FfmpegError, voice: Voice) -> Unsupported:
    """Note what keeps us from working, and say that it does."""
    log.error("%s", error, extra={"action": "finish"})
    return Unsupported(voice("I cannot prepare videos at the moment. Please try again later."))
