"""What was made: found in the history, and known by its bytes."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from services.comfy.outputs import Kind, films, kind, outputs, stills
from tests.fakes.capturing import CAPTURES
from tests.fakes.comfy_scenes import Scene

SCENE = Scene("a cat", 7, (66, 44), 3, 8.0)


def recorded(capture: str) -> dict[str, Any]:
    """What the true server's history said."""
    [entry] = json.loads((CAPTURES / "comfyui" / f"{capture}.history.json").read_text()).values()
    found: dict[str, Any] = entry
    return found


@pytest.mark.parametrize(
    ("capture", "pictures", "moving"),
    [
        ("save_image", ["img_00001_.png"], []),
        ("preview_image", ["ComfyUI_temp_cjusy_00001_.png"], []),
        ("save_animated_webp", [], ["anim_00001_.webp"]),
        ("save_animated_png", [], ["anim_00001_.png"]),
        ("save_video", [], ["video_00001_.mp4"]),
        ("save_webm", [], ["webm_00001_.webm"]),
        ("vhs_gif", [], ["vhs_00001.gif"]),
        ("vhs_mp4", [], ["vhs_00001.mp4"]),
        ("fails", [], []),
    ],
)
def test_every_recorded_kind_is_found(capture: str, pictures: list[str], moving: list[str]) -> None:
    """Whatever key it stands under."""
    entry = recorded(capture)
    ends = [one.ending for one in outputs(entry)]
    assert [one[one.rindex(".") :] for one in pictures + moving] == ends
    assert len(pictures) == len(stills(entry))
    assert len(moving) == len(films(entry))
    for one in (*stills(entry), *films(entry)):
        assert {"filename", "subfolder", "type"} == one.names.keys()


def test_what_is_to_be_kept_comes_first() -> None:
    """And what is no file is passed by."""
    entry = {
        "outputs": {
            "1": {"images": [{"filename": "glance.png", "type": "temp"}], "text": ["hello"]},
            "2": {"images": ["odd", {"name": "x"}, {"filename": "it.png"}], "animated": [False]},
            "3": {"audio": [{"filename": "it.flac", "subfolder": "", "type": "output"}]},
            "4": "odd",
        }
    }
    assert ["it.png"] == [one.filename for one in stills(entry)]
    assert not films(entry)
    assert not outputs({"outputs": []})
    assert not outputs({})


def test_a_film_comes_before_what_may_be_one() -> None:
    """Of what is to be kept."""
    names = ["a.webp", "b.mp4", "c.gif"]
    made = [{"filename": name, "type": "output"} for name in names]
    entry = {"outputs": {"1": {"images": made, "animated": [True]}}}
    assert ["b.mp4", "c.gif", "a.webp"] == [one.filename for one in films(entry)]


def _saved(form: str, **more: Any) -> bytes:
    sink = io.BytesIO()
    SCENE.picture().save(sink, form, **more)
    return sink.getvalue()


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (SCENE.png(), Kind("image/png", False, 66, 44)),
        (SCENE.moving("PNG"), Kind("image/png", True, 66, 44)),
        (_saved("JPEG"), Kind("image/jpeg", False, 66, 44)),
        (_saved("JPEG", progressive=True), Kind("image/jpeg", False, 66, 44)),
        (_saved("WEBP"), Kind("image/webp", False, 66, 44)),
        (_saved("WEBP", lossless=True), Kind("image/webp", False, 66, 44)),
        (SCENE.moving("WEBP"), Kind("image/webp", True, 66, 44)),
        (SCENE.moving("GIF"), Kind("image/gif", True, 66, 44)),
        (SCENE.mp4(), Kind("video/mp4", True)),
        (b"\0\0\0\x14ftypqt  ", Kind("video/quicktime", True)),
        (b"\x1aE\xdf\xa3....webm", Kind("video/webm", True)),
        (b"\x1aE\xdf\xa3....matroska", Kind("video/x-matroska", True)),
        (b"RIFF....AVI LIST", Kind("video/x-msvideo", True)),
        (b"\0\0\0\x14ftypavif", None),
        (b"\xff\xd8\xff", Kind("image/jpeg", False)),
        (b"\x89PNG\r\n\x1a\n", None),
        (b"RIFF....WEBP", None),
        (b"hello", None),
        (b"", None),
    ],
)
def test_a_file_is_known_by_its_bytes(tmp_path: Path, raw: bytes, expected: Kind | None) -> None:
    """Its name says nothing."""
    path = tmp_path / "it.bin"
    path.write_bytes(raw)
    assert expected == kind(path)


def test_sizes_are_those_that_others_see(tmp_path: Path) -> None:
    """Large ones, too."""
    path = tmp_path / "it.webp"
    Image.new("RGB", (1921, 1081)).save(path, lossless=True)
    found = kind(path)
    assert found is not None
    assert (1921, 1081) == (found.width, found.height)
