"""Brings what is asked within what a graph can do, and names what goes into its places."""

from __future__ import annotations

import math
from dataclasses import replace

from domain.drawing import Sketch
from services.graph_cards import VIDEO
from services.graphs import Graph

_USUAL = {VIDEO: (832, 480)}
_SQUARE = (1024, 1024)
_SHORTEST = 0.1  # seconds


def fitted(sketch: Sketch, graph: Graph) -> Sketch:
    """The sketch as this graph takes it: sizes and seconds within its limits, nothing left open."""
    width, height = _size(sketch, graph) if "width" in graph.places else (0, 0)
    return replace(sketch, width=width, height=height, seconds=_seconds(sketch, graph))


def frames(seconds: float, graph: Graph) -> int:
    """The number of pictures that a film of so many seconds has, as the graph's rule wants it."""
    factor, more = graph.card.limits.rule()
    wanted = seconds * graph.card.defaults.fps
    return max(round((wanted - more) / factor), 0 if more else 1) * factor + more


def values(sketch: Sketch, graph: Graph, prompt: str, start: str) -> dict[str, object]:
    """What goes into the places, for a sketch that is fitted; `start` is the picture's name."""
    defaults = graph.card.defaults
    return {
        "prompt": prompt,
        "negative": defaults.negative,
        "seed": sketch.seed,
        "width": sketch.width,
        "height": sketch.height,
        "steps": defaults.steps,
        "seconds": sketch.seconds,
        "frames": frames(sketch.seconds, graph),
        "fps": _plain(defaults.fps),
        "start_image": start,
    }


def _seconds(sketch: Sketch, graph: Graph) -> float:
    """How long a film runs; 0 for a picture."""
    if graph.kind != VIDEO:
        return 0.0
    asked = sketch.seconds if math.isfinite(sketch.seconds) and sketch.seconds > 0 else 0.0
    wanted = max(asked or graph.card.defaults.seconds, _SHORTEST)
    return min(wanted, graph.card.limits.max_seconds or wanted)


def _size(sketch: Sketch, graph: Graph) -> tuple[int, int]:
    """Width and height: the shape is kept, both are multiples of what the graph wants."""
    defaults, limits = graph.card.defaults, graph.card.limits
    usual = _USUAL.get(graph.kind, _SQUARE)
    width, height = defaults.width or usual[0], defaults.height or usual[1]
    if sketch.width > 0 and sketch.height > 0:
        width, height = sketch.width, sketch.height
    elif sketch.width > 0 or sketch.height > 0:
        larger = sketch.width / width if sketch.width > 0 else sketch.height / height
        width, height = round(width * larger), round(height * larger)
    shrunk = _shrunk(width, height, limits.max_side, limits.max_pixels)
    step, most = limits.multiple_of, limits.max_side
    return _stepped(width * shrunk, step, most), _stepped(height * shrunk, step, most)


def _shrunk(width: int, height: int, side: int, pixels: int) -> float:
    by_side = side / max(width, height) if side else 1.0
    by_pixels = math.sqrt(pixels / (width * height)) if pixels else 1.0
    return min(by_side, by_pixels, 1.0)


def _stepped(length: float, step: int, most: int) -> int:
    """The nearest multiple that is not beyond the limit, and not 0."""
    near = max(round(length / step), 1) * step
    return max(near if not most or near <= most else most // step * step, step)


def _plain(number: float) -> float:
    """A whole number as such: some nodes take nothing else."""
    return int(number) if number == int(number) else number
