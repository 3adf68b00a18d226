"""Ollama: what is peculiar to it."""

from collections.abc import AsyncIterator

import pytest

from domain.errors import BackendNonsense, BackendRejected, BackendUnavailable, ModelMissing
from domain.messages import Role, Turn
from services.backends.ollama import OllamaChat
from services.skills import ChatOptions, Ready
from services.wire import Wire
from tests.fakes.ollama import BUSY, FakeOllama, Models
from tests.fakes.raw import Caller, RawServer, refusing
from tests.fakes.serving import SMALL_TALK, Script
from tests.services.backends.conftest import HELLO, heard


@pytest.fixture
async def ollama() -> AsyncIterator[FakeOllama]:
    """A fake Ollama with the default model."""
    async with FakeOllama() as fake:
        yield fake


async def test_a_question_says_all_that_ollama_must_know(wire: Wire, ollama: FakeOllama) -> None:
    """Above all the same num_ctx each time: another one would load the model anew."""
    backend = OllamaChat(wire, ollama.url, num_ctx=4096, keep_alive="1h")
    await heard(backend, ChatOptions(max_tokens=77, temperature=0.3))
    await heard(backend)
    first, second = (one.body for one in ollama.to("/api/chat"))
    assert {
        "model": "phi3.5:3.8b",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Say hello to me, please."},
        ],
        "stream": True,
        "keep_alive": "1h",
        "options": {"num_ctx": 4096, "num_predict": 77, "temperature": 0.3},
        "think": False,
    } == first
    assert {"num_ctx": 4096, "num_predict": 1024} == second["options"]


async def test_a_chosen_model_is_asked_instead_of_the_configured_one(
    wire: Wire, ollama: FakeOllama
) -> None:
    """A person may choose."""
    ollama.models.names = ("phi3.5:3.8b", "qwen3:8b")
    await heard(OllamaChat(wire, ollama.url), ChatOptions(model="qwen3:8b"))
    assert "qwen3:8b" == ollama.requests[-1].body["model"]


async def test_a_missing_model_is_told_with_its_cure(wire: Wire, ollama: FakeOllama) -> None:
    """The status tells, not the text, which has changed before."""
    with pytest.raises(ModelMissing) as caught:
        await heard(OllamaChat(wire, ollama.url, "nope"))
    assert ("nope", "ollama pull nope") == (caught.value.model, caught.value.cure)
    assert caught.value.down


async def test_a_wrong_address_is_no_missing_model(wire: Wire) -> None:
    """Pulling a model would not help; Ollama's router says this in plain text."""
    async with RawServer(refusing(404, b"404 page not found", b"text/plain")) as server:
        with pytest.raises(BackendRejected):
            await heard(OllamaChat(wire, server.url))


async def test_a_full_queue_is_unavailable(wire: Wire, ollama: FakeOllama) -> None:
    """The next backend may have room."""
    ollama.script = Script(status=503, error=BUSY)
    with pytest.raises(BackendUnavailable, match="server busy"):
        await heard(OllamaChat(wire, ollama.url))


async def test_a_model_that_cannot_be_loaded_is_unavailable(wire: Wire, ollama: FakeOllama) -> None:
    """Another model may fit into the memory."""
    ollama.script = Script(status=500, error="model requires more system memory (9 GiB)")
    with pytest.raises(BackendUnavailable, match="more system memory"):
        await heard(OllamaChat(wire, ollama.url))


@pytest.mark.parametrize("after", [0, 3])
async def test_an_error_in_mid_stream_is_unavailable(
    wire: Wire, ollama: FakeOllama, after: int
) -> None:
    """The status was 200 long before; what came stays with the caller."""
    ollama.script = Script(error_after=after, error="llama runner process has terminated")
    stream = OllamaChat(wire, ollama.url).stream(HELLO, ChatOptions())
    for _ in range(after):
        assert await anext(stream)
    with pytest.raises(BackendUnavailable, match="runner process"):
        await anext(stream)


