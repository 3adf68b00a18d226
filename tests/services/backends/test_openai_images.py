"""Servers that draw OpenAI's way."""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PIL import Image

from domain.answers import Phase, Progress
from domain.drawing import Settled, Sketch
from domain.errors import (
    BackendError,
    BackendNonsense,
    BackendRejected,
    BackendUnavailable,
    ModelMissing,
)
from domain.pictures import Picture
from services.backends.openai_compatible import OpenAIImage
from services.openai_drawn import LARGEST
from services.skills import Commission, ImageGenerator, Ready
from services.wire import Wire
from tests.fakes.openai_images import FORBIDDEN, FakeOpenAIImages, Painter
from tests.fakes.raw import RawServer, refusing
from tests.services.ground import until

SKETCH = Sketch("a fox in the snow", 7, 96, 64)


@dataclass(slots=True)
class Studio:
    """Where pictures are written, and how often the prompt was wanted in English."""

    room: Path
    asked: int = 0
    tickets: list[str] = field(default_factory=list)

    def commission(self, sketch: Sketch = SKETCH) -> Commission:
        """A sketch to be drawn here."""
        return Commission(sketch, self.room, self._remember, self._in_english)

    async def drawn(self, backend: ImageGenerator, sketch: Sketch = SKETCH) -> list[object]:
        """All that comes of it."""
        return [one async for one in backend.draw(self.commission(sketch))]

    async def picture(self, backend: ImageGenerator, sketch: Sketch = SKETCH) -> Picture:
        """The one picture that comes of it."""
        [found] = [one for one in await self.drawn(backend, sketch) if isinstance(one, Picture)]
        return found

    async def _remember(self, ticket: str) -> None:
        self.tickets.append(ticket)

    async def _in_english(self) -> str:
        self.asked += 1
        return "a fox"


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    """An empty one."""
    return Studio(tmp_path)


@pytest.fixture
async def server() -> AsyncIterator[FakeOpenAIImages]:
    """A fake server with one model."""
    async with FakeOpenAIImages() as fake:
        yield fake


def size(file: Path) -> tuple[int, int]:
    """The pixels of a picture."""
    with Image.open(file) as picture:
        return picture.size


async def test_a_picture_is_drawn_and_told_of(
    wire: Wire, server: FakeOpenAIImages, studio: Studio
) -> None:
    """First how, then that it is being drawn, then the picture; there is nothing to take up."""
    backend = OpenAIImage(wire, f"{server.base}/", "tiny")
    settled, progress, picture = await studio.drawn(backend)
    assert Settled(SKETCH, "tiny") == settled
    assert Progress(Phase.DRAWING, "") == progress
    path = studio.room / "drawn.1.png"
    assert Picture(path, "image/png", 0, 0) == picture
    assert (96, 64) == size(path)
    assert {
        "model": "tiny",
        "prompt": "a fox in the snow",
        "n": 1,
        "size": "96x64",
        "response_format": "b64_json",
    } == server.requests[-1].body
    assert (0, []) == (studio.asked, studio.tickets)


async def test_what_is_left_open_is_not_said(
    wire: Wire, server: FakeOpenAIImages, studio: Studio
) -> None:
    """The server has a size of its own."""
    await studio.drawn(OpenAIImage(wire, server.base, "tiny"), Sketch("a fox", width=96))
    assert "size" not in server.requests[-1].body


@pytest.mark.parametrize(("form", "name"), [("JPEG", "drawn.1.jpg"), ("WEBP", "drawn.1.webp")])
async def test_the_bytes_tell_the_kind(
    wire: Wire, server: FakeOpenAIImages, studio: Studio, form: str, name: str
) -> None:
    """Servers choose one."""
    server.form = form
    picture = await studio.picture(OpenAIImage(wire, server.base, "tiny"))
    assert (name, Image.MIME[form]) == (picture.path.name, picture.mime)


