"""Marks what a model thinks, for servers that send thoughts and answer apart."""

from __future__ import annotations

from dataclasses import dataclass

from services.thoughts import CLOSE, OPEN


@dataclass(slots=True)
class Aloud:
    """Joins thoughts and answer into one text, the thoughts between `<think>` and `</think>`."""

    thinking: bool = False

    def say(self, thought: str, said: str) -> str:
        """Return the next piece of the text."""
        piece = ""
        if thought:
            piece = thought if self.thinking else OPEN + thought
            self.thinking = True
        if said:
            piece += self.finish() + said
        return piece

    def finish(self) -> str:
        """Return what closes thoughts that no answer follows."""
        closing = CLOSE if self.thinking else ""
        self.thinking = False
        return closing
