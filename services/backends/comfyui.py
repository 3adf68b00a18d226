"""ComfyUI: pictures and films, made by graphs that its owner can exchange."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path

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

_URL = "http://127.0.0.1:8188"


@dataclass(frozen=True, slots=True)
class ComfyImage:
    """Pictures by ComfyUI; `start_workflow` is the graph for those that begin from a picture.

    A prompt may run for `patience` seconds; every `poll` seconds it is looked at, for the case that
    the server says nothing of itself. One that went away may be so for `grace` seconds.
    """

    wire: Wire
    data_dir: Path
    url: str = _URL
    workflow: str = "text-to-image"
    start_workflow: str = "image-to-image"
    patience: float = 600.0
    poll: float = 2.0
    grace: float = 90.0
    label: str = ""
    _studio: Studio = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "label", labelled(self.label, self.url))
        object.__setattr__(self, "_studio", _studio(self, IMAGE))

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

    def wants_english(self, commission: Commission) -> bool:
        """Whether it understands such a prompt in English only."""
        return self._studio.wants_english(commission)

    @property
    def enlarging(self) -> str:
        """The name of a graph that enlarges a picture, empty where there is none."""
        return self._studio.enlarging

    async def ready(self) -> Ready:
        """Tell which graphs have all that they need; `models` are their titles."""
        return await self._studio.ready()

    async def free(self) -> None:
        """Ask it to give back the memory of the graphics card."""
        await self._studio.comfy.free()


@dataclass(frozen=True, slots=True)
class ComfyVideo:
    """Films by ComfyUI; otherwise as ComfyImage."""

    wire: Wire
    data_dir: Path
    url: str = _URL
    workflow: str = "text-to-video"
    start_workflow: str = "image-to-video"
    patience: float = 1800.0
    poll: float = 2.0
    grace: float = 90.0
    label: str = ""
    _studio: Studio = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "label", labelled(self.label, self.url))
        object.__setattr__(self, "_studio", _studio(self, VIDEO))

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

    def wants_english(self, commission: Commission) -> bool:
        """Whether it understands such a prompt in English only."""
        return self._studio.wants_english(commission)

    async def ready(self) -> Ready:
        """Tell which graphs have all that they need; `models` are their titles."""
        return await self._studio.ready()

    async def free(self) -> None:
        """Ask it to give back the memory of the graphics card."""
        await self._studio.comfy.free()


def _studio(backend: ComfyImage | ComfyVideo, kind: str) -> Studio:
    if backend.patience <= 0 or backend.poll <= 0:
        raise ValueError("patience and poll must be above 0")
    return Studio(
        Comfy(backend.wire, backend.url.rstrip("/"), backend.label),
        Graphs.beside(backend.data_dir),
        kind,
        backend.workflow,
        backend.start_workflow,
        Pace(backend.patience, backend.poll, backend.grace),
    )
