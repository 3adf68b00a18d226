"""Errands: a child that dies, hangs or eats costs one errand, and nothing of it stays."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from domain.errors import BackendNonsense, BackendRejected, BackendUnavailable
from services.child import ENVIRONMENT, LONGEST
from services.errands import Errands
from tests.services.ground import until

CHILD = "tests.fakes.errand_child"

PARENT = f"""
import asyncio, sys
from services.errands import Errands

async def main():
    errands = Errands("a child", "{CHILD}")
    said = await errands.run({{}}, {{"do": "echo", "text": ""}}, 60)
    print(said["pid"], flush=True)
    if sys.argv[1]:
        await errands.run({{}}, {{"do": "hang", "path": sys.argv[1]}}, 60)
    await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.fixture
async def errands() -> AsyncIterator[Errands]:
    """One child, not yet started."""
    async with ending(Errands("a child", CHILD)) as one:
        yield one


class ending:  # noqa: N801  it reads as a word
    """Errands whose children end with the block."""

    def __init__(self, errands: Errands) -> None:
        self.errands = errands

    async def __aenter__(self) -> Errands:
        return self.errands

    async def __aexit__(self, *_: object) -> None:
        await self.errands.aclose()


async def do(errands: Errands, what: str, within: float = 60.0, **more: object) -> dict[str, Any]:
    """Run one errand."""
    return await errands.run({}, {"do": what, **more}, within)


async def pid_of(errands: Errands) -> int:
    """Who answers now."""
    return int((await do(errands, "echo", text=""))["pid"])


async def written(path: Path) -> int:
    """The process id that a hanging child writes down."""
    await until(lambda: path.exists() and path.read_text() != "")
    return int(await asyncio.to_thread(path.read_text))


async def test_a_child_starts_with_the_first_errand_and_does_the_next_ones_too(
    errands: Errands,
) -> None:
    """Its model is loaded once; whatever the text is, it is one line on the way."""
    assert not errands.pids
    text = 'two\nlines, "quoted", \x00 and й'
    assert text == (await do(errands, "echo", text=text))["said"]
    assert (await pid_of(errands),) == errands.pids
    child = psutil.Process(errands.pids[0])
    assert child.nice() > psutil.Process().nice()
    await errands.aclose()
    assert not child.is_running()


