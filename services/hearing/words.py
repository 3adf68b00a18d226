"""What was heard is kept with the recording that says it."""

from __future__ import annotations

from dataclasses import replace

from domain.messages import SOUNDING, Incoming
from domain.speech import Transcript


def with_words(said: Incoming, transcripts: tuple[Transcript, ...]) -> Incoming:
    """The same with what its recordings say, one transcript each."""
    line = iter(transcripts)
    told = tuple(
        replace(one, text=next(line).text) if one.kind in SOUNDING else one
        for one in said.attachments
    )
    return replace(said, attachments=told)


def without_words(said: Incoming) -> Incoming:
    """The same as before anybody listened."""
    told = tuple(replace(one, text="") if one.kind in SOUNDING else one for one in said.attachments)
    return replace(said, attachments=told)
