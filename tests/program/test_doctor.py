"""`doctor` and `models`: what is there, what is not, and what to do about it."""

import asyncio
import socket
from contextlib import closing
from pathlib import Path

import pytest

from playground.server import Playground
from services.shop import SHOP
from tests.fakes.ollama import FakeOllama
from tests.fakes.piper_http import FakePiper
from tests.fakes.whisper_cpp import FakeWhisperCpp
from tests.program import ollama, running, write_config
from tests.program.conftest import Make
from tests.program.once import Outcome, once


def configured(folder: Path, play: str, backends: str, more: str = "") -> tuple[str, str]:
    """Write a configuration, and give the words that name it."""
    write_config(folder, play, backends, more)
    return ("--config", str(folder / "config.toml"))


def found(told: Outcome) -> dict[str, list[str]]:
    """What was said of each thing: the line, and the cure below it where there is one."""
    things: dict[str, list[str]] = {}
    name = ""
    for line in told.out.splitlines():
        if line[:2].strip():
            name = line[3:].split("  ")[0]
            things[name] = [line]
        else:
            things[name].append(line.strip().removeprefix("→ "))
    return things


def closed_port() -> int:
    """A port at which nobody answers."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def nobody() -> str:
    """An address at which no server is."""
    return f"http://127.0.0.1:{closed_port()}"


async def test_a_well_house_is_told_in_a_line_each(
    tmp_path: Path, play: Playground, model: FakeOllama
) -> None:
    """Telegram, the database, each backend with its models; the code is 0, nothing was made."""
    words = configured(tmp_path, play.url, ollama(model.url, label="Kitchen"))
    told = await once("doctor", *words)
    assert 0 == told.code, told
    things = found(told)
    assert ["Telegram", "database", "chat 1"] == list(things)
    assert all(len(lines) == 1 and lines[0].startswith("ok ") for lines in things.values())
    assert "@hearthbot_bot" in things["Telegram"][0]
    assert "the first start makes it" in things["database"][0]
    assert "Kitchen: phi3.5:3.8b" in things["chat 1"][0]
    assert "" == told.err
    assert not await asyncio.to_thread((tmp_path / "data" / "hearthbot.db").exists)


async def test_what_is_missing_comes_with_what_to_do(
    tmp_path: Path, play: Playground, model: FakeOllama, nobody: str
) -> None:
    """A model to pull, a server to start: each with its cure, and the code is 7."""
    backends = [
        ollama(model.url, label="Kitchen"),
        ollama(model.url, label="Attic", model="qwen3:4b"),
        ollama(nobody, label="Cellar"),
    ]
    words = configured(tmp_path, play.url, "\n".join(backends))
    told = await once("doctor", *words)
    assert 7 == told.code
    things = found(told)
    assert ["Telegram", "database", "chat 1", "chat 2", "chat 3"] == list(things)
    assert things["chat 1"][0].startswith("ok ")
    attic, cure = things["chat 2"]
    assert attic.startswith("!! ")
    assert "'qwen3:4b' is missing" in attic
    assert "ollama pull qwen3:4b" in cure
    cellar, cure = things["chat 3"]
    assert "Cellar" in cellar
    assert f"[[chat]] number 3 in {tmp_path / 'config.toml'}" in cure
    assert "Traceback" not in told.err


async def test_ears_and_voices_are_looked_at_too(
    tmp_path: Path, play: Playground, model: FakeOllama, nobody: str
) -> None:
    """Each voice with its language, and what is down with its cure."""
    async with FakePiper() as piper, FakeWhisperCpp() as whisper:
        ear = 'use = "services.backends.whisper_cpp:WhisperCppTranscriber"'
        mouth = 'use = "services.backends.piper_http:PiperHttpSynthesizer"'
        backends = [
            ollama(model.url),
            f'[[hear]]\n{ear}\nlabel = "Ear"\nurl = "{whisper.url}"',
            f'[[hear]]\n{ear}\nlabel = "Old ear"\nurl = "{nobody}"',
            f'[[speak]]\n{mouth}\nlabel = "Mouth"\nurl = "{piper.url}"',
        ]
        words = configured(tmp_path, play.url, "\n".join(backends))
        told = await once("doctor", *words)
    things = found(told)
    assert 7 == told.code, told
    assert things["hear 1"][0].startswith("ok ")
    assert things["hear 1"][0].endswith("Ear: reached")
    assert things["hear 2"][0].startswith("!! ")
    assert "[[hear]] number 2" in things["hear 2"][1]
    assert things["speak 1"][0].endswith("Mouth: voices en_US-joe-medium (en)")


async def test_a_wrong_token_and_a_telegram_that_is_not_there_are_told_apart(
    tmp_path: Path, play: Playground, model: FakeOllama, nobody: str
) -> None:
    """Both have the code 7 and another cure; the token itself is never shown."""
    words = configured(tmp_path, play.url, ollama(model.url))
    for token in ("1000:wrong", "no token at all"):
        told = await once("doctor", *words, environment={"TELEGRAM_TOKEN": token})
        assert 7 == told.code
        assert "@BotFather" in found(told)["Telegram"][1]
        assert token not in told.out + told.err
    told = await once("doctor", *configured(tmp_path, nobody, ollama(model.url)))
    assert 7 == told.code
    assert "api_base" in found(told)["Telegram"][1]


async def test_without_a_file_the_defaults_need_not_be_there(
    tmp_path: Path, play: Playground, nobody: str
) -> None:
    """What usually runs is only remarked on, unless nothing at all can answer."""
    file = tmp_path / "config.toml"
    text = f'embedded = false\n[telegram]\napi_base = "{play.url}"\n'
    await asyncio.to_thread(file.write_text, text)
    told = await once("doctor", "--config", str(file), folder=tmp_path)
    things = found(told)
    assert {"Telegram", "database", "chat 1", "chat 2"} <= set(things)
    for name in ("chat 1", "chat 2"):
        assert things[name][0][:2] in ("--", "ok")
    if all(things[name][0].startswith("--") for name in ("chat 1", "chat 2")):
        assert 7 == told.code
        assert things["chat"][0].startswith("!! ")
        assert "install Ollama" in things["chat"][1]


async def test_quick_says_whether_the_bot_lives(program: Make, model: FakeOllama) -> None:
    """For a container's health check: 7 before it runs, 0 while it does, 7 after a kill."""
    port = closed_port()
    bot = program(ollama(model.url), f'[health]\nlisten = "0.0.0.0:{port}"')
    words = ("doctor", "--quick", "--config", str(bot.config))
    told = await once(*words)
    assert 7 == told.code
    assert "does not run" in told.out
    assert "python -m bot run" in told.out
    async with running(bot):
        await bot.logged(f"Listening on 0.0.0.0:{port}")  # it polls before its database is open
        told = await once(*words)
        assert 0 == told.code, told
        assert {"bot", "health"} == set(found(told))
        assert "answers" in found(told)["health"][0]
        await bot.kill()
        assert 7 == (await once(*words)).code


async def test_models_are_listed_with_the_way_to_get_them(tmp_path: Path) -> None:
    """Those that are here with their file, the others with the command that fetches them."""
    pulled = tmp_path / "data" / "models"
    await asyncio.to_thread(pulled.mkdir, parents=True)
    file = pulled / "qwen2.5-0.5b-instruct-q4_k_m.gguf"
    await asyncio.to_thread(file.write_bytes, b"GGUF")
    words = configured(tmp_path, "http://127.0.0.1:1", "")
    told = await once("models", "list", *words, environment={})
    assert 0 == told.code
    lines = {line.split()[0]: line for line in told.out.splitlines()}
    assert {*SHOP} == {*lines}
    assert f"here: {file}" in lines["qwen2.5-0.5b"]
    assert "python -m bot models pull qwen2.5-1.5b" in lines["qwen2.5-1.5b"]
    again = await once("models", "pull", "qwen2.5-0.5b", *words, environment={})
    assert 0 == again.code
    assert f"qwen2.5-0.5b is here already: {file}" in again.out
