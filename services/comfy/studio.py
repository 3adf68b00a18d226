"""What both of ComfyUI's backends are made of: a server, graphs of one kind, and their upkeep."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

from domain.answers import Progress
from domain.drawing import Glimpse, Settled
from domain.errors import BackendRejected, BackendUnavailable, ConfigError, PartsMissing
from services.comfy.needs import Catalogue, lack
from services.comfy.run import Made, Pace, Run
from services.comfy.server import Comfy
from services.comfy.troubles import GRAPH
from services.graphs import Graph, Graphs
from services.skills import Commission, Ready


@dataclass(frozen=True, slots=True)
class Studio:
    """A server, and which graphs of a `kind` are used where nobody chooses one."""

    comfy: Comfy
    graphs: Graphs = field(repr=False)
    kind: str
    workflow: str
    start_workflow: str
    pace: Pace

    async def run(
        self, commission: Commission
    ) -> AsyncGenerator[Settled | Progress | Glimpse | Made, None]:
        """Make it with the graph that fits."""
        graph = await asyncio.to_thread(self._chosen, commission)
        return Run(self.comfy, graph, commission, self.pace).events()

    def wants_english(self, commission: Commission) -> bool:
        """Whether the graph that fits understands nothing else."""
        try:
            return self._chosen(commission).card.english
        except (BackendRejected, BackendUnavailable):
            return False  # it will be told when it is asked in earnest

    @property
    def enlarging(self) -> str:
        """The name of a graph that enlarges a picture, empty where there is none."""
        found = (one.name for one in self.graphs.named(self.kind) if one.card.upscale)
        return next(found, "")

    async def ready(self) -> Ready:
        """Tell which graphs can be used; the first that we use ourselves must be among them."""
        try:
            await self.comfy.version()
            return await self._complete()
        except BackendRejected as error:
            reason = f"is no ComfyUI: {error.reason}"
            raise BackendUnavailable(self.comfy.label, reason, down=True) from error

    async def _complete(self) -> Ready:
        catalogue = Catalogue(self.comfy)
        own = await asyncio.to_thread(self._own, self.workflow)
        others = await asyncio.to_thread(self.graphs.named, self.kind)
        await catalogue.learn((own, *others))
        if missing := catalogue.missing(own):
            raise lack(self.comfy.label, f"the graph {own.name}", missing)
        lacking = await self._lacking(catalogue)
        usable = [own, *(one for one in others if one != own and not catalogue.missing(one))]
        return Ready(tuple(one.title for one in usable), lacking=lacking)

    async def _lacking(self, catalogue: Catalogue) -> tuple[str, ...]:
        """What is wrong with the graph for start pictures, without which the other still works."""
        try:
            graph = await asyncio.to_thread(self._own, self.start_workflow)
            await catalogue.learn([graph])
            if missing := catalogue.missing(graph):
                raise lack(self.comfy.label, f"the graph {graph.name}", missing)
        except (PartsMissing, BackendUnavailable) as error:
            return (error.reason,)
        return ()

    def _chosen(self, commission: Commission) -> Graph:
        """The graph of the wanted style, or our own where it is gone or of no use here."""
        start = commission.sketch.start is not None
        styles = {one.name: one for one in self.graphs.named(self.kind)}
        wanted = styles.get(commission.style)
        if wanted is not None and wanted.takes_start == start:
            return wanted
        own = self._own(self.start_workflow if start else self.workflow)
        if own.takes_start != start:
            reason = f"the graph {own.name} takes {'no' if start else 'only a'} start picture"
            raise BackendRejected(self.comfy.label, reason, code=GRAPH)
        return own

    def _own(self, name: str) -> Graph:
        try:
            graph = self.graphs.get(name)
        except ConfigError as error:
            raise BackendUnavailable(self.comfy.label, str(error), down=True) from error
        if graph.kind != self.kind:
            reason = f"the graph {graph.name} makes no {self.kind}"
            raise BackendUnavailable(self.comfy.label, reason, down=True)
        return graph


def labelled(label: str, url: str) -> str:
    """The name for the operator."""
    return label or f"ComfyUI at {url.partition('://')[2].partition('/')[0]}"
