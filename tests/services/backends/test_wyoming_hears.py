"""Hearing behind Wyoming: what is asked, what is understood, and how it fails."""

import asyncio
from pathlib import Path

import pytest

from domain.errors import (
    BackendError,
    BackendNonsense,
    BackendRejected,
    BackendUnavailable,
    ModelMissing,
)
from domain.speech import Transcript
from services.backends.wyoming import WyomingTranscriber
from services.wire import Wire
from tests.fakes.raw import Caller, RawServer
from tests.fakes.serving import Script
from tests.fakes.wyoming import FakeWyoming, Talents
from tests.services.backends.spoken import recording, samples


async def trouble(wire: Wire, url: str, folder: Path, patience: float = 5.0) -> BackendError:
    """The error that hearing ends in."""
    hearing = WyomingTranscriber(wire, url, patience=patience, label="Ear")
    async with asyncio.timeout(20):
        with pytest.raises(BackendError) as caught:
            await hearing.transcribe(recording(folder), "")
    return caught.value


@pytest.mark.parametrize("streams", [True, False])
async def test_the_recording_arrives_whole_and_its_words_come_back(
    wire: Wire, tmp_path: Path, streams: bool
) -> None:
    """Whether or not the server tells its words one by one; without spaces around them."""
    speech = recording(tmp_path)
    async with FakeWyoming(Script(" What was said. "), Talents(streams=streams)) as server:
        heard = await WyomingTranscriber(wire, server.url).transcribe(speech, "")
    assert Transcript("What was said.") == heard
    assert [samples(speech)] == server.recordings
    assert {} == server.requests[0].body


async def test_language_and_model_are_asked_for(wire: Wire, tmp_path: Path) -> None:
    """And the language that was asked for is the transcript's."""
    async with FakeWyoming(Script("Так.")) as server:
        hearing = WyomingTranscriber(wire, server.url, "tiny")
        heard = await hearing.transcribe(recording(tmp_path), "uk")
    assert {"language": "uk", "name": "tiny"} == server.requests[0].body
    assert "uk" == heard.language


async def test_the_language_that_the_server_tells_is_believed(wire: Wire, tmp_path: Path) -> None:
    """It has found out."""
    async with FakeWyoming(Script("Yes."), Talents(language="en-GB")) as server:
        heard = await WyomingTranscriber(wire, server.url).transcribe(recording(tmp_path), "")
    assert "en" == heard.language


async def test_a_recording_of_no_length_is_silence(wire: Wire, tmp_path: Path) -> None:
    """Nothing was said, and nothing is wrong."""
    async with FakeWyoming() as server:
        heard = await WyomingTranscriber(wire, server.url).transcribe(recording(tmp_path, 0), "en")
    assert Transcript("", "en") == heard


async def test_a_transcript_that_comes_only_in_pieces_is_joined(wire: Wire, tmp_path: Path) -> None:
    """Its last event ends it."""

    async def talk(caller: Caller) -> None:
        for piece in ("One", " two"):
            await caller.say(b'{"type":"transcript-chunk","data":{"text":"%s"}}\n' % piece.encode())
        await caller.say(b'{"type":"transcript-stop"}\n')
        await caller.wait_until_gone()

    async with RawServer(talk) as server:
        hearing = WyomingTranscriber(wire, f"tcp://127.0.0.1:{server.port}")
        heard = await hearing.transcribe(recording(tmp_path), "")
    assert "One two" == heard.text


async def test_a_server_that_refuses_in_the_middle_is_understood(
    wire: Wire, tmp_path: Path
) -> None:
    """It closes while the recording is still being sent; its reason is not lost."""
    async with FakeWyoming(Script(error={"text": "too long", "code": "ValueError"})) as server:
        server.talents.bears = 1000
        hearing = WyomingTranscriber(wire, server.url, label="Ear")
        with pytest.raises(BackendRejected, match="Ear: ValueError: too long"):
            await hearing.transcribe(recording(tmp_path, 60), "")


async def test_what_goes_wrong_inside_the_server_is_its_own_trouble(
    wire: Wire, tmp_path: Path
) -> None:
    """The next backend may do it."""
    error = {"text": "out of memory", "code": "RuntimeError"}
    async with FakeWyoming(Script(status=500, error=error)) as server:
        found = await trouble(wire, server.url, tmp_path)
    assert isinstance(found, BackendUnavailable)
    assert "Ear: RuntimeError: out of memory" == str(found)


async def test_an_answer_that_breaks_off_is_unavailable(wire: Wire, tmp_path: Path) -> None:
    """As it is with every other server."""
    async with FakeWyoming(Script("One two three.", break_after=2)) as server:
        found = await trouble(wire, server.url, tmp_path)
    assert isinstance(found, BackendUnavailable)
    assert "Ear: the answer broke off" == str(found)


