"""Slots are the only limit on concurrency."""

from collections.abc import Mapping

from domain.routes import Category
from services.backends.ollama import OllamaChat
from services.candidates import Candidate
from services.chain import Chain
from services.places import QUICK, Closed, Desks, Places
from services.skills import ChatModel
from services.wire import Wire


def places(wire: Wire, *candidates: tuple[int, tuple[Category, ...]], quick: int = QUICK) -> Places:
    """Places at backends with so many slots for such categories; none is asked anything."""
    chain: Chain[ChatModel] = Chain(
        "chat",
        [
            Candidate(OllamaChat(wire, model=str(number)), slots, categories)
            for number, (slots, categories) in enumerate(candidates)
        ],
    )
    return Places(chain, quick)


def text(free: Mapping[str, int]) -> list[int]:
    """The places for text."""
    return [free[f"chat/{one}"] for one in ("fast", "default", "complex")]


async def test_an_idle_backend_offers_its_slots(wire: Wire) -> None:
    """To each kind of question that it takes, and commands have places of their own."""
    free = places(wire, (4, ())).free({})
    assert [4, 4, 4] == text(free)
    assert QUICK == free["quick"]


async def test_kinds_that_share_a_backend_share_its_places(wire: Wire) -> None:
    """What one takes the others have not."""
    free = places(wire, (4, ())).free({"chat/fast": 1, "chat/default": 2})
    assert [1, 1, 1] == text(free)


async def test_a_backend_for_one_kind_is_only_its(wire: Wire) -> None:
    """A small model for small talk takes nothing from the large one."""
    both = places(wire, (2, (Category.FAST,)), (1, (Category.DEFAULT, Category.COMPLEX)))
    assert [0, 1, 1] == text(both.free({"chat/fast": 2}))


async def test_where_nobody_is_left_one_may_fail(wire: Wire) -> None:
    """A job that cannot be answered says so; it does not wait for ever."""
    assert [1, 1, 1] == text(places(wire).free({}))
    assert [0, 1, 1] == text(places(wire).free({"chat/fast": 1}))


async def test_who_does_not_listen_takes_no_commands(wire: Wire) -> None:
    """A helping process leaves them to the one that has the board and the buttons."""
    assert 0 == places(wire, (4, ()), quick=0).free({})["quick"]
    assert 60 == places(wire, (4, ()), quick=64).free({"quick": 4})["quick"]


async def test_where_others_do_the_work_there_is_no_place_at_all(wire: Wire) -> None:
    """Not even one to fail visibly."""
    assert {"quick": 0, "clips": 1} == Places(Closed(), 0, {"clips": Desks(2)}).free({"clips": 1})
