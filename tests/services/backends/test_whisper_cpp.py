"""whisper.cpp: what is asked of it, what its words mean, and whether it is ready."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from domain.errors import BackendError, BackendNonsense, BackendRejected, BackendUnavailable
from domain.speech import Segment, Speech, Transcript
from services.backends.whisper_cpp import WhisperCppTranscriber
from services.skills import Ready
from services.wire import Wire
from tests.fakes.openai import FakeOpenAI
from tests.fakes.raw import Caller, RawServer, refusing
from tests.fakes.serving import Script
from tests.fakes.whisper_cpp import FakeWhisperCpp
from tests.services.recordings import recorded


@pytest.fixture
async def server() -> AsyncIterator[FakeWhisperCpp]:
    """A fake whisper.cpp."""
    async with FakeWhisperCpp() as fake:
        yield fake


@pytest.fixture
def speech(tmp_path: Path) -> Speech:
    """A recording of two seconds."""
    return recorded(tmp_path, 2.0)


async def test_a_question_says_all_that_it_must_know(
    wire: Wire, server: FakeWhisperCpp, speech: Speech
) -> None:
    """Without a language it would hear English, and the probabilities cost time."""
    backend = WhisperCppTranscriber(wire, f"{server.url}/", prompt="Hearthbot, Київ")
    await backend.transcribe(speech, "")
    assert {
        "file": speech.path.read_bytes(),
        "response_format": "verbose_json",
        "language": "auto",
        "no_language_probabilities": "true",
        "split_on_word": "true",
        "prompt": "Hearthbot, Київ",
    } == server.requests[-1].body


async def test_it_tells_words_times_and_the_language(
    wire: Wire, server: FakeWhisperCpp, speech: Speech
) -> None:
    """The language by its code, the words without the server's spaces."""
    server.script = Script("Добрий день.\n[BLANK_AUDIO]")
    server.language = "ukrainian"
    found = await WhisperCppTranscriber(wire, server.url).transcribe(speech, "")
    assert Transcript("Добрий день.", "uk", (Segment(0.0, 1.0, "Добрий день."),)) == found


async def test_a_language_that_is_known_is_told(
    wire: Wire, server: FakeWhisperCpp, speech: Speech
) -> None:
    """Then nothing has to be found out."""
    found = await WhisperCppTranscriber(wire, server.url).transcribe(speech, "ru")
    assert ("ru", "ru") == (server.requests[-1].body["language"], found.language)


async def test_long_lines_are_joined_again(
    wire: Wire, server: FakeWhisperCpp, speech: Speech
) -> None:
    """The server cuts its segments at sixty characters."""
    text = "The keeper of the lighthouse wrote down every ship that passed by his island. " * 3
    server.script = Script(text.strip())
    found = await WhisperCppTranscriber(wire, server.url).transcribe(speech, "")
    assert text.strip() == found.text
    assert len(found.segments) > 3


@pytest.mark.parametrize("text", ["", "[BLANK_AUDIO]", "(music)\n♪♪"])
async def test_silence_is_an_empty_text(
    wire: Wire, server: FakeWhisperCpp, speech: Speech, text: str
) -> None:
    """And no error: there was nothing to hear."""
    server.script = Script(text)
    found = await WhisperCppTranscriber(wire, server.url).transcribe(speech, "en")
    assert Transcript("", "en") == found


async def test_a_file_that_it_cannot_read_is_rejected(
    wire: Wire, server: FakeWhisperCpp, tmp_path: Path
) -> None:
    """Its own reason never arrives, so the error says what is known."""
    path = tmp_path / "voice.ogg"
    path.write_bytes(b"OggS no sound")
    with pytest.raises(BackendRejected, match="Invalid request: it cannot read this file"):
        await WhisperCppTranscriber(wire, server.url).transcribe(Speech(path, 1.0), "")


async def test_not_found_means_loading_or_another_address(
    wire: Wire, server: FakeWhisperCpp, speech: Speech
) -> None:
    """It says 404 for both, and another backend may hear meanwhile."""
    server.script.status = 503
    with pytest.raises(BackendUnavailable, match="loads its model, or does not hear at /inf"):
        await WhisperCppTranscriber(wire, server.url).transcribe(speech, "")


async def test_it_may_hear_at_another_address(
    wire: Wire, server: FakeWhisperCpp, speech: Speech
) -> None:
    """`--inference-path` moves it."""
    server.inference_path = "/v1/audio/transcriptions"
    backend = WhisperCppTranscriber(wire, server.url, inference_path="v1/audio/transcriptions")
    assert "Hello there." == (await backend.transcribe(speech, "")).text
    assert Ready() == await backend.ready()


