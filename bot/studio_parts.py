"""The parts that draw and film, and what each is made of."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import Any

from bot.basics import Basics
from bot.grounds import Chains
from services.chain import Chain
from services.clips.checking import Finisher
from services.clips.gif import GifMaker
from services.drawing.changes import Changes
from services.drawing.finds import Finds
from services.drawing.gifs import Gif
from services.drawing.making import Ask, Making
from services.drawing.presenting import Films, Pictures
from services.drawing.refusing import Refusing
from services.drawing.starts import Starts
from services.drawing.studio import Charging, Studio
from services.drawing.tasks import Make, Presenter
from services.drawing.translating import Translator
from services.drawing.waits import Timing
from services.graphs import Graphs
from services.opening.opener import Opener
from services.sound.ffmpeg import Ffmpeg
from services.tasks import Task
from storage.paces import Paces

ASKED: Mapping[str, Ask] = {
    "image": lambda backend, commission: backend.draw(commission),
    "video": lambda backend, commission: backend.film(commission),
}


class StudioParts:
    """Each is made of others when it is first asked for."""

    def __init__(
        self,
        basics: Basics,
        chains: Chains,
        opener: Opener,
        charging: Charging,
        arrived: Callable[[], None],
        stopping: Callable[[], bool],
    ) -> None:
        self.basics = basics
        self.chains = chains
        self.opener = opener
        self.charging = charging
        self.arrived = arrived
        self.stopping = stopping

    @cached_property
    def studio(self) -> Studio:
        """Who takes orders."""
        offers = {skill: self._chain(skill).backends for skill in ASKED}
        plain = self.basics.config.drawing.plain_requests
        return Studio(offers, self.charging, plain)

    @cached_property
    def changes(self) -> Changes:
        """Who obeys the buttons under works."""
        return Changes(self.basics.jobs, self.studio, self.basics.words, self._styles, self.arrived)

    @cached_property
    def timing(self) -> Timing:
        """Who knows how long it takes."""
        chains = {skill: self._chain(skill) for skill in ASKED}
        return Timing(Paces(self.basics.database), chains)

    @cached_property
    def tasks(self) -> dict[str, Task]:
        """The kinds of work that make something to look at, by their names."""
        pictures = Pictures(self.opener, self.basics.shelf, self._styles, self._enlarges)
        longest = self.studio.longest
        films = Films(self._finisher, self.basics.shelf, self._styles, longest)
        return {
            "draw": self._make("image", pictures),
            "film": self._make("video", films),
            "gif": self._gif,
            **Refusing(self.studio, self.basics.words).tasks(),
        }

    def _make(self, skill: str, presenter: Presenter) -> Make:
        basics = self.basics
        making = Making(
            self._chain(skill),
            ASKED[skill],
            Starts(self._finds, self.opener),
            Translator(self.chains.chat),
            basics.jobs,
            basics.name,
            partial(random.randint, 0),
            time.monotonic,
            self.stopping,
        )
        return Make(making, presenter, basics.workrooms, self.timing, basics.words)

    @property
    def _gif(self) -> Gif:
        basics = self.basics
        return Gif(
            GifMaker(Ffmpeg(), basics.shelf),
            self._finisher,
            self._finds,
            basics.shelf,
            basics.workrooms,
            basics.jobs,
            basics.outbox,
            basics.words,
        )

    @cached_property
    def _finds(self) -> Finds:
        return Finds(self.basics.fetcher, self.basics.shelf)

    @cached_property
    def _finisher(self) -> Finisher:
        return Finisher(Ffmpeg(), self.basics.limits.up)

    @cached_property
    def _graphs(self) -> Graphs:
        return Graphs.beside(self.basics.config.storage.data_dir)

    def _styles(self, skill: str) -> Mapping[str, str]:
        """What can be chosen: the owner's own graphs that have all they need where they run."""
        own = Graphs(self._graphs.folders[1:])
        return {
            one.name: one.title
            for one in own.named(skill)
            if one.title in self._usable(skill) and not (one.takes_start or one.card.upscale)
        }

    def _enlarges(self) -> bool:
        """Whether a graph that enlarges has all it needs."""
        larger = {one.title for one in self._graphs.named("image") if one.card.upscale}
        return not larger.isdisjoint(self._usable("image"))

    def _usable(self, skill: str) -> set[str]:
        """The titles of the graphs that servers can make use of."""
        return {title for one in self._chain(skill).state() for title in one.models}

    def _chain(self, skill: str) -> Chain[Any]:
        return self.chains.all()[skill]
