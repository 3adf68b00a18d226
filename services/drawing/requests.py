"""Plain requests: "draw me a cat" is as good as a command where the owner allows it."""

from __future__ import annotations

import re

_PLEASE = r"(?:please,?\s+|пожалуйста,?\s+|будь ласка,?\s+)?"
_ME = r"(?:\s+(?:me|us|мне|нам|мені))?"
_FILM = re.compile(
    rf"{_PLEASE}(?:(?:make|film|shoot|create){_ME}\s+(?:a\s+)?(?:video|clip|film)\s+(?:of|about)\s+"
    rf"|(?:сними|снимите|сделай|сделайте){_ME}\s+(?:видео|клип|ролик)\s+(?:про|о|об|как|с)\s+"
    rf"|(?:зніми|зніміть|зроби|зробіть){_ME}\s+(?:відео|кліп|ролик)\s+(?:про|як|з)\s+)(?P<what>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_DRAW = re.compile(
    rf"{_PLEASE}(?:(?:draw|paint|sketch){_ME}|(?:нарисуй|нарисуйте){_ME}"
    rf"|(?:намалюй|намалюйте){_ME})\s+(?P<what>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_NOT_A_PICTURE = re.compile(
    r"(?:a\s+|the\s+)?(?:conclusions?|parallels?|comparisons?)\b", re.IGNORECASE
)


def requested(text: str) -> tuple[str, str] | None:
    """The task and the prompt of a plain request, None where it is none."""
    for task, form in (("film", _FILM), ("draw", _DRAW)):
        found = form.fullmatch(text.strip())
        if found and not _NOT_A_PICTURE.match(found["what"]):
            return task, found["what"].strip()
    return None
