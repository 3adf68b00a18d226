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
        if self.thinking:
            self.thoughts += self._rest
        else:
            self.answer += self._rest
        self._rest = ""
        # some models are started in the middle of thinking and only ever close it
        before, closed, after = self.answer.partition(CLOSE)
        if closed and OPEN not in before:
            self.thoughts, self.answer = self.thoughts + before, after
        self.answer = self.answer.strip()
        self.thoughts = self.thoughts.strip()

    def _step(self) -> bool:
        """Take what is clear; True where the rest has to be looked at anew."""
        if self.thinking:
            return self._think()
        begun = self._rest.lstrip()
        if self.answer or not OPEN.startswith(begun[: len(OPEN)]):
            self.answer += self._rest
            self._rest = ""
        elif begun.startswith(OPEN):
            self.thinking = True
            self._rest = begun.removeprefix(OPEN)
            return True
        return False

    def _think(self) -> bool:
        thought, closed, after = self._rest.partition(CLOSE)
        held = 0 if closed else _overlap(thought, CLOSE)
        self.thoughts += thought[: len(thought) - held]
        self._rest = after if closed else thought[len(thought) - held :]
        self.thinking = not closed
        return bool(closed)


def _overlap(text: str, mark: str) -> int:
    """How many characters at the end of `text` could begin `mark`."""
    longest = min(len(text), len(mark) - 1)
    return next((n for n in range(longest, 0, -1) if mark.startswith(text[-n:])), 0)
