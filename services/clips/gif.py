"""GIFs of films that were sent: made when somebody wants one, and then kept beside the film."""

from __future__ import annotations

import asyncio
import logging
import os
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from domain.errors import Broken, TooBig
from domain.messages import Attachment, Kind
from services.clips.checking import UPLOAD, unprepared
from services.clips.kinds import Form, form
from services.clips.probing import roomy, source
from services.files import Shelf
from services.sound.ffmpeg import Ffmpeg, FfmpegError, FfmpegFailed, FfmpegHung
from services.words import Voice

log = logging.getLogger(__name__)

MIME = "image/gif"
WISHED = 12 << 20
"""Bytes that a GIF should have at most: a larger one takes long to load, and looks no better."""

LONGEST = 30.0
"""Seconds of a film that become a GIF: all its frames wait until the colours are chosen."""


@dataclass(frozen=True, slots=True)
class Step:
    """How large a GIF is: how long a frame stays, and pixels of its width.

    A GIF counts in hundredths of a second, so no other rate would run smoothly.
    """

    hundredths: int
    width: int

    @property
    def weight(self) -> float:
        """What its bytes grow with."""
        return self.width**2 / self.hundredths

    def graph(self) -> str:
        """What ffmpeg does with each frame: the colours are chosen first, from all of them."""
        return (
            f"fps=100/{self.hundredths},scale='min({self.width},iw)':-2:flags=lanczos,split[a][b];"
            "[a]palettegen=stats_mode=diff[p];"
            "[b][p]paletteuse=dither=bayer:bayer_scale=4:diff_mode=rectangle"
        )


STEPS = (Step(6, 480), Step(8, 400), Step(10, 320), Step(12, 240), Step(20, 160))
"""From the finest to what is still a GIF."""


@dataclass(slots=True)
class GifMaker:
    """Makes one GIF of each film on the `shelf`, however many want it at the same time.

    It should have `wished` bytes, and has at most `most`. A step may take `deadline` seconds.
    """

    ffmpeg: Ffmpeg
    shelf: Shelf
    wished: int = WISHED
    most: int = UPLOAD
    deadline: float = 120.0
    _turns: dict[str, asyncio.Lock] = field(default_factory=dict, init=False)
    _wanted: Counter[str] = field(default_factory=Counter, init=False)

    def __post_init__(self) -> None:
        self.ffmpeg = roomy(self.ffmpeg)

    async def gif(self, ref: str, room: Path, voice: Voice) -> Attachment:
        """The GIF of a film on the shelf, as a file to be sent; `room` is for its making.

        Raises Broken, TooBig or Unsupported in the person's words.
        """
        into = self.shelf.path(ref).with_suffix(".gif")
        async with self._turn(ref):
            if not await asyncio.to_thread(_kept, into):
                made = await self._made(self.shelf.path(ref), room / into.name, voice)
                await asyncio.to_thread(made.replace, into)
        size = (await asyncio.to_thread(into.stat)).st_size
        return Attachment(Kind.DOCUMENT, into.name, MIME, size, name="animation.gif")

    @asynccontextmanager
    async def _turn(self, ref: str) -> AsyncIterator[None]:
        """One after another for each film; nothing is kept of who is through."""
        turn = self._turns.setdefault(ref, asyncio.Lock())
        self._wanted[ref] += 1
        try:
            async with turn:
                yield
        finally:
            self._wanted[ref] -= 1
            if not self._wanted[ref]:
                del self._wanted[ref], self._turns[ref]

    async def _made(self, film: Path, into: Path, voice: Voice) -> Path:
        if not await asyncio.to_thread(film.exists):
            raise Broken(voice("That video is no longer kept here. Please make a new one."))
        step: Step | None = STEPS[0]
        while step:
            size = await self._written(film, step, into, voice)
            if size <= self.wished:
                return into
            last, step = step, _smaller(step, self.wished / size)
            log.info("a GIF of %d bytes at %s", size, last, extra={"action": "gif"})
        if size > self.most:
            raise TooBig(
                voice("The GIF of this video is too large to be sent. Please take the video.")
            )
        return into

    async def _written(self, film: Path, step: Step, into: Path, voice: Voice) -> int:
        found = await asyncio.to_thread(form, film)
        output = ("-an", "-sn", "-dn", "-t", str(LONGEST), "-filter_complex", step.graph())
        target = ("-map_metadata", "-1", "-loop", "0", "-f", "gif", f"file:{into}")
        try:
            await self.ffmpeg.run(
                (*source(film, found or Form.MP4), *output, *target), self.deadline
            )
        except FfmpegHung as error:
            text = voice("This video takes too long to become a GIF. Please take the video.")
            raise TooBig(text) from error
        except FfmpegFailed as error:
            text = voice("I cannot make a GIF of this video. Please take the video.")
            raise Broken(text) from error
        except FfmpegError as error:
            raise unprepared(error, voice) from error
        return (await asyncio.to_thread(into.stat)).st_size


def _smaller(step: Step, share: float) -> Step | None:
    """The next step that should come to such a share of the bytes, None after the last."""
    left = STEPS[STEPS.index(step) + 1 :]
    fitting = (one for one in left if one.weight <= step.weight * share)
    return next(fitting, left[-1] if left else None)


def _kept(file: Path) -> bool:
    """Whether it was made already; who wants it anew keeps it from being tidied away."""
    try:
        os.utime(file)
    except FileNotFoundError:
        return False
    return True
