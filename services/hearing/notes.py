"""Notes taken while listening: the parts that were heard so far, as a job keeps them.

A part is known by the number of its recording and the second at which it begins there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.speech import Segment, Transcript

Key = tuple[int, float]


@dataclass(slots=True)
class Notes:
    """Transcripts by part; `language` is what the first part that has words was heard to be in."""

    language: str = ""
    parts: dict[Key, Transcript] = field(default_factory=dict)

    @classmethod
    def read(cls, stored: str) -> Notes:
        """Read the stored form; without one there are no notes yet."""
        if not stored:
            return cls()
        raw: Mapping[str, Any] = json.loads(stored)
        parts = {(one["of"], one["at"]): _transcript(one) for one in raw["parts"]}
        return cls(raw["language"], parts)

    def to_json(self) -> str:
        """The form in which a job keeps them."""
        parts = [
            {
                "of": recording,
                "at": start,
                "text": heard.text,
                "language": heard.language,
                "segments": [[one.start, one.end, one.text] for one in heard.segments],
            }
            for (recording, start), heard in self.parts.items()
        ]
        told = {"language": self.language, "parts": parts}
        return json.dumps(told, ensure_ascii=False, separators=(",", ":"))

    def note(self, key: Key, heard: Transcript) -> None:
        """Keep what a part says."""
        self.parts[key] = heard
        if heard.text and not self.language:
            self.language = heard.language

    def whole(self, recording: int) -> Transcript:
        """All parts of a recording as one transcript, its times from the recording's beginning."""
        found = {at: one for (of, at), one in self.parts.items() if of == recording}
        parts = sorted(found.items())
        heard = [one for _, one in parts if one.text]
        segments = tuple(later for at, one in parts for later in _later(one, at))
        languages = [one.language for one in heard if one.language]
        language = max(languages, key=languages.count, default="")
        return Transcript(" ".join(one.text for one in heard), language, segments)


def _later(heard: Transcript, by: float) -> list[Segment]:
    """The segments of a part; a server that tells no times leaves one for all of it."""
    if heard.text and not heard.segments:
        return [Segment(by, by, heard.text)]
    return [Segment(one.start + by, one.end + by, one.text) for one in heard.segments]


def _transcript(raw: Mapping[str, Any]) -> Transcript:
    segments = tuple(Segment(*one) for one in raw["segments"])
    return Transcript(raw["text"], raw["language"], segments)
