"""The buttons under a work: the same again in another way."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from domain.answers import Button
from domain.jobs import Job
from services.drawing.wishes import Shape, Wishes
from services.words import Voice

MOST_STYLES = 3
"""How many other styles are offered, so that a picture is not lost above its buttons."""

LENGTHS = (2.0, 4.0, 6.0)
"""Seconds that are offered for a film."""

Row = tuple[Button, ...]


def picture_rows(
    job: Job, wishes: Wishes, styles: Mapping[str, str], voice: Voice, *, enlarges: bool
) -> tuple[Row, ...]:
    """Another seed, larger, other shapes, other styles."""
    first = [_button(job, voice("🎲 Another"), "another")]
    if enlarges and not wishes.larger:
        first.append(_button(job, voice("🔍 Larger"), "larger"))
    return (tuple(first), _shapes(job, wishes, voice), *_styles(job, wishes, styles))


def film_rows(
    job: Job, wishes: Wishes, styles: Mapping[str, str], voice: Voice, most: float
) -> tuple[Row, ...]:
    """Another seed, a GIF of it, other lengths and shapes, other styles."""
    first = (
        _button(job, voice("🎲 Another"), "another"),
        _button(job, voice("GIF"), "gif"),
        _button(job, voice("GIF file"), "gif_file"),
    )
    lengths = tuple(
        _button(job, voice("{n} s", n=f"{one:g}"), f"seconds.{one:g}")
        for one in LENGTHS
        if one <= most and one != wishes.seconds
    )
    rows = (first, lengths, _shapes(job, wishes, voice), *_styles(job, wishes, styles))
    return tuple(row for row in rows if row)


def again(job: Job, voice: Voice) -> tuple[Row, ...]:
    """What can be done when nothing came of it."""
    return ((Button(voice("Try again"), f"again:{job.answer}"),),)


def file_row(job: Job, voice: Voice) -> tuple[Row, ...]:
    """Telegram makes a silent film of a GIF, so the file itself can be had."""
    return ((_button(job, voice("GIF file"), "gif_file"),),)


def mark(style: str) -> str:
    """A short name for a style: the act of a button has only 64 bytes."""
    return hashlib.sha256(style.encode()).hexdigest()[:12]


def _shapes(job: Job, wishes: Wishes, voice: Voice) -> Row:
    offered: Sequence[tuple[Shape, str]] = (
        (Shape.SQUARE, voice("◻ Square")),
        (Shape.WIDE, voice("▭ Wide")),
        (Shape.TALL, voice("▯ Tall")),
    )
    return tuple(_button(job, said, one.value) for one, said in offered if one != wishes.shape)


def _styles(job: Job, wishes: Wishes, styles: Mapping[str, str]) -> tuple[Row, ...]:
    others = [(name, title) for name, title in styles.items() if name != wishes.style]
    return tuple(
        (_button(job, title, f"style.{mark(name)}"),) for name, title in others[:MOST_STYLES]
    )


def _button(job: Job, label: str, change: str) -> Button:
    return Button(label, f"make:{job.answer}.{change}")
