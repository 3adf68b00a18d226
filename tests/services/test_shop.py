"""What can be pulled by name goes where it is looked for."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from services.shop import SHOP, here, target
from services.weights import KNOWN
from services.whisper_weights import MODEL, NEEDED, Whisper, find


def arrive(data_dir: Path, name: str) -> None:
    """The files of some weights, as a pull leaves them."""
    place = target(data_dir, name)
    place.mkdir(parents=True, exist_ok=True)
    for one in SHOP[name]:
        (place / one.file).write_bytes(b"x")


def test_the_shop_begins_with_the_smallest_chat_model() -> None:
    """Who names nothing gets something that talks."""
    assert KNOWN[0].name == next(iter(SHOP))


@pytest.mark.parametrize("name", SHOP)
def test_what_was_pulled_is_here(tmp_path: Path, name: str) -> None:
    """Under the name by which it was asked for, and with every file from a public hub."""
    arrive(tmp_path, name)
    found = here(tmp_path, name)
    assert found is not None
    assert tmp_path in found.parents
    for one in SHOP[name]:
        assert (name, "https") == (one.name, urlsplit(one.url).scheme)
        assert one.url.endswith(f"/{one.file}")


def test_a_pulled_whisper_is_the_one_that_hears(tmp_path: Path) -> None:
    """Its model comes last: what was cut short before it is not taken for whole."""
    assert here(tmp_path, "whisper-small") is None
    files = [one.file for one in SHOP["whisper-small"]]
    assert MODEL == files[-1]
    assert {*NEEDED} <= {*files}
    arrive(tmp_path, "whisper-small")
    assert Whisper(target(tmp_path, "whisper-small")) == find(tmp_path)


@pytest.mark.engine
def test_what_a_package_carries_need_not_be_pulled(tmp_path: Path) -> None:
    """It is here before it has been joined."""
    found = here(tmp_path, "whisper-base")
    assert found is not None
    assert tmp_path not in found.parents
