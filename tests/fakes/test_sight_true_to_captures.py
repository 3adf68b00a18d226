"""The fakes that see answer as the true servers did."""

import json
from typing import Any

import pytest

from tests.fakes.capturing import CAPTURES, answered, expect
from tests.fakes.moondream import FakeMoondream
from tests.fakes.openai import FakeOpenAI, Flavour
from tests.fakes.serving import Script

PICTURE = {"image_url": "data:image/jpeg;base64,/9j/4AAA"}
ASKED = {**PICTURE, "question": "what?"}
STREAM = {"stream": True}


@pytest.mark.parametrize(
    ("capture", "path", "body"),
    [
        ("health", "/health", None),
        ("models", "/v1/models", None),
        ("stats", "/v1/stats", None),
        ("caption", "/v1/caption", PICTURE),
        ("caption", "/v1/caption", {"image_url": "/9j/4AAA"}),
        ("caption_stream", "/v1/caption", PICTURE | STREAM),
        ("query", "/v1/query", ASKED),
        ("query_stream", "/v1/query", ASKED | STREAM),
        ("query_bad_image", "/v1/query", {"image_url": "AAAA", "question": "what?"}),
        ("query_no_image", "/v1/query", {"question": "what?"}),
        ("badjson", "/v1/caption", b"{"),
        ("unknown", "/v1/nothing", PICTURE),
    ],
)
async def test_the_fake_moondream_answers_as_moondream_station(
    capture: str, path: str, body: Any
) -> None:
    """Shape by shape."""
    async with FakeMoondream(Script("An answer to what?")) as fake:
        await expect(f"moondream/{capture}", fake, path, body)


async def test_the_fake_moondream_fails_as_moondream_station() -> None:
    """A model that fails, questions that are too late, and a queue that is full."""
    async with FakeMoondream(Script(status=500, error="boom in backend")) as fake:
        await expect("moondream/exception", fake, "/v1/query", ASKED)
        fake.free.clear()
        late = {**ASKED, "timeout": 0.05}
        await expect("moondream/timeout", fake, "/v1/query", late)
        await expect("moondream/stuck_behind_timed_out_job", fake, "/v1/query", late)
        fake.queue = 1
        status, _, said = await answered(fake, "/v1/query", late)
        assert (200, _body("queue_full")) == (status, json.loads(said))


@pytest.mark.parametrize("capture", ["unknown", "timeout", "exception", "query_no_image"])
async def test_the_fake_moondream_says_the_very_words(capture: str) -> None:
    """What is our fault is told from what is the server's by its words."""
    async with FakeMoondream(Script(status=500, error="boom in backend")) as fake:
        fake.patience = 5.0 if capture != "timeout" else 0.05
        if capture == "timeout":
            fake.free.clear()
        if capture == "query_no_image":
            fake.script = Script()
        path = "/v1/nothing" if capture == "unknown" else "/v1/query"
        body = {"question": "?"} if capture == "query_no_image" else ASKED
        assert _body(capture) == json.loads((await answered(fake, path, body))[2])


@pytest.mark.parametrize(
    ("capture", "flavour"),
    [
        ("llama_server/image_no_mmproj", Flavour.LLAMA_SERVER),
        ("mlx_lm/image_part", Flavour.MLX),
        ("mlx_lm/image_part_stream", Flavour.MLX),
    ],
)
async def test_who_cannot_see_says_it_in_the_very_words(capture: str, flavour: Flavour) -> None:
    """They tell it from other refusals, of the same and of another status."""
    picture = {"type": "image_url", "image_url": {"url": PICTURE["image_url"]}}
    asked = {"role": "user", "content": [{"type": "text", "text": "what?"}, picture]}
    body = {"model": "tiny", "messages": [asked], "stream": capture.endswith("stream")}
    async with FakeOpenAI(flavour=flavour) as fake:
        fake.sees = False
        await expect(capture, fake, "/v1/chat/completions", body)
        said = (await answered(fake, "/v1/chat/completions", body))[2]
    assert json.loads((CAPTURES / f"{capture}.body").read_text()) == json.loads(said)


def _body(capture: str) -> Any:
    return json.loads((CAPTURES / f"moondream/{capture}.body").read_text())
