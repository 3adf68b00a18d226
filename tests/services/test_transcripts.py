"""What models write down: shapes, joints, and what is no speech."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import BackendNonsense, BackendUnavailable
from domain.speech import Segment, Transcript
from services.transcripts import is_speech, told, written


def said(*texts: str, language: str = "en") -> str:
    """The text of segments."""
    return written("", language, [Segment(0, 1, text) for text in texts]).text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  \n",
        "[BLANK_AUDIO]",
        " [ Silence ]",
        "(music)",
        " (upbeat music playing)",
        "*laughs*",
        "♪",
        "♪♪ ♪",
        "[Музыка]",
        "（音楽）",
        "...",
        "- [noise] -",
    ],
)
def test_marks_for_silence_and_music_are_no_speech(text: str) -> None:
    """Models write something even where nobody speaks."""
    assert not is_speech(text)
    assert Transcript("", "en") == written(text, "en")
    assert Transcript("", "en") == written("", "en", [Segment(0, 1, text)])


@pytest.mark.parametrize("text", ["Yes.", "(laughs) no", "42", "так", "是", "♪ la la ♪", "[a] b"])
def test_words_are_speech_whatever_stands_beside_them(text: str) -> None:
    """What was said is not thrown away for a bracket."""
    assert is_speech(text)


@pytest.mark.parametrize(
    ("segments", "language", "expected"),
    [
        ((" Hello there.", " How are you?"), "en", "Hello there. How are you?"),
        (("Hello there.", "How are you?"), "en", "Hello there. How are you?"),
        ((" The light", "house is", " on."), "en", "The lighthouse is on."),
        ((" Hello.", " [BLANK_AUDIO]", " Bye."), "en", "Hello. Bye."),
        (("你好。", "再见。"), "zh", "你好。再见。"),
        ((" One\n", " two\n"), "en", "One two"),
        (("♪ La la ♪",), "en", "La la"),
    ],
)
def test_segments_are_joined_as_they_were_cut(
    segments: tuple[str, ...], language: str, expected: str
) -> None:
    """Some servers keep the spaces before words, some strip them, some cut within words."""
    assert expected == said(*segments, language=language)


def test_lines_of_a_bare_text_are_joined() -> None:
    """Servers put a newline between two segments where they tell no times."""
    assert "One. Two." == written(" One.\n [Music]\n Two.\n", "en").text


def test_times_are_kept_with_what_was_said() -> None:
    """Segments that say nothing are left out, and an end never lies before its beginning."""
    raw = {
        "text": " A.\n",
        "language": "ukrainian",
        "segments": [
            {"text": " A.", "start": 1, "end": 2.5},
            {"text": "[BLANK_AUDIO]", "start": 2.5, "end": 3.0},
            {"text": " B.", "start": 4.0, "end": 3.0},
            {"text": " C."},
        ],
    }
    segments = (Segment(1.0, 2.5, "A."), Segment(4.0, 4.0, "B."), Segment(0.0, 0.0, "C."))
    assert Transcript("A. B. C.", "uk", segments) == told("it", raw)


def test_an_error_that_comes_as_an_answer_is_unavailable() -> None:
    """Some servers say it with status 200."""
    with pytest.raises(BackendUnavailable, match="failed to process audio"):
        told("it", {"error": "failed to process audio"})


@pytest.mark.parametrize(
    "raw",
    [
        None,
        [],
        "secret words",
        {},
        {"text": None},
        {"text": ["secret words"]},
        {"text": "secret words", "segments": 3},
        {"text": "secret words", "segments": ["secret words"]},
        {"text": "secret words", "segments": [{"text": 1}]},
    ],
)
def test_another_shape_is_nonsense_that_repeats_nothing(raw: object) -> None:
    """What people say does not get into the log."""
    with pytest.raises(BackendNonsense) as caught:
        told("it", raw)
    assert "secret" not in str(caught.value)


@given(st.lists(st.text(alphabet="ab .[](*\n♪ я"), max_size=6))
def test_a_transcript_holds_the_letters_of_what_is_speech(texts: list[str]) -> None:
    """None is lost, none is made up, and no space stands twice or at an end."""
    found = written("", "en", [Segment(0, 1, text) for text in texts])
    kept = "".join(text for text in texts if is_speech(text))
    assert [c for c in kept if c.isalpha()] == [c for c in found.text if c.isalpha()]
    assert " ".join(found.text.split()) == found.text