@pytest.mark.parametrize("painter", Painter)
async def test_every_painter_draws(wire: Wire, studio: Studio, painter: Painter) -> None:
    """Whatever it takes and however it answers."""
    async with FakeOpenAIImages(painter=painter) as server:
        backend = OpenAIImage(wire, server.base, "tiny", seeds=True)
        for _ in range(2):
            assert size((await studio.picture(backend)).path) in {(96, 64), (64, 64)}


async def test_a_word_that_is_refused_is_left_out_from_then_on(wire: Wire, studio: Studio) -> None:
    """It costs one question, once."""
    async with FakeOpenAIImages(painter=Painter.GPT) as server:
        backend = OpenAIImage(wire, server.base, "tiny", seeds=True)
        for _ in range(2):
            await studio.drawn(backend)
        asked = [set(one.body) for one in server.to("/v1/images/generations")]
    every = {"model", "prompt", "n", "size", "response_format", "seed"}
    bare = every - {"response_format", "seed"}
    assert [every, every - {"response_format"}, bare, bare] == asked


async def test_a_size_that_is_refused_is_left_to_the_server(
    wire: Wire, server: FakeOpenAIImages, studio: Studio
) -> None:
    """For this picture: another size may be right."""
    server.sizes = ("64x64",)
    backend = OpenAIImage(wire, server.base, "tiny")
    assert (64, 64) == size((await studio.picture(backend)).path)
    assert (64, 64) == size((await studio.picture(backend, Sketch("a", 1, 64, 64))).path)
    sizes = [one.body.get("size") for one in server.to("/v1/images/generations")]
    assert ["96x64", None, "64x64"] == sizes


async def test_a_seed_is_told_to_who_takes_one(wire: Wire, studio: Studio) -> None:
    """OpenAI's own does not."""
    async with FakeOpenAIImages(painter=Painter.OLLAMA) as server:
        await studio.drawn(OpenAIImage(wire, server.base, "tiny", seeds=True))
        assert 7 == server.requests[-1].body["seed"]


async def test_a_model_of_one_language_gets_the_prompt_in_it(
    wire: Wire, server: FakeOpenAIImages, studio: Studio
) -> None:
    """What is told of the sketch stays as it was asked."""
    backend = OpenAIImage(wire, server.base, "tiny", english_only=True)
    settled = (await studio.drawn(backend, Sketch("лисиця")))[0]
    assert Settled(Sketch("лисиця"), "tiny") == settled
    assert "a fox" == server.requests[-1].body["prompt"]


async def test_a_start_picture_goes_along_where_the_server_takes_one(
    wire: Wire, server: FakeOpenAIImages, studio: Studio
) -> None:
    """As a form, with its kind and its bytes."""
    start = studio.room / "start.jpg"
    Image.new("RGB", (32, 32)).save(start)
    sketch = Sketch("in winter", 1, 96, 64, start=start)
    picture = await studio.picture(OpenAIImage(wire, server.base, "tiny", edits=True), sketch)
    assert (96, 64) == size(picture.path)
    assert {
        "model": "tiny",
        "prompt": "in winter",
        "n": "1",
        "size": "96x64",
        "response_format": "b64_json",
        "image": start.read_bytes(),
    } == server.to("/v1/images/edits")[0].body


async def test_a_start_picture_is_refused_where_it_would_be_lost(
    wire: Wire, server: FakeOpenAIImages, studio: Studio
) -> None:
    """Nobody wants another picture than the one that was meant."""
    sketch = Sketch("in winter", start=studio.room / "start.jpg")
    with pytest.raises(BackendRejected, match="set edits = true") as caught:
        await studio.drawn(OpenAIImage(wire, server.base, "tiny"), sketch)
    assert "no_start_picture" == caught.value.code
    assert [] == server.requests


