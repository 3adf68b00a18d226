"""Importing this module makes aiogram cheap to import: its models are built on first use.

Plainly imported, aiogram builds the validators of its six hundred models at once, which costs
seconds and a hundred megabytes, while the bot uses a few dozen of them. See
docs/decisions/0002-lazy-aiogram.md.
"""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Literal, Optional, Union

from pydantic import BaseModel

_building = threading.RLock()  # pydantic's own rebuilding is not safe among threads


def load() -> None:
    """Import aiogram without building its models; nothing happens if it is there already."""
    if "aiogram" in sys.modules:
        return
    with _without_collector(), _nothing_is_built():
        import aiogram.methods.base  # noqa: PLC0415 - the order is the purpose of this module
        import aiogram.types  # noqa: PLC0415
    names = _names_for_annotations()
    for root in (
        aiogram.types.TelegramObject,
        aiogram.methods.base.TelegramMethod,
        aiogram.methods.base.Response,
    ):
        _build_on_first_use(root, names)
    gc.freeze()  # what an import leaves behind lives for ever: the collector need not walk it


def warm(models: Iterable[type[BaseModel]]) -> None:
    """Build these models now; made for a thread, while the first long poll waits."""
    for model in models:
        model.model_rebuild()


@contextmanager
def _without_collector() -> Iterator[None]:
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@contextmanager
def _nothing_is_built() -> Iterator[None]:
    rebuild = BaseModel.__dict__["model_rebuild"]
    BaseModel.model_config["defer_build"] = True  # inherited by every class made meanwhile
    BaseModel.model_rebuild = classmethod(_build_nothing)  # type: ignore[assignment,method-assign]
    try:
        yield
    finally:
        BaseModel.model_rebuild = rebuild  # type: ignore[method-assign]
        del BaseModel.model_config["defer_build"]


def _build_nothing(_cls: type[BaseModel], /, **_ignored: Any) -> None:
    """Stand in for `model_rebuild` while aiogram is imported."""


def _names_for_annotations() -> Mapping[str, Any]:
    """Name what aiogram's annotations refer to; the models find it nowhere else."""
    from aiogram import types  # noqa: PLC0415
    from aiogram.client.default import Default  # noqa: PLC0415

    typing_names = {"List": list, "Optional": Optional, "Union": Union, "Literal": Literal}
    return {
        **typing_names,
        "Default": Default,
        **{name: getattr(types, name) for name in types.__all__},
    }


def _build_on_first_use(root: type[BaseModel], names: Mapping[str, Any]) -> None:
    """Give a class and its heirs a `model_rebuild` that knows the names, one thread at a time."""
    rebuild = BaseModel.__dict__["model_rebuild"].__func__

    def model_rebuild(
        cls: type[BaseModel],
        *,
        force: bool = False,
        raise_errors: bool = True,
        _parent_namespace_depth: int = 2,
        _types_namespace: Mapping[str, Any] | None = None,
    ) -> bool | None:
        given = {**names, **(_types_namespace or {})}
        with _building:
            built: bool | None = rebuild(
                cls, force=force, raise_errors=raise_errors, _types_namespace=given
            )
            return built

    root.model_rebuild = classmethod(model_rebuild)  # type: ignore[assignment,method-assign]


load()
