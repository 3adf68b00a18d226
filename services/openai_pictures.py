"""Pictures as OpenAI's likenesses take them, and how those say that they take none."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from domain.errors import BackendError, BackendRejected, BackendUnavailable
from domain.messages import Role
from domain.pictures import Picture
from services.pictures import addressed, wanted

_BLIND = re.compile(
    r"only 'text' content|not a multimodal|image_url is only|image input|support images",
    re.IGNORECASE,
)


async def asked_of(
    server: str, pictures: Sequence[Picture], question: str
) -> list[Mapping[str, object]]:
    """The lines of a conversation that ask about pictures, which follow in their order."""
    images = await addressed(server, pictures)
    parts: list[Mapping[str, object]] = [
        {"type": "text", "text": wanted(question, len(pictures))},
        *({"type": "image_url", "image_url": {"url": image}} for image in images),
    ]
    return [{"role": Role.USER, "content": parts}]


def blind(error: BackendRejected) -> BackendError:
    """Recognise a server that takes no pictures: the next may, so it is unavailable for this."""
    if _BLIND.search(error.reason):
        return BackendUnavailable(error.backend, error.reason, down=True)
    return error