@pytest.mark.parametrize("painter", [Painter.DALL_E, Painter.GPT])
async def test_what_a_server_will_not_draw_is_told_apart(
    wire: Wire, studio: Studio, painter: Painter
) -> None:
    """Who asked can ask for something else."""
    async with FakeOpenAIImages(painter=painter) as server:
        with pytest.raises(BackendRejected, match="safety system") as caught:
            await studio.drawn(OpenAIImage(wire, server.base, "tiny"), Sketch(FORBIDDEN))
    assert (400, "refused") == (caught.value.status, caught.value.code)


async def test_a_missing_model_is_told_apart(
    wire: Wire, server: FakeOpenAIImages, studio: Studio
) -> None:
    """With what can be done."""
    with pytest.raises(ModelMissing) as caught:
        await studio.drawn(OpenAIImage(wire, server.base, "other"))
    assert f"curl {server.base}/models, and set one of its models" == caught.value.cure


async def test_the_key_is_shown_to_the_server_alone(
    wire: Wire, server: FakeOpenAIImages, studio: Studio
) -> None:
    """A wrong one is refused, and neither error nor repr holds it."""
    server.key = "sk-right"
    assert await studio.picture(OpenAIImage(wire, server.base, "tiny", "sk-right"))
    wrong = OpenAIImage(wire, server.base, "tiny", "sk-wrong")
    with pytest.raises(BackendRejected) as caught:
        await studio.drawn(wrong)
    assert 401 == caught.value.status
    assert "sk-" not in f"{caught.value} {wrong!r}"


async def test_it_says_what_the_server_has(wire: Wire, server: FakeOpenAIImages) -> None:
    """And what it is called where nobody gave it a name."""
    backend = OpenAIImage(wire, server.base, "tiny")
    assert Ready(("tiny",)) == await backend.ready()
    assert f"tiny at 127.0.0.1:{server.base.split(':')[2].removesuffix('/v1')}" == backend.label
    assert "Brush" == OpenAIImage(wire, server.base, "tiny", label="Brush").label


async def test_an_address_on_the_same_server_is_visited(wire: Wire, studio: Studio) -> None:
    """However it is written."""
    async with FakeOpenAIImages(painter=Painter.LOCAL_AI) as server:
        backend = OpenAIImage(wire, server.base, "tiny")
        for leads in ("", "/generated-images/a.png", "../generated-images/a.png"):
            server.leads = leads
            assert (64, 64) == size((await studio.picture(backend)).path)
        data = b64encode(server.picture("48x32")).decode()
        server.leads = f"data:image/png;base64,{data}"
        assert (48, 32) == size((await studio.picture(backend)).path)


async def test_an_address_elsewhere_is_never_visited(wire: Wire, studio: Studio) -> None:
    """Not by itself, and not by a redirect."""
    async with (
        FakeOpenAIImages(painter=Painter.LOCAL_AI) as server,
        FakeOpenAIImages() as other,
    ):
        backend = OpenAIImage(wire, server.base, "tiny")
        elsewhere = [
            f"{other.url}/generated-images/a.png",
            server.url.replace("127.0.0.1", "localhost") + "/generated-images/a.png",
            "//[x/a.png",
            "http://127.0.0.1:x/a.png",
            "file:///etc/passwd",
        ]
        for server.leads in elsewhere:
            with pytest.raises(BackendNonsense, match="another address"):
                await studio.drawn(backend)
        server.leads = f"{server.url}/elsewhere"
        with pytest.raises(BackendRejected) as caught:
            await studio.drawn(backend)
        assert 302 == caught.value.status
        assert [] == other.requests
        assert [] == server.to("/generated-images/a.png")


