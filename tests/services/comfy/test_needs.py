"""What a graph needs of a server."""

from pathlib import Path
from typing import Any

import pytest

from services.comfy.needs import Catalogue, missing_model
from services.comfy.server import Comfy
from services.graph_cards import IMAGE, VIDEO, Card
from services.graphs import Graph, Graphs
from services.wire import Wire
from tests.fakes.comfyui import FakeComfy


def graph_of(**nodes: dict[str, Any]) -> Graph:
    """A graph of these nodes and their inputs."""
    made = {key: {"class_type": key, "inputs": inputs} for key, inputs in nodes.items()}
    return Graph("it", IMAGE, Card(), made, frozenset())


async def test_every_shipped_graph_is_complete_where_all_is_there(
    wire: Wire, tmp_path: Path
) -> None:
    """And each class is asked about once."""
    graphs = Graphs.beside(tmp_path)
    everyone = (*graphs.named(IMAGE), *graphs.named(VIDEO))
    async with FakeComfy() as card:
        catalogue = Catalogue(Comfy(wire, card.url, "Card"))
        await catalogue.learn(everyone)
        await catalogue.learn(everyone)
        asked = [one.path for one in card.requests]
    assert not [one.name for one in everyone if catalogue.missing(one)]
    assert len(asked) == len(set(asked))


async def test_what_is_not_among_the_choices_is_named(wire: Wire) -> None:
    """Weights with their folder, words with their node; places are left to be filled."""
    graph = graph_of(
        KSampler={"sampler_name": "magic", "scheduler": "karras", "seed": "{{seed}}"},
        CheckpointLoaderSimple={"ckpt_name": "mine.gguf"},
        UpscaleModelLoader={"model_name": "4x.pth", "unknown": "x"},
        LoadImage={"image": "{{start_image}}"},
        Nobody={},
    )
    async with FakeComfy() as card:
        catalogue = Catalogue(Comfy(wire, card.url, "Card"))
        await catalogue.learn([graph])
        found = {one.what: one.cure for one in catalogue.missing(graph)}
    assert "update ComfyUI" == found.pop("'magic' as sampler_name of the node KSampler")
    assert found.pop("the model mine.gguf").endswith("models/checkpoints")
    assert found.pop("the model 4x.pth").endswith("models/upscale_models")
    assert "ComfyUI-Manager" in found.pop("the node Nobody")
    assert not found


async def test_a_node_that_tells_nothing_of_its_inputs_is_taken_as_it_is(wire: Wire) -> None:
    """Somebody's own node may."""
    graph = graph_of(Mine={"a": "x"}, PreviewAny={"source": "text"})
    async with FakeComfy() as card:
        catalogue = Catalogue(Comfy(wire, card.url, "Card"))
        await catalogue.learn([graph])
        catalogue._known["Mine"] = {"input": {"required": {"a": []}, "optional": None}}
        assert not catalogue.missing(graph)


@pytest.mark.parametrize(
    ("node", "key", "folder"),
    [
        ("DualCLIPLoader", "clip_name1", "text_encoders"),
        ("LoraLoader", "lora_name", "loras"),
        ("CLIPVisionLoader", "clip_name", "clip_vision"),
        ("Mine", "file", "..."),
    ],
)
def test_weights_belong_into_a_folder(node: str, key: str, folder: str) -> None:
    """Which one, the name of the input tells."""
    assert missing_model(node, key, "x.pth").cure.endswith(f"models/{folder}")
