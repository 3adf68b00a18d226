"""The benchmarks run; what they measure is no matter of tests."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from benchmarks.__main__ import NAMES
from benchmarks.figures import Claim, Figure, median, share, table

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.timeout(600)  # many programs start, however busy the machine is


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, Any]]:
    """All benchmarks in their shortest form: what they print, and what they write down."""
    file = tmp_path_factory.mktemp("benchmarks") / "figures.json"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks", "--quick", "--json", str(file)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        printed, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.terminate()
    assert 0 == process.returncode, printed.decode()
    return printed.decode(), json.loads(file.read_text())


@pytest.mark.parametrize("name", NAMES)
def test_each_benchmark_prints_its_lines(name: str, ran: tuple[str, dict[str, Any]]) -> None:
    """What is written down is printed too, and how noisy it was stands above it."""
    printed, told = ran
    assert f"\n{name}: {told[name]['noise']}\n" in printed
    for figure in told[name]["figures"]:
        assert f"\n{figure['name']} " in printed


@pytest.mark.parametrize("name", NAMES)
def test_each_benchmark_measures_us(name: str, ran: tuple[str, dict[str, Any]]) -> None:
    """All figures are there, those of long answers aside, which take too long for a test."""
    missing = {one["name"] for one in ran[1][name]["figures"] if one["ours"] is None}
    assert {one for one in missing if "40 s" not in one} == set()


def test_figures_are_compared_with_the_baseline_and_the_target() -> None:
    """Half the time is a ratio of two, and more than allowed is missed."""
    claim = Claim("waiting", "seconds", median, "s", target=1.0)
    good = claim.figure({"ours": {"seconds": [1.0, 1.0, 9.0]}, "naive": {"seconds": [2.0]}})
    bad = claim.figure({"ours": {"seconds": [1.1]}})
    assert (1.0, 2.0, 2.0, True) == (good.ours, good.naive, good.ratio, good.met)
    assert (None, None, False) == (bad.naive, bad.ratio, bad.met)


def test_what_was_not_measured_is_not_met() -> None:
    """A figure without samples is shown as missing, never as zero."""
    figure = Claim("waiting", "seconds", median, "s", target=1.0).figure({})
    assert Figure(figure.claim, None, None, 0) == figure
    assert figure.met is False
    assert "MISSED" in table([figure])


def test_a_share_is_a_value_that_was_measured() -> None:
    """Of a hundred values the highest but one is what 99 per cent stay below or at."""
    assert 99.0 == share(99)([float(number) for number in range(100)])
    assert 7.0 == share(99)([7.0])
