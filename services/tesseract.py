"""tesseract, which reads letters of many languages, and only ever runs as a child."""

from __future__ import annotations

import re
import shutil
from asyncio import timeout
from asyncio.subprocess import PIPE
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from domain.errors import BackendUnavailable
from services.programs import Pipes, end, start

MEMORY = 1 << 30
"""Bytes that a child may take; a page of three languages takes 0.1 GB."""

LISTS_WITHIN = 10.0
"""Seconds that it may take to say which languages it knows."""

ORIENTATION = "osd"
"""What it calls the skill to see which way up a page lies."""

SURE = 90.0
"""Per cent of trust in a letter or two of clear print; leaves and stones are mostly below."""

LIKELY = 40.0
"""Per cent of trust in words, however blurred; those that it makes up are far below."""

_ONE_THREAD = {"OMP_THREAD_LIMIT": "1"}  # more of them wait for each other most of the time
_WORD = "5"
_FIELDS = 12
_FOLDER = re.compile(r'languages in "?([^"\n]+?)"? \(\d+\)')


@dataclass(frozen=True, slots=True)
class Listing:
    """The languages that a program has said it knows, and what that depends on."""

    program: str
    folder: Path
    changed: int
    languages: tuple[str, ...]

    def holds(self, program: str) -> bool:
        """Whether it would say the same again."""
        return self.program == program and self.changed == _changed(self.folder)


@dataclass(slots=True)
class Tesseract:
    """Runs `program`, a name or a path; `server` is what the operator calls it."""

    server: str
    program: str = "tesseract"
    _listing: Listing | None = field(default=None, init=False, repr=False, compare=False)

    def find(self) -> str | None:
        """Where the program is, None where there is none."""
        return shutil.which(self.program)

    async def languages(self) -> tuple[str, ...]:
        """Which languages it knows; it is asked again only when others came. Empty without it."""
        program = self.find()
        if program is None:
            return ()
        if self._listing is None or not self._listing.holds(program):
            said = await self._run([program, "--list-langs"], b"", LISTS_WITHIN)
            self._listing = _listing(program, said)
        return self._listing.languages

    async def read(self, page: bytes, languages: Sequence[str], within: float) -> str:
        """Return the text of a picture that our own child has written, in so many seconds.

        Anything else but a picture it would take for a list of files to read. Raises
        BackendUnavailable.
        """
        upright = ORIENTATION in await self.languages()
        command = [self.find() or self.program, "stdin", "stdout"]
        command += ["-l", "+".join(languages), "--psm", "1" if upright else "3"]
        # light that is not even, as in a photo, hides half a page from its usual method
        command += ["-c", "thresholding_method=2", "-c", "tessedit_create_tsv=1"]
        return text(await self._run(command, page, within))

    async def _run(self, command: Sequence[str], told: bytes, within: float) -> str:
        try:
            child = await start(command, MEMORY, _ONE_THREAD, Pipes(PIPE, PIPE))
        except OSError as error:
            reason = f"tesseract cannot be started ({error.strerror})"
            raise BackendUnavailable(self.server, reason, down=True) from error
        try:
            async with timeout(within):
                said, _ = await child.communicate(told)
        except TimeoutError as error:
            reason = f"tesseract had not ended after {within:g} s"
            raise BackendUnavailable(self.server, reason) from error
        finally:
            await end(child)
        if child.returncode:
            raise BackendUnavailable(self.server, f"tesseract ended with {child.returncode}")
        return said.decode("utf-8", "replace")


def text(table: str) -> str:
    """The text of a page from tesseract's table of words; blocks have an empty line between."""
    words = [cells for line in table.split("\n") if len(cells := line.split("\t")) == _FIELDS]
    blocks = groupby((one for one in words if one[0] == _WORD), lambda cells: cells[1:3])
    return "\n\n".join(filter(None, ("\n".join(_lines(block)) for _, block in blocks)))


def _lines(block: Iterable[list[str]]) -> Iterator[str]:
    for _, line in groupby(block, lambda cells: cells[3:5]):
        words = [(cells[11].strip(), float(cells[10])) for cells in line]
        if _is_text(words):
            yield " ".join(word for word, _ in words if word)


def _is_text(words: Sequence[tuple[str, float]]) -> bool:
    """Whether a line is one: edges of things look like strokes, or like a letter or two."""
    trust = sum(sure for _, sure in words) / len(words)
    longest = max(sum(map(str.isalnum, word)) for word, _ in words)
    return trust >= (LIKELY if longest > 2 else SURE) and longest > 0


def _listing(program: str, said: str) -> Listing:
    first, _, names = said.partition("\n")
    folder = Path(found[1]) if (found := _FOLDER.search(first)) else Path(program)
    return Listing(program, folder, _changed(folder), tuple(names.split()))


def _changed(folder: Path) -> int:
    """When files came to a folder or left it last, 0 where it is gone."""
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return 0
