"""Estimates how many tokens a text is, without any model's tokenizer."""

from __future__ import annotations

BYTES_A_TOKEN = 3.0
"""UTF-8 bytes a token. Real tokenizers need about 4 for English and 3 to 5 for Cyrillic, so this
estimate errs on the long side, and a conversation is shortened early rather than late."""

A_TURN = 6
"""Tokens that a chat template adds to each turn."""


def estimate(text: str) -> int:
    """The number of tokens of one turn with this text."""
    return int(len(text.encode()) / BYTES_A_TOKEN) + A_TURN
