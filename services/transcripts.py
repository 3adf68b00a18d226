"""What speech models write down becomes a transcript, without what is no speech."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from domain.errors import BackendNonsense, BackendUnavailable
from domain.speech import Segment, Transcript
from services.complaints import Complaint
from services.tongues import UNSPACED, code

# models write "[BLANK_AUDIO]", "(music)", "*laughs*" and notes for what is not said
_NOT_SAID = re.compile(r"\[[^\[\]]*\]|\([^()]*\)|\*[^*]*\*|【[^【】]*】|（[^（）]*）")
_NOTES = "♪♫♬♩"


def told(server: str, raw: Any) -> Transcript:
    """Read the JSON that whisper.cpp and OpenAI's likenesses share.

    That is `text`, and where the server tells them `language` and `segments`. Raises
    BackendNonsense for another shape, BackendUnavailable for an error that came as an answer.
    """
    match raw:
        case {"error": error} if error:
            raise BackendUnavailable(server, Complaint.of(raw).words)
        case {"text": str(text)}:
            language = raw.get("language")
            segments = _segments(server, raw.get("segments"))
            tongue = code(language) if isinstance(language, str) else ""
            return written(text, tongue, segments)
    raise BackendNonsense(server, "its transcript has another shape")


def written(text: str, language: str, segments: Sequence[Segment] = ()) -> Transcript:
    """Leave out what is no speech; segments are believed before the text, which may be empty."""
    if not segments:
        return Transcript(_joined(text.splitlines(), language), language)
    kept = tuple(
        Segment(one.start, one.end, _plain(one.text)) for one in segments if is_speech(one.text)
    )
    return Transcript(_joined([one.text for one in segments], language), language, kept)


def is_speech(text: str) -> bool:
    """Whether a line says anything, beside marks for silence, noises and music."""
    return any(char.isalnum() for char in _NOT_SAID.sub("", text))


def _joined(lines: Sequence[str], language: str) -> str:
    """Join the lines that say something.

    Where lines begin with spaces these count: whisper.cpp cuts its lines in the middle of words.
    """
    spaced = any(line[:1].isspace() for line in lines[1:]) or language in UNSPACED
    said = [line for line in lines if is_speech(line)]
    return _plain(("" if spaced else " ").join(said))


def _plain(text: str) -> str:
    return " ".join("".join(char for char in text if char not in _NOTES).split())


def _segments(server: str, raw: Any) -> tuple[Segment, ...]:
    if raw is None:
        return ()
    if not isinstance(raw, list):
        raise BackendNonsense(server, "its segments are no list")
    return tuple(_segment(server, one) for one in raw)


def _segment(server: str, raw: Any) -> Segment:
    match raw:
        case {"text": str(text)}:
            start, end = _seconds(raw, "start"), _seconds(raw, "end")
            return Segment(start, max(start, end), text)
    raise BackendNonsense(server, "a segment has another shape")


def _seconds(raw: Mapping[str, Any], name: str) -> float:
    match raw.get(name):
        case int(seconds) | float(seconds) if math.isfinite(seconds):
            return max(float(seconds), 0.0)
    return 0.0  # who tells no times has said the words all the same
