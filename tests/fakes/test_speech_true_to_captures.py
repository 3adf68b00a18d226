"""The fakes that hear and speak answer as the true servers did."""

import json
from typing import Any

import aiohttp
import pytest

from tests.fakes.capturing import captured, expect, shape
from tests.fakes.piper_http import FakePiper, voice
from tests.fakes.serving import Script
from tests.fakes.speaking import seconds
from tests.fakes.whisper_cpp import FakeWhisperCpp
from tests.services.recordings import tone

VORBIS = b"OggS" + bytes(24) + b"\x01vorbis"
OPUS = b"OggS" + bytes(24) + b"OpusHead"


def form(file: bytes | None = None, **texts: str) -> aiohttp.FormData:
    """A question to whisper.cpp."""
    posted = aiohttp.FormData(default_to_multipart=True)
    for name, text in texts.items():
        posted.add_field(name, text)
    if file is not None:
        posted.add_field("file", file, filename="a.wav", content_type="audio/wav")
    return posted


@pytest.mark.parametrize(
    ("capture", "path", "body"),
    [
        ("health", "/health", lambda: None),
        ("notfound", "/nope", lambda: None),
        ("no_file", "/inference", lambda: form(response_format="json")),
        ("json_body", "/inference", lambda: {"file": "a"}),
        ("garbage", "/inference", lambda: form(b"no sound at all")),
        ("noconvert_voice.ogg", "/inference", lambda: form(OPUS)),
        ("noconvert_vorbis.ogg", "/inference", lambda: form(VORBIS)),
        ("noconvert_v.m4a", "/inference", lambda: form(b"\0\0\0 ftypM4A ")),
        ("noconvert_v.flac", "/inference", lambda: form(b"fLaC....")),
        ("bad_language", "/inference", lambda: form(tone(1), language="xx")),
        ("bad_temperature", "/inference", lambda: form(tone(1), temperature="abc")),
        ("inference_json", "/inference", lambda: form(tone(1))),
        ("inference_text", "/inference", lambda: form(tone(1), response_format="text")),
        ("inference_srt", "/inference", lambda: form(tone(1), response_format="srt")),
        ("inference_vtt", "/inference", lambda: form(tone(1), response_format="vtt")),
        ("load_ok", "/load", lambda: form(model="there.bin")),
        ("load_missing_file", "/load", lambda: form(model="nowhere.bin")),
        ("load_missing_field", "/load", form),
    ],
)
async def test_the_fake_whisper_answers_as_whisper_cpp(capture: str, path: str, body: Any) -> None:
    """The recorded one had weights that hear nothing, so the fake hears nothing here."""
    async with FakeWhisperCpp(Script("")) as fake:
        await expect(f"whisper_cpp/{capture}", fake, path, body())


async def test_the_fake_whisper_tells_all_as_whisper_cpp_does() -> None:
    """Names of languages in English, segments, and probabilities unless they are not wanted."""
    expected = shape(json.loads(captured("whisper_cpp/inference_verbose")[2]))
    expected["language_probabilities"] = {"en": "float"}
    async with FakeWhisperCpp(Script("")) as fake, aiohttp.ClientSession() as session:
        for unwanted in ("false", "true"):
            question = form(
                tone(1), response_format="verbose_json", no_language_probabilities=unwanted
            )
            async with session.post(f"{fake.url}/inference", data=question) as answer:
                found = shape(await answer.json())
            assert (expected if unwanted == "false" else set(expected) - MORE) == (
                found if unwanted == "false" else set(found)
            )


MORE = {"detected_language", "detected_language_probability", "language_probabilities"}


async def test_the_fake_whisper_forgets_that_it_is_well_as_whisper_cpp_does() -> None:
    """A failed change of models leaves it "loading", though it goes on hearing."""
    async with FakeWhisperCpp(Script("")) as fake:
        await expect("whisper_cpp/load_missing_file", fake, "/load", form(model="nowhere.bin"))
        await expect("whisper_cpp/health_after_bad_load", fake, "/health")
        await expect("whisper_cpp/inference_json", fake, "/inference", form(tone(1)))
        fake.inference_path = "/elsewhere"
        await expect("whisper_cpp/inference_path_moved", fake, "/inference", form(tone(1)))


TEXT = "Hello from the bot. This is a second sentence."


@pytest.mark.parametrize(
    ("capture", "path", "body"),
    [
        ("info_before", "/info", None),
        ("badjson", "/synthesize", b"{"),
        ("dots_only", "/synthesize", {"text": "..."}),
        ("synth_empty", "/synthesize", {"text": "  "}),
        ("lengthscale_null", "/synthesize", {"text": TEXT, "length_scale": None}),
        ("speaker_id_str", "/synthesize", {"text": TEXT, "speaker_id": "0"}),
        ("wrong_content_type_500", "/synthesize", aiohttp.FormData({"text": TEXT})),
        ("old_root_post", "/", {"text": TEXT}),
        ("voices_404", "/nowhere", None),
    ],
)
async def test_the_fake_piper_answers_as_piper(capture: str, path: str, body: Any) -> None:
    """Its failures are pages, and never a 4xx for what is wrong with a question."""
    async with FakePiper() as fake:
        await expect(f"piper_http/{capture}", fake, path, body)


async def test_the_fake_piper_lists_its_voices_as_piper() -> None:
    """What the bot reads of a voice is where the true server has it."""
    listed = json.loads(captured("piper_http/voices")[2])["en_US-joe-medium"]
    made = voice("en_US")
    assert made["espeak"] == listed["espeak"]
    assert made["inference"] == listed["inference"]
    assert made["language"].items() <= listed["language"].items()
    async with (
        FakePiper() as fake,
        aiohttp.ClientSession() as session,
        session.get(f"{fake.url}/voices") as answer,
    ):
        assert {"en_US-joe-medium": made} == await answer.json()


@pytest.mark.parametrize(
    ("capture", "body"),
    [
        ("synth", {"text": TEXT}),
        ("synth_unknown_voice", {"text": "Hello", "voice": "xx_XX-nobody-low"}),
        ("symbols_only", {"text": "🙂"}),
    ],
)
async def test_the_fake_piper_speaks_as_piper(capture: str, body: Any) -> None:
    """Sound that calls itself a page, in the first voice where the one asked for is not there."""
    async with (
        FakePiper() as fake,
        aiohttp.ClientSession() as session,
        session.post(f"{fake.url}/synthesize", json=body) as answer,
    ):
        assert captured(f"piper_http/{capture}")[:2] == (answer.status, answer.content_type)
        assert "close" == answer.headers["Connection"]
        assert seconds(await answer.read()) > 0