async def trouble(wire: Wire, server: RawServer, speech: Speech) -> BackendError:
    """The error that hearing ends in."""
    backend = WhisperCppTranscriber(wire, server.url, patience=0.2)
    with pytest.raises(BackendError) as caught:
        await backend.transcribe(Speech(speech.path, 0.05), "")
    return caught.value


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, b"<html>secret words</html>", BackendNonsense),
        (200, b"", BackendNonsense),
        (200, b'{"tex', BackendNonsense),
        (200, b'{"words": "secret words"}', BackendNonsense),
        (200, b'{"error": "failed to process audio"}', BackendUnavailable),
        (500, b'{"error":"FFmpeg conversion failed."}', BackendUnavailable),
        (503, b"busy", BackendUnavailable),
        (413, b"too large", BackendRejected),
    ],
)
async def test_bad_answers_have_their_kinds(
    wire: Wire, speech: Speech, status: int, body: bytes, expected: type[BackendError]
) -> None:
    """And none repeats what was said."""
    async with RawServer(refusing(status, body)) as server:
        found = await trouble(wire, server, speech)
    assert isinstance(found, expected)
    assert "secret" not in str(found)


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"])
async def test_a_server_that_hangs_or_breaks_off_is_unavailable(
    wire: Wire, speech: Speech, said: bytes
) -> None:
    """The wait ends with the patience, or with the wire's for an answer that has begun."""
    wire.idle = 0.2

    async def talk(caller: Caller) -> None:
        await caller.hear()
        await caller.say(said)
        await caller.wait_until_gone()

    async with RawServer(talk) as server:
        assert "no answer in time" in str(await trouble(wire, server, speech))


async def test_a_long_recording_gets_twice_its_length(
    wire: Wire, server: FakeWhisperCpp, speech: Speech
) -> None:
    """Slow machines hear slower than people speak."""
    server.script.first_after = 0.5
    backend = WhisperCppTranscriber(wire, server.url, patience=0.05)
    with pytest.raises(BackendUnavailable, match="no answer in time"):
        await backend.transcribe(Speech(speech.path, 0.1), "")
    assert (await backend.transcribe(Speech(speech.path, 10.0), "")).text


async def test_who_leaves_stops_the_server(
    wire: Wire, server: FakeWhisperCpp, speech: Speech
) -> None:
    """The next recording need not wait for one that nobody wants."""
    server.script.first_after = 60.0
    backend = WhisperCppTranscriber(wire, server.url)
    hearing = asyncio.create_task(backend.transcribe(speech, ""), name="hear")
    asked = await server.asked("/inference")
    hearing.cancel()
    async with asyncio.timeout(10):
        await asked.left.wait()
        server.script.first_after = 0.0
        assert (await backend.transcribe(speech, "")).text


async def test_it_hears_one_after_another(
    wire: Wire, server: FakeWhisperCpp, speech: Speech
) -> None:
    """However many ask, all get their own words."""
    server.script.realtime = 0.01
    backend = WhisperCppTranscriber(wire, server.url)
    found = await asyncio.gather(*(backend.transcribe(speech, "") for _ in range(5)))
    assert {"Hello there."} == {one.text for one in found}
    assert 1 == server.most_at_once


async def test_it_is_ready_once_it_has_refused_a_question_without_a_file(
    wire: Wire, server: FakeWhisperCpp
) -> None:
    """That is asked once; afterwards its health is enough."""
    backend = WhisperCppTranscriber(wire, server.url)
    assert [Ready(), Ready()] == [await backend.ready(), await backend.ready()]
    assert 1 == len(server.to("/inference"))
    assert 2 == len(server.to("/health"))


async def test_it_is_ready_though_its_health_has_stuck(
    wire: Wire, server: FakeWhisperCpp, speech: Speech
) -> None:
    """After a failed change of models the health is "not found" for ever."""
    server.loading = True
    backend = WhisperCppTranscriber(wire, server.url)
    assert (await backend.transcribe(speech, "")).text
    assert Ready() == await backend.ready()


@pytest.mark.parametrize("loading", [False, True])
async def test_while_its_only_place_is_taken_its_health_decides(
    wire: Wire, server: FakeWhisperCpp, loading: bool
) -> None:
    """Busy with somebody is well; loading is not."""
    server.loading = loading
    backend = WhisperCppTranscriber(wire, server.url)
    async with server.mutex:
        if loading:
            with pytest.raises(BackendUnavailable, match="busy or loading"):
                await backend.ready()
        else:
            assert Ready() == await backend.ready()


async def test_another_server_that_is_well_is_not_ready_to_hear(wire: Wire) -> None:
    """llama.cpp's server has the same port and the same word for health."""
    async with FakeOpenAI() as other:
        with pytest.raises(BackendUnavailable, match="does not hear at /inference"):
            await WhisperCppTranscriber(wire, other.url).ready()


@pytest.mark.parametrize("body", [b'{"status":"ok"}', b"<html></html>"])
async def test_who_answers_everything_is_no_whisper(wire: Wire, body: bytes) -> None:
    """A page that is shown for every address hears nothing."""
    async with RawServer(refusing(200, body)) as server:
        with pytest.raises(BackendNonsense):
            await WhisperCppTranscriber(wire, server.url).ready()


async def test_nobody_listening_is_down(wire: Wire, server: FakeWhisperCpp) -> None:
    """The chain need not try that again at once."""
    await server.stop()
    with pytest.raises(BackendUnavailable) as caught:
        await WhisperCppTranscriber(wire, server.url).ready()
    assert caught.value.down


def test_its_label_names_the_place(wire: Wire) -> None:
    """Unless the operator gave it a name."""
    assert "whisper.cpp at box:8178" == WhisperCppTranscriber(wire, "http://box:8178").label
    assert "Ear" == WhisperCppTranscriber(wire, "http://box", label="Ear").label
