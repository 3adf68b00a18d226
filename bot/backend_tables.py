"""A backend's table names a class; the class says which keys the table may have.

So a stranger's class is configured just as ours are: `use` is an import path, and the fields of
the dataclass found there are the keys.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from types import MappingProxyType, ModuleType
from typing import Any, get_type_hints

from bot.checks import WEB, Secret, schemes
from bot.config_files import Environ, Place, checked, expect_table, make, readable
from bot.settings import BackendTable
from domain.errors import ConfigError

_OURS = frozenset({"skill", "position", "source", "options"})
_CLASS_KEYS = frozenset({"url", "model", "workflow", "api_key_env"})
_NEVER_IN_A_FILE = frozenset({"wire", "data_dir"})


def read_backend(skill: str, position: int, raw: object, file: str, env: Environ) -> BackendTable:
    """Read one table, against the class that it names."""
    place = Place(file, f"[[{skill}]] number {position}")
    table = expect_table(raw, place)
    if "use" not in table:
        raise place.error("use", 'is missing; it names the class, as "package.module:Class"')
    values = _common(table, place)
    options = {key: value for key, value in table.items() if key not in values}
    named = {"skill": skill, "position": position, "source": file, "options": {}}
    backend = make(BackendTable, values | named, place, env)
    if backend.api_key_env and backend.api_key is None:
        raise place.error("api_key_env", f"the environment has no {backend.api_key_env}")
    cls = backend_class(backend)
    options = _options(cls, options, values, place)
    values = {"slots": _usual_slots(cls)} | values
    values |= _address(values, getattr(cls, "schemes", WEB), place)
    return make(BackendTable, values | named | {"options": MappingProxyType(options)}, place, env)


def build_backend(table: BackendTable, provided: Mapping[str, object]) -> Any:
    """Make the backend: what its table says first, then what the program hands in.

    `provided` may hold more than the class wants: only the fields that it has are filled.
    """
    cls = backend_class(table)
    wanted = {one.name: one for one in fields(cls) if one.init}
    offered = {**provided, **_said(table, cls)}
    values = {name: offered[name] for name in wanted if name in offered}
    place = Place(table.source, f"[[{table.skill}]] number {table.position}")
    for name, one in wanted.items():
        if name not in values and _required(one):
            raise place.error(name, f"is missing; {cls.__name__} needs it")
    try:
        return cls(**values)
    except ValueError as error:
        raise place.error("", str(error)) from error


def backend_class(table: BackendTable) -> type[Any]:
    """Import the class that `use` names; raises ConfigError where there is none."""
    place = Place(table.source, f"[[{table.skill}]] number {table.position}")
    module_name, _, class_name = table.use.partition(":")
    if not module_name or not class_name:
        raise place.error("use", 'must look like "package.module:Class"')
    try:
        module = importlib.import_module(module_name)
    except ImportError as error:
        raise place.error("use", f"{module_name} cannot be imported: {error}") from error
    cls = getattr(module, class_name, None)
    if cls is None:
        known = [name for name, one in vars(module).items() if _offered(name, one, module)]
        raise place.unknown(f"use {class_name}", known, "class")
    if not (isinstance(cls, type) and is_dataclass(cls)):
        raise place.error("use", f"{class_name} is not a dataclass")
    return cls


def _common(table: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """The values of the keys that every table may have."""
    known = {name: one for name, one in readable(BackendTable).items() if name not in _OURS}
    hints = get_type_hints(BackendTable)
    values = {}
    for key in known.keys() & table.keys():
        try:
            values[key] = checked(known[key], hints[key], table[key])
        except ValueError as error:
            raise place.error(key, str(error)) from error
    return values


def _options(
    cls: type[Any], options: Mapping[str, Any], values: Mapping[str, Any], place: Place
) -> dict[str, Any]:
    """Check the further keys, and the common ones that are for the class, against its fields."""
    own = {one.name: one for one in fields(cls) if one.init and one.name not in _NEVER_IN_A_FILE}
    known = (own.keys() - {"api_key"}) | (readable(BackendTable).keys() - _OURS - _CLASS_KEYS)
    if "api_key" in own:
        known |= {"api_key_env"}
    for key in (*options, *(_CLASS_KEYS & values.keys())):
        if key not in known:
            raise place.unknown(key, known)
    hints = _hints(cls)
    return {key: _fitted(own[key], hints, value, place) for key, value in options.items()}


def _address(
    values: Mapping[str, Any], known: tuple[str, ...], place: Place
) -> Mapping[str, object]:
    """Check the url, if there is any, against how such addresses begin."""
    if "url" not in values:
        return {}
    try:
        return {"url": schemes(known)["check"](values["url"])}
    except ValueError as error:
        raise place.error("url", str(error)) from error


def _fitted(one: Field[Any], hints: Mapping[str, Any], value: object, place: Place) -> object:
    try:
        return checked(one, hints.get(one.name, object), value)
    except ValueError as error:
        raise place.error(one.name, str(error)) from error


def _said(table: BackendTable, cls: type[Any]) -> dict[str, object]:
    """What the table says for the class; what it leaves open is for the class to decide."""
    common = {"label", "url", "model", "categories", "slots", "cloud", "gpu", "workflow"}
    told = {name: getattr(table, name) for name in common}
    said = {name: value for name, value in told.items() if value not in ("", (), False)}
    if table.api_key is not None:
        said["api_key"] = _key(table.api_key, cls)
    return {**said, **table.options}


def _key(secret: Secret, cls: type[Any]) -> object:
    """A class that annotates its key as a text gets the text, else the masked secret."""
    kinds = {one.name: str(one.type) for one in fields(cls)}
    return secret.reveal() if "str" in kinds.get("api_key", "") else secret


def _hints(cls: type[Any]) -> dict[str, Any]:
    try:
        return get_type_hints(cls)
    except NameError:  # a stranger's class may name types that only its checker imports
        return {}


def _usual_slots(cls: type[Any]) -> int:
    """A class knows best how many it serves at once where the table does not say."""
    usual = [one.default for one in fields(cls) if one.name == "slots"]
    return usual[0] if usual and isinstance(usual[0], int) else 1


def _required(one: Field[Any]) -> bool:
    return one.default is MISSING and one.default_factory is MISSING


def _offered(name: str, one: object, module: ModuleType) -> bool:
    """Whether a class is made in a module, or named among what it has for others."""
    if not (isinstance(one, type) and is_dataclass(one)):
        return False
    return one.__module__ == module.__name__ or name in getattr(module, "__all__", ())


__all__ = ["ConfigError", "backend_class", "build_backend", "read_backend"]
