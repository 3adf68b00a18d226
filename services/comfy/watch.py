"""How far a prompt is, put together from what its server says while it works."""

from __future__ import annotations

import asyncio
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.answers import Phase

PREVIEW, PREVIEW_OF_A_PROMPT = 1, 4
LARGEST_PREVIEW = 4 << 20
"""Bytes that a preview may have; larger ones are for other screens than a phone's."""

_FORMATS = {b"\xff\xd8\xff": ".jpg", b"\x89PNG": ".png"}
_SAMPLES = re.compile(r"sampler", re.IGNORECASE)
_LOADS = re.compile(r"load", re.IGNORECASE)
_OVER = frozenset({"execution_success", "execution_error", "execution_interrupted"})
_NEARLY = 0.99  # all is done only once the files are there


@dataclass(frozen=True, slots=True)
class Preview:
    """What is there so far: the bytes of a JPEG or a PNG, and the ending for its file."""

    image: bytes = field(repr=False)
    ending: str


@dataclass(slots=True)
class Watch:
    """What is known of a prompt; `changed` is set whenever that is more than before.

    `share` is over all nodes and never goes back, although each begins at 0. `over` once the server
    has said that it is, however it ended.
    """

    prompt_id: str
    graph: Mapping[str, Mapping[str, Any]] = field(repr=False)
    share: float | None = None
    note: str = ""
    phase: Phase | None = None
    running: bool = False
    over: bool = False
    preview: Preview | None = None
    changed: asyncio.Event = field(default_factory=asyncio.Event, repr=False)
    _done: dict[str, float] = field(default_factory=dict, init=False, repr=False)
    _node: str = field(default="", init=False, repr=False)

    def hear(self, record: Mapping[str, Any]) -> None:
        """Take in an event; those of other prompts, and of no known kind, say nothing."""
        kind, told = record.get("type"), record.get("data")
        if not isinstance(told, dict) or told.get("prompt_id", self.prompt_id) != self.prompt_id:
            return
        match kind:
            case "execution_start":
                self.begun()
            case "execution_cached":
                self._finish(told.get("nodes"))
            case "progress_state":
                self._states(told.get("nodes"))
            case "executing":
                self._executing(told.get("node"), told)
            case "progress":
                self._step(told)
            case _ if kind in _OVER:
                self._end()
        self.changed.set()

    def look(self, frame: bytes) -> None:
        """Take in a binary frame: previews are kept, other kinds left alone."""
        image = _image(frame)
        ending = next((e for head, e in _FORMATS.items() if image.startswith(head)), "")
        if ending and len(image) <= LARGEST_PREVIEW:
            self.preview = Preview(image, ending)
            self.changed.set()

    def begun(self) -> None:
        """The server works at it."""
        if not self.running:
            self.running = True
            self.changed.set()

    def _executing(self, node: object, told: Mapping[str, Any]) -> None:
        if node is None:
            if "prompt_id" in told:
                self._end()
            return
        self.begun()
        if self._node and self._node != node:
            self._finish([self._node])
        if self._node != node:
            self.note = ""
        self._node = str(node)
        loads = _LOADS.search(str(self.graph.get(self._node, {}).get("class_type", "")))
        self.phase = Phase.LOADING if loads else None

    def _step(self, told: Mapping[str, Any]) -> None:
        value, most = told.get("value"), told.get("max")
        if not (isinstance(value, int | float) and isinstance(most, int | float) and most > 0):
            return
        self.begun()
        self.note = f"{value:g}/{most:g}" if most > 1 else ""
        self._reach(str(told.get("node")), value / most)

    def _states(self, nodes: object) -> None:
        for name, state in nodes.items() if isinstance(nodes, dict) else ():
            match state:
                case {"state": "finished"}:
                    self._reach(name, 1.0)
                case {"value": int() | float() as value, "max": int() | float() as most} if most:
                    self._reach(name, value / most)

    def _finish(self, nodes: object) -> None:
        for name in nodes if isinstance(nodes, list) else ():
            self._reach(name, 1.0)

    def _reach(self, node: str, part: float) -> None:
        if node not in self.graph:  # a node that another one has unfolded into
            return
        self._done[node] = max(self._done.get(node, 0.0), min(part, 1.0))
        whole = sum(map(self._weight, self.graph))
        share = sum(part * self._weight(name) for name, part in self._done.items()) / whole
        self.share = max(self.share or 0.0, min(share, _NEARLY))

    def _weight(self, node: str) -> float:
        """Nearly all of the time goes into the steps."""
        return 20.0 if _SAMPLES.search(str(self.graph[node].get("class_type", ""))) else 1.0

    def _end(self) -> None:
        self.running, self.over = True, True


def _image(frame: bytes) -> bytes:
    """The picture of a preview, empty for other frames."""
    if len(frame) < 8:
        return b""
    kind, length = struct.unpack(">II", frame[:8])
    if kind == PREVIEW:
        return frame[8:]
    return frame[8 + length :] if kind == PREVIEW_OF_A_PROMPT else b""
