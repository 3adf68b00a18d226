"""Which voices there are, and how a long text is cut for them."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.embedded_voices import Basic, Piper, own, voices
from services.piper_child import LONGEST, parts


def put(data_dir: Path, name: str, settings: object = None) -> Path:
    """A voice of an operator's; without settings it is only half of one."""
    model = own(data_dir) / f"{name}.onnx"
    model.parent.mkdir(parents=True, exist_ok=True)
    model.touch()
    if settings is not None:
        model.with_suffix(".onnx.json").write_text(json.dumps(settings))
    return model


def pipers(data_dir: Path) -> list[Piper]:
    """The voices of Piper that lie in the folder."""
    found = [one for one in voices(data_dir) if isinstance(one, Piper)]
    return [one for one in found if one.model.parent == own(data_dir)]


@pytest.mark.engine
def test_an_operators_voices_go_before_the_packaged_and_these_before_the_basic(
    tmp_path: Path,
) -> None:
    """A voice tells its language itself, in newer settings and in older ones."""
    new = put(tmp_path, "uk_UA-x", {"language": {"code": "uk_UA"}, "espeak": {"voice": "ru"}})
    old = put(tmp_path, "de-y", {"espeak": {"voice": "de"}, "phoneme_type": "espeak"})
    known = voices(tmp_path)
    assert [Piper("de-y", "de", old), Piper("uk_UA-x", "uk", new)] == known[:2]
    assert ("en_US-joe-medium", "en") == (known[2].name, known[2].language)
    assert {Basic} == {type(one) for one in known[3:]}
    assert {Basic("espeak-ru", "ru", "ru"), Basic("espeak-zh", "zh", "cmn")} <= {*known}


@pytest.mark.engine
@pytest.mark.parametrize(
    "settings",
    [
        None,
        [],
        {},
        "text",
        {"language": 1},
        {"espeak": {"voice": "gibberish"}},
        {"espeak": {"voice": None}},
        {"language": {"code": "zh_CN"}, "phoneme_type": "pinyin"},
    ],
)
def test_a_voice_that_we_cannot_use_is_none(tmp_path: Path, settings: object) -> None:
    """Without settings, with broken ones, or with letters that Piper fetches a model for."""
    put(tmp_path, "strange", settings)
    assert [] == pipers(tmp_path)


@given(st.text(st.sampled_from("ab .!?\n"), max_size=4 * LONGEST))
def test_a_cut_text_says_the_same_words(text: str) -> None:
    """Nothing is lost, nothing said twice, and no part is too long."""
    cut = parts(text)
    assert "".join(text.split()) == "".join("".join(cut).split())
    assert all(len(part) <= LONGEST for part in cut)


def test_a_long_text_is_cut_where_a_reader_would_breathe() -> None:
    """At the end of a sentence, else between words, else anywhere."""
    sentence = f"{'word ' * 30}end."
    assert [f"{sentence}", f"{sentence}"] == parts(f"{sentence} {sentence}")
    words = "word " * 100
    assert words.split() == " ".join(parts(words)).split()
    assert [LONGEST, LONGEST, 1] == [len(part) for part in parts("x" * (2 * LONGEST + 1))]
