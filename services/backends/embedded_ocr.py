"""The eye that comes with the bot: it reads what is written in a picture, and sees nothing else."""

from __future__ import annotations

import asyncio
from base64 import b64decode
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import ClassVar, Literal

from domain.errors import BackendUnavailable
from domain.pictures import Picture
from services.cores import half_of_the_cores
from services.errands import Errands
from services.skills import ChatOptions, Ready
from services.tesseract import Tesseract

LATIN_ONLY = "rapidocr (Latin letters only)"
"""What stands in for tesseract."""

INSTALL = "make install"
"""What brings rapidocr."""

STRAIGHTENS_WITHIN = 60.0
"""Seconds that a page may take to be opened on a busy machine."""

_PAGE_MEMORY = 1 << 30
_RAPIDOCR_MEMORY = 3 << 30  # of addresses; it uses 0.6 GB
_NEEDED = ("rapidocr", "onnxruntime", "PIL")


@dataclass(frozen=True, slots=True)
class EmbeddedOcrVision:
    """tesseract where it is installed, else rapidocr; `languages` are named as tesseract does.

    It answers with the text alone, whatever is asked, and with nothing where there is none.
    A page has `patience` seconds. `program` is tesseract's name or path.
    """

    reads_only: ClassVar[bool] = True

    languages: tuple[str, ...] = ("eng", "rus", "ukr")
    engines: tuple[Literal["tesseract", "rapidocr"], ...] = ("tesseract", "rapidocr")
    program: str = "tesseract"
    slots: int = 1
    patience: float = 120.0
    label: str = "embedded OCR"
    _tesseract: Tesseract = field(init=False, repr=False, compare=False)
    _straightener: Errands = field(init=False, repr=False, compare=False)
    _rapidocr: Errands = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        straightener = Errands(self.label, "services.straightening_child", self.slots, _PAGE_MEMORY)
        rapidocr = Errands(self.label, "services.rapidocr_child", self.slots, _RAPIDOCR_MEMORY)
        object.__setattr__(self, "_tesseract", Tesseract(self.label, self.program))
        object.__setattr__(self, "_straightener", straightener)
        object.__setattr__(self, "_rapidocr", rapidocr)

    @property
    def pids(self) -> tuple[int, ...]:
        """The process ids of the children that wait for something to read."""
        return self._straightener.pids + self._rapidocr.pids

    async def aclose(self) -> None:
        """End the children."""
        await self._straightener.aclose()
        await self._rapidocr.aclose()

    async def look(
        self,
        pictures: Sequence[Picture],
        question: str,  # noqa: ARG002  nothing can be asked of it
        options: ChatOptions,  # noqa: ARG002  a page is as long as it is
    ) -> AsyncGenerator[str, None]:
        """Yield the text of each picture that has some, with its number where there are several."""
        between = ""
        for number, picture in enumerate(pictures, 1):
            if text := await self._read(picture):
                yield f"{between}[{number}] {text}" if len(pictures) > 1 else text
                between = "\n\n"

    async def ready(self) -> Ready:
        """Tell who reads, without starting anybody who has said before which languages it knows."""
        known = await self._known()
        return Ready((f"tesseract {'+'.join(known)}" if known else LATIN_ONLY,))

    async def _read(self, picture: Picture) -> str:
        """Raises FileNotFoundError where the picture is gone, which is no fault of an engine."""
        known = await self._known()
        path = await asyncio.to_thread(picture.path.resolve, strict=True)
        errand = {"path": str(path)}
        if not known:
            settings = {"threads": half_of_the_cores()}
            return str((await self._rapidocr.run(settings, errand, self.patience))["text"])
        said = await self._straightener.run({}, errand, STRAIGHTENS_WITHIN)
        page = b64decode(said["page"])
        return await self._tesseract.read(page, known, self.patience) if page else ""

    async def _known(self) -> tuple[str, ...]:
        """The languages that tesseract reads, none where rapidocr has to; raises where neither."""
        there = await self._tesseract.languages() if "tesseract" in self.engines else ()
        known = tuple(one for one in self.languages if one in there)
        if not known and not ("rapidocr" in self.engines and all(map(find_spec, _NEEDED))):
            raise BackendUnavailable(self.label, self._cure(), down=True)
        return known

    def _cure(self) -> str:
        """What is missing, and what brings it."""
        found = "tesseract" in self.engines and self._tesseract.find()
        trouble = "tesseract knows none of the languages" if found else "nobody here reads"
        packages = [f"tesseract-ocr-{one.replace('_', '-')}" for one in self.languages]
        return f"{trouble}; run: apt-get install tesseract-ocr {' '.join(packages)}, or: {INSTALL}"
