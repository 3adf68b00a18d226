"""Cards: light and heavy work never at once, in one process and in several."""

import asyncio
import random
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.answers import Phase
from domain.errors import BackendUnavailable
from services.card_files import CardFiles
from services.cards import Card, Cards, Load, Seat, inside, seated
from services.relief import Relief
from services.turns import Hours, Policy, Side, Turns


def card(folder: Path, policy: Policy = "chat_first", relief: Relief | None = None) -> Card:
    """A card as one process sees it; two of them are as in two processes."""
    turns = Turns(policy, patience=0)
    return Card(CardFiles(folder, "card 0/a"), turns, relief or Relief())


@dataclass(slots=True)
class Server:
    """A backend that notes when it was asked to free memory."""

    label: str
    freed: int = 0
    trouble: Exception | None = None

    async def unload(self) -> None:
        """Note it."""
        self.freed += 1
        if self.trouble:
            raise self.trouble


@dataclass(slots=True)
class Room:
    """Two servers of one card."""

    model: Server = field(default_factory=lambda: Server("Ollama"))
    easel: Server = field(default_factory=lambda: Server("ComfyUI"))

    @property
    def relief(self) -> Relief:
        """Who is asked."""
        return Relief({Side.LIGHT: [self.model, object()], Side.HEAVY: [self.easel]})

    @property
    def freed(self) -> tuple[int, int]:
        """How often each was asked."""
        return self.model.freed, self.easel.freed


def test_light_work_shares_and_heavy_work_does_not(tmp_path: Path) -> None:
    """Between processes as inside of one."""
    here, there = card(tmp_path), card(tmp_path)
    assert here.take(Side.LIGHT, guest=False)
    assert here.take(Side.LIGHT, guest=False)
    assert there.take(Side.LIGHT, guest=False)
    assert not here.take(Side.HEAVY, guest=False)
    assert not there.take(Side.HEAVY, guest=False)
    here.give(Side.LIGHT)
    there.give(Side.LIGHT)
    assert not there.take(Side.HEAVY, guest=False)
    here.give(Side.LIGHT)
    assert there.take(Side.HEAVY, guest=False)
    assert not here.take(Side.LIGHT, guest=False)
    assert not here.take(Side.HEAVY, guest=False)
    assert Side.HEAVY is here.holder() is there.holder()
    there.give(Side.HEAVY)
    assert here.holder() is None


def test_each_side_sees_that_the_other_waits(tmp_path: Path) -> None:
    """A picture does not begin while somebody waits for an answer."""
    here, there = card(tmp_path), card(tmp_path)
    assert not there.files.waits(Side.LIGHT)
    here.want(Side.LIGHT, 1, wanted=True)
    here.want(Side.LIGHT, 2, wanted=True)
    assert there.files.waits(Side.LIGHT)
    assert not there.files.waits(Side.HEAVY)
    here.want(Side.LIGHT, 1, wanted=False)
    assert not there.take(Side.HEAVY, guest=False)
    here.want(Side.LIGHT, 2, wanted=False)
    assert there.take(Side.HEAVY, guest=False)


def test_who_closes_lets_go_of_everything(tmp_path: Path) -> None:
    """Of the card, and of its place among those who wait."""
    here, there = card(tmp_path), card(tmp_path)
    assert here.take(Side.HEAVY, guest=False)
    here.want(Side.HEAVY, 1, wanted=True)
    here.files.close()
    assert not there.files.waits(Side.HEAVY)
    assert there.take(Side.LIGHT, guest=False)


def test_a_folder_that_cannot_be_written_stops_nobody(tmp_path: Path) -> None:
    """Then there are turns inside of a process only."""
    (tmp_path / "file").write_text("")
    here = card(tmp_path / "file")
    assert here.take(Side.LIGHT, guest=False)
    assert not here.take(Side.HEAVY, guest=False)
    here.want(Side.HEAVY, 1, wanted=True)
    here.give(Side.LIGHT)
    assert here.take(Side.HEAVY, guest=False)


def test_without_a_name_there_is_no_seat_and_no_file(tmp_path: Path) -> None:
    """It costs nothing."""
    cards = Cards(tmp_path / "cards", Turns())
    assert cards.seat("", "chat") is None
    seat = cards.seat("card0", "chat")
    assert seat is not None
    assert not (tmp_path / "cards").exists()
    assert seat.take(frozenset())
    assert ["card0.card"] == [one.name for one in (tmp_path / "cards").iterdir()]
    cards.close()


def test_outside_of_the_hours_the_night_is_waited_for(tmp_path: Path) -> None:
    """And else the card."""
    turns = Turns("night", Hours.read("23:00-07:00"), clock=lambda: 12 * 3600.0)
    cards = Cards(tmp_path, turns)
    easel, model = cards.seat("card0", "image"), cards.seat("card0", "chat")
    assert easel is not None
    assert model is not None
    assert (Phase.NIGHT, Phase.CARD) == (easel.phase, model.phase)
    assert not easel.take(frozenset())
    assert model.take(frozenset())
    cards.close()


def test_all_can_be_told_what_each_card_is_doing(tmp_path: Path) -> None:
    """Seen from a process that has nothing to do with it."""
    here, there = Cards(tmp_path, Turns()), Cards(tmp_path, Turns())
    easel, watching = here.seat("card0", "image"), there.seat("card0", "chat")
    assert easel is not None
    assert watching is not None
    assert [Load("card0", None)] == there.loads()
    easel.want(wanted=True)
    assert [Load("card0", None, waits=True)] == there.loads()
    assert easel.take(frozenset())
    easel.want(wanted=False)
    assert [Load("card0", Side.HEAVY)] == there.loads() == here.loads()
    here.close()
    there.close()


