"""A reader on which bytes have come already."""

import asyncio

from services.connections import LONGEST_LINE


def fed(*parts: bytes) -> asyncio.StreamReader:
    """A reader with these bytes and the end behind them."""
    reader = asyncio.StreamReader(LONGEST_LINE)
    reader.feed_data(b"".join(parts))
    reader.feed_eof()
    return reader
