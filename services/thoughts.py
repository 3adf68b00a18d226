"""Tells what a model thinks aloud from what it answers."""

from __future__ import annotations

from dataclasses import dataclass

OPEN = "<think>"
CLOSE = "</think>"


@dataclass(slots=True)
class Listener:
    """Takes the pieces of a stream; `thoughts` and `answer` are what came so far.

    Thoughts stand between `<think>` and `</think>` before the answer; later marks are text. The
    marks may be cut anywhere, so what could be the beginning of one is held back until it is clear.
    """

    thoughts: str = ""
    answer: str = ""
    thinking: bool = False
    _rest: str = ""

    def hear(self, piece: str) -> None:
        """Take the next piece."""
        self._rest += piece
        while self._step():
            pass

    def finish(self) -> None:
        """The stream is over: what was held back is text."""
        self._keep(self._rest)
        self._rest = ""
        # some models are started in the middle of thinking and only ever close it
        before, closed, after = self.answer.partition(CLOSE)
        if closed and OPEN not in before:
            self.thoughts, self.answer = self.thoughts + before, after
        self.answer = self.answer.strip()
        self.thoughts = self.thoughts.strip()

    def _step(self) -> bool:
        if not self.thinking and self.answer.strip():
            self._keep(self._rest)
            self._rest = ""
            return False
        mark = CLOSE if self.thinking else OPEN
        before, found, after = self._rest.partition(mark)
        if found:
            self._keep(before)
            self.thinking = not self.thinking
            self._rest = after
            return True
        held = _overlap(self._rest, mark)
        self._keep(self._rest[: len(self._rest) - held])
        self._rest = self._rest[len(self._rest) - held :]
        return False

    def _keep(self, text: str) -> None:
        if self.thinking:
            self.thoughts += text
        else:
            self.answer += text


def _overlap(text: str, mark: str) -> int:
    """How many characters at the end of `text` could begin `mark`."""
    longest = min(len(text), len(mark) - 1)
    return next((n for n in range(longest, 0, -1) if mark.startswith(text[-n:])), 0)
