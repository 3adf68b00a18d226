"""What the bot says of itself, to people and to machines."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from services.candidates import Health, Record, Standing
from services.cards import Load
from services.counting import Counting
from services.report import Report
from services.skills import Usage
from services.turns import Side
from storage.figures import Figures
from tests.services.ground import Ground

UP = Health(up=True, seconds=0.0)


@dataclass(slots=True)
class Rack:
    """Backends as a chain would tell of them."""

    standings: list[Standing] = field(default_factory=list)

    def state(self) -> list[Standing]:
        """How they stand."""
        return self.standings


def standing(name: str = "Kitchen", health: Health = UP, **more: object) -> Standing:
    """A backend with two places, one of them free."""
    fields = {"free": 1, "slots": 2, "models": (), "record": Record(), **more}
    return Standing(name, health, **fields)  # type: ignore[arg-type]


def down(seconds: float) -> Standing:
    """A backend that is down for so long."""
    return standing("Attic", Health(up=False, seconds=seconds, reason="refused: 10.0.0.7"))


@pytest.fixture
def report(ground: Ground) -> Report:
    """A report on no backends yet."""
    counting = Counting(Figures(ground.database, ground.clock))
    return Report(ground.jobs, Rack(), counting, lambda: 2)


def rack(report: Report, *standings: Standing) -> None:
    """Put backends there."""
    assert isinstance(report.chat, Rack)
    report.chat.standings = list(standings)


async def status(report: Report, ground: Ground, language: str = "en") -> list[str]:
    """The lines of the status."""
    return (await report.status(ground.words.speak(language))).splitlines()


async def test_the_queue_comes_first(report: Report, ground: Ground) -> None:
    """How much is written now and how much waits."""
    await ground.added(ground.talk.says("one"))
    assert "2 answers are being written, 1 question waits." == (await status(report, ground))[0]


async def test_a_backend_that_is_up_shows_its_places_and_its_pace(
    report: Report, ground: Ground
) -> None:
    """Its pace only when it is known."""
    record = Record(answers=3, first_ms=1234.0, per_second=17.6)
    rack(report, standing("New"), standing("Old", record=record))
    lines = await status(report, ground)
    assert "🟢 **New** — 1 of 2 places free" in lines
    assert "🟢 **Old** — 1 of 2 places free, first word after 1.2 s, 18 words a second" in lines


async def test_who_finds_by_meaning_is_shown_where_there_is_one(
    report: Report, ground: Ground
) -> None:
    """Its name says what it is."""
    before = await status(report, ground)
    better = replace(report, embed=Rack([standing("bge-m3", record=Record(answers=3))]))
    shown = [line for line in await status(better, ground) if line not in before]
    assert ["🟢 **bge-m3** — 1 of 2 places free"] == shown


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.2, "1 second"),
        (29, "29 seconds"),
        (31, "1 minute"),
        (90 * 60, "90 minutes"),
        (121 * 60, "2 hours"),
        (72 * 3600, "72 hours"),
    ],
)
async def test_people_read_for_how_long_a_backend_is_down(
    report: Report, ground: Ground, seconds: float, said: str
) -> None:
    """In the unit that one would say; the reason is for the owner."""
    rack(report, down(seconds))
    lines = await status(report, ground)
    assert f"🔴 **Attic** — down for {said}; I keep trying" in lines
    assert "10.0.0.7" not in "".join(lines)


async def test_today_is_counted(report: Report, ground: Ground) -> None:
    """What was answered, read and written since midnight (UTC)."""
    report.counting.add("Kitchen", Usage(1000, 20))
    lines = await status(report, ground)
    assert "Today: 1 answer, 1000 tokens read, 20 written." in lines


async def test_a_demonstration_says_what_it_is(report: Report, ground: Ground) -> None:
    """Only as long as nobody better is up."""
    voice = ground.words.speak("en")
    rack(report, down(1), standing(demonstration=True))
    assert "`ollama pull phi3.5:3.8b`" in await report.status(voice)
    assert "`ollama pull phi3.5:3.8b`" in report.abilities(voice)
    rack(report, standing(), standing(demonstration=True))
    assert "ollama pull" not in await report.status(voice)
    assert "ollama pull" not in report.abilities(voice)


async def test_the_models_that_can_be_chosen_are_those_of_who_is_up(report: Report) -> None:
    """Each once, in the order of the configuration."""
    gone = standing("Gone", Health(up=False, seconds=1), models=("lost",))
    rack(report, standing(models=("b", "a")), gone, standing(models=("a", "c")))
    assert ("b", "a", "c") == report.models()


async def test_machines_read_whether_anybody_can_answer(report: Report, ground: Ground) -> None:
    """One that is up is enough; the reasons of the others are there."""
    await ground.added(ground.talk.says("one"))
    rack(report, standing(), down(3))
    expected = {
        "ok": True,
        "running": 2,
        "waiting": {"chat/default": 1},
        "chat": {"Kitchen": "up", "Attic": "refused: 10.0.0.7"},
        "hear": {},
        "speak": {},
        "vision": {},
        "embed": {},
        "image": {},
        "video": {},
    }
    assert expected == await report.health()
    rack(report, down(3))
    assert (await report.health())["ok"] is False
    assert not report.anybody()


async def test_prometheus_reads_the_same(report: Report, ground: Ground) -> None:
    """One number a line, labelled by pool or backend."""
    await ground.added(ground.talk.says("one"))
    rack(report, standing(record=Record(answers=3, failures=1, first_ms=20.04)), down(3))
    assert [
        "hearthbot_jobs_running 2",
        'hearthbot_jobs_waiting{pool="chat/default"} 1',
        'hearthbot_backend_up{backend="Kitchen"} 1',
        'hearthbot_backend_places_free{backend="Kitchen"} 1',
        'hearthbot_backend_answers_total{backend="Kitchen"} 3',
        'hearthbot_backend_failures_total{backend="Kitchen"} 1',
        'hearthbot_backend_first_piece_milliseconds{backend="Kitchen"} 20',
        'hearthbot_backend_pieces_per_second{backend="Kitchen"} 0',
        'hearthbot_backend_up{backend="Attic"} 0',
    ] == (await report.metrics()).splitlines()[:9]


async def test_large_numbers_stay_whole(report: Report) -> None:
    """A counter that loses its last digits cannot be counted with."""
    rack(report, standing(record=Record(answers=12_345_678)))
    line = 'hearthbot_backend_answers_total{backend="Kitchen"} 12345678'
    assert line in (await report.metrics()).splitlines()


@pytest.mark.parametrize("name", ['My "best" model', "back\\slash", "two\nlines"])
async def test_a_name_cannot_break_the_metrics(report: Report, name: str) -> None:
    """What Prometheus wants escaped in a label is escaped."""
    rack(report, standing(name))
    told = name.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    assert f'hearthbot_backend_up{{backend="{told}"}} 1' in (await report.metrics()).split("\n")


async def test_who_draws_is_told_without_places_which_another_process_counts(
    report: Report, ground: Ground
) -> None:
    """Under a title of their own, where there are any; machines read whether they are up."""
    assert "**Drawing**" not in await status(report, ground)
    easel = replace(report, image=Rack([standing("Easel")]), video=Rack([down(7200)]))
    lines = await status(easel, ground)
    assert ["**Drawing**", "🟢 **Easel** — ready"] == lines[lines.index("**Drawing**") :][:2]
    assert "🔴 **Attic** — down for 2 hours; I keep trying" in lines[lines.index("**Filming**") :]
    assert {"Easel": "up"} == (await easel.health())["image"]
    assert {"Attic": "refused: 10.0.0.7"} == (await easel.health())["video"]
    assert 'hearthbot_backend_up{backend="Easel"} 1' in (await easel.metrics()).splitlines()


async def test_who_can_draw_says_so(report: Report, ground: Ground) -> None:
    """And who can only do it at other times does not."""
    rack(report, standing())
    easel = replace(report, image=Rack([standing("Easel")]), video=Rack([down(7200)]))
    said = easel.abilities(ground.words.speak("en"))
    assert "I draw pictures: /image" in said
    assert "/video" not in said


async def test_the_status_tells_what_a_card_is_waited_for(report: Report, ground: Ground) -> None:
    """In a line each, and nothing of a card for which nobody waits."""
    loads = [
        Load("card0", None),
        Load("card1", Side.LIGHT),
        Load("card2", Side.HEAVY, waits=True),
        Load("card3", Side.LIGHT, waits=True),
        Load("card4", None, waits=True, closed=True),
    ]
    lines = await status(replace(report, cards=lambda: loads), ground)
    assert [
        "card2: a picture or a film is being made; answers may wait.",
        "card3: people are being answered; pictures and films wait.",
        "card4: pictures and films wait for the night.",
    ] == [line for line in lines if line.startswith("card")]
