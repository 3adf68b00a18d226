"""Pages made easier to read: how straight they lie, what is wiped out, and what is refused."""

from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageOps

from services.straightening import LONGEST, MOST, SMALLEST, straightened
from tests.services.printed import LETTER, TABLE, filed, printed, ruled, scenery


def straight(picture: Image.Image, folder: Path) -> Image.Image:
    """What becomes of it."""
    page = straightened(filed(picture, folder).path)
    assert page is not None
    assert "L" == page.mode
    return page


def levels(page: Image.Image) -> list[int]:
    """How dark each row is, in the mean."""
    return list(page.resize((1, page.height), Image.Resampling.BOX).tobytes())


@pytest.mark.parametrize("angle", [-14.0, -3.3, 0.0, 1.0, 8.2])
def test_lines_of_text_lie_level(tmp_path: Path, angle: float) -> None:
    """Between them there are rows without any ink."""
    page = printed(LETTER).rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    rows = levels(straight(page, tmp_path))
    white = [row > 250 for row in rows]
    gaps = sum(one and not other for one, other in pairwise(white))
    assert len(LETTER) <= gaps


def test_a_picture_without_text_stays_as_it_lies(tmp_path: Path) -> None:
    """Nothing in it tells how it should."""
    assert scenery(1).size == straight(scenery(1), tmp_path).size


def test_ink_is_dark_at_the_end(tmp_path: Path) -> None:
    """Whatever it was before."""
    dark, light = (
        straight(page, tmp_path) for page in (printed(LETTER), ImageOps.invert(printed(LETTER)))
    )
    difference = ImageChops.difference(dark, light).histogram()
    assert sum(difference[64:]) < sum(difference) / 100


def test_lines_of_a_table_are_wiped_out_and_letters_are_not(tmp_path: Path) -> None:
    """They would be taken for a drawing with all that is between them."""
    page = straight(ruled(TABLE), tmp_path)
    across, down = page.resize((1, page.height), Image.Resampling.BOX), page.width
    assert min(across.tobytes()) > 150
    ink = sum(page.histogram()[:100])
    assert 0 < ink < page.height * down / 20


@pytest.mark.parametrize("size", [16, 90])
def test_letters_of_any_size_keep_their_strokes(tmp_path: Path, size: int) -> None:
    """A long stroke is no line of a table."""
    page = printed(("НПІТ",), size)
    kept = straight(page, tmp_path).resize(page.size)
    lost = sum(ImageChops.subtract(kept, page).histogram()[128:])
    assert lost < sum(page.histogram()[:100]) / 50


@pytest.mark.parametrize(
    ("size", "longest"),
    [((100, 60), 300), ((500, 400), 1000), ((1500, 90), 1500), ((64, 9000), LONGEST)],
)
def test_a_page_is_as_large_as_engines_like_it(
    tmp_path: Path, size: tuple[int, int], longest: int
) -> None:
    """Small letters grow, and what is huge shrinks."""
    assert longest == max(straight(Image.new("L", size, "white"), tmp_path).size)


@pytest.mark.parametrize("size", [(1, 1), (3, 3000), (3000, SMALLEST - 1)])
def test_there_is_no_page_without_room_for_a_letter(tmp_path: Path, size: tuple[int, int]) -> None:
    """Engines fail on such pictures."""
    assert straightened(filed(Image.new("L", size), tmp_path).path) is None


@pytest.mark.parametrize("kind", ["gif", "bmp", "ppm"])
def test_only_kinds_that_models_take_are_opened(tmp_path: Path, kind: str) -> None:
    """Whatever their name says; the fewer readers, the fewer mistakes in them."""
    path = tmp_path / "page.jpg"
    with path.open("wb") as file:
        printed(LETTER).save(file, kind)
    with pytest.raises(ValueError, match="no picture"):
        straightened(path)


def test_too_many_pixels_are_refused_before_they_are_read(tmp_path: Path) -> None:
    """A few bytes may claim any size."""
    path = tmp_path / "bomb.png"
    Image.new("1", (MOST // 8000 + 1, 8000)).save(path)
    with pytest.raises(ValueError, match="too many pixels"):
        straightened(path)