def answer(*listed: object) -> bytes:
    """An answer with these in the place of pictures."""
    return json.dumps({"created": 0, "data": list(listed)}).encode()


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, b"", BackendNonsense),  # Ollama, of a model that draws nothing
        (200, b"<html>secret words</html>", BackendNonsense),
        (200, b'{"words": "secret words"}', BackendNonsense),
        (200, answer(), BackendNonsense),
        (200, answer({"b64_json": ""}), BackendNonsense),
        (200, answer({"b64_json": None, "url": None}, 7), BackendNonsense),
        (200, answer({"b64_json": "secret words"}), BackendNonsense),
        (200, answer({"b64_json": b64encode(b"secret words").decode()}), BackendNonsense),
        (200, b'{"error": {"message": "out of memory"}}', BackendUnavailable),
        (404, b"File Not Found", BackendUnavailable),
        (405, b"Method Not Allowed", BackendUnavailable),
        (501, b'{"error": {"message": "not supported"}}', BackendUnavailable),
        (429, b'{"error": {"message": "slow down"}}', BackendUnavailable),
        (500, b"oh", BackendUnavailable),
        (400, b'{"error": {"message": "prompt is required"}}', BackendRejected),
        (
            422,
            b'{"detail": [{"msg": "Extra inputs", "loc": ["body", "quality"]}]}',
            BackendRejected,
        ),
    ],
)
async def test_bad_answers_have_their_kinds(
    wire: Wire, studio: Studio, status: int, body: bytes, expected: type[BackendError]
) -> None:
    """None repeats what was said, and none is asked for ever."""
    async with RawServer(refusing(status, body)) as server:
        with pytest.raises(expected) as caught:
            await studio.drawn(OpenAIImage(wire, server.url, "tiny"))
    assert expected is type(caught.value)
    assert "secret" not in str(caught.value)
    assert [] == list(studio.room.iterdir())


async def test_a_refusal_of_every_word_ends(wire: Wire, studio: Studio) -> None:
    """Each is left out once."""
    words = b'{"error": {"message": "unknown response_format, n, size, seed, prompt"}}'
    async with RawServer(refusing(400, words)) as server:
        with pytest.raises(BackendRejected):
            await studio.drawn(OpenAIImage(wire, server.url, "tiny", seeds=True))


async def test_an_answer_without_end_is_nonsense(wire: Wire, studio: Studio) -> None:
    """Nobody's picture has that many bytes."""
    body = answer({"b64_json": "A" * (LARGEST // 3 * 4 + (2 << 20))})
    async with RawServer(refusing(200, body)) as server:
        with pytest.raises(BackendNonsense, match="more than"):
            await studio.drawn(OpenAIImage(wire, server.url, "tiny"))


async def test_nobody_there_is_unavailable(wire: Wire, studio: Studio) -> None:
    """And down, so that the next one is asked."""
    async with FakeOpenAIImages() as server:
        gone = server.base
    with pytest.raises(BackendUnavailable) as caught:
        await studio.drawn(OpenAIImage(wire, gone, "tiny"))
    assert caught.value.down


async def test_a_server_that_breaks_off_or_never_ends_is_unavailable(
    wire: Wire, server: FakeOpenAIImages, studio: Studio
) -> None:
    """A picture may take long, but not for ever."""
    server.script.break_after = 0
    with pytest.raises(BackendUnavailable):
        await studio.drawn(OpenAIImage(wire, server.base, "tiny"))
    server.script.deaf = True
    with pytest.raises(BackendUnavailable, match="no answer in time"):
        await studio.drawn(OpenAIImage(wire, server.base, "tiny", patience=0.2))


async def test_leaving_takes_the_work_back(
    wire: Wire, server: FakeOpenAIImages, studio: Studio
) -> None:
    """The server notices that nobody waits any more."""
    server.script.first_after = 600.0
    backend = OpenAIImage(wire, server.base, "tiny")

    async def wait() -> None:
        async with aclosing(backend.draw(studio.commission())) as pieces:
            async for _ in pieces:
                pass

    waiting = asyncio.create_task(wait(), name="waiting")
    await until(lambda: bool(server.requests))
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await until(server.requests[0].left.is_set)
