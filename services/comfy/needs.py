"""What a graph needs of a server: nodes and models that are there, or are named with a cure."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from domain.errors import PartsMissing
from services.comfy.server import Comfy
from services.graphs import Graph

_WEIGHTS = (".safetensors", ".sft", ".ckpt", ".pth", ".pt", ".bin", ".gguf", ".onnx")
_FOLDERS = {
    "ckpt_name": "checkpoints",
    "unet_name": "diffusion_models",
    "clip_name": "text_encoders",
    "vae_name": "vae",
    "lora_name": "loras",
    "control_net_name": "controlnet",
    "style_model_name": "style_models",
    "gligen_name": "gligen",
}
_OF_CLASSES = {"UpscaleModelLoader": "upscale_models", "CLIPVisionLoader": "clip_vision"}
_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that a server lacks, as the operator reads it, and what to do about it."""

    what: str
    cure: str


@dataclass(slots=True)
class Catalogue:
    """What a server's nodes take, asked once for each class."""

    comfy: Comfy
    _known: dict[str, Mapping[str, Any] | None] = field(default_factory=dict, init=False)

    async def learn(self, graphs: Sequence[Graph]) -> None:
        """Ask about the classes of these graphs and no others: the whole list has megabytes."""
        wanted = {str(node["class_type"]) for graph in graphs for node in graph.nodes.values()}
        few = asyncio.Semaphore(_AT_ONCE)

        async def ask(name: str) -> None:
            async with few:
                self._known[name] = await self.comfy.about(name)

        await asyncio.gather(*(ask(name) for name in sorted(wanted - self._known.keys())))

    def missing(self, graph: Graph) -> list[Missing]:
        """What of a graph is not there; it has to be learnt before."""
        found: dict[str, Missing] = {}
        for node in graph.nodes.values():
            for one in self._of(str(node["class_type"]), node.get("inputs", {})):
                found[one.what] = one
        return list(found.values())

    def _of(self, name: str, inputs: Mapping[str, Any]) -> Iterator[Missing]:
        known = self._known.get(name)
        if known is None:
            yield missing_node(name)
            return
        for key, value in inputs.items():
            choices = _choices(known, key)
            if choices is None or not isinstance(value, str) or "{{" in value or value in choices:
                continue
            if is_weights(value):
                yield missing_model(name, key, value)
            else:
                yield Missing(f"{value!r} as {key} of the node {name}", "update ComfyUI")


def missing_node(name: str) -> Missing:
    """A class of nodes that is not there."""
    cure = "update ComfyUI, or install what brings this node with ComfyUI-Manager"
    return Missing(f"the node {name}", cure)


def missing_model(node: str, key: str, value: str) -> Missing:
    """A file of weights that is not there."""
    known = _OF_CLASSES.get(node) or _FOLDERS.get(key.rstrip("0123456789"))
    return Missing(f"the model {value}", f"put {value} into ComfyUI's models/{known or '...'}")


def is_weights(value: str) -> bool:
    """Whether a value names a file of weights."""
    return value.lower().endswith(_WEIGHTS)


def lack(label: str, where: str, missing: Sequence[Missing]) -> PartsMissing:
    """The error that names all of them."""
    listed = ", ".join(one.what for one in missing)
    cures = "; ".join(dict.fromkeys(one.cure for one in missing))
    return PartsMissing(label, f"{where} lacks {listed}", cures)


def _choices(known: Mapping[str, Any], key: str) -> Sequence[object] | None:
    """What an input may be, in the older or the newer shape; None where it is no choice."""
    takes = known.get("input")
    for part in ("required", "optional"):
        match takes.get(part) if isinstance(takes, dict) else None:
            case {} as inputs if key in inputs:
                return _listed(inputs[key])
    return None


def _listed(told: object) -> Sequence[object] | None:
    match told:
        case [list() as choices, *_]:
            return choices
        case ["COMBO", {"options": list() as choices}, *_]:
            return choices
    return None