async def test_a_server_that_says_nothing_is_left_in_time(wire: Wire, tmp_path: Path) -> None:
    """The patience is for the first word."""
    async with FakeWyoming(Script(deaf=True)) as server:
        found = await trouble(wire, server.url, tmp_path, patience=0.2)
        async with asyncio.timeout(10):
            await server.requests[0].left.wait()
    assert isinstance(found, BackendUnavailable)
    assert "Ear: no answer in time" == str(found)


async def test_an_answer_that_stands_still_is_left_sooner(wire: Wire, tmp_path: Path) -> None:
    """Once it has begun, the wire's idle seconds count."""
    wire.idle = 0.2
    async with FakeWyoming(Script("One two three.", hang_after=2)) as server:
        found = await trouble(wire, server.url, tmp_path, patience=60)
        async with asyncio.timeout(10):
            await server.requests[0].left.wait()
    assert "Ear: no answer in time" == str(found)


async def test_a_server_that_takes_the_recording_slowly_is_not_left(
    wire: Wire, tmp_path: Path
) -> None:
    """Each piece that it takes is a sign of life, though it says nothing for longer."""

    async def talk(caller: Caller) -> None:
        for _ in range(8):
            await asyncio.sleep(0.2)
            await caller._reader.readexactly(1 << 20)
        came = b""
        while b"audio-stop" not in came:
            came = came[-10:] + await caller._reader.read(1 << 16)
        await caller.say(b'{"type":"transcript","data":{"text":"At last."}}\n')
        await caller.wait_until_gone()

    async with RawServer(talk) as server:
        url = f"tcp://127.0.0.1:{server.port}"
        hearing = WyomingTranscriber(wire, url, patience=0.75)
        heard = await hearing.transcribe(recording(tmp_path, 400), "")
    assert "At last." == heard.text


async def test_who_stops_waiting_frees_the_server(wire: Wire, tmp_path: Path) -> None:
    """A cancelled transcription leaves no connection behind."""
    async with FakeWyoming(Script("One.", hang_after=0)) as server:
        hearing = WyomingTranscriber(wire, server.url)
        task = asyncio.create_task(hearing.transcribe(recording(tmp_path), ""), name="hearing")
        await server.asked("transcribe")
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with asyncio.timeout(10):
            await server.requests[0].left.wait()


async def test_several_may_be_heard_at_once(wire: Wire, tmp_path: Path) -> None:
    """Each has a connection of its own."""
    speech = recording(tmp_path)
    script = Script(lambda asked: f"In {asked['language']}.")
    async with FakeWyoming(script) as server:
        hearing = WyomingTranscriber(wire, server.url)
        languages = ("en", "uk", "ru")
        heard = await asyncio.gather(*(hearing.transcribe(speech, one) for one in languages))
    assert [Transcript(f"In {one}.", one) for one in languages] == heard


async def test_a_transcript_without_a_text_is_nonsense(wire: Wire, tmp_path: Path) -> None:
    """What is missing is named, what is there is not."""
    async with FakeWyoming() as server:
        server.garbage = b'{"type":"transcript","data":{"text":["secret"]}}\n'
        found = await trouble(wire, server.url, tmp_path)
    assert isinstance(found, BackendNonsense)
    assert "Ear: a transcript without a text" == str(found)


async def test_it_says_which_models_it_has(wire: Wire) -> None:
    """The configured one must be among them, else the server is started with it."""
    async with FakeWyoming(talents=Talents(("tiny", "base"))) as server:
        assert ("tiny", "base") == (await WyomingTranscriber(wire, server.url).ready()).models
        with pytest.raises(ModelMissing, match="wyoming-faster-whisper --model large"):
            await WyomingTranscriber(wire, server.url, "large").ready()


async def test_a_server_that_only_speaks_does_not_hear(wire: Wire) -> None:
    """The operator took the wrong port."""
    async with FakeWyoming(talents=Talents(models=())) as server:
        with pytest.raises(BackendUnavailable, match="it does not hear") as caught:
            await WyomingTranscriber(wire, server.url).ready()
    assert caught.value.down


@pytest.mark.parametrize("url", ["http://127.0.0.1:10300", "tcp://127.0.0.1", "tcp://:10300", "x"])
def test_an_address_of_another_kind_is_refused(wire: Wire, url: str) -> None:
    """Before anybody asks."""
    with pytest.raises(ValueError, match="url must look like"):
        WyomingTranscriber(wire, url)


def test_its_label_names_it_for_the_operator(wire: Wire) -> None:
    """Server, model and place."""
    assert "Wyoming at 127.0.0.1:10300" == WyomingTranscriber(wire).label
    url = "tcp://box:10301"
    assert "Wyoming base at box:10301" == WyomingTranscriber(wire, url, "base").label
    assert "Ear" == WyomingTranscriber(wire, url, label="Ear").label
