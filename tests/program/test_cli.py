"""What the command line says, and what its exit codes mean."""

from pathlib import Path

import pytest

from bot.rivalry import SETTLED
from playground.server import Playground
from tests.fakes.ollama import FakeOllama
from tests.program import Program, ollama, running, write_config
from tests.program.conftest import Make
from tests.program.once import TOKEN, Outcome, once
from tests.telegram import Person


def one_line(outcome: Outcome) -> str:
    """The single line for the operator; nothing else was said."""
    assert "" == outcome.out
    lines = outcome.err.splitlines()
    assert 1 == len(lines), outcome.err
    assert lines[0].startswith("hearthbot: ")
    return lines[0].removeprefix("hearthbot: ")


def files(folder: Path) -> set[Path]:
    """All files and folders in a folder."""
    return set(folder.iterdir())


async def settled(play: Playground) -> None:
    """Wait until who polls now is no newcomer any more."""
    async with Person(play.url, 1) as ann:
        began = (await ann.look("stats"))["now"]
        while (await ann.look("stats"))["now"] - began <= SETTLED:
            last = (await ann.look("state"))["last"]
            await ann.look("events", chat_id=ann.chat_id, since=last, wait=1)


async def test_help_shows_examples_and_exit_codes() -> None:
    """--help names every command, gives examples to copy and says what each exit code means."""
    told = await once("--help", environment={})
    assert 0 == told.code
    for command in ("run", "playground", "worker", "doctor", "models"):
        assert f"python -m bot {command}" in told.out
    for code in range(8):
        assert f"  {code}  " in told.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("dance",), "invalid choice: 'dance'"),
        ((), "required: COMMAND"),
        (("run", "--confg", "x.toml"), "unrecognized arguments"),
        (("playground", "--port", "many"), "invalid int value: 'many'"),
        (("worker", "--tasks", "film,dance"), "there is no task 'dance'; there are chat"),
        (("models", "pull", "gpt-9"), "there are no weights named 'gpt-9'"),
    ],
)
async def test_wrong_use_ends_with_2(words: tuple[str, ...], said: str, tmp_path: Path) -> None:
    """What cannot be meant is named, with what could be."""
    told = await once(*words, folder=tmp_path)
    assert 2 == told.code
    assert said in told.err
    assert "Traceback" not in told.err


@pytest.mark.parametrize(
    ("command", "text", "said"),
    [
        ("run", '[telegram]\nmod = "polling"', '[telegram] mod: unknown key; the nearest known key is "mode"'),  # noqa: E501
        ("doctor", "[acess]\nadmins = [1]", 'acess: unknown table; the nearest known table is "access"'),  # noqa: E501
        ("worker", "[telegram\n", "is not TOML"),
    ],
)  # fmt: skip
async def test_a_bad_configuration_ends_with_3(
    command: str, text: str, said: str, tmp_path: Path
) -> None:
    """One line names file, table and key, and the nearest known one; nothing was begun."""
    file = tmp_path / "home.toml"
    file.write_text(text)
    told = await once(command, "--config", str(file), folder=tmp_path)
    assert 3 == told.code
    line = one_line(told)
    assert str(file) in line
    assert said in line
    assert {file} == files(tmp_path)


async def test_without_a_token_the_way_to_one_is_told(tmp_path: Path) -> None:
    """Who has no token learns the variable's name, who gives tokens, and what works without."""
    told = await once("run", environment={}, folder=tmp_path)
    assert 3 == told.code
    line = one_line(told)
    assert "TELEGRAM_TOKEN" in line
    assert "@BotFather" in line
    assert "python -m bot playground" in line


@pytest.mark.parametrize("token", ["1000:somebody-elses", "not a token", "1000:", "äöü:ß"])
async def test_a_wrong_token_ends_with_4(token: str, tmp_path: Path, play: Playground) -> None:
    """One line without a traceback, whether the token looks like one or not; it is not shown."""
    write_config(tmp_path, play.url, "")
    words = ("run", "--config", str(tmp_path / "config.toml"))
    told = await once(*words, environment={"TELEGRAM_TOKEN": token})
    assert 4 == told.code
    assert "hearthbot: Telegram does not know this token; ask @BotFather for it" in told.err
    assert "Traceback" not in told.err
    assert token not in told.err


async def test_a_second_copy_in_the_same_folder_ends_with_5(
    program: Make, model: FakeOllama
) -> None:
    """It says which folder is in use; the first one goes on and stops well."""
    first = program(ollama(model.url))
    async with running(first):
        told = await once("run", "--config", str(first.config))
        assert first.process is not None
        assert first.process.returncode is None
        assert 0 == await first.stop()
    assert 5 == told.code
    assert str(first.folder / "data") in one_line(told)


async def test_a_second_copy_elsewhere_ends_with_5(
    tmp_path: Path, play: Playground, program: Make, model: FakeOllama
) -> None:
    """Telegram lets only one poll: who came later says so and ends, the other goes on."""
    first = program(ollama(model.url))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    write_config(elsewhere, play.url, ollama(model.url))
    second = Program(elsewhere, play.url)
    async with running(first):
        await settled(play)
        try:
            await second.start()
            assert 5 == await second.end()
        finally:
            await second.kill()
        assert first.process is not None
        assert first.process.returncode is None
    assert "another program polls with this token; only one may" in second.log.read_text()
    assert "Traceback" not in second.log.read_text()


async def test_a_corrupt_database_file_is_left_untouched(tmp_path: Path, play: Playground) -> None:
    """The file stays as it is, nothing is written beside it, and what to do is said."""
    write_config(tmp_path, play.url, "")
    data = tmp_path / "data"
    data.mkdir()
    file = data / "hearthbot.db"
    file.write_bytes(b"SQLite format 3\0" + bytes(range(256)) * 40)
    before = file.read_bytes()
    told = await once("run", "--config", str(tmp_path / "config.toml"), environment=TOKEN)
    assert 6 == told.code
    assert str(file) in told.err
    assert "Traceback" not in told.err
    assert before == file.read_bytes()
    assert {file} == {one for one in files(data) if one.is_file()}
