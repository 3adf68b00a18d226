"""Ollama's models that see: what is peculiar to them."""

from base64 import b64decode
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from domain.errors import BackendNonsense, BackendRejected, BackendUnavailable, ModelMissing
from services.backends.ollama import OllamaVision
from services.skills import ChatOptions, Ready, Usage
from services.wire import Wire
from tests.fakes.ollama import FakeOllama, Models
from tests.fakes.raw import RawServer, refusing
from tests.fakes.serving import Script
from tests.services.backends.sights import picture, seen


@pytest.fixture
async def ollama() -> AsyncIterator[FakeOllama]:
    """A fake Ollama with a model that sees and one that does not."""
    async with FakeOllama(Script("A cat."), Models(("moondream", "phi3.5:3.8b"))) as fake:
        yield fake


async def test_a_picture_goes_along_as_bare_base64(
    wire: Wire, ollama: FakeOllama, tmp_path: Path
) -> None:
    """Beside the question, with all else that Ollama must know, and without a prefix."""
    one = picture(tmp_path, size=700_001)
    answer = await seen(OllamaVision(wire, ollama.url), [one], "What is it?", ChatOptions(77))
    assert ["A", " cat."] == answer
    body = ollama.requests[-1].body
    [message] = body["messages"]
    assert one.path.read_bytes() == b64decode(message["images"][0], validate=True)
    assert ("user", "What is it?") == (message["role"], message["content"])
    assert {"num_ctx": 8192, "num_predict": 77} == body["options"]
    assert ("moondream", "5m", False) == (body["model"], body["keep_alive"], body["think"])


async def test_without_a_question_it_describes(
    wire: Wire, ollama: FakeOllama, tmp_path: Path
) -> None:
    """A model that is told nothing says nothing of use."""
    await seen(OllamaVision(wire, ollama.url), [picture(tmp_path)], " ")
    assert "Describe this picture." == ollama.requests[-1].body["messages"][0]["content"]


async def test_who_sees_several_gets_them_in_one_question(
    wire: Wire, ollama: FakeOllama, tmp_path: Path
) -> None:
    """In their order."""
    album = [picture(tmp_path, name) for name in "cab"]
    backend = OllamaVision(wire, ollama.url, at_once=3)
    assert "A cat." == "".join(await seen(backend, album, ""))
    [message] = ollama.requests[-1].body["messages"]
    assert [one.path.read_bytes() for one in album] == [b64decode(x) for x in message["images"]]
    assert "Describe each picture, in their order." == message["content"]


async def test_what_an_album_cost_is_told_once(
    wire: Wire, ollama: FakeOllama, tmp_path: Path
) -> None:
    """One question of a person, however many of ours."""
    told: list[Usage] = []
    album = [picture(tmp_path, name) for name in "abc"]
    options = ChatOptions(usage=told.append)
    answer = await seen(OllamaVision(wire, ollama.url), album, "Who is this?", options)
    assert "[1] A cat.\n\n[2] A cat.\n\n[3] A cat." == "".join(answer)
    assert [Usage(9, 6)] == told


async def test_thoughts_about_an_album_are_left_out(
    wire: Wire, ollama: FakeOllama, tmp_path: Path
) -> None:
    """In the middle of an answer they would be taken for a part of it."""
    ollama.models = Models(("qwen3-vl",), frozenset({"qwen3-vl"}), frozenset({"qwen3-vl"}))
    ollama.script.thoughts = "Let me see."
    backend = OllamaVision(wire, ollama.url, "qwen3-vl", think=True)
    one, other = picture(tmp_path, "a"), picture(tmp_path, "b")
    assert "<think>Let me see. </think>A cat." == "".join(await seen(backend, [one]))
    assert "[1] A cat.\n\n[2] A cat." == "".join(await seen(backend, [one, other]))


async def test_a_model_that_cannot_see_is_not_asked(
    wire: Wire, ollama: FakeOllama, tmp_path: Path
) -> None:
    """It would make a picture up; the next backend is asked, and the operator told."""
    backend = OllamaVision(wire, ollama.url, "phi3.5:3.8b")
    with pytest.raises(BackendUnavailable, match=r"cannot see.*ollama pull moondream") as caught:
        await seen(backend, [picture(tmp_path)])
    assert caught.value.down
    assert [] == ollama.to("/api/chat")
    with pytest.raises(BackendUnavailable, match="cannot see"):
        await backend.ready()


