"""Pictures as OpenAI's servers and their likenesses draw them; Ollama is one of them by now."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from domain.answers import Phase, Progress
from domain.drawing import Glimpse, Settled, Sketch
from domain.errors import BackendNonsense, BackendRejected
from domain.pictures import Picture
from services.forms import Form
from services.openai_drawn import LARGEST, LARGEST_ANSWER, Drawn, drawn, kind, refusal, unwanted
from services.openai_models import look
from services.openai_wire import named
from services.skills import Commission, Ready
from services.wire import Ask, Wire

NO_START = "no_start_picture"
"""The code of a refusal to begin from a picture."""

_MIMES = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp"}


@dataclass(frozen=True, slots=True)
class OpenAIImage:
    """A model that draws, behind an address that usually ends in /v1.

    With `edits` its server begins from a picture, too, and with `seeds` it takes a seed: OpenAI's
    own does not. `english_only` is for a model that understands nothing else. `patience` is how
    many seconds a picture may take, for nothing is told meanwhile.
    """

    wire: Wire
    url: str
    model: str
    api_key: str = field(default="", repr=False)
    edits: bool = False
    seeds: bool = False
    english_only: bool = False
    patience: float = 300.0
    label: str = ""
    # words of a question that this server has refused
    _refused: set[str] = field(default_factory=set, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.label:
            object.__setattr__(self, "label", named(self.model, self.url))

    async def draw(
        self, commission: Commission
    ) -> AsyncGenerator[Settled | Progress | Glimpse | Picture, None]:
        """Yield how it is made and then the pictures; their sizes are 0, for nobody tells them.

        A prompt that the server will not draw is BackendRejected with the code "refused".
        """
        sketch = commission.sketch
        if sketch.start is not None and not self.edits:
            reason = "begins from no picture; set edits = true if its server can"
            raise BackendRejected(self.label, reason, code=NO_START)
        yield Settled(sketch, self.model)
        yield Progress(Phase.DRAWING, "")
        if self.english_only:
            sketch = replace(sketch, prompt=await commission.in_english())
        for number, one in enumerate(await self._answered(sketch), 1):
            raw = one.raw or await self._fetched(one.url)
            yield await asyncio.to_thread(self._written, raw, commission.room, number)

    async def ready(self) -> Ready:
        """Tell which models are there, as far as the server tells."""
        ask = Ask(self.label, self._address("models"), None, self.api_key)
        return await look(self.wire, ask, self.model)

    async def _answered(self, sketch: Sketch) -> list[Drawn]:
        """Ask, and once more without each word that the server does not take."""
        left_out = set(self._refused)
        while True:
            words = {name: one for name, one in self._words(sketch).items() if name not in left_out}
            ask = self._question(words, sketch.start)
            try:
                body = await self.wire.whole(ask, LARGEST_ANSWER)
            except BackendRejected as error:
                word = unwanted(error, words)
                if word is None:
                    raise refusal(error, ask) from None
                left_out.add(word)
                if word != "size":  # another size may be right
                    self._refused.add(word)
            else:
                return await asyncio.to_thread(drawn, ask, body)

    def _words(self, sketch: Sketch) -> dict[str, str | int]:
        words: dict[str, str | int] = {"model": self.model, "prompt": sketch.prompt, "n": 1}
        words["response_format"] = "b64_json"
        if sketch.width and sketch.height:
            words["size"] = f"{sketch.width}x{sketch.height}"
        if self.seeds:
            words["seed"] = sketch.seed
        return words

    def _question(self, words: Mapping[str, str | int], start: Path | None) -> Ask:
        if start is None:
            where = self._address("images/generations")
            return Ask(self.label, where, words, self.api_key, self.patience)
        texts = {name: str(word) for name, word in words.items()}
        mime = _MIMES.get(start.suffix, "image/png")
        form = Form(texts, start, start.stat().st_size, mime, ("image", "image"))
        where = self._address("images/edits")
        return Ask(self.label, where, None, self.api_key, self.patience, form=form)

    async def _fetched(self, url: str) -> bytes:
        """Fetch a picture from the server that drew it, and from nobody else."""
        where, ours = self._joined(url)
        if not ours:
            raise BackendNonsense(self.label, "its picture is at another address than itself")
        ask = Ask(self.label, where, None, self.api_key, self.patience, strays=False)
        return await self.wire.whole(ask, LARGEST)

    def _joined(self, url: str) -> tuple[str, bool]:
        """The whole address, and whether it is on this server."""
        try:
            where = urljoin(self._address(""), url)
            places = [urlsplit(one) for one in (where, self.url)]
            origins = {(one.scheme, one.hostname, one.port) for one in places}
        except ValueError:  # a port that is none, or brackets
            return url, False
        return where, len(origins) == 1

    def _written(self, raw: bytes, room: Path, number: int) -> Picture:
        found = kind(raw)
        if found is None:
            raise BackendNonsense(self.label, f"{len(raw)} bytes that are no picture")
        path = room / f"drawn.{number}{found.ending}"
        path.write_bytes(raw)
        return Picture(path, found.mime, 0, 0)

    def _address(self, route: str) -> str:
        return f"{self.url.rstrip('/')}/{route}"
