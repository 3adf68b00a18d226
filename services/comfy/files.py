"""Fetches what was made; what is not what was promised is nonsense, whatever it is called."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from domain.drawing import Clip
from domain.errors import BackendNonsense, BackendRejected
from domain.pictures import Picture
from services.comfy.outputs import Kind, Output, films, kind, outputs, stills
from services.comfy.server import Comfy

MOST_PICTURES = 10
"""How many pictures of one prompt are shown; so many stand in one album."""


async def pictures(comfy: Comfy, entry: Mapping[str, Any], room: Path) -> list[Picture]:
    """Fetch the pictures, in the order of their nodes."""
    found = stills(entry)
    if not found:
        raise _other(comfy, entry, "picture")
    fetched = []
    for number, output in enumerate(found[:MOST_PICTURES], 1):
        path = room / f"picture-{number}{output.ending}"
        what = await _fetched(comfy, output, path)
        if what.moves or not what.mime.startswith("image/"):
            raise BackendNonsense(comfy.label, f"a {what.mime} is called {output.ending}")
        fetched.append(Picture(path, what.mime, what.width, what.height))
    return fetched


async def clip(comfy: Comfy, entry: Mapping[str, Any], room: Path) -> Clip:
    """Fetch the film; of several the likeliest."""
    found = films(entry)
    if not found:
        raise _other(comfy, entry, "film")
    path = room / f"film{found[0].ending}"
    what = await _fetched(comfy, found[0], path)
    if not what.moves:
        raise BackendNonsense(comfy.label, f"a film was promised, a {what.mime} has come")
    return Clip(path, what.mime, width=what.width, height=what.height)


async def _fetched(comfy: Comfy, output: Output, path: Path) -> Kind:
    try:
        size = await comfy.fetch(output.names, path)
    except BackendRejected as error:
        raise BackendNonsense(comfy.label, f"an output is missing: {error.reason}") from error
    if not size:
        raise BackendNonsense(comfy.label, "an output has no bytes")
    what = await asyncio.to_thread(kind, path)
    if what is None:
        raise BackendNonsense(comfy.label, f"{size} bytes of no known kind as {output.ending}")
    return what


def _other(comfy: Comfy, entry: Mapping[str, Any], wanted: str) -> BackendNonsense:
    made = ", ".join(sorted({one.ending for one in outputs(entry)})) or "nothing"
    return BackendNonsense(comfy.label, f"made no {wanted}, but {made}")
