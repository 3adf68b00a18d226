"""Buttons under works: the same again in another way."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from domain.jobs import Job, State
from domain.messages import Attachment, Kind, Person
from services.drawing.rows import film_rows, mark, picture_rows
from services.drawing.wishes import read
from services.drawing.works import Work
from storage.jobs import Ending, Found
from tests.services.drawing.easel import changes
from tests.services.ground import ME, Ground

FILE = Attachment(Kind.PHOTO, "abc.png", "image/png", 9)
BEN = Person(2, "Ben", "en")


@dataclass(slots=True)
class Wall:
    """Where a work hangs, and where its buttons are pressed."""

    ground: Ground
    task: str = "draw"

    async def hung(self, text: str = "a fox --seed 7", *, kept: bool = True) -> Job:
        """A work that was given."""
        pool = "image" if self.task == "draw" else "video"
        job = await self.ground.begun(self.ground.talk.says(text), pool, task=self.task)
        words = Work(FILE, 7).to_json() if kept else ""
        await self.ground.jobs.finish(Ending(job.id, ME, State.DONE, kept=words))
        return job

    async def pressed(self, on: Job, change: str) -> tuple[str, list[Found]]:
        """What Ben is told, and the jobs that come of his pressing."""
        before = len(await self.ground.every())
        said = replace(on.payload, person=BEN, text="")
        button = await self.ground.begun(said, "quick", task="press", lane=f"1!{before}")
        reply = await changes(self.ground).press(button, f"{on.answer}.{change}")
        return reply.text if reply else "", (await self.ground.every())[before + 1 :]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ("another", "a fox"),
        ("wide", "a fox --wide --seed 7"),
        (f"style.{mark('flux')}", "a fox --seed 7 --style flux"),
        ("style.gone", "a fox --seed 7"),
        ("larger", "a fox --seed 7 --larger"),
        ("nonsense", "a fox"),
        ("usual", "a fox"),
    ],
)
async def test_a_button_changes_one_thing(ground: Ground, change: str, text: str) -> None:
    """With the same seed, so that all else stays; who pressed it pays."""
    wall = Wall(ground)
    _, [made] = await wall.pressed(await wall.hung(), change)
    assert ("draw", "image", text) == (made.job.task, made.job.pool, made.job.payload.text)
    assert BEN.id == made.job.payload.person.id


async def test_larger_begins_from_the_work_itself(ground: Ground) -> None:
    """It lies on our own shelf."""
    wall = Wall(ground)
    _, [made] = await wall.pressed(await wall.hung(), "larger")
    assert ["shelf:abc.png"] == [one.ref for one in made.job.payload.attachments]


@pytest.mark.parametrize(("change", "text"), [("gif", ""), ("gif_file", "--file")])
async def test_a_gif_is_made_of_the_film(ground: Ground, change: str, text: str) -> None:
    """It costs nothing, and the film is not made anew."""
    wall = Wall(ground, "film")
    _, [made] = await wall.pressed(await wall.hung("waves --seconds 4"), change)
    assert ("gif", "clips", text) == (made.job.task, made.job.pool, made.job.payload.text)
    assert ["shelf:abc.png"] == [one.ref for one in made.job.payload.attachments]


async def test_what_nobody_keeps_any_more_cannot_be_changed(ground: Ground) -> None:
    """It is said; all that needs only the words still works."""
    wall = Wall(ground)
    job = await wall.hung(kept=False)
    told, made = await wall.pressed(job, "larger")
    assert "too old" in told
    assert [] == made
    told, made = await wall.pressed(replace(job, answer=999), "wide")
    assert "too old" in told
    assert [] == made
    _, made = await wall.pressed(job, "another")
    assert 1 == len(made)


@pytest.mark.parametrize("argument", ["", "x.wide", "-1.wide", "9" * 30 + ".wide", "1"])
async def test_strange_buttons_do_nothing_or_the_usual(ground: Ground, argument: str) -> None:
    """Clients can be made to send anything."""
    wall = Wall(ground)
    await wall.hung()
    said = ground.talk.says()
    button = await ground.begun(said, "quick", task="press", lane="1!9")
    await changes(ground).press(button, argument)


async def test_another_chat_has_no_say(ground: Ground) -> None:
    """Numbers of answers can be guessed."""
    wall = Wall(ground)
    job = await wall.hung()
    stranger = ground.talk.says(chat=5)
    button = await ground.begun(stranger, "quick", task="press", lane="5!9")
    reply = await changes(ground).press(button, f"{job.answer}.another")
    assert reply
    assert "too old" in reply.text


async def test_every_button_fits_into_telegram(ground: Ground) -> None:
    """64 bytes, and each does something of its own."""
    job = replace(await Wall(ground).hung(), answer=10**17)
    voice = ground.words.speak("uk")
    styles = {f"a very long style {number}": f"Style {number}" for number in range(9)}
    wishes = read("a fox")
    rows = picture_rows(job, wishes, styles, voice, enlarges=True)
    rows += film_rows(job, read("waves --seconds 4"), styles, voice, 6.0)
    acts = [button.act for row in rows for button in row]
    assert all(len(act.encode()) <= 64 for act in acts)
    assert all(act.startswith("make:") for act in acts)
    assert {"another", "larger", "gif", "gif_file"} < {act.partition(".")[2] for act in acts}
