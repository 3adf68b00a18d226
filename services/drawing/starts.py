"""The picture that a drawing or a film begins from, made ready for a server."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from domain.messages import Attachment
from domain.pictures import Picture
from services.drawing.finds import Finds
from services.opening.opener import Opener
from services.words import Voice


@dataclass(frozen=True, slots=True)
class Starts:
    """Opens it as everything that strangers send: in a child, with limits."""

    finds: Finds
    opener: Opener

    async def ready(self, file: Attachment, room: Path, voice: Voice) -> Picture:
        """The picture upright, without what else the file told, in the room.

        Raises Refused in the person's words.
        """
        return await self.opener.start(await self.finds.bring(file, room, voice), room, voice)
