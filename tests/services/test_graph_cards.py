"""What stands beside a graph."""

from pathlib import Path

import pytest

from domain.errors import ConfigError
from services.graph_cards import Card, Defaults, Limits, card


def written(folder: Path, text: str) -> Path:
    """A file of settings."""
    path = folder / "it.toml"
    path.write_text(text)
    return path


def test_a_card_says_all_that_there_is_to_say(tmp_path: Path) -> None:
    """And need not be there at all."""
    text = """
    title = "Mine"
    kind = "video"
    english = true
    upscale = true
    [defaults]
    width = 640
    height = 480
    steps = 4
    fps = 24
    seconds = 2.5
    negative = "ugly"
    [limits]
    max_seconds = 6
    max_side = 1280
    max_pixels = 900000
    multiple_of = 32
    frames = "4n+1"
    """
    expected = Card(
        *("Mine", "video", True, True),
        Defaults(640, 480, 4, 24.0, 2.5, "ugly"),
        Limits(6.0, 1280, 900_000, 32, "4n+1"),
    )
    assert expected == card(written(tmp_path, text))
    assert Card() == card(tmp_path / "nowhere.toml")


@pytest.mark.parametrize(
    ("rule", "numbers"), [("4n+1", (4, 1)), (" 8 n + 1 ", (8, 1)), ("2n", (2, 0)), ("", (1, 0))]
)
def test_a_rule_for_frames_is_two_numbers(rule: str, numbers: tuple[int, int]) -> None:
    """As makers of models write it."""
    assert numbers == Limits(frames=rule).rule()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tilte = 1", 'tilte: unknown key; the nearest known is "title"'),
        ("[limits]\nmax_second = 1", 'max_second: unknown key; the nearest known is "max_seconds"'),
        ("[default]\nsteps = 1", 'default: unknown key; the nearest known is "defaults"'),
        ("limits = 1", "wanted a table"),
        ('english = "yes"', "english: wanted true or false"),
        ("[defaults]\nwidth = 1.5", "width: wanted a whole number"),
        ("[defaults]\nwidth = true", "width: wanted a whole number"),
        ('[defaults]\nfps = "8"', "fps: wanted a number"),
        ("[defaults]\nseconds = -1", "must not be below 0"),
        ('kind = "film"', "kind: wanted"),
        ('[limits]\nframes = "n*4"', "frames: must look like"),
        ("[limits]\nmultiple_of = 0", "must not be 0"),
        ("title", "is not TOML"),
    ],
)
def test_a_slip_is_told_with_file_and_key(tmp_path: Path, text: str, said: str) -> None:
    """And the nearest that is known."""
    path = written(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        card(path)
    assert str(path) in str(caught.value)
    assert said in str(caught.value)
