"""Works as they are sent: checked, on the shelf, with buttons."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from domain.drawing import Clip
from domain.errors import BackendNonsense
from domain.jobs import Job
from domain.messages import Attachment, Kind
from domain.pictures import Picture
from services.clips.checking import Finisher, Wanted
from services.clips.pictures import sendable
from services.drawing.making import Course
from services.drawing.rows import film_rows, picture_rows
from services.drawing.tasks import Given
from services.files import Shelf
from services.opening.opener import Opener
from services.words import Voice

Styles = Callable[[str], Mapping[str, str]]
"""The titles of a skill's graphs by their names."""


MOST_PICTURES = 4
"""How many pictures of one graph are sent."""


@dataclass(frozen=True, slots=True)
class Pictures:
    """Presents pictures; `enlarges` tells whether there is a graph that makes them larger."""

    opener: Opener
    shelf: Shelf
    styles: Styles
    enlarges: Callable[[], bool]

    def at_hand(self) -> AbstractAsyncContextManager[None]:
        """Have somebody ready who looks at them."""
        return self.opener.at_hand()

    async def given(self, job: Job, course: Course, room: Path, voice: Voice) -> Given:
        """The pictures, each looked at before it is sent."""
        made = [one for one in course.results if isinstance(one, Picture)]
        if not made:
            raise BackendNonsense(course.ticket.backend, "no picture came of it")
        server = course.ticket.backend
        files = [await self._shelved(one, room, server) for one in made[:MOST_PICTURES]]
        rows = picture_rows(
            job, course.wishes, self.styles("image"), voice, enlarges=self.enlarges()
        )
        return Given(tuple(files), rows)

    async def _shelved(self, made: Picture, room: Path, server: str) -> Attachment:
        ready = await sendable(self.opener, made.path, room, server)
        ending = ready.picture.path.suffix
        ref = await asyncio.to_thread(self.shelf.put, ready.picture.path, ending)
        return ready.attachment(ref, f"picture{ending}")


@dataclass(frozen=True, slots=True)
class Films:
    """Presents a film, as a GIF where that was wished; `longest` is for a person, in seconds."""

    finisher: Finisher
    shelf: Shelf
    styles: Styles
    longest: Callable[[int], float]

    def at_hand(self) -> AbstractAsyncContextManager[None]:
        """Nothing of it takes long to start."""
        return nullcontext()

    async def given(self, job: Job, course: Course, room: Path, voice: Voice) -> Given:
        """The film in the form that plays everywhere."""
        clips = [one for one in course.results if isinstance(one, Clip)]
        server, seconds = course.ticket.backend, course.wishes.seconds
        if not clips:
            raise BackendNonsense(server, "no film came of it")
        clip = await self.finisher.finish(clips[0], room, Wanted(server, seconds), voice)
        kind = Kind.ANIMATION if course.wishes.loops else Kind.VIDEO
        file = await shelved(self.shelf, clip, kind)
        most = self.longest(job.payload.person.id)
        rows = film_rows(job, course.wishes, self.styles("video"), voice, most)
        return Given((file,), rows)


async def shelved(shelf: Shelf, clip: Clip, kind: Kind) -> Attachment:
    """Put a finished film on the shelf."""

    def put() -> Attachment:
        size = clip.path.stat().st_size
        return Attachment(
            kind,
            shelf.put(clip.path, ".mp4"),
            clip.mime,
            size,
            clip.seconds,
            "video.mp4",
            width=clip.width,
            height=clip.height,
        )

    return await asyncio.to_thread(put)
