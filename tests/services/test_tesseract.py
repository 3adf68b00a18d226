"""tesseract: what it is asked, how often, and what is believed of what it says."""

import asyncio
from pathlib import Path

import pytest

from domain.errors import BackendUnavailable
from services.tesseract import Tesseract, text
from tests.services.stubs import stub

HEAD = (
    "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
)


def table(*words: tuple[int, int, float, str]) -> str:
    """What tesseract says of words: the block and line of each, its trust in it, and the word."""
    rows = [HEAD, "1\t1\t0\t0\t0\t0\t0\t0\t640\t480\t-1\t"]
    for block, line, trust, word in words:
        rows.append(f"5\t1\t{block}\t1\t{line}\t1\t0\t0\t9\t9\t{trust}\t{word}")
    return "\n".join(rows) + "\n"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), ""),
        (((1, 1, 96, "Good"), (1, 1, 96, "day"), (1, 2, 96, "Ann")), "Good day\nAnn"),
        (((1, 1, 96, "Left"), (2, 1, 96, "Right")), "Left\n\nRight"),
        (((1, 1, 95, " "), (2, 1, 96, "Words"), (3, 1, 95, "  ")), "Words"),
        (((1, 1, 60, "blurred"), (1, 1, 60, "in")), "blurred in"),
        (((1, 1, 30, "lorem"), (1, 2, 72, "К"), (1, 3, 93, "|"), (1, 4, 28, "eS")), ""),
        (((1, 1, 96, "7"),), "7"),
    ],
    ids=["nothing", "lines", "blocks", "gaps", "unsure words", "no text", "a sure digit"],
)
def test_lines_are_put_together_and_strokes_left_out(
    words: tuple[tuple[int, int, float, str], ...], expected: str
) -> None:
    """What it sees in edges has a letter or two, and little of its own trust."""
    assert expected == text(table(*words))


async def test_it_is_asked_for_its_languages_once_until_others_come(tmp_path: Path) -> None:
    """A probe every few seconds starts nothing; who installs a language need not start the bot."""
    folder = tmp_path / "languages"
    folder.mkdir()
    counted = f"echo x >> {tmp_path}/asked; echo 'List of available languages in \"{folder}\" (1):'"
    one = Tesseract("eyes", stub(tmp_path, "exit 1", f"{counted}; ls {folder}"))
    for name in ("eng", "ukr"):
        (folder / name).touch()
        assert [name in await one.languages() for _ in range(3)] == [True] * 3
    assert "x\nx\n" == (tmp_path / "asked").read_text()


async def test_one_that_is_gone_knows_nothing(tmp_path: Path) -> None:
    """It may be taken away, and come back."""
    program = Path(stub(tmp_path, "exit 1"))
    one = Tesseract("eyes", str(program))
    assert ("eng", "osd") == await one.languages()
    await asyncio.to_thread(program.rename, tmp_path / "away")
    assert ((), None) == (await one.languages(), one.find())
    await asyncio.to_thread((tmp_path / "away").rename, program)
    assert ("eng", "osd") == await one.languages()


async def test_what_an_old_one_says_is_understood(tmp_path: Path) -> None:
    """Before version 5 no folder is named."""
    listing = "printf 'List of available languages (2):\\neng\\nrus\\n'"
    assert ("eng", "rus") == await Tesseract("eyes", stub(tmp_path, "", listing)).languages()


async def test_it_is_told_the_page_and_little_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No file of ours, no secret, one thread, and a limit of memory."""
    monkeypatch.setenv("TELEGRAM_TOKEN", "hush")
    said = (
        f'echo "$@" > {tmp_path}/words; env > {tmp_path}/environ; cat > {tmp_path}/page; ulimit -d'
    )
    one = Tesseract("eyes", stub(tmp_path, f"({said}) > {tmp_path}/limit"))
    assert "" == await one.read(b"\x89PNG" * 100_000, ("eng", "rus"), 20)
    assert b"\x89PNG" * 100_000 == (tmp_path / "page").read_bytes()
    words = (tmp_path / "words").read_text()
    assert words.startswith("stdin stdout -l eng+rus --psm 1 ")
    environ = (tmp_path / "environ").read_text()
    assert "OMP_THREAD_LIMIT=1" in environ
    assert "hush" not in environ


async def test_one_that_cannot_be_started_is_unavailable(tmp_path: Path) -> None:
    """As when its file is damaged."""
    program = tmp_path / "tesseract"
    program.write_bytes(b"\x7fELF")
    program.chmod(0o755)
    with pytest.raises(BackendUnavailable, match="cannot be started") as caught:
        await Tesseract("eyes", str(program)).languages()
    assert caught.value.down
