"""What is asked is brought within what a graph can do."""

import math
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.drawing import Sketch
from services.graph_cards import Card, Defaults, Limits
from services.graph_fitting import fitted, frames, shaped, values
from services.graphs import PLACES, SHIPPED, Graph, read

WAN = read(SHIPPED / "text-to-video.json")
SDXL = read(SHIPPED / "text-to-image.json")
UPSCALE = read(SHIPPED / "upscale.json")
SIDES = st.integers(-10, 100_000)


def with_limits(graph: Graph, **limits: object) -> Graph:
    """The same with other limits."""
    changed = replace(graph.card.limits, **limits)  # type: ignore[arg-type]
    return replace(graph, card=replace(graph.card, limits=changed))


def test_what_nobody_said_is_what_the_graph_takes() -> None:
    """And a graph without places for sizes has none."""
    found = fitted(Sketch("a", 7), WAN)
    assert Sketch("a", 7, 1280, 704, 4.0) == found
    assert Sketch("a", 7, 1024, 1024) == fitted(Sketch("a", 7, seconds=9), SDXL)
    assert (0, 0) == (fitted(Sketch("", 7, 99, 99), UPSCALE).width,) * 2
    bare = replace(WAN, card=Card("", "video"))
    assert (832, 480) == (fitted(Sketch("a"), bare).width, fitted(Sketch("a"), bare).height)


@pytest.mark.parametrize(
    ("asked", "taken"),
    [
        (0, 4.0),
        (-1, 4.0),
        (999, 6.0),
        (math.nan, 4.0),
        (math.inf, 4.0),
        (0.001, 0.1),
        (2.5, 2.5),
    ],
)
def test_seconds_are_within_the_limits(asked: float, taken: float) -> None:
    """Whatever somebody asks."""
    assert taken == fitted(Sketch("a", seconds=asked), WAN).seconds


@given(width=SIDES, height=SIDES)
@example(width=100_000, height=1)
@example(width=0, height=512)
def test_sizes_are_multiples_within_the_limits(width: int, height: int) -> None:
    """Of every shape."""
    for graph in (WAN, SDXL, with_limits(WAN, max_side=1000, multiple_of=48)):
        found, limits = fitted(Sketch("a", 0, width, height), graph), graph.card.limits
        for side in (found.width, found.height):
            assert side > 0
            assert side % limits.multiple_of == 0
            assert side <= limits.max_side


@pytest.mark.parametrize(
    ("asked", "taken"),
    [((4096, 2048), (1536, 768)), ((2048, 2048), (1152, 1152)), ((700, 0), (704, 704))],
)
def test_the_shape_is_kept(asked: tuple[int, int], taken: tuple[int, int]) -> None:
    """When something has to become smaller."""
    found = fitted(Sketch("a", 0, *asked), SDXL)
    assert taken == (found.width, found.height)


@given(seconds=st.floats(0.1, 60), rule=st.sampled_from(["", "4n+1", "8n+1", "2n"]))
def test_a_film_has_a_number_of_pictures_that_the_rule_allows(seconds: float, rule: str) -> None:
    """The nearest to what its seconds want."""
    graph = with_limits(WAN, frames=rule)
    factor, more = graph.card.limits.rule()
    count = frames(seconds, graph)
    assert count >= 1
    assert (count - more) % factor == 0
    assert abs(count - seconds * 24) <= max(factor / 2, factor - seconds * 24)


def test_every_place_has_a_value_of_its_type() -> None:
    """A number that is whole is written as such."""
    found = values(fitted(Sketch("кіт", 7), WAN), WAN, "cat", "it.png")
    assert PLACES == found.keys()
    assert ("cat", 7, "it.png", 20) == tuple(
        found[name] for name in ("prompt", "seed", "start_image", "steps")
    )
    assert (97, 24) == (found["frames"], found["fps"])
    assert type(found["fps"]) is int
    odd = replace(WAN, card=replace(WAN.card, defaults=Defaults(fps=12.5)))
    assert 12.5 == values(Sketch("a"), odd, "", "")["fps"]


def test_a_start_picture_gives_its_shape() -> None:
    """To what has none yet."""
    plain = Sketch("a")
    found = shaped(plain, SDXL, 500, 1000)
    assert (724, 1448) == (found.width, found.height)
    chosen = Sketch("a", 0, 512, 0)
    assert chosen == shaped(chosen, SDXL, 500, 1000)
    assert plain == shaped(plain, SDXL, 0, 0)
    assert shaped(plain, SDXL, 1, 10**9).width >= 1


def test_limits_that_say_nothing_limit_nothing() -> None:
    """But for steps that every model wants."""
    free = replace(SDXL, card=Card(limits=Limits()))
    found = fitted(Sketch("a", 0, 5001, 3), free)
    assert (5000, 8) == (found.width, found.height)
