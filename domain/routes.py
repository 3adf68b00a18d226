"""Which kind of model is asked, and whether the text may leave the machine."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Category(StrEnum):
    """The kinds of model that a chain can offer."""

    FAST = "fast"
    DEFAULT = "default"
    COMPLEX = "complex"
    VISION = "vision"
    VISION_PDF = "vision_pdf"


class Privacy(StrEnum):
    """Whether a text may leave the machine."""

    LOCAL = "local"
    CLOUD_ALLOWED = "cloud_allowed"


@dataclass(frozen=True, slots=True)
class Route:
    """What a chain needs to know to choose; `model` is a person's own choice, or empty."""

    category: Category = Category.DEFAULT
    privacy: Privacy = Privacy.LOCAL
    model: str = ""