async def test_a_stream_without_its_end_is_unavailable(wire: Wire, ollama: FakeOllama) -> None:
    """An answer that breaks off must not pass for a whole one."""
    ollama.script = Script(break_after=3)
    with pytest.raises(BackendUnavailable):
        await heard(OllamaChat(wire, ollama.url))


async def test_thoughts_come_first_and_marked(wire: Wire, ollama: FakeOllama) -> None:
    """They come in a field of their own, beside an empty content."""
    ollama.models = Models(("qwen3:8b",), thinking=frozenset({"qwen3:8b"}))
    ollama.script = Script("Yes.", thoughts="Let me see.")
    pieces = await heard(OllamaChat(wire, ollama.url, "qwen3:8b", think=True))
    assert "<think>Let me see. </think>Yes." == "".join(pieces)


async def test_thoughts_without_an_answer_are_closed(wire: Wire, ollama: FakeOllama) -> None:
    """The length may end in the middle of thinking."""
    ollama.models = Models(("qwen3:8b",), thinking=frozenset({"qwen3:8b"}))
    ollama.script = Script("", thoughts="Hm.")
    pieces = await heard(OllamaChat(wire, ollama.url, "qwen3:8b", think=True))
    assert "<think>Hm. </think>" == "".join(pieces)


async def test_a_model_that_could_think_is_told_not_to(wire: Wire, ollama: FakeOllama) -> None:
    """Ollama thinks where it is not told, and the answer comes late."""
    ollama.models = Models(("qwen3:8b",), thinking=frozenset({"qwen3:8b"}))
    ollama.script = Script("Yes.", thoughts="Let me see.")
    assert "Yes." == "".join(await heard(OllamaChat(wire, ollama.url, "qwen3:8b")))


async def test_a_model_that_cannot_think_answers_all_the_same(
    wire: Wire, ollama: FakeOllama
) -> None:
    """The refusal costs one question, once."""
    backend = OllamaChat(wire, ollama.url, think=True)
    for _ in range(2):
        assert SMALL_TALK == "".join(await heard(backend))
    asked = [one.body.get("think") for one in ollama.to("/api/chat")]
    assert [True, None, None] == asked


async def test_other_refusals_are_told_as_they_are(wire: Wire, ollama: FakeOllama) -> None:
    """The operator reads what Ollama says."""
    ollama.script = Script(status=400, error='"bge-m3" does not support chat')
    with pytest.raises(BackendRejected, match="does not support chat") as caught:
        await heard(OllamaChat(wire, ollama.url))
    assert 400 == caught.value.status


@pytest.mark.parametrize(
    ("configured", "listed"),
    [
        ("tinyllama", "tinyllama:latest"),
        ("tinyllama:latest", "tinyllama:latest"),
        ("hf.co/bartowski/Tiny-GGUF:Q4_0", "hf.co/bartowski/Tiny-GGUF:Q4_0"),
        ("localhost:5000/team/tiny", "localhost:5000/team/tiny:latest"),
    ],
)
async def test_a_model_is_found_with_and_without_its_tag(
    wire: Wire, ollama: FakeOllama, configured: str, listed: str
) -> None:
    """Without a tag it is the latest; a port is no tag."""
    ollama.models.names = (listed,)
    backend = OllamaChat(wire, ollama.url, configured, num_ctx=4096)
    assert Ready((listed,), (), 4096) == await backend.ready()


async def test_it_tells_what_is_in_memory(wire: Wire, ollama: FakeOllama) -> None:
    """So that somebody who waits knows that the model is being loaded."""
    backend = OllamaChat(wire, ollama.url)
    assert () == (await backend.ready()).loaded
    await heard(backend)
    assert ("phi3.5:3.8b",) == (await backend.ready()).loaded
    await backend.unload()
    assert () == (await backend.ready()).loaded
    assert 0 == ollama.requests[-3].body["keep_alive"]


