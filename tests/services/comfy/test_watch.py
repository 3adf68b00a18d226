"""How far a prompt is, put together from events."""

import json
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.answers import Phase
from services.comfy.watch import LARGEST_PREVIEW, Watch
from tests.fakes.capturing import CAPTURES

GRAPH = {
    "1": {"class_type": "CheckpointLoaderSimple", "inputs": {}},
    "2": {"class_type": "KSampler", "inputs": {}},
    "3": {"class_type": "SaveImage", "inputs": {}},
}
JPEG = b"\xff\xd8\xff\xe0picture"
EVENTS = st.sampled_from(
    ["execution_start", "execution_cached", "progress_state", "executing", "progress", "status"]
)
ODD = st.recursive(
    st.none() | st.integers() | st.floats() | st.sampled_from(["1", "2", "it", "running"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["nodes", "node", "value", "max", "state", "1", "2"]), inner
        )
    ),
)


def event(kind: str, **data: Any) -> dict[str, Any]:
    """An event of this prompt."""
    return {"type": kind, "data": {"prompt_id": "it", **data}}


def test_all_nodes_together_make_the_share() -> None:
    """The steps weigh most, and what is done never counts for less again."""
    watch = Watch("it", GRAPH)
    assert (None, False) == (watch.share, watch.running)
    watch.hear(event("execution_start"))
    assert watch.running
    watch.hear(event("execution_cached", nodes=["1"]))
    assert 1 / 22 == pytest.approx(watch.share)
    watch.hear(event("executing", node="2"))
    watch.hear(event("progress", node="2", value=5, max=20))
    assert "5/20" == watch.note
    assert 6 / 22 == pytest.approx(watch.share)
    watch.hear(event("progress", node="2", value=1, max=10))
    assert "1/10" == watch.note
    assert 6 / 22 == pytest.approx(watch.share)
    watch.hear(event("executing", node="3"))
    assert not watch.note
    assert 21 / 22 == pytest.approx(watch.share)
    watch.hear(event("executed", node="3"))
    watch.hear(event("execution_success"))
    assert watch.over
    assert 21 / 22 == pytest.approx(watch.share)


def test_a_loader_is_told_as_such() -> None:
    """Loading is another kind of waiting."""
    watch = Watch("it", GRAPH)
    watch.hear(event("executing", node="1"))
    assert Phase.LOADING is watch.phase
    watch.hear(event("executing", node="2"))
    assert watch.phase is None


@pytest.mark.parametrize("kind", ["execution_success", "execution_error", "execution_interrupted"])
def test_it_is_over_however_it_ended(kind: str) -> None:
    """What became of it is for the history to say."""
    watch = Watch("it", GRAPH)
    watch.hear({"type": kind, "data": {"prompt_id": "other"}})
    watch.hear({"type": "executing", "data": {"node": None}})
    assert not watch.over
    watch.hear(event(kind))
    assert watch.over


def test_who_comes_back_is_told_a_node_without_the_prompt() -> None:
    """The socket is of this prompt alone."""
    watch = Watch("it", GRAPH)
    watch.hear({"type": "executing", "data": {"node": "2"}})
    assert watch.running
    assert not watch.over


@given(st.lists(st.tuples(EVENTS, ODD)))
def test_nonsense_breaks_nothing_and_the_share_never_goes_back(said: list[Any]) -> None:
    """Whatever a server says."""
    watch = Watch("it", GRAPH)
    before = 0.0
    for kind, data in said:
        watch.hear({"type": kind, "data": data})
        assert before <= (watch.share or 0.0) < 1
        before = watch.share or 0.0


@pytest.mark.parametrize("capture", ["slow", "vhs_mp4", "save_image", "cached_rerun"])
def test_what_a_true_server_said_goes_steadily_to_its_end(capture: str) -> None:
    """Every recorded prompt."""
    lines = (CAPTURES / "comfyui" / f"{capture}.ws.ndjson").read_text().splitlines()
    first, *others = [json.loads(line) for line in lines]
    watch = Watch(first["response"]["prompt_id"], first["POST /prompt"]["prompt"])
    shares = []
    for one in others:
        watch.hear(one)
        shares.append(watch.share or 0.0)
    assert sorted(shares) == shares
    assert shares[-1] == 0.99
    assert watch.over


@pytest.mark.parametrize(
    ("frame", "kept"),
    [
        (struct.pack(">II", 1, 1) + JPEG, True),
        (struct.pack(">II", 1, 2) + b"\x89PNG picture", True),
        (struct.pack(">II", 4, 13) + b'{"node": "2"}' + JPEG, True),
        (struct.pack(">II", 4, 9999) + JPEG, False),
        (struct.pack(">II", 3, 1) + b"2text", False),
        (struct.pack(">II", 1, 1) + b"nothing", False),
        (struct.pack(">II", 1, 1) + JPEG + bytes(LARGEST_PREVIEW), False),
        (b"\0\0", False),
        (b"", False),
    ],
)
def test_a_preview_is_kept_if_it_is_one(frame: bytes, kept: bool) -> None:
    """Of both kinds."""
    watch = Watch("it", GRAPH)
    watch.look(frame)
    assert kept is (watch.preview is not None)
    assert kept is watch.changed.is_set()
