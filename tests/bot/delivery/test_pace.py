"""Telegram's limits are kept, its 429 is obeyed, and nothing is remembered of idle chats."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.pace import Pace
from bot.delivery.windows import Bucket, Gauge, Window

ANN, BOB, FAMILY = 1, 4, -100


class Clock:
    """Time that passes when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """Tell the time."""
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Let the time pass."""
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    """A clock of one's own."""
    return Clock()


def paced(clock: Clock, per_second: int = 0) -> Pace:
    """A pace by that clock."""
    return Pace(per_second, clock, clock.sleep)


def most_within(times: Sequence[float], seconds: float) -> int:
    """The largest number of times that lie within so many seconds."""
    return max(sum(start <= time < start + seconds for time in times) for start in times)


async def _drafts(pace: Pace, clock: Clock, chat: int, count: int) -> list[float]:
    times = []
    for _ in range(count):
        async with pace.draft(chat):
            times.append(clock())
    return times


async def _messages(pace: Pace, clock: Clock, chats: Sequence[int]) -> list[float]:
    times = []
    for chat in chats:
        await pace.message(chat)
        times.append(clock())
    return times


async def test_a_private_chat_gets_bursts_and_then_one_a_second(clock: Clock) -> None:
    """A few messages go at once, the rest a second apart."""
    times = await _messages(paced(clock), clock, [ANN] * 10)
    assert [1000.0] * 4 == times[:4]
    assert 6.2 < times[-1] - times[0] < 7
    assert most_within(times, 1.0) == 4


async def test_a_group_gets_twenty_a_minute(clock: Clock) -> None:
    """Whatever is sent to a group, there are never more than twenty within a minute."""
    times = await _messages(paced(clock), clock, [FAMILY] * 50)
    assert most_within(times, 60.0) == 20


async def test_the_whole_bot_keeps_its_own_limit(clock: Clock) -> None:
    """However many chats there are, no second sees more than the limit."""
    times = await _messages(paced(clock, 30), clock, range(1, 200))
    assert most_within(times, 1.0) <= 30
    assert times[-1] - times[0] < 199 / 30 * 1.25


async def test_without_a_limit_only_the_chats_count(clock: Clock) -> None:
    """Zero means that only Telegram's answers hold the bot back."""
    times = await _messages(paced(clock, 0), clock, range(1, 200))
    assert times[0] == times[-1]


async def test_drafts_have_a_budget_of_their_own(clock: Clock) -> None:
    """Twenty calls in five seconds, forty in thirty; they cost no messages."""
    pace = paced(clock, 30)
    times = await _drafts(pace, clock, ANN, 100)
    before = clock()
    await pace.message(ANN)
    assert most_within(times, 5.0) <= 20
    assert most_within(times, 30.0) <= 40
    assert before == clock()


async def test_a_retry_after_holds_back_everything_for_that_chat(clock: Clock) -> None:
    """Messages, drafts and edits wait; other chats do not."""
    pace = paced(clock)
    pace.hold(ANN, 7)
    await pace.message(BOB)
    assert clock() == 1000.0
    await pace.message(ANN)
    assert clock() >= 1007.0
    pace.hold(ANN, 7)
    await _drafts(pace, clock, ANN, 1)
    assert clock() >= 1014.0
    pace.hold(ANN, 7)
    async with pace.live_edit(ANN):
        assert clock() >= 1021.0
    pace.hold(ANN, 7)
    await pace.answer(ANN)
    assert clock() >= 1028.0


async def test_a_retry_after_without_a_chat_holds_back_all(clock: Clock) -> None:
    """What is not a chat's fault is everybody's."""
    pace = paced(clock)
    pace.hold(None, 5)
    await pace.message(ANN)
    assert clock() >= 1005.0


async def test_floods_in_two_chats_at_once_hold_back_all(clock: Clock) -> None:
    """Two chats refused within a second may mean that the whole bot is too fast: all wait a bit."""
    pace = paced(clock)
    pace.hold(ANN, 40)
    pace.hold(ANN, 40)
    await pace.message(FAMILY)
    assert clock() == 1000.0
    pace.hold(BOB, 40)
    await pace.message(FAMILY)
    assert 1001.0 <= clock() < 1003.0


async def test_live_edits_leave_room_for_answers(clock: Clock) -> None:
    """However often a live message is edited, an answer can go at once."""
    pace = paced(clock, 30)
    for _ in range(40):
        async with pace.live_edit(FAMILY):
            await clock.sleep(3.0)
        before = clock()
        assert pace._message_wait(FAMILY, 0) <= 0
        assert before == clock()
    await pace.message(FAMILY)
    assert before == clock()


async def test_only_a_few_frames_are_under_way_at_once() -> None:
    """The rest waits, and shows something newer when its turn comes."""
    pace, most, now = Pace(), 0, 0
    seen = asyncio.Event()

    async def frame(chat: int) -> None:
        nonlocal most, now
        async with pace.draft(chat):
            now += 1
            most = max(most, now)
            if chat == 20:
                seen.set()
            await asyncio.sleep(0)
            now -= 1

    async with asyncio.TaskGroup() as group:
        for chat in range(1, 21):
            group.create_task(frame(chat), name=f"frame {chat}")
    assert seen.is_set()
    assert most == 4


async def test_idle_chats_are_forgotten(clock: Clock) -> None:
    """What the pace knows does not grow with the number of people."""
    pace = paced(clock)
    await _messages(pace, clock, range(1, 500))
    await clock.sleep(200)
    await pace.message(ANN)
    assert len(pace) == 1


@given(
    st.builds(Window, st.integers(1, 4), st.sampled_from([1.0, 7.5]))
    | st.builds(Bucket, st.integers(1, 4), st.sampled_from([0.5, 2.0])),
    st.lists(st.floats(0, 5), max_size=60),
)
def test_a_gauge_never_lets_too_many_through(gauge: Gauge, pauses: list[float]) -> None:
    """Waiting for as long as the gauge says is enough and keeps its promise."""
    now, times = 1e6, []
    for pause in pauses:
        now += pause
        while (wait := gauge.wait(now)) > 0:
            now += max(wait, 0.001)
        gauge.count(now)
        times.append(now)
    if times and isinstance(gauge, Window):
        assert most_within(times, gauge._seconds - 0.01) <= gauge.limit
    if times and isinstance(gauge, Bucket):
        most = gauge._burst + (times[-1] - times[0]) / gauge._seconds + 1
        assert len(times) <= most
    assert gauge.idle(now + 100)


@given(st.integers(0, 5), st.integers(1, 6))
def test_a_spare_place_is_really_spare(taken: int, spare: int) -> None:
    """Where one may go with some to spare, that many can follow at once."""
    for gauge, limit in ((Window(6, 10.0), 6), (Bucket(6, 10.0), 6)):
        for _ in range(taken):
            gauge.count(0.0)
        if gauge.wait(0.0, spare) <= 0:
            gauge.count(0.0)
            for _ in range(min(spare, limit - 1)):
                assert gauge.wait(0.0) <= 0
                gauge.count(0.0)
