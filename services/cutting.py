"""Cuts a stream of bytes into lines."""

from __future__ import annotations

LONGEST = 1 << 20
"""Bytes that a line may have."""


class LineTooLong(ValueError):
    """A line has more than LONGEST bytes, or never ends."""


class Lines:
    """Gives the lines of a stream that arrives in pieces cut anywhere.

    Only a newline byte ends a line. str.splitlines would not do: it also cuts at U+2028 and at
    others that stand unescaped inside JSON, and a character may be cut in two by the network.
    """

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, piece: bytes) -> list[bytes]:
        """Take the next piece and return the lines that it completes, without their ends."""
        first, *others = piece.split(b"\n")
        if len(self._rest) + len(first) > LONGEST:
            raise LineTooLong
        self._rest += first
        if not others:
            return []
        lines = [self._rest, *others[:-1]]
        self._rest = others[-1]
        return [line.removesuffix(b"\r") for line in lines]

    def finish(self) -> list[bytes]:
        """Return the last line where the stream ended without a newline."""
        last, self._rest = self._rest.removesuffix(b"\r"), b""
        return [last] if last else []
