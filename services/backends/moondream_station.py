"""Moondream Station: looks at one picture; its failures come with HTTP's word for success."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal
from urllib.parse import urlsplit

from domain.errors import (
    BackendError,
    BackendNonsense,
    BackendRejected,
    BackendUnavailable,
)
from domain.pictures import Picture
from services.batches import in_batches
from services.complaints import Complaint
from services.exchange import record
from services.pictures import addressed
from services.skills import ChatOptions, Ready, Usage
from services.wire import Ask, Event, Wire

_OUR_FAULT = re.compile(r"(is|are) required$|cannot identify image")
_WHOLE = ("answer", "caption")
_LATER = 5.0  # seconds that the server has to say itself that it was too slow


@dataclass(frozen=True, slots=True)
class MoondreamVision:
    """The model that a Moondream Station runs; it looks at one picture at a time.

    A question has `patience` seconds, of which the server is told; its own 30 would be too few on
    a slow machine. `length` is that of a description.
    """

    english_only: ClassVar[bool] = True

    wire: Wire
    url: str = "http://127.0.0.1:2020/v1"
    length: Literal["short", "normal", "long"] = "normal"
    patience: float = 120.0
    label: str = ""
    # a question that was too late goes on, and keeps the only worker from the next
    _stuck: asyncio.Event = field(
        default_factory=asyncio.Event, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        if not self.label:
            where = urlsplit(self.url)
            label = f"Moondream Station at {where.hostname}:{where.port or 80}"
            object.__setattr__(self, "label", label)

    def look(
        self, pictures: Sequence[Picture], question: str, options: ChatOptions
    ) -> AsyncGenerator[str, None]:
        """Yield the answer, or a description where nothing is asked."""

        def see(some: Sequence[Picture], own: ChatOptions) -> AsyncGenerator[str, None]:
            return self._seen(some, question, own)

        return in_batches(pictures, 1, options, see)

    async def ready(self) -> Ready:
        """Tell which models there are and which one runs; one must, and must be free to answer."""
        stats, listing = await self._told("stats"), await self._told("models")
        if stats.get("status", "running") != "running":
            cure = "start one in moondream-station"
            raise BackendUnavailable(self.label, f"no model runs; {cure}", down=True)
        if not (stats.get("processing") or stats.get("queue_size")):
            self._stuck.clear()
        if self._stuck.is_set():
            raise BackendUnavailable(self.label, "still at a question that was too late", down=True)
        running = (stats["model"],) if isinstance(stats.get("model"), str) else None
        return Ready(self._names(listing), running)

    async def _seen(
        self, pictures: Sequence[Picture], question: str, options: ChatOptions
    ) -> AsyncGenerator[str, None]:
        ask, finished = await self._ask(pictures, question, options), False
        async with aclosing(self.wire.events(ask, last=_is_end)) as events:
            async for event in events:
                told = record(ask, event.text.encode())
                if "error" in told:
                    raise self._refused(told)
                if piece := _piece(told):
                    yield piece
                if tokens := _tokens(told):
                    options.usage(Usage(0, tokens))
                finished = finished or not told.keys().isdisjoint(("completed", *_WHOLE))
        if not finished:
            raise BackendUnavailable(self.label, "the answer broke off")

    async def _ask(self, pictures: Sequence[Picture], question: str, options: ChatOptions) -> Ask:
        [picture] = await addressed(self.label, pictures)
        settings: dict[str, object] = {"max_tokens": options.max_tokens}
        if options.temperature is not None:
            settings["temperature"] = options.temperature
        body = {
            "image_url": picture,
            "stream": True,
            "timeout": self.patience,
            "settings": settings,
        }
        if question.strip():
            return self._to("query", {**body, "question": question})
        return self._to("caption", {**body, "length": self.length})

    def _to(self, route: str, body: Mapping[str, object] | None = None) -> Ask:
        patience = self.patience + _LATER
        return Ask(self.label, f"{self.url.rstrip('/')}/{route}", body, patience=patience)

    async def _told(self, route: str) -> dict[str, Any]:
        try:
            told = await self.wire.json(self._to(route))
        except BackendRejected as error:
            raise BackendUnavailable(self.label, error.reason) from error
        if not isinstance(told, dict):
            raise BackendNonsense(self.label, f"its {route} have another shape")
        return told

    def _names(self, listing: Mapping[str, Any]) -> tuple[str, ...]:
        try:
            return tuple(one["id"] for one in listing["models"])
        except (TypeError, KeyError):
            raise BackendNonsense(self.label, "its models have another shape") from None

    def _refused(self, told: Mapping[str, Any]) -> BackendError:
        """Tell what is our fault from all that is the server's, which has one shape for both."""
        reason, status = Complaint.of(told).words, told.get("status")
        if status is None and _OUR_FAULT.search(reason):
            return BackendRejected(self.label, reason)
        if status == "timeout":
            self._stuck.set()
        return BackendUnavailable(self.label, reason, down=status == "timeout")


def _is_end(event: Event) -> bool:
    return event.text.startswith('{"completed"')


def _piece(told: Mapping[str, Any]) -> str:
    """The next words, or all of them from a model that does not stream."""
    match told:
        case {"chunk": str(words)} | {"answer": str(words)} | {"caption": str(words)}:
            return words
    return ""


def _tokens(told: Mapping[str, Any]) -> int:
    match told:
        case {"stats": {"tokens": int(count)}} | {"_stats": {"tokens": int(count)}}:
            return count
    return 0
