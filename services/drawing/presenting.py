"""Works as they are sent: checked, on the shelf, with buttons."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from domain.drawing import Clip
from domain.errors import BackendNonsense
from domain.jobs import Job
from domain.messages import Attachment, Kind
from services.clips.checking import Finisher, Wanted
from services.drawing.making import Course
from services.drawing.rows import film_rows
from services.drawing.tasks import Given
from services.files import Shelf
from services.words import Voice

Styles = Callable[[str], Mapping[str, str]]
"""The titles of a skill's graphs by their names."""


@dataclass(frozen=True, slots=True)
class Films:
    """Presents a film, as a GIF where that was wished; `most` seconds are offered."""

    finisher: Finisher
    shelf: Shelf
    styles: Styles
    most: float

    async def given(self, job: Job, course: Course, room: Path, voice: Voice) -> Given:
        """The film in the form that plays everywhere."""
        clips = [one for one in course.results if isinstance(one, Clip)]
        server, seconds = course.ticket.backend, course.wishes.seconds
        if not clips:
            raise BackendNonsense(server, "no film came of it")
        clip = await self.finisher.finish(clips[0], room, Wanted(server, seconds), voice)
        kind = Kind.ANIMATION if course.wishes.loops else Kind.VIDEO
        file = await shelved(self.shelf, clip, kind)
        return Given((file,), film_rows(job, course.wishes, self.styles("video"), voice, self.most))


async def shelved(shelf: Shelf, clip: Clip, kind: Kind) -> Attachment:
    """Put a finished film on the shelf."""

    def put() -> Attachment:
        size = clip.path.stat().st_size
        ref = shelf.put(clip.path, ".mp4")
        return Attachment(kind, ref, clip.mime, size, clip.seconds, "video.mp4")

    return await asyncio.to_thread(put)
