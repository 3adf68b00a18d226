"""Graphs: found by name, filled without a slip, and told of where they are broken."""

import json
import logging
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import ConfigError
from services.graph_cards import IMAGE, VIDEO
from services.graphs import PLACES, SHIPPED, Graph, Graphs, read

SAVES = {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "x"}}
VALUES: dict[str, object] = dict.fromkeys(PLACES, "other") | {"prompt": "a cat", "seed": 2**63}


def dropped(folder: Path, name: str, nodes: Any, toml: str | None = None) -> Path:
    """Put a graph into a folder."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.json"
    path.write_text(nodes if isinstance(nodes, str) else json.dumps(nodes))
    if toml is not None:
        path.with_suffix(".toml").write_text(toml)
    return path


def drawing(**inputs: object) -> dict[str, Any]:
    """A graph with a node that takes these inputs, and saves a picture."""
    return {"1": {"class_type": "EmptyImage", "inputs": inputs}, "2": SAVES}


def test_the_shipped_graphs_are_whole(tmp_path: Path) -> None:
    """Each can be used, has a title, and says what it begins from."""
    graphs = Graphs.beside(tmp_path)
    assert () == graphs.broken()
    images = {one.name: one.takes_start for one in graphs.named(IMAGE)}
    assert {
        "text-to-image": False,
        "text-to-image-flux": False,
        "image-to-image": True,
        "upscale": True,
        "try-picture": False,
        "try-picture-from-picture": True,
    } == images
    films = {one.name: one.takes_start for one in graphs.named(VIDEO)}
    assert {
        "text-to-video": False,
        "image-to-video": True,
        "try-animation": False,
        "try-animation-from-picture": True,
    } == films
    everyone = (*graphs.named(IMAGE), *graphs.named(VIDEO))
    assert all(one.card.title for one in everyone)
    assert {"upscale"} == {one.name for one in everyone if one.card.upscale}
    assert len(everyone) == len(list(SHIPPED.glob("*.json"))) == len(list(SHIPPED.glob("*.toml")))


def test_a_place_keeps_the_type_of_what_comes_into_it(tmp_path: Path) -> None:
    """Alone it is a number; inside of a text it is text; links are left alone."""
    nodes = drawing(
        a="{{seed}}", b="photo of {{prompt}}, {{ seed }}!", c=["1", 0], d=[["{{seed}}"]]
    )
    filled = read(dropped(tmp_path, "it", nodes)).filled(VALUES)
    expected = {"a": 2**63, "b": f"photo of a cat, {2**63}!", "c": ["1", 0], "d": [[2**63]]}
    assert expected == filled["1"]["inputs"]


@given(prompt=st.text(), around=st.sampled_from(["{{prompt}}", "a {{prompt}}, {{prompt}}"]))
def test_what_comes_in_is_never_read_as_a_place(prompt: str, around: str) -> None:
    """Whatever somebody writes arrives letter by letter."""
    nodes: dict[str, Any] = {"1": {"class_type": "X", "inputs": {"text": around}}}
    graph = Graph("it", IMAGE, read(SHIPPED / "upscale.json").card, nodes, frozenset({"prompt"}))
    wanted = prompt + "{{seed}}"
    filled = graph.filled(VALUES | {"prompt": wanted})["1"]["inputs"]["text"]
    assert (wanted if around == "{{prompt}}" else f"a {wanted}, {wanted}") == filled
    assert around == nodes["1"]["inputs"]["text"]


@pytest.mark.parametrize(
    ("classes", "kind"),
    [
        (["SaveImage"], IMAGE),
        (["PreviewImage"], IMAGE),
        (["SaveVideo"], VIDEO),
        (["SaveWEBM"], VIDEO),
        (["SaveAnimatedPNG", "PreviewImage"], VIDEO),
        (["VHS_VideoCombine", "SaveImage"], VIDEO),
        (["Image Save (somebody's)"], IMAGE),
    ],
)
def test_the_kind_is_guessed_from_what_is_saved(
    tmp_path: Path, classes: list[str], kind: str
) -> None:
    """A film with a still beside it is a film."""
    nodes = {str(at): {"class_type": one, "inputs": {}} for at, one in enumerate(classes)}
    assert kind == read(dropped(tmp_path, "it", nodes)).kind


@pytest.mark.parametrize(
    ("nodes", "said"),
    [
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ({"nodes": [], "links": [], "version": 0.4}, "Export (API)"),
        ([], "API format"),
        ({}, "API format"),
        ({"1": {"inputs": {}}}, "API format"),
        ({"1": {"class_type": "SaveImage", "inputs": []}}, "API format"),
        ({"1": {"class_type": "EmptyImage", "inputs": {}}}, "saves anything"),
        ({"1": {"class_type": "PreviewAny", "inputs": {}}}, "saves anything"),
        (drawing(text="{{promt}}"), 'the nearest known is "prompt"'),
        (drawing(text="a {{width }} {{}} b"), "unknown place"),
        (" " * (5 << 20), "too large"),
    ],
)
def test_a_broken_graph_is_told_and_keeps_nobody_from_the_others(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, nodes: Any, said: str
) -> None:
    """Once, with the name of the file and what to do."""
    path = dropped(tmp_path, "broken", nodes)
    dropped(tmp_path, "whole", drawing())
    graphs = Graphs([tmp_path])
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            assert ["whole"] == [one.name for one in graphs.named(IMAGE)]
    assert 1 == len(caplog.records)
    [error] = graphs.broken()
    assert str(path) in str(error)
    assert said in str(error)
    with pytest.raises(ConfigError, match="broken"):
        graphs.get("broken")


def test_a_file_that_is_mended_is_seen_at_once(tmp_path: Path) -> None:
    """So is what stands beside it, and one that has gone."""
    graphs = Graphs([tmp_path, tmp_path / "not there"])
    path = dropped(tmp_path, "it", "{")
    assert not graphs.named(IMAGE)
    dropped(tmp_path, "it", drawing())
    assert "it" == graphs.get("it").title
    dropped(tmp_path, "it", drawing(), 'title = "Mine"')
    assert "Mine" == graphs.get("it").title
    before = graphs.get("it")
    assert before is graphs.get("it")
    os.utime(path, ns=(1, 1))
    assert before is not graphs.get("it")
    path.unlink()
    assert not graphs.named(IMAGE)


def test_the_owners_graph_stands_in_for_a_shipped_one(tmp_path: Path) -> None:
    """Of the same name."""
    dropped(tmp_path / "workflows", "text-to-video", drawing(), 'title = "Mine"')
    graphs = Graphs.beside(tmp_path)
    assert "Mine" == graphs.get("text-to-video").title
    assert "Mine" in {one.title for one in graphs.named(IMAGE)}


def test_a_graph_is_found_by_its_path_too(tmp_path: Path) -> None:
    """From the folder of the program, or from anywhere."""
    path = dropped(tmp_path / "elsewhere", "mine", drawing())
    graphs = Graphs.beside(tmp_path)
    assert "mine" == graphs.get(str(path)).name
    assert "text-to-video" == graphs.get("workflows/text-to-video.json").name
    assert "text-to-video" == graphs.get("/gone/text-to-video.json").name
    with pytest.raises(ConfigError, match=r"'text-to-vdeo'.*\"text-to-video\""):
        graphs.get("text-to-vdeo")
