"""Draws what somebody used in the last days, a bar a day, in figures alone: no words to translate.

The card is light and has a margin, so that it stands out on any theme.
"""

from __future__ import annotations

import asyncio
import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1200, 640

_FINER = 2  # drawn larger by so much and then reduced, which makes edges smooth
_PAPER, _CARD, _EDGE = (244, 241, 236), (255, 255, 255), (232, 227, 219)
_GRID, _INK, _PALE = (236, 232, 226), (74, 66, 58), (150, 141, 131)
_BAR, _TODAY, _LIMIT = (244, 190, 150), (224, 98, 38), (84, 110, 168)
_LEFT, _RIGHT, _TOP, _BOTTOM = 128, 1060, 92, 540
_STEPS = (1, 2, 2.5, 5)
_DASH, _GAP = 16, 12
_SMALL, _LARGE = 28, 34

Box = tuple[float, float, float, float]
Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Day:
    """How much was used on a day."""

    date: date
    used: float


@dataclass(frozen=True, slots=True)
class Month:
    """The days to be shown, the last of which is today; `limit` is for a day, 0 is none."""

    days: Sequence[Day]
    limit: float = 0.0


async def chart(month: Month) -> bytes:
    """Draw a PNG; raises ValueError where there are no days."""
    return await asyncio.to_thread(_png, month)


def _png(month: Month) -> bytes:
    if not month.days:
        raise ValueError("a chart needs a day")
    sheet = _Sheet.of(month)
    sheet.frame()
    sheet.bars(month.days)
    if month.limit > 0:
        sheet.limit(month.limit)
    whole = sheet.image.reduce(_FINER)
    _labels(ImageDraw.Draw(whole), month, sheet.scale)
    out = io.BytesIO()
    whole.quantize(128, Image.Quantize.FASTOCTREE).save(out, "PNG")
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class Scale:
    """What the height of the chart stands for: so much, in steps of `step`."""

    top: float
    step: float

    @classmethod
    def over(cls, most: float) -> Scale:
        """A scale of round figures with four steps or fewer."""
        rough = max(most, 1e-9) / 4
        size = 10.0 ** math.floor(math.log10(rough))
        step = next((one * size for one in _STEPS if one * size >= rough), 10 * size)
        if most <= 4:  # nobody uses half a picture
            step = max(step, 1.0)
        return cls(max(math.ceil(most / step - 1e-9), 1) * step, step)

    def y(self, value: float) -> float:
        """Where a value stands."""
        return _BOTTOM - (_BOTTOM - _TOP) * min(max(value / self.top, 0.0), 1.0)

    def marks(self) -> Iterator[float]:
        """The values of the lines."""
        return (at * self.step for at in range(round(self.top / self.step) + 1))


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The drawing, in its finer pixels."""

    image: Image.Image
    scale: Scale

    @classmethod
    def of(cls, month: Month) -> _Sheet:
        most = max(*(day.used for day in month.days), month.limit, 0.0)
        image = Image.new("RGB", (WIDTH * _FINER, HEIGHT * _FINER), _PAPER)
        return cls(image, Scale.over(most))

    def frame(self) -> None:
        """The card and its lines."""
        self._box((19, 19, WIDTH - 19, HEIGHT - 19), _EDGE, 29)
        self._box((20, 20, WIDTH - 20, HEIGHT - 20), _CARD, 28)
        for value in self.scale.marks():
            y = self.scale.y(value)
            self._box((_LEFT, y - 1, _RIGHT, y + 1), _GRID if value else _PALE)

    def bars(self, days: Sequence[Day]) -> None:
        """A bar a day; a little is still to be seen."""
        for at, day in enumerate(days):
            if day.used > 0:
                left, right = _span(at, len(days))
                top = min(self.scale.y(day.used), _BOTTOM - 6)
                colour = _TODAY if at == len(days) - 1 else _BAR
                radius = min((right - left) / 3, (_BOTTOM - top) / 2, 10)
                self._box((left, top, right, _BOTTOM - 1), colour, radius, upper=True)

    def limit(self, value: float) -> None:
        """A line of dashes at the height of the limit."""
        y = self.scale.y(value)
        for x in range(_LEFT, _RIGHT, _DASH + _GAP):
            self._box((x, y - 2, min(x + _DASH, _RIGHT), y + 2), _LIMIT, 2)

    def _box(self, box: Box, fill: Colour, radius: float = 0, *, upper: bool = False) -> None:
        """A rectangle whose corners are round, or just the upper ones."""
        left, top, right, bottom = (round(side * _FINER) for side in box)
        ImageDraw.Draw(self.image).rounded_rectangle(
            (left, top, right - 1, bottom - 1),
            radius * _FINER,
            fill,
            corners=(True, True, not upper, not upper),
        )


def _span(at: int, count: int) -> tuple[float, float]:
    """Where a bar begins and ends; a few days make no broad ones."""
    place = (_RIGHT - _LEFT) / max(count, 7)
    middle = _RIGHT - place * (count - at - 0.5)
    half = min(place * 0.36, 30)
    return middle - half, middle + half


def _labels(pen: ImageDraw.ImageDraw, month: Month, scale: Scale) -> None:
    small, large = (ImageFont.load_default(size) for size in (_SMALL, _LARGE))
    for value in scale.marks():
        pen.text((_LEFT - 18, scale.y(value)), figure(value), _PALE, small, "rm")
    for at in _dated(len(month.days)):
        middle, colour = sum(_span(at, len(month.days))) / 2, _PALE
        if at == len(month.days) - 1:
            colour = _INK
        pen.text((middle, _BOTTOM + 18), f"{month.days[at].date:%d.%m}", colour, small, "mt")
    if month.limit > 0:
        pen.text((_RIGHT + 20, scale.y(month.limit)), figure(month.limit), _LIMIT, small, "lm")
    today, (left, right) = month.days[-1], _span(len(month.days) - 1, len(month.days))
    if today.used > 0:  # the light edge keeps it apart from a bar or a line behind it
        text = figure(today.used)
        end = min((left + right + pen.textlength(text, large)) / 2, right + 10)
        place = (end, scale.y(today.used) - 12)
        pen.text(place, text, _TODAY, large, "rb", stroke_width=4, stroke_fill=_CARD)


def _dated(count: int) -> Iterator[int]:
    """The bars that have a date below: the last one, and every so many before it."""
    return iter(range(count - 1, -1, -max(1, -(-count // 7))))


def figure(value: float) -> str:
    """A number for people, with at most one digit after the dot and none where it is large."""
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}".removesuffix(".0")
