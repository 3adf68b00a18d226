"""Places at backends are never given twice, never lost, and given in order."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from services.slots import Slots

TOTALS = (1, 2)


def nothing() -> None:
    """Nobody waits for news."""


@dataclass(slots=True)
class Guest:
    """Somebody who takes a place, and what became of it."""

    wishes: Sequence[int]
    place: int | None = None
    task: asyncio.Task[int | None] = field(init=False)

    async def take(self, slots: Slots) -> int | None:
        """Take a place and keep it."""
        self.place = await slots.take(lambda: self.wishes)
        return self.place


async def settle() -> None:
    """Let everybody go on as far as they can."""
    for _ in range(5):
        await asyncio.sleep(0)


ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("take"), st.sampled_from([(0,), (1,), (0, 1), (1, 0)])),
        st.tuples(st.just("give"), st.integers(0, 20)),
        st.tuples(st.just("cancel"), st.integers(0, 20)),
        st.tuples(st.just("give and cancel"), st.integers(0, 20)),
    ),
    max_size=30,
)


@given(ACTS)
def test_places_are_neither_lost_nor_given_twice(acts: list[tuple[str, object]]) -> None:
    """However guests come, go and change their minds, even in the same moment."""
    asyncio.run(_play(acts))


async def _play(acts: list[tuple[str, object]]) -> None:
    slots, guests = Slots(TOTALS, nothing), list[Guest]()
    for act, what in acts:
        seated = [one for one in guests if one.task.done() and one.place is not None]
        waiting = [one for one in guests if not one.task.done()]
        if act == "take" and isinstance(what, tuple):
            guest = Guest(what)
            guest.task = asyncio.create_task(guest.take(slots))
            guests.append(guest)
        if act.startswith("give") and seated and isinstance(what, int):
            leaving = seated[what % len(seated)]
            assert leaving.place is not None
            place, leaving.place = leaving.place, None
            slots.give(place)
        if act.endswith("cancel") and waiting and isinstance(what, int):
            waiting[what % len(waiting)].task.cancel()
        if act != "give":
            await settle()
        if act == "give":
            continue  # the next act comes before anybody could react
        _check(slots, guests)
    await settle()
    _check(slots, guests)
    for one in guests:
        one.task.cancel()
    await settle()


def _check(slots: Slots, guests: list[Guest]) -> None:
    for backend, total in enumerate(TOTALS):
        taken = sum(one.place == backend for one in guests if one.task.done())
        assert total == taken + slots.free(backend)
        if slots.free(backend):
            assert not [one for one in guests if not one.task.done() and backend in one.wishes]


async def test_who_waits_longest_is_served_first() -> None:
    """Order of arrival, with those who were cancelled left out."""
    slots, served = Slots((1,), nothing), list[int]()

    async def guest(number: int) -> None:
        await slots.take(lambda: (0,))
        served.append(number)

    await guest(0)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(guest(number)) for number in range(1, 6)]
        await settle()
        tasks[1].cancel()
        for _ in range(4):
            slots.give(0)
            await settle()
    assert [0, 1, 3, 4, 5] == served


async def test_a_place_given_to_one_who_is_cancelled_goes_on_to_the_next() -> None:
    """The gift and the cancellation may happen in the same moment."""
    slots = Slots((1,), nothing)
    await slots.take(lambda: (0,))
    first = asyncio.create_task(slots.take(lambda: (0,)))
    second = asyncio.create_task(slots.take(lambda: (0,)))
    await settle()
    slots.give(0)
    first.cancel()
    async with asyncio.timeout(5):
        assert 0 == await second
    assert 0 == slots.free(0)


async def test_a_wait_ends_when_nothing_would_do_any_more() -> None:
    """All backends may go down while somebody waits for a place."""
    slots, wishes = Slots((1,), nothing), [0]
    await slots.take(lambda: wishes)
    waiting = asyncio.create_task(slots.take(lambda: wishes))
    await settle()
    wishes.clear()
    slots.wake()
    async with asyncio.timeout(5):
        assert await waiting is None


async def test_a_backend_that_has_come_back_takes_who_waits() -> None:
    """Wishes are asked again whenever something changes."""
    slots, wishes = Slots((1, 1), nothing), [0]
    await slots.take(lambda: wishes)
    waiting = asyncio.create_task(slots.take(lambda: wishes))
    await settle()
    wishes.append(1)
    slots.wake()
    async with asyncio.timeout(5):
        assert 1 == await waiting


async def test_news_of_a_free_place_is_told() -> None:
    """The worker claims the next job with it."""
    told = list[int]()
    slots = Slots((2,), lambda: told.append(slots.free(0)))
    await slots.take(lambda: (0,))
    slots.give(0)
    assert [2] == told