@pytest.mark.parametrize(("model", "sees"), [("moondream", True), ("phi3.5:3.8b", False)])
async def test_an_old_ollama_tells_by_what_a_model_is_made_of(
    wire: Wire, ollama: FakeOllama, tmp_path: Path, model: str, sees: bool
) -> None:
    """Before April 2025 it did not say what its models can do."""
    ollama.models.old = True
    backend = OllamaVision(wire, ollama.url, model)
    if sees:
        assert await seen(backend, [picture(tmp_path)])
    else:
        with pytest.raises(BackendUnavailable, match="cannot see"):
            await seen(backend, [picture(tmp_path)])


@pytest.mark.parametrize(
    ("shown", "sees"),
    [
        (b'{"projector_info":{"clip.has_vision_encoder":true},"details":{"families":null}}', True),
        (b'{"projector_info":{},"details":{"families":["mllama"]}}', True),
        (b'{"details":{"families":null}}', False),
        (b'{"capabilities":["completion"],"details":{"families":["clip"]}}', False),
    ],
)
async def test_each_way_to_tell_of_eyes_is_understood(
    wire: Wire, tmp_path: Path, shown: bytes, sees: bool
) -> None:
    """A projector, a family, or its own word, which counts more."""
    async with RawServer(refusing(200, shown)) as server:
        with pytest.raises(BackendUnavailable) as caught:
            await seen(OllamaVision(wire, server.url), [picture(tmp_path)])
    assert sees is ("cannot see" not in caught.value.reason)


async def test_whether_it_sees_is_asked_once(
    wire: Wire, ollama: FakeOllama, tmp_path: Path
) -> None:
    """A model does not lose its eyes."""
    backend = OllamaVision(wire, ollama.url)
    for _ in range(3):
        await seen(backend, [picture(tmp_path)])
    assert Ready(("moondream:latest", "phi3.5:3.8b"), ("moondream:latest",), 8192) == (
        await backend.ready()
    )
    assert 1 == len(ollama.to("/api/show"))


async def test_a_model_that_is_not_there_is_told_with_its_cure(
    wire: Wire, ollama: FakeOllama, tmp_path: Path
) -> None:
    """For a question, and for whether it is ready."""
    backend = OllamaVision(wire, ollama.url, "llava:7b")
    with pytest.raises(ModelMissing) as caught:
        await seen(backend, [picture(tmp_path)])
    assert "ollama pull llava:7b" == caught.value.cure
    with pytest.raises(ModelMissing):
        await backend.ready()


async def test_what_is_no_ollama_is_nonsense(wire: Wire, tmp_path: Path) -> None:
    """It answers, and not as Ollama would."""
    async with RawServer(refusing(200, b"[1]")) as server:
        with pytest.raises(BackendNonsense, match="another shape"):
            await seen(OllamaVision(wire, server.url), [picture(tmp_path)])


async def test_pictures_that_are_too_large_in_all_are_not_sent(
    wire: Wire, ollama: FakeOllama, tmp_path: Path
) -> None:
    """A limit of ours, whatever a server might take; so nobody else is asked."""
    album = [picture(tmp_path, name, 6 << 20) for name in "abc"]
    with pytest.raises(BackendRejected, match="have 18874368 bytes, and 15728640 may") as caught:
        await seen(OllamaVision(wire, ollama.url, at_once=3), album)
    assert 413 == caught.value.status
    assert [] == ollama.to("/api/chat")


@pytest.mark.parametrize(
    ("model", "english"),
    [("moondream", True), ("moondream:1.8b", True), ("me/moondream2", True), ("llava:7b", False)],
)
def test_moondream_is_known_to_understand_english_only(
    wire: Wire, model: str, english: bool
) -> None:
    """Whoever asks it translates first."""
    assert english is OllamaVision(wire, model=model).english_only


def test_nobody_sees_no_pictures_at_a_time(wire: Wire) -> None:
    """A mistake in the configuration is told at the start."""
    with pytest.raises(ValueError, match="at_once must be 1 or more"):
        OllamaVision(wire, at_once=0)
