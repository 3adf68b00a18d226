"""Parameters of a Bot API call, read as leniently and refused as strictly as the server does."""

import json
from typing import Any

from playground.errors import bad_request
from playground.records import Record

_TRUE = {"true", "yes", "1"}


class Upload:
    """A file that came with a call."""

    __slots__ = ("body", "mime", "name")

    def __init__(self, name: str, mime: str, body: bytes) -> None:
        self.name = name
        self.mime = mime
        self.body = body


class Params:
    """The parameters of one call; each may be a string of a form or a value of JSON."""

    def __init__(self, values: Record, uploads: dict[str, Upload] | None = None) -> None:
        self.values = values
        self.uploads = uploads or {}

    def __contains__(self, name: str) -> bool:
        return self.values.get(name) not in (None, "")

    def text(self, name: str) -> str:
        """Read a string; what is missing is empty."""
        value = self.values.get(name)
        if value is None:
            return ""
        return value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str, default: int = 0) -> int:
        """Read a number; what is none counts as the default."""
        try:
            return int(self.values.get(name) or default)
        except (TypeError, ValueError):
            return default

    def number(self, name: str, default: float = 0.0) -> float:
        """Read a number with a fraction."""
        try:
            return float(self.values.get(name) or default)
        except (TypeError, ValueError):
            return default

    def flag(self, name: str) -> bool:
        """Read a yes or no."""
        value = self.values.get(name)
        return value if isinstance(value, bool) else str(value).lower() in _TRUE

    def parsed(self, name: str, what: str) -> Any:
        """Read a value of JSON, whichever way it was sent; None if it is missing."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {what} JSON object") from None

    def record(self, name: str, what: str) -> Record:
        """Read an object of JSON; empty if it is missing."""
        value = self.parsed(name, what)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise bad_request(f"object expected as {what}")
        return value

    def listed(self, name: str, what: str) -> list[Any]:
        """Read an array of JSON; empty if it is missing."""
        value = self.parsed(name, what)
        if value is None:
            return []
        if not isinstance(value, list):
            raise bad_request(f"expected an Array of {what}")
        return value
