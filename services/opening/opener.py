"""Opens what strangers sent: the bot asks, a child with little memory and little time does it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from domain.documents import DocumentKind, Outline, Page
from domain.errors import BackendError, BackendUnavailable
from domain.pictures import Picture
from services.errands import Errands
from services.first_piece import put_away
from services.opening.gathering import Gathering
from services.opening.kinds import HEAD, Family, family
from services.opening.limits import USUAL, Limits
from services.opening.refusals import refusal
from services.opening.troubles import Trouble, Unreadable
from services.words import Voice

CHILD = "services.opening.opening_child"

IDLE_SECONDS = 60.0
"""So long a child waits for the next file."""

FAILED = "failed with"
"""How a child's trouble begins that is none of the file's: those it tells, or dies of."""

JPEG = "image/jpeg"

FINEST = 2048
"""Pixels of the longer side of what a generator begins from."""


@dataclass(frozen=True, slots=True)
class Made:
    """A picture that a server made; `opaque` unless something can be seen through it."""

    picture: Picture
    opaque: bool


@dataclass(frozen=True, slots=True)
class Opener:
    """Opens up to `slots` files at a time, in children that run the module `child`."""

    limits: Limits = USUAL
    slots: int = 2
    child: str = CHILD
    _errands: Errands = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        errands = Errands(
            "the opener of files", self.child, self.slots, self.limits.memory, IDLE_SECONDS
        )
        object.__setattr__(self, "_errands", errands)

    async def pictures(
        self, file: Path, into: Path, voice: Voice, most: int = 10
    ) -> tuple[Picture, ...]:
        """Write the pictures of a file into a folder, as JPEGs that are ready for a model.

        A TIFF gives up to `most` pages, all others one picture. Raises Unsupported, Broken or
        TooBig in the person's words; BackendUnavailable where no child can be started.
        """
        errand = {"do": "pictures", "into": str(into), "most": most, "pixels": self.limits.pixels}
        with self._telling(voice):
            _must_be_picture(await asyncio.to_thread(self._family, file))
            answer = await self._run(file, errand)
        return tuple(picture(one) for one in answer["pictures"])

    async def start(self, file: Path, into: Path, voice: Voice) -> Picture:
        """Write a photo into a folder, as a JPEG that a generator begins from.

        It is upright, told of nothing else, and as fine as generators take it. Raises as
        `pictures` does.
        """
        errand = {"do": "pictures", "into": str(into), "most": 1, "pixels": self.limits.pixels}
        with self._telling(voice):
            _must_be_picture(await asyncio.to_thread(self._family, file))
            answer = await self._run(file, {**errand, "longest": FINEST, "quality": 95})
        return picture(answer["pictures"][0])

    async def made(self, file: Path, into: Path, most: int) -> Made:
        """Look at a picture that a server made, and write it as it is sent, in so many bytes.

        Raises Unreadable, for its asker cannot mend it.
        """
        errand = {"do": "made", "into": str(into), "most": most, "pixels": self.limits.pixels}
        _must_be_picture(await asyncio.to_thread(self._family, file))
        told = await self._run(file, errand)
        seen = Picture(Path(told["path"]), told["mime"], told["width"], told["height"])
        return Made(seen, told["opaque"])

    @asynccontextmanager
    async def at_hand(self) -> AsyncIterator[None]:
        """Have a child at hand while the block runs, for a picture that comes at its end."""
        keeping = asyncio.create_task(self._keep(), name="a child at hand")
        try:
            yield
        finally:
            await put_away(keeping)

    async def outline(self, file: Path, name: str, voice: Voice, password: str = "") -> Outline:
        """Say what a document is by its bytes; `name` only tells kinds of plain text apart.

        Raises Unsupported, Broken or TooBig in the person's words, PasswordNeeded where it is
        locked; BackendUnavailable where no child can be started.
        """
        errand = {"do": "outline", "name": name, "password": password, **self._most()}
        with self._telling(voice):
            await asyncio.to_thread(self._family, file)
            told = await self._run(file, errand)
        return Outline(DocumentKind(told["kind"]), told["pages"], told["title"])

    async def pages(
        self, file: Path, outline: Outline, voice: Voice, *, first: int = 1, password: str = ""
    ) -> AsyncIterator[Page]:
        """Yield the text of each page from the `first` on; raises as `outline` does.

        A page whose text layer is missing, hidden or broken comes with an empty text. No child is
        kept while a page is looked at.
        """
        errand = {"do": "pages", "kind": outline.kind.value, "password": password, **self._most()}
        place = {"page": first, "offset": 0}
        gathering = Gathering(self.limits.characters)
        with self._telling(voice):
            while place["page"]:
                told = await self._run(file, {**errand, **place})
                place = {"page": told["page"], "offset": told["offset"]}
                for page in gathering.add(told["pieces"], place["page"]):
                    yield page

    async def render(
        self, file: Path, page: int, into: Path, voice: Voice, *, password: str = ""
    ) -> Picture:
        """Draw a page of a PDF into a folder, as a JPEG; raises as `outline` does."""
        target = into / f"{file.name}.page-{page}.jpg"
        errand = {"do": "draw", "page": page, "into": str(target), "password": password}
        with self._telling(voice):
            return picture(await self._run(file, {**errand, **self._most()}))

    async def aclose(self) -> None:
        """End the children."""
        await self._errands.aclose()

    def _most(self) -> dict[str, int]:
        return {"pages": self.limits.pages, "characters": self.limits.characters}

    @contextmanager
    def _telling(self, voice: Voice) -> Iterator[None]:
        """Tell the person what is wrong with a file."""
        try:
            yield
        except Unreadable as trouble:
            raise refusal(trouble.trouble, trouble.number, self.limits, voice) from trouble

    def _family(self, file: Path) -> Family:
        """Look at the first bytes, and at how many there are; raises Unreadable."""
        size = file.stat().st_size
        if size > self.limits.bytes:
            raise Unreadable(Trouble.BYTES, size)
        if not size:
            raise Unreadable(Trouble.EMPTY)
        with file.open("rb") as opened:
            return family(opened.read(HEAD))

    async def _keep(self) -> None:
        """Start a child, and another one where it has ended; trouble is left to who has a file."""
        while True:
            with suppress(BackendError):
                await self._errands.warm({"loads": ["made_picture"]})
            await asyncio.sleep(IDLE_SECONDS / 2)

    async def _run(self, file: Path, errand: Mapping[str, object]) -> dict[str, Any]:
        """Let a child do it; raises Unreadable where the file is at fault."""
        told = {"file": str(file), **errand}
        try:
            answer = await self._errands.run({}, told, self.limits.seconds, topic=str(file))
        except BackendUnavailable as error:
            if error.down or FAILED in error.reason:  # a library is missing: no file's fault
                raise
            slow = isinstance(error.__cause__, TimeoutError)
            raise Unreadable(Trouble.SLOW if slow else Trouble.CRASH) from error
        if "trouble" in answer:
            raise Unreadable(Trouble(answer["trouble"]), answer["number"])
        return answer


def picture(told: Mapping[str, Any]) -> Picture:
    """Turn what a child says of a picture into a record."""
    return Picture(Path(told["path"]), JPEG, told["width"], told["height"])


def _must_be_picture(found: Family) -> None:
    if found is not Family.PICTURE:
        known = {Family.ARCHIVE: Trouble.ARCHIVE, Family.PROGRAM: Trouble.PROGRAM}
        raise Unreadable(known.get(found, Trouble.NO_PICTURE))
