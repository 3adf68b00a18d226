"""ComfyUI: pictures and films, made by graphs that its owner can exchange."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from domain.answers import Progress
from domain.drawing import Clip, Glimpse, Settled
from domain.pictures import Picture
from services.comfy.files import clip, pictures
from services.comfy.run import Made, Pace
from services.comfy.server import Comfy
from services.comfy.studio import Studio, labelled
from services.graph_cards import IMAGE, VIDEO
from services.graphs import Graphs
from services.skills import Commission, Ready
from services.wire import Wire


@dataclass(frozen=True, slots=True)
class _ComfyUI:
    """What both have in common; `start_workflow` is the graph for what begins from a picture.

    A prompt may run for `patience` seconds; every `poll` seconds it is looked at, for the case that
    the server says nothing of itself. One that went away may be so for `grace` seconds.
    """

    kind: ClassVar[str]

    wire: Wire
    data_dir: Path
    url: str = "http://127.0.0.1:8188"
    workflow: str = ""
    start_workflow: str = ""
    patience: float = 600.0
    poll: float = 2.0
    grace: float = 90.0
    label: str = ""
    _studio: Studio = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.patience <= 0 or self.poll <= 0:
            raise ValueError("patience and poll must be above 0")
        label = labelled(self.label, self.url)
        studio = Studio(
            Comfy(self.wire, self.url.rstrip("/"), label),
            Graphs.beside(self.data_dir),
            self.kind,
            self.workflow,
            self.start_workflow,
            Pace(self.patience, self.poll, self.grace),
        )
        object.__setattr__(self, "label", label)
        object.__setattr__(self, "_studio", studio)

    @property
    def enlarging(self) -> str:
        """The name of a graph that enlarges a picture, empty where there is none."""
        return self._studio.enlarging

    def wants_english(self, commission: Commission) -> bool:
        """Whether it understands such a prompt in English only."""
        return self._studio.wants_english(commission)

    async def ready(self) -> Ready:
        """Tell which graphs have all that they need; `models` are their titles."""
        return await self._studio.ready()

    async def free(self) -> None:
        """Ask it to give back the memory of the graphics card."""
        await self._studio.comfy.free()


@dataclass(frozen=True, slots=True)
class ComfyImage(_ComfyUI):
    """Pictures by ComfyUI."""

    kind: ClassVar[str] = IMAGE

    workflow: str = "text-to-image"
    start_workflow: str = "image-to-image"

    async def draw(
        self, commission: Commission
    ) -> AsyncGenerator[Settled | Progress | Glimpse | Picture, None]:
        """Yield how it is made, how far it is, and the pictures."""
        async with aclosing(await self._studio.run(commission)) as events:
            async for event in events:
                if not isinstance(event, Made):
                    yield event
                    continue
                for picture in await pictures(self._studio.comfy, event.entry, commission.room):
                    yield picture


@dataclass(frozen=True, slots=True)
class ComfyVideo(_ComfyUI):
    """Films by ComfyUI."""

    kind: ClassVar[str] = VIDEO

    workflow: str = "text-to-video"
    start_workflow: str = "image-to-video"
    patience: float = 1800.0

    async def film(
        self, commission: Commission
    ) -> AsyncGenerator[Settled | Progress | Glimpse | Clip, None]:
        """Yield how it is made, how far it is, and the film."""
        async with aclosing(await self._studio.run(commission)) as events:
            async for event in events:
                if not isinstance(event, Made):
                    yield event
                    continue
                yield await clip(self._studio.comfy, event.entry, commission.room)