async def test_all_that_is_in_memory_leaves_it(wire: Wire, ollama: FakeOllama) -> None:
    """A model that a person chose takes memory, too; where nothing is, nobody is asked to go."""
    ollama.models.names = ("phi3.5:3.8b", "qwen3:8b")
    ollama.models.loaded |= {"deleted:1b", "phi3.5:3.8b", "qwen3:8b"}
    backend = OllamaChat(wire, ollama.url)
    await backend.unload()
    assert {"deleted:1b"} == ollama.models.loaded
    ollama.models.loaded.clear()
    asked = len(ollama.to("/api/chat"))
    await backend.unload()
    assert asked == len(ollama.to("/api/chat"))


async def test_an_old_ollama_unloads_the_model_that_is_known(wire: Wire) -> None:
    """It does not tell what else is in memory."""
    asked: list[bytes] = []

    async def talk(caller: Caller) -> None:
        while True:
            head, body = await caller.hear()
            asked.append(body)
            status = b"200 OK" if b"/api/chat" in head else b"404 Not Found"
            await caller.say(b"HTTP/1.1 %s\r\nContent-Length: 2\r\n\r\n{}" % status)

    async with RawServer(talk) as server:
        await OllamaChat(wire, server.url, "tiny").unload()
    assert b'"tiny"' in asked[-1]


async def test_it_is_not_ready_without_its_model(wire: Wire, ollama: FakeOllama) -> None:
    """The server alone answers nothing."""
    ollama.models.names = ("other:1b",)
    with pytest.raises(ModelMissing, match=r"ollama pull phi3\.5:3\.8b"):
        await OllamaChat(wire, ollama.url).ready()


async def test_an_old_ollama_does_not_tell_what_is_in_memory(wire: Wire) -> None:
    """Then nobody can tell loading from thinking, and all else works."""

    async def talk(caller: Caller) -> None:
        while True:
            head, _ = await caller.hear()
            found = b'{"models":[{"name":"tiny:latest"}]}' if b"/api/tags" in head else b""
            status = b"200 OK" if found else b"404 Not Found"
            length = str(len(found)).encode()
            await caller.say(b"HTTP/1.1 %s\r\nContent-Length: %s\r\n\r\n" % (status, length), found)

    async with RawServer(talk) as server:
        assert (
            Ready(("tiny:latest",), None, 8192)
            == await OllamaChat(wire, server.url, "tiny").ready()
        )


@pytest.mark.parametrize("body", [b"{}", b"[]", b'{"models":[{}]}', b'{"models":3}'])
async def test_a_list_of_another_shape_is_nonsense(wire: Wire, body: bytes) -> None:
    """Whoever listens there is no Ollama."""
    async with RawServer(refusing(200, body)) as server:
        with pytest.raises(BackendNonsense):
            await OllamaChat(wire, server.url).ready()


async def test_who_refuses_to_list_models_is_not_ready(wire: Wire) -> None:
    """A proxy that asks for a key, or another server."""
    async with RawServer(refusing(401, b'{"error":"unauthorized"}')) as server:
        with pytest.raises(BackendUnavailable, match="unauthorized"):
            await OllamaChat(wire, server.url).ready()


async def test_an_answer_that_is_empty_is_empty(wire: Wire, ollama: FakeOllama) -> None:
    """It is complete, and there is nothing in it."""
    ollama.script = Script("")
    assert [] == await heard(OllamaChat(wire, ollama.url))


async def test_turns_go_out_as_they_are(wire: Wire, ollama: FakeOllama) -> None:
    """Nothing is added to what people said, in any script."""
    turns = [Turn(Role.USER, "Привіт 🙂\u2028"), Turn(Role.ASSISTANT, ""), Turn(Role.USER, '"')]
    async for _ in OllamaChat(wire, ollama.url).stream(turns, ChatOptions()):
        pass
    sent = [turn["content"] for turn in ollama.requests[-1].body["messages"]]
    assert ["Привіт 🙂\u2028", "", '"'] == sent