async def test_memory_is_freed_when_the_side_changes_and_only_then(tmp_path: Path) -> None:
    """Nothing is known at first, so the model is asked to go before the first picture."""
    room = Room()
    here, there = card(tmp_path, relief=room.relief), card(tmp_path, relief=room.relief)
    talk, draw = Seat(here, Side.LIGHT), Seat(there, Side.HEAVY)
    for seat, freed in [(talk, (0, 0)), (draw, (1, 0)), (draw, (1, 0)), (talk, (1, 1))]:
        assert seat.take(frozenset())
        async with seated(seat):
            assert freed == room.freed
        seat.give()
    assert (1, 1) == room.freed


async def test_memory_is_freed_at_once_where_somebody_waits_to_talk(tmp_path: Path) -> None:
    """So that they need not wait for it when they begin."""
    room = Room()
    here, there = card(tmp_path, relief=room.relief), card(tmp_path, relief=room.relief)
    draw, talk = Seat(there, Side.HEAVY), Seat(here, Side.LIGHT)
    assert draw.take(frozenset())
    async with seated(draw):
        talk.want(wanted=True)
    assert (1, 1) == room.freed
    draw.give()
    talk.want(wanted=False)
    assert talk.take(frozenset())
    async with seated(talk):
        assert (1, 1) == room.freed


@pytest.mark.parametrize(
    "trouble", [BackendUnavailable("Ollama", "refused"), TimeoutError(), OSError("gone")]
)
async def test_who_cannot_free_memory_stops_nobody(tmp_path: Path, trouble: Exception) -> None:
    """It may be down just because nobody needs it."""
    room = Room(Server("Ollama", trouble=trouble))
    draw = Seat(card(tmp_path, relief=room.relief), Side.HEAVY)
    assert draw.take(frozenset())
    async with seated(draw):
        assert (1, 0) == room.freed


async def test_heavy_work_may_ask_a_chat_model_and_takes_its_memory_back(tmp_path: Path) -> None:
    """It would wait for itself; others still wait for it."""
    room = Room()
    here = card(tmp_path, relief=room.relief)
    draw, talk = Seat(here, Side.HEAVY), Seat(here, Side.LIGHT)
    assert draw.take(inside())
    async with seated(draw):
        assert not talk.take(frozenset())
        assert talk.take(inside())
        async with seated(talk):
            assert (1, 0) == room.freed
        assert (2, 0) == room.freed
        talk.give()
        assert Side.HEAVY is here.holder()
    draw.give()
    assert here.holder() is None
    assert frozenset() == inside()


@dataclass(slots=True)
class Witness:
    """Who has the card, seen from outside of the locks."""

    light: int = 0
    heavy: int = 0

    def begins(self, side: Side) -> None:
        """Somebody has it; raises where they must not."""
        if side is Side.LIGHT:
            self.light += 1
        else:
            self.heavy += 1
        assert not (self.light and self.heavy)

    def ends(self, side: Side) -> None:
        """Somebody has it no more."""
        if side is Side.LIGHT:
            self.light -= 1
        else:
            self.heavy -= 1


STEPS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from(list(Side)),
        st.sampled_from(["take", "give", "want", "leave", "close"]),
    ),
    max_size=60,
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, policy=st.sampled_from(["chat_first", "fair"]))
def test_heavy_and_light_never_hold_at_once(
    steps: list[tuple[int, Side, str]], policy: Policy, tmp_path: Path
) -> None:
    """Whatever three processes do in whatever order, and even when they die."""
    cards = [card(tmp_path, policy) for _ in range(3)]
    held: list[list[Side]] = [[], [], []]
    witness = Witness()
    for number, side, step in steps:
        one = cards[number]
        if step == "take" and one.take(side, guest=False):
            witness.begins(side)
            held[number].append(side)
        elif step == "give" and side in held[number]:
            one.give(side)
            witness.ends(side)
            held[number].remove(side)
        elif step in ("want", "leave"):
            one.want(side, 0, wanted=step == "want")
        elif step == "close":
            one.files.close()
            cards[number] = card(tmp_path, policy)
            for lost in held[number]:
                witness.ends(lost)
            held[number].clear()
    for one in cards:
        one.files.close()
    fresh = card(tmp_path, policy)
    assert fresh.holder() is None
    fresh.files.close()


async def test_with_fair_turns_neither_side_is_left_out(tmp_path: Path) -> None:
    """Both want it all the time, and both get it again and again."""
    witness, turns = Witness(), dict.fromkeys(Side, 0)
    chance = random.Random(3)

    async def keen(side: Side) -> None:
        mine = card(tmp_path, "fair")
        while min(turns.values()) < 5:
            mine.want(side, 0, wanted=True)
            if not mine.take(side, guest=False):
                await asyncio.sleep(0.002)
                continue
            mine.want(side, 0, wanted=False)
            witness.begins(side)
            turns[side] += 1
            await asyncio.sleep(chance.uniform(0, 0.01))
            witness.ends(side)
            mine.give(side)
        mine.files.close()

    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        for side in (Side.LIGHT, Side.LIGHT, Side.HEAVY):
            group.create_task(keen(side))
    assert min(turns.values()) >= 5