async def test_a_child_knows_none_of_our_secrets(
    errands: Errands, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever breaks into it through a hostile file finds no token in its environment."""
    monkeypatch.setenv("TELEGRAM_TOKEN", "hush")
    environ = (await do(errands, "echo", text=""))["environ"]
    assert ENVIRONMENT.items() <= environ.items()
    assert "TELEGRAM_TOKEN" not in environ


@pytest.mark.parametrize(
    ("what", "error", "reason"),
    [
        ("refuse", BackendRejected, "cannot do this one (ValueError)"),
        ("fail", BackendUnavailable, "failed with OSError"),
        ("die", BackendUnavailable, "died while it worked"),
    ],
)
async def test_trouble_is_told_without_a_word_of_the_errand(
    errands: Errands, what: str, error: type[Exception], reason: str
) -> None:
    """What the library says may quote what somebody sent; the next errand is done as ever."""
    with pytest.raises(error) as caught:
        await do(errands, what, text="my secret")
    assert f"a child: {reason}" == str(caught.value)
    assert await pid_of(errands)


async def test_a_child_that_refuses_stays_and_one_that_fails_is_replaced(errands: Errands) -> None:
    """A refusal is an answer; whoever has failed may be in a bad state."""
    first = await pid_of(errands)
    with pytest.raises(BackendRejected):
        await do(errands, "refuse", text="")
    assert first == await pid_of(errands)
    with pytest.raises(BackendUnavailable):
        await do(errands, "fail", text="")
    assert first != await pid_of(errands)


async def test_a_child_killed_while_it_works_is_unavailable_and_starts_anew(
    errands: Errands, tmp_path: Path
) -> None:
    """Whoever asks next gets an answer."""
    async with asyncio.TaskGroup() as group:
        work = group.create_task(
            raised(do(errands, "hang", path=str(tmp_path / "pid"))), name="a long errand"
        )
        os.kill(await written(tmp_path / "pid"), signal.SIGKILL)
    assert "a child: died while it worked" == str(work.result())
    assert await pid_of(errands)


async def raised(errand: Any) -> BaseException:
    """The error that an errand ends in."""
    with pytest.raises(BackendUnavailable) as caught:
        await errand
    return caught.value


async def test_a_child_that_is_too_slow_is_killed(errands: Errands, tmp_path: Path) -> None:
    """A library that hangs costs its deadline."""
    await pid_of(errands)  # it is up, so that the deadline is for the errand alone
    with pytest.raises(BackendUnavailable, match=r"not done within 0\.5 s"):
        await do(errands, "hang", within=0.5, path=str(tmp_path / "pid"))
    assert not psutil.pid_exists(await written(tmp_path / "pid"))
    assert await pid_of(errands)


async def test_a_cancelled_errand_frees_the_child(errands: Errands, tmp_path: Path) -> None:
    """Nobody computes for somebody who has pressed stop."""
    work = asyncio.create_task(do(errands, "hang", path=str(tmp_path / "pid")), name="stopped")
    child = await written(tmp_path / "pid")
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert not psutil.pid_exists(child)
    assert await pid_of(errands)


async def test_a_child_that_was_cancelled_while_it_started_is_gone() -> None:
    """Whether it had begun to load or not."""
    async with ending(Errands("a child", CHILD)) as errands:
        work = asyncio.create_task(pid_of(errands), name="stopped at once")
        await until(lambda: ours() != [])
        children = ours()
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work
        assert not any(one.is_running() for one in children)


def ours() -> list[psutil.Process]:
    """The children that are of this module."""
    return [one for one in psutil.Process().children() if CHILD in one.cmdline()]


async def test_a_child_that_wants_too_much_memory_fails_alone() -> None:
    """A decompression bomb costs one errand."""
    async with ending(Errands("a child", CHILD, memory=1 << 30)) as errands:
        assert {"eaten": 1 << 20} == await do(errands, "eat", bytes=1 << 20)
        with pytest.raises(BackendUnavailable, match="failed with MemoryError"):
            await do(errands, "eat", bytes=2 << 30)
        assert await pid_of(errands)


async def test_a_child_that_says_too_much_is_not_listened_to(errands: Errands) -> None:
    """The bot's own memory has a limit, too."""
    with pytest.raises(BackendNonsense):
        await do(errands, "babble", characters=LONGEST)
    assert await pid_of(errands)


async def test_an_errand_that_is_too_long_is_nobodys(errands: Errands) -> None:
    """The child reads so much and no more."""
    with pytest.raises(BackendUnavailable, match="died"):
        await do(errands, "echo", text="x" * (1 << 20))
    assert await pid_of(errands)


async def test_as_many_children_work_at_once_as_there_are_slots(tmp_path: Path) -> None:
    """The others wait until one is free."""
    async with ending(Errands("a child", CHILD, slots=2)) as errands:
        pids = await asyncio.gather(*(pid_of(errands) for _ in range(8)))
        assert {*errands.pids} == {*pids}
        assert 2 >= len(errands.pids)


async def test_a_child_that_was_made_ready_does_the_next_errand(errands: Errands) -> None:
    """And no other is made where one is at hand."""
    await errands.warm({})
    [ready] = errands.pids
    await errands.warm({})
    assert (ready,) == errands.pids
    assert ready == (await do(errands, "echo", text=""))["pid"]


async def test_who_comes_while_a_child_is_made_ready_waits_for_that_one() -> None:
    """Though there is room for two: each costs the memory of a model."""
    async with ending(Errands("a child", CHILD, slots=2)) as errands:
        async with asyncio.TaskGroup() as group:
            group.create_task(errands.warm({}), name="warming")
            errand = group.create_task(do(errands, "echo", text=""), name="an errand")
        assert (errand.result()["pid"],) == errands.pids


async def test_a_child_that_cannot_be_made_ready_says_why(errands: Errands) -> None:
    """The next one may."""
    with pytest.raises(BackendUnavailable, match="no weights of mine"):
        await errands.warm({"broken": True})
    await errands.warm({})
    assert 1 == len(errands.pids)


async def test_a_child_that_nobody_needs_ends_by_itself() -> None:
    """Its memory is worth more than the seconds that loading takes."""
    async with ending(Errands("a child", CHILD, idle=0.05)) as errands:
        first = await pid_of(errands)
        await asyncio.to_thread(psutil.wait_procs, ours(), 10)
        assert not psutil.pid_exists(first)
        assert first != await pid_of(errands)


async def test_a_child_that_was_just_leaving_costs_nobody_their_errand() -> None:
    """However often an errand comes at that very moment."""
    async with ending(Errands("a child", CHILD, idle=0.0)) as errands:
        for number in range(5):
            said = await do(errands, "echo", text=str(number))
            assert str(number) == said["said"]


@pytest.mark.parametrize("busy", [False, True])
async def test_it_dies_with_its_parent_however_that_dies(tmp_path: Path, busy: bool) -> None:
    """No child is left behind to eat the memory, whatever it was doing."""
    file = tmp_path / "pid"
    parent = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PARENT, str(file) if busy else ""), stdout=asyncio.subprocess.PIPE
    )
    assert parent.stdout is not None
    child = psutil.Process(int(await parent.stdout.readline()))
    if busy:
        await written(file)
    parent.kill()
    await parent.wait()
    gone, _ = await asyncio.to_thread(psutil.wait_procs, [child], 10)
    assert [child] == gone


async def test_a_child_that_cannot_begin_says_why(errands: Errands) -> None:
    """The operator reads what is missing; there is nothing of anybody's in it."""
    with pytest.raises(BackendUnavailable) as caught:
        await errands.run({"broken": True}, {}, 60)
    assert "a child: RuntimeError: no weights of mine" == str(caught.value)
    assert caught.value.down
    assert () == errands.pids
