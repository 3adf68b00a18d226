"""What a true ComfyUI said, turned into the error that it is."""

import json
from typing import Any

import pytest

from domain.errors import BackendRejected, PartsMissing
from services.comfy.troubles import failed, refused
from tests.fakes.capturing import CAPTURES


def recorded(name: str) -> Any:
    """A recording."""
    return json.loads((CAPTURES / "comfyui" / f"{name}.json").read_text())


@pytest.mark.parametrize(
    ("capture", "code", "said"),
    [
        ("bad_link_type", "graph", "SaveImage"),
        ("dangling_link", "graph", "SaveImage"),
        ("missing_class_type", "graph", "class_type"),
        ("missing_image_file", "start_picture", "start picture"),
        ("missing_input", "graph", "Required input is missing images"),
        ("no_outputs", "graph", "no outputs"),
        ("no_prompt", "graph", "No prompt"),
        ("not_int", "graph", "EmptyImage"),
        ("one_good_one_bad_output", "graph", "Required input is missing"),
        ("value_too_big", "graph", "bigger than max"),
    ],
)
def test_every_recorded_refusal_is_told(capture: str, code: str, said: str) -> None:
    """With the node where there is one; a part that does not run is one, too."""
    error = refused("Card", recorded(f"invalid_{capture}")["response"])
    assert isinstance(error, BackendRejected)
    assert code == error.code
    assert said in error.reason


@pytest.mark.parametrize(
    ("capture", "said"),
    [("unknown_node", "the node NoSuchNode"), ("value_not_in_list", "the model missing.safe")],
)
def test_what_is_missing_is_named(capture: str, said: str) -> None:
    """And is for another backend to make."""
    error = refused("Card", recorded(f"invalid_{capture}")["response"])
    assert isinstance(error, PartsMissing)
    assert said in error.missing
    assert error.down


def test_newer_servers_say_it_in_their_own_shape() -> None:
    """For programs."""
    more = {"node_id": "1", "class_type": "Fancy", "node_title": "Mine"}
    said = {"error": {"type": "missing_node_type", "message": "?", "extra_info": more}}
    error = refused("Card", said)
    assert isinstance(error, PartsMissing)
    assert "the node Fancy" in error.missing


@pytest.mark.parametrize(
    "said", [{}, {"node_errors": {}}, {"node_errors": []}, {"error": None, "node_errors": None}]
)
def test_where_nothing_is_wrong_there_is_no_error(said: Any) -> None:
    """Old servers have a list there."""
    assert refused("Card", said) is None


@pytest.mark.parametrize(
    "said",
    [
        {"error": "no"},
        {"error": {"type": 1}},
        {"node_errors": {"1": {"errors": [{"type": 1}]}}},
        {"node_errors": {"1": {"errors": [{"type": "value_not_in_list", "extra_info": 1}]}}},
    ],
)
def test_odd_shapes_are_refusals_all_the_same(said: Any) -> None:
    """Nothing falls over."""
    assert isinstance(refused("Card", said), BackendRejected)


def test_long_words_are_cut() -> None:
    """A list of all models may be in them."""
    error = refused("Card", {"error": {"message": "x" * 5000}})
    assert error is not None
    assert len(error.reason) < 300


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"exception_message": "CUDA out of memory (simulated)\n"}, "out_of_memory"),
        ({"exception_type": "torch.OutOfMemoryError"}, "out_of_memory"),
        ({"exception_message": "Allocation on device 0 would exceed"}, "out_of_memory"),
        ({"node_type": "LoadImage", "exception_type": "OSError"}, "start_picture"),
        ({"node_type": "KSampler", "exception_message": "mat1 and mat2"}, "graph"),
        ({}, "graph"),
    ],
)
def test_what_broke_off_is_told_apart(told: dict[str, str], code: str) -> None:
    """By what each asks of the person."""
    error = failed("Card", told)
    assert isinstance(error, BackendRejected)
    assert code == error.code


@pytest.mark.parametrize(
    ("capture", "code"), [("fails", "out_of_memory"), ("loadimage_garbage", "start_picture")]
)
def test_what_a_true_server_broke_off_is_known(capture: str, code: str) -> None:
    """From its history, which quotes whole pictures."""
    [entry] = recorded(f"{capture}.history").values()
    [told] = [one for name, one in entry["status"]["messages"] if name == "execution_error"]
    error = failed("Card", told)
    assert isinstance(error, BackendRejected)
    assert code == error.code
    assert len(error.reason) < 400
