"""What travels over the wire is plain JSON, encoded in one way everywhere."""

import json
from typing import Any

Record = dict[str, Any]

_encoder = json.JSONEncoder(separators=(",", ":"))


class Encoded(str):
    """A result that is JSON already and goes out as it stands."""

    __slots__ = ()


def encode(value: Any) -> str:
    """Turn a value into compact JSON, leaving what is JSON already untouched."""
    return value if isinstance(value, Encoded) else _encoder.encode(value)
