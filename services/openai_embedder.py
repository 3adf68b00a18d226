"""Vectors as OpenAI's servers and their likenesses make them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from domain.errors import BackendRejected
from services.embeddings import floats, in_order
from services.openai_models import look
from services.openai_wire import explained, named
from services.skills import Ready
from services.wire import Ask, Wire


@dataclass(frozen=True, slots=True)
class OpenAIEmbedder:
    """A model that turns texts into vectors, behind an address that usually ends in /v1."""

    wire: Wire
    url: str
    model: str
    api_key: str = field(default="", repr=False)
    patience: float = 120.0
    label: str = ""

    def __post_init__(self) -> None:
        if not self.label:
            object.__setattr__(self, "label", named(self.model, self.url))

    async def embed(self, texts: Sequence[str]) -> Sequence[bytes]:
        """One vector for each text, in their order, whatever the order of the answer."""
        body = {"model": self.model, "input": list(texts), "encoding_format": "float"}
        ask = self._ask("embeddings", body)
        try:
            found = await self.wire.json(ask)
        except BackendRejected as error:
            raise explained(error, ask) from None
        return floats(self.label, in_order(found), len(texts))

    async def ready(self) -> Ready:
        """Tell which models are there, as far as the server tells."""
        return await look(self.wire, self._ask("models"), self.model)

    def _ask(self, route: str, body: Mapping[str, object] | None = None) -> Ask:
        address = f"{self.url.rstrip('/')}/{route}"
        return Ask(self.label, address, body, self.api_key, self.patience)
