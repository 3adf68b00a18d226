"""Every model of aiogram says, as JSON, what it accepts and what it makes of samples.

Run as a child process, because aiogram can be imported only once:

    python describe_aiogram.py plain|lazy
"""

import datetime as dt
import importlib
import json
import resource
import sys
import time
import types
import typing
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ValidationError
from pydantic.json_schema import GenerateJsonSchema, models_json_schema

SCALARS: dict[Any, Any] = {
    int: 1,
    str: "x",
    bool: True,
    float: 1.5,
    dt.datetime: 0,
    dt.timedelta: 5,
    typing.Any: "x",
}


class Lenient(GenerateJsonSchema):
    """Passes over what JSON cannot say: files and aiogram's marks for defaults."""

    ignored_warning_kinds = {"non-serializable-default", "skipped-choice"}  # noqa: RUF012 - as pydantic declares it

    def handle_invalid_for_json_schema(self, schema: Any, error_info: str) -> Any:
        """Name the trouble where the schema would stand."""
        return {"title": error_info}


def main() -> None:
    """Import aiogram one way or the other and describe all of it."""
    began = time.perf_counter()
    if sys.argv[1] == "lazy":
        sys.path.insert(0, str(Path(__file__).parents[2]))
        importlib.import_module("bot.lazy_aiogram")
    aiogram = importlib.import_module("aiogram")
    seconds = time.perf_counter() - began
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    models = _models(aiogram)
    report = {
        "seconds": seconds,
        "megabytes": megabytes,
        "samples": {name: _sampled(model) for name, model in models.items()},
        "shape": _shape(models),
    }
    json.dump(report, sys.stdout)


def _models(aiogram: Any) -> dict[str, Any]:
    response = aiogram.methods.base.Response
    found = {
        f"{package.__name__}.{name}": getattr(package, name)
        for package in (aiogram.types, aiogram.methods)
        for name in package.__all__
    }
    models = {
        name: thing
        for name, thing in found.items()
        if isinstance(thing, type) and issubclass(thing, BaseModel) and _can_be_made(thing)
    }
    answers = {
        f"answer to {name}": response[model.__returning__]
        for name, model in models.items()
        if hasattr(model, "__returning__")
    }
    return models | answers


def _can_be_made(model: Any) -> bool:
    return not getattr(model, "__abstractmethods__", None)


def _sampled(model: Any) -> str:
    """Validate the smallest sample, then one with every field; tell what came out."""
    small = _fields(model, deep=1, all_of_them=False)
    full = _fields(model, deep=2, all_of_them=True)
    return "\n".join(_validated(model, sample) for sample in (small, full))


def _validated(model: Any, sample: dict[str, Any]) -> str:
    try:
        return repr(model.model_validate(sample))
    except ValidationError as refused:
        return str(refused)


def _fields(model: Any, *, deep: int, all_of_them: bool) -> dict[str, Any]:
    _validated(model, {})  # the first use is what builds a model that was left unbuilt
    return {
        field.alias or name: _sample(field.annotation, deep)
        for name, field in model.model_fields.items()
        if all_of_them
        or field.is_required()
        or typing.get_origin(field.annotation) is typing.Literal
    }


def _sample(kind: Any, deep: int) -> Any:
    if kind in SCALARS:
        return SCALARS[kind]
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Literal:
        return inner[0]
    if origin in (typing.Union, types.UnionType, typing.Annotated):
        return _sample(inner[0], deep)
    if origin is list:
        return [_sample(inner[0], deep)]
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return _fields(kind, deep=deep - 1, all_of_them=deep > 1)
    return None


def _shape(models: dict[str, Any]) -> Any:
    wanted: Literal["validation"] = "validation"
    pairs = [(model, wanted) for model in models.values()]
    _, definitions = models_json_schema(pairs, schema_generator=Lenient)
    return definitions


if __name__ == "__main__":
    main()
