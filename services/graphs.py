"""Graphs of ComfyUI: found in folders by their names, with places for what is asked."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from domain.errors import ConfigError
from services.graph_cards import IMAGE, VIDEO, Card, card, nearest

SHIPPED = Path(__file__).parents[1] / "workflows"
"""The graphs that come with the program."""

PLACES = frozenset(
    {
        *("prompt", "negative", "seed", "width", "height", "steps", "seconds", "frames", "fps"),
        "start_image",
    }
)
"""What may stand between {{ and }} in a graph."""

_PLACE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_FILMS = re.compile(r"savevideo|savewebm|saveanimated|videocombine", re.IGNORECASE)
_OUTPUTS = re.compile(r"save|preview|combine|export|output", re.IGNORECASE)
_TEXTS = frozenset({"PreviewAny"})
_LARGEST = 4 << 20  # bytes that a graph may have

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Graph:
    """A graph in ComfyUI's API format, and what stands beside it."""

    name: str
    kind: str
    card: Card
    nodes: Mapping[str, Mapping[str, Any]] = field(repr=False)
    places: frozenset[str]

    @property
    def title(self) -> str:
        """What people call it."""
        return self.card.title or self.name

    @property
    def takes_start(self) -> bool:
        """Whether it begins from a picture."""
        return "start_image" in self.places

    def filled(self, values: Mapping[str, object]) -> dict[str, Any]:
        """The nodes with a value in each place; a place that is all of a text keeps its type.

        What comes in is never looked at for places again, whoever wrote it.
        """
        return {
            key: {**node, "inputs": _filled(node.get("inputs", {}), values)}
            for key, node in self.nodes.items()
        }


@dataclass(slots=True)
class Graphs:
    """All graphs of some folders; what lies in a later one stands in for one of the same name.

    The folders are looked at each time anew, the files read only where they have changed. One that
    is broken is told of once, and keeps nobody from the others.
    """

    folders: Sequence[Path]
    _read: dict[Path, tuple[object, Graph | ConfigError]] = field(default_factory=dict, init=False)

    @classmethod
    def beside(cls, data_dir: Path) -> Graphs:
        """The shipped ones and the owner's own."""
        return cls((SHIPPED, data_dir / "workflows"))

    def named(self, kind: str) -> tuple[Graph, ...]:
        """All that make an "image" or a "video", in the order of their names."""
        found = (self._graph(path) for _, path in sorted(self._files().items()))
        return tuple(one for one in found if isinstance(one, Graph) and one.kind == kind)

    def get(self, name: str) -> Graph:
        """Find one by its name, or by the path of its file; raises ConfigError."""
        path = self._files().get(name) or self._at(name)
        if path is None:
            near = nearest(name, self._files())
            where = " and ".join(str(folder) for folder in self.folders)
            raise ConfigError(f'no graph {name!r} in {where}; the nearest known is "{near}"')
        found = self._graph(path)
        if isinstance(found, ConfigError):
            raise found
        return found

    def broken(self) -> tuple[ConfigError, ...]:
        """Why each of those that cannot be used cannot."""
        found = (self._graph(path) for _, path in sorted(self._files().items()))
        return tuple(one for one in found if isinstance(one, ConfigError))

    def _files(self) -> dict[str, Path]:
        return {path.stem: path for folder in self.folders for path in _listed(folder)}

    def _at(self, name: str) -> Path | None:
        if not name.endswith(".json"):
            return None
        ours = [Path(name), SHIPPED.parent / name]
        return next((path for path in ours if path.is_file()), self._files().get(Path(name).stem))

    def _graph(self, path: Path) -> Graph | ConfigError:
        stamp = tuple(_stamp(one) for one in (path, path.with_suffix(".toml")))
        known = self._read.get(path)
        if known is not None and known[0] == stamp:
            return known[1]
        found: Graph | ConfigError
        try:
            found = read(path)
        except ConfigError as error:
            log.warning("a graph cannot be used: %s", error)
            found = error
        self._read[path] = (stamp, found)
        return found


def read(path: Path) -> Graph:
    """Read a graph and what stands beside it; raises ConfigError that names the file."""
    nodes, beside = _nodes(path), card(path.with_suffix(".toml"))
    places = {place for node in nodes.values() for place in _places(node.get("inputs"))}
    for place in sorted(places - PLACES):
        near = nearest(place, PLACES)
        raise ConfigError(f'{path}: unknown place {{{{{place}}}}}; the nearest known is "{near}"')
    classes = [str(node["class_type"]) for node in nodes.values()]
    kind = beside.kind or _kind(classes)
    if not kind:
        raise ConfigError(f"{path}: no node of it saves anything")
    return Graph(path.stem, kind, beside, nodes, frozenset(places))


def _nodes(path: Path) -> dict[str, dict[str, Any]]:
    try:
        if path.stat().st_size > _LARGEST:
            raise ConfigError(f"{path}: is too large for a graph")
        nodes = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path}: is not JSON: {error}") from error
    if isinstance(nodes, dict) and isinstance(nodes.get("nodes"), list):
        cure = "choose Workflow, Export (API) in ComfyUI"
        raise ConfigError(f"{path}: is saved for ComfyUI's editor, not for its API; {cure}")
    if not (isinstance(nodes, dict) and nodes and all(map(_is_node, nodes.values()))):
        raise ConfigError(f"{path}: is no graph in ComfyUI's API format")
    return nodes


def _is_node(raw: object) -> bool:
    return (
        isinstance(raw, dict)
        and isinstance(raw.get("class_type"), str)
        and isinstance(raw.get("inputs", {}), dict)
    )


def _kind(classes: Sequence[str]) -> str:
    """Guess from what is saved; who shows only a text makes nothing."""
    if any(_FILMS.search(name.replace("_", "")) for name in classes):
        return VIDEO
    return IMAGE if any(_OUTPUTS.search(one) for one in {*classes} - _TEXTS) else ""


def _places(value: object) -> Iterator[str]:
    """The names of all places in a value."""
    if isinstance(value, str):
        yield from _PLACE.findall(value)
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _places(one)


def _filled(value: Any, values: Mapping[str, object]) -> Any:
    if isinstance(value, dict):
        return {key: _filled(one, values) for key, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, values) for one in value]
    if not isinstance(value, str):
        return value
    if whole := _PLACE.fullmatch(value):
        return values[whole[1]]
    return _PLACE.sub(lambda found: str(values[found[1]]), value)


def _listed(folder: Path) -> list[Path]:
    try:
        return [one for one in sorted(folder.iterdir()) if one.suffix == ".json" and one.is_file()]
    except OSError:
        return []


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
