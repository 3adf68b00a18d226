"""What a server that speaks OpenAI's protocol says of itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from domain.errors import BackendNonsense, BackendRejected, BackendUnavailable
from services.skills import Ready
from services.wire import Ask, Wire

_NO_LIST = frozenset({404, 405})


async def look(wire: Wire, ask: Ask, model: str, *, seeing: bool = False) -> Ready:
    """List the models; an empty or missing list means that the server is up and does not tell.

    `ask` is for `/models`; `model` is the one whose context counts, and that should be `seeing`:
    where it tells that it is not, it is BackendUnavailable.
    """
    try:
        listing = await wire.json(ask)
    except BackendRejected as error:
        if error.status not in _NO_LIST:
            raise BackendUnavailable(ask.server, error.reason) from error
        listing = None
    await _expect_loaded(wire, ask)
    return _ready(ask, listing, model, seeing=seeing)


async def _expect_loaded(wire: Wire, ask: Ask) -> None:
    """Raise BackendUnavailable while a model is being loaded.

    llama.cpp's server lists its model before it can answer; only its health tells.
    """
    root = ask.url.removesuffix("/models").removesuffix("/v1")
    try:
        await wire.json(replace(ask, url=f"{root}/health"))
    except BackendUnavailable as error:
        if error.reason.startswith("503"):
            raise
    except (BackendRejected, BackendNonsense):
        pass  # most servers have no such address


def _ready(ask: Ask, listing: Any, model: str, *, seeing: bool) -> Ready:
    if listing is None:
        return Ready()
    try:
        models = {one["id"]: one for one in listing["data"] or ()}
    except (TypeError, KeyError):
        raise BackendNonsense(ask.server, "its list of models has another shape") from None
    chosen = models.get(model) or (next(iter(models.values())) if len(models) == 1 else {})
    if seeing and (_reads_only(chosen) or _has_no_eyes(listing)):
        reason = "takes no pictures; set a model that does, or start it with its --mmproj"
        raise BackendUnavailable(ask.server, reason, down=True)
    return Ready(tuple(models), context=_context(chosen))


def _reads_only(model: Any) -> bool:
    """Whether a model says what it takes, and pictures are not among it."""
    match model:
        case {"architecture": {"input_modalities": [*kinds]}}:
            return "image" not in kinds
    return False


def _has_no_eyes(listing: Any) -> bool:
    """The same as llama.cpp's server tells it, which has one model, in a list of another kind."""
    match listing:
        case {"models": [{"capabilities": [*known]}]}:
            return "multimodal" not in known
    return False


def _context(model: Any) -> int:
    match model:
        case {"meta": {"n_ctx": int(context)}} | {"max_model_len": int(context)}:
            return context
    return 0
