"""What an administrator writes behind /grant: how many, of what, for whom, from when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MOST = 1000
"""Nobody is given more at a time."""

DIGITS = 18
"""The longest number that any database takes."""

SKILLS = {
    "video": ("video", "film", "clip", "видео", "фильм", "ролик", "клип", "відео", "фільм", "кліп"),
    "image": (
        *("image", "picture", "photo", "drawing", "картин", "изображени", "рисун", "фото"),
        *("зображен", "малюн", "світлин"),
    ),
}
"""How the words for each begin."""

DAILY = ("daily", "day", "ежедневно", "день", "щодня", "щоденно")
OFF = ("off", "none", "нет", "выкл", "снять", "ні", "вимк", "зняти")
FILLING = (
    *("a", "per", "every", "each", "more", "of", "today", "for"),
    *("в", "на", "каждый", "ещё", "еще", "сегодня", "для", "кожен", "ще", "сьогодні"),
)


@dataclass(frozen=True, slots=True)
class Order:
    """Give a person `count` more of a skill today, or so many a day from now on.

    None of them a day: what holds for everybody holds for them again.
    """

    person: int
    skill: str
    count: int
    daily: bool


def order(words: str, author: int) -> Order | None:
    """Read it; `author` wrote the message that it replies to, 0 where nobody did.

    None where it is not clear what is wanted.
    """
    said = [one.strip(",.:;!") for one in words.lower().split()]
    numbers = [int(one) for one in said if one.isdecimal() and len(one) <= DIGITS]
    rest = [one for one in said if not one.isdecimal()]
    skills = {skill for one in rest if (skill := _skill(one))}
    daily, off = any(one in DAILY for one in rest), any(one in OFF for one in rest)
    clear = all(_skill(one) or one in (*DAILY, *OFF, *FILLING) for one in rest)
    if (
        not clear
        or len(skills) != 1
        or len(rest) + len(numbers) != len(said)
        or (off and not daily)
    ):
        return None
    return _made(skills.pop(), [*numbers, 0] if off else numbers, author, daily=daily)


def _made(skill: str, numbers: Sequence[int], author: int, *, daily: bool) -> Order | None:
    """An order of one number, for the author, or of two, the first of which is a person's."""
    people = [author, *numbers] if len(numbers) == 1 else list(numbers)
    if len(people) != 2:
        return None
    person, count = people
    if person <= 0 or count > MOST or (count == 0 and not daily):
        return None
    return Order(person, skill, count, daily)


def _skill(word: str) -> str:
    """The skill that a word names, empty where it names none."""
    for skill, beginnings in SKILLS.items():
        if word.startswith(beginnings):
            return skill
    return ""
