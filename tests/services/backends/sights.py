"""What the tests of backends that see share: files that stand for pictures, and questions."""

from collections.abc import Sequence
from pathlib import Path

from domain.pictures import Picture
from services.skills import ChatOptions, VisionModel

JPEG = b"\xff\xd8\xff\xe0"
"""How a file of that kind begins; the fakes look no further."""


def picture(folder: Path, name: str = "a", size: int = 1000) -> Picture:
    """A file with bytes of every kind, told apart by its name."""
    path = folder / f"{name}.jpg"
    path.write_bytes((JPEG + name.encode() + bytes(range(256)) * (size // 256 + 1))[:size])
    return Picture(path, "image/jpeg", 640, 480)


async def seen(
    backend: VisionModel,
    pictures: Sequence[Picture],
    question: str = "What is this?",
    options: ChatOptions | None = None,
) -> list[str]:
    """The pieces of an answer."""
    return [piece async for piece in backend.look(pictures, question, options or ChatOptions())]
