"""Two ways to be refused: as a bot, in the Bot API's words, and as a caller of the playground."""

from typing import Any


class ApiError(Exception):
    """A Bot API call is refused with a code and a description."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.parameters = parameters


class PlayError(Exception):
    """A call of the playground's own interface is refused with a sentence."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status


def bad_request(reason: str) -> ApiError:
    """Refuse a call as malformed or impossible."""
    return ApiError(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> ApiError:
    """Refuse a call that the bot has no right to."""
    return ApiError(403, f"Forbidden: {reason}")
