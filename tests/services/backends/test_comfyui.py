"""ComfyUI: a prompt from its beginning to its end."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from domain.answers import Phase, Progress
from domain.drawing import Clip, Glimpse, Settled, Sketch
from domain.errors import BackendNonsense, BackendRejected, BackendUnavailable, PartsMissing
from domain.pictures import Picture
from services.backends.comfyui import ComfyImage
from services.graphs import SHIPPED
from services.skills import Ready
from services.wire import Wire
from tests.fakes.comfyui import FakeComfy
from tests.fakes.ollama import FakeOllama
from tests.fakes.serving import Script
from tests.services.comfy_asked import Asker, image_at, made, of, png, started, video_at


@pytest.fixture
async def card() -> AsyncIterator[FakeComfy]:
    """A server with all that the shipped graphs need."""
    async with FakeComfy() as fake:
        yield fake


@pytest.fixture
def asker(tmp_path: Path) -> Asker:
    """Somebody who wants something."""
    return Asker(tmp_path / "room")


def posted(card: FakeComfy) -> dict[str, Any]:
    """The body of the only prompt that was posted."""
    [asked] = [one for one in card.to("/prompt") if one.body]
    return dict(asked.body)


def own_graph(folder: Path, name: str, nodes: dict[str, Any], toml: str = "") -> None:
    """Drop a graph where the owner does."""
    (folder / "workflows").mkdir(exist_ok=True)
    (folder / "workflows" / f"{name}.json").write_text(json.dumps(nodes))
    if toml:
        (folder / "workflows" / f"{name}.toml").write_text(toml)


def shipped(name: str) -> dict[str, Any]:
    """The nodes of a graph that comes with the program."""
    nodes: dict[str, Any] = json.loads((SHIPPED / f"{name}.json").read_text())
    return nodes


async def test_a_picture_is_made_step_by_step(
    wire: Wire, card: FakeComfy, asker: Asker, tmp_path: Path
) -> None:
    """First how, then how far it is, which never goes back, a glimpse of it, and at last it."""
    events = await made(image_at(card, wire, tmp_path), asker.commission())
    sketch = Sketch("a red cat", 7, 1024, 1024)
    assert Settled(sketch, "SDXL") == events[0]
    shares = [one.share or 0.0 for one in of(Progress, events)]
    assert sorted(shares) == shares
    assert 0.9 < shares[-1] < 1
    notes = [one.note for one in of(Progress, events) if one.note]
    assert "25/25" == notes[-1]
    assert all(re.fullmatch(r"\d+/25", note) for note in notes)
    [glimpse] = of(Glimpse, events)
    assert glimpse.path.read_bytes().startswith(b"\xff\xd8\xff")
    [picture] = of(Picture, events)
    assert ("image/png", 1024, 1024) == (picture.mime, picture.width, picture.height)
    assert picture.path.parent == asker.room
    assert events[-1] == picture
    assert not card.interrupted


async def test_a_film_is_made(wire: Wire, card: FakeComfy, asker: Asker, tmp_path: Path) -> None:
    """With as many pictures as its graph wants for the seconds."""
    backend = video_at(card, wire, tmp_path, workflow="text-to-video")
    sketch = Sketch("рудий кіт", 7, 300, 180, 1.0)
    events = await made(backend, asker.commission(sketch))
    [settled] = of(Settled, events)
    assert Settled(Sketch("a red cat", 7, 288, 192, 1.0), "Wan 2.2") == settled
    assert 25 == posted(card)["prompt"]["7"]["inputs"]["length"]
    assert Phase.FILMING in {one.phase for one in of(Progress, events)}
    [clip] = of(Clip, events)
    assert "video/mp4" == clip.mime
    assert b"ftyp" == clip.path.read_bytes()[4:8]


async def test_a_prompt_has_a_number_before_it_is_posted(
    wire: Wire, card: FakeComfy, asker: Asker, tmp_path: Path
) -> None:
    """Newer servers take only a number of that kind, and a crash in between loses nothing."""
    before: list[int] = []

    class Careful(Asker):
        async def remember(self, ticket: str) -> None:
            before.append(len(card.to("/prompt")))
            self.tickets.append(ticket)

    careful = Careful(tmp_path / "room")
    await made(image_at(card, wire, tmp_path), careful.commission())
    assert [0] == before
    body = posted(card)
    for name in ("prompt_id", "client_id"):
        assert str(UUID(body[name])) == body[name]
        assert body[name] in careful.tickets[0]


async def test_the_same_seed_makes_the_same_picture(
    wire: Wire, card: FakeComfy, asker: Asker, tmp_path: Path
) -> None:
    """And another another one."""
    backend = image_at(card, wire, tmp_path, workflow="try-picture")
    found = []
    for seed in (7, 7, 2**53 + 1):
        events = await made(backend, asker.commission(Sketch("a cat", seed)))
        found.append(of(Picture, events)[0].path.read_bytes())
    assert found[0] == found[1] != found[2]
    seeds = [one.body["prompt"]["2"]["inputs"]["seed"] for one in card.to("/prompt")]
    assert [7, 7, 2**53 + 1] == seeds


async def test_who_understands_every_language_is_asked_in_the_persons_own(
    wire: Wire, card: FakeComfy, asker: Asker, tmp_path: Path
) -> None:
    """Nothing is translated that need not be."""
    backend = image_at(card, wire, tmp_path, workflow="try-picture")
    [settled] = of(Settled, await made(backend, asker.commission()))
    assert "рудий кіт" == settled.sketch.prompt
    assert not asker.translated


async def test_what_somebody_writes_is_never_a_place(
    wire: Wire, card: FakeComfy, asker: Asker, tmp_path: Path
) -> None:
    """Hostile prompts arrive as they are, however long."""
    prompt = '{{seed}} "}, {"x": {{prompt}} \\ \x00 ' + "кіт " * 1250
    backend = image_at(card, wire, tmp_path, workflow="try-picture")
    await made(backend, asker.commission(Sketch(prompt, 7)))
    assert prompt == posted(card)["prompt"]["8"]["inputs"]["value"]


async def test_a_start_picture_goes_along(
    wire: Wire, card: FakeComfy, asker: Asker, tmp_path: Path
) -> None:
    """Under the name that the server gave it, with the graph for such."""
    commission = started(asker.commission(), png(tmp_path / "photo.png"))
    events = await made(image_at(card, wire, tmp_path), commission)
    assert "SDXL, from a picture" == of(Settled, events)[0].title
    name = posted(card)["prompt"]["4"]["inputs"]["image"]
    assert (tmp_path / "photo.png").read_bytes() == card.work.pictures[name]
    assert of(Picture, events)
    await made(image_at(card, wire, tmp_path), commission)
    assert 1 == len(card.work.pictures)


async def test_a_style_is_another_graph(
    wire: Wire, card: FakeComfy, asker: Asker, tmp_path: Path
) -> None:
    """One that is gone, or cannot begin from a picture, gives way to the backend's own."""
    backend = image_at(card, wire, tmp_path, start_workflow="try-picture-from-picture")
    start = png(tmp_path / "photo.png")
    plain, twice = asker.commission(style="try-picture"), asker.commission(style="upscale")
    titles = [
        of(Settled, await made(backend, one))[0].title
        for one in (
            *(plain, started(plain, start), twice, started(twice, start)),
            *(asker.commission(style="../../etc/passwd"), asker.commission(style="try-animation")),
        )
    ]
    over = "Clouds over a picture (a try)"
    assert ["Clouds (a try)", over, "SDXL", "Twice as large", "SDXL", "SDXL"] == titles


async def test_a_graph_that_enlarges_makes_a_picture_twice_as_large(
    wire: Wire, card: FakeComfy, asker: Asker, tmp_path: Path
) -> None:
    """It needs no words."""
    commission = started(asker.commission(Sketch(""), style="upscale"), png(tmp_path / "it.png"))
    [picture] = of(Picture, await made(image_at(card, wire, tmp_path), commission))
    assert (64, 48) == (picture.width, picture.height)
    assert not asker.translated


async def test_an_owners_graph_is_used_without_a_restart(
    wire: Wire, card: FakeComfy, asker: Asker, tmp_path: Path
) -> None:
    """One of a shipped name stands in for it; a broken one keeps nobody from the others."""
    backend = image_at(card, wire, tmp_path, workflow="try-picture")
    assert "Clouds (a try)" == of(Settled, await made(backend, asker.commission()))[0].title
    own_graph(tmp_path, "try-picture", shipped("try-picture"), 'title = "Mine"')
    own_graph(tmp_path, "broken", {"nodes": [], "links": []})
    assert "Mine" == of(Settled, await made(backend, asker.commission()))[0].title
    assert "Mine" in (await backend.ready()).models


@pytest.mark.parametrize(
    ("saves", "mime"),
    [
        ({"class_type": "SaveAnimatedWEBP", "method": "default"}, "image/webp"),
        ({"class_type": "VHS_VideoCombine", "format": "image/gif"}, "image/gif"),
        ({"class_type": "VHS_VideoCombine", "format": "video/h264-mp4"}, "video/mp4"),
    ],
)
async def test_a_film_is_found_whatever_saved_it(
    wire: Wire, card: FakeComfy, asker: Asker, tmp_path: Path, saves: dict[str, str], mime: str
) -> None:
    """Under other keys than those of the core's own node, and beside a still for a glance."""
    nodes = shipped("try-animation")
    del nodes["11"], nodes["12"]
    inputs: dict[str, Any] = {"images": ["10", 0], "filename_prefix": "mine/film"} | saves
    more = {"fps": "{{fps}}", "lossless": True, "quality": 80}
    if inputs["class_type"].startswith("VHS"):
        more = {"frame_rate": "{{fps}}", "loop_count": 0, "pingpong": False, "save_output": True}
    nodes["12"] = {"class_type": inputs.pop("class_type"), "inputs": inputs | more}
    nodes["13"] = {"class_type": "PreviewImage", "inputs": {"images": ["10", 0]}}
    own_graph(tmp_path, "mine", nodes, 'kind = "video"\n[defaults]\nseconds = 1')
    backend = video_at(card, wire, tmp_path, workflow="mine")
    [clip] = of(Clip, await made(backend, asker.commission()))
    assert mime == clip.mime


async def test_a_picture_for_a_glance_counts_where_there_is_no_other(
    wire: Wire, card: FakeComfy, asker: Asker, tmp_path: Path
) -> None:
    """Two that are to be kept are both shown."""
    nodes = shipped("try-picture")
    nodes["4"] = {"class_type": "PreviewImage", "inputs": {"images": ["3", 0]}}
    own_graph(tmp_path, "glance", nodes)
    backend = image_at(card, wire, tmp_path, workflow="glance")
    assert 1 == len(of(Picture, await made(backend, asker.commission())))
    for key in ("5", "6"):
        inputs = {"images": ["3", 0], "filename_prefix": f"mine/{key}"}
        nodes[key] = {"class_type": "SaveImage", "inputs": inputs}
    own_graph(tmp_path, "two", nodes)
    backend = image_at(card, wire, tmp_path, workflow="two")
    found = of(Picture, await made(backend, asker.commission()))
    assert ["picture-1.png", "picture-2.png"] == [one.path.name for one in found]


async def test_a_server_that_is_ready_tells_which_graphs_it_can_run(
    wire: Wire, card: FakeComfy, tmp_path: Path
) -> None:
    """By their titles; what lacks something is not among them."""
    del card.models["upscale_models"][:]
    ready = await image_at(card, wire, tmp_path).ready()
    assert "SDXL" == ready.models[0]
    assert {"FLUX", "Clouds (a try)"} < set(ready.models)
    assert "Twice as large" not in ready.models
    assert () == ready.lacking
    assert "Wan 2.2" in (await video_at(card, wire, tmp_path).ready()).models


async def test_what_a_graph_lacks_is_named_with_its_cure(
    wire: Wire, card: FakeComfy, tmp_path: Path
) -> None:
    """Every node and every model of it, older and newer ones."""
    backend = video_at(card, wire, tmp_path, workflow="text-to-video")
    del card.models["vae"][:], card.nodes["SaveVideo"], card.nodes["Wan22ImageToVideoLatent"]
    with pytest.raises(PartsMissing) as caught:
        await backend.ready()
    assert caught.value.down
    for word in ("SaveVideo", "Wan22ImageToVideoLatent", "wan2.2_vae.safetensors"):
        assert word in caught.value.missing
    assert "models/vae" in caught.value.cure
    assert "update ComfyUI" in caught.value.cure
    del card.models["upscale_models"][:]
    up = image_at(card, wire, tmp_path, workflow="try-picture", start_workflow="upscale")
    lacking = (await up.ready()).lacking
    assert 1 == len(lacking)
    assert "RealESRGAN_x4plus.pth" in lacking[0]


async def test_a_graph_that_is_not_there_keeps_a_backend_from_being_ready(
    wire: Wire, card: FakeComfy, asker: Asker, tmp_path: Path
) -> None:
    """The nearest that is there is named; one of another kind does not do either."""
    wrong = image_at(card, wire, tmp_path, workflow="text-to-imag")
    with pytest.raises(BackendUnavailable, match='"text-to-image"') as caught:
        await wrong.ready()
    assert caught.value.down
    with pytest.raises(BackendUnavailable):
        await made(wrong, asker.commission())
    with pytest.raises(BackendUnavailable, match="makes no image"):
        await image_at(card, wire, tmp_path, workflow="try-animation").ready()
    with pytest.raises(BackendRejected, match="takes only a start picture"):
        await made(image_at(card, wire, tmp_path, workflow="upscale"), asker.commission())


async def test_the_path_of_a_graph_will_do_for_its_name(
    wire: Wire, card: FakeComfy, asker: Asker, tmp_path: Path
) -> None:
    """As the example of the configuration has it."""
    backend = video_at(card, wire, tmp_path, workflow="workflows/try-animation.json")
    assert of(Clip, await made(backend, asker.commission(Sketch("", seconds=0.5))))


async def test_who_is_no_comfyui_is_unavailable(wire: Wire, asker: Asker, tmp_path: Path) -> None:
    """Another server may stand at that address."""
    async with FakeOllama(Script()) as other:
        backend = image_at(other, wire, tmp_path)  # type: ignore[arg-type]
        with pytest.raises(BackendUnavailable) as caught:
            await backend.ready()
        assert caught.value.down
        with pytest.raises(BackendUnavailable):
            await made(backend, asker.commission())


async def test_its_memory_can_be_asked_back(wire: Wire, card: FakeComfy, tmp_path: Path) -> None:
    """By either of the two."""
    await image_at(card, wire, tmp_path).free()
    await video_at(card, wire, tmp_path).free()
    assert 2 == card.freed


async def test_a_label_names_the_server(wire: Wire, tmp_path: Path) -> None:
    """Where the operator gives no other; senseless seconds are refused."""
    assert "ComfyUI at 127.0.0.1:8188" == ComfyImage(wire, tmp_path).label
    assert Ready() == Ready(lacking=())
    with pytest.raises(ValueError, match="above 0"):
        ComfyImage(wire, tmp_path, patience=0)


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        ({"instead": b""}, "no bytes"),
        ({"instead": b"junk" * 100}, "no known kind"),
        ({"stills_only": True}, "made no film, but .png"),
    ],
)
async def test_an_output_that_is_not_what_was_promised_is_nonsense(
    wire: Wire, card: FakeComfy, asker: Asker, tmp_path: Path, trouble: dict[str, Any], said: str
) -> None:
    """Nothing in it, no film in it, or a still."""
    for name, value in trouble.items():
        setattr(card.work, name, value)
    with pytest.raises(BackendNonsense, match=said):
        await made(video_at(card, wire, tmp_path), asker.commission())


async def test_a_film_where_a_picture_was_promised_is_nonsense(
    wire: Wire, card: FakeComfy, asker: Asker, tmp_path: Path
) -> None:
    """The owner said that the graph makes pictures."""
    own_graph(tmp_path, "wrong", shipped("try-animation"), 'kind = "image"')
    with pytest.raises(BackendNonsense, match=r"made no picture, but \.mp4"):
        await made(image_at(card, wire, tmp_path, workflow="wrong"), asker.commission())


async def test_a_still_that_is_called_a_film_is_nonsense(
    wire: Wire, card: FakeComfy, asker: Asker, tmp_path: Path
) -> None:
    """And a film that is called a picture."""
    card.work.instead = png(tmp_path / "it.png").read_bytes()
    with pytest.raises(BackendNonsense, match="a film was promised"):
        await made(video_at(card, wire, tmp_path), asker.commission())
    card.work.instead = b"\0\0\0\x18ftypisom" + bytes(64)
    with pytest.raises(BackendNonsense, match=r"is called \.png"):
        await made(image_at(card, wire, tmp_path), asker.commission())


async def test_an_output_that_has_gone_is_nonsense(
    wire: Wire, card: FakeComfy, asker: Asker, tmp_path: Path
) -> None:
    """Somebody may have cleaned up."""
    card.hides = True
    with pytest.raises(BackendNonsense, match="missing"):
        await made(image_at(card, wire, tmp_path), asker.commission())


async def test_a_large_film_arrives_whole(
    wire: Wire, card: FakeComfy, asker: Asker, tmp_path: Path
) -> None:
    """Whether it is too large for Telegram is for others to see."""
    card.work.instead = b"\0\0\0\x18ftypisom" + bytes(70 << 20)
    [clip] = of(Clip, await made(video_at(card, wire, tmp_path), asker.commission()))
    assert len(card.work.instead) == clip.path.stat().st_size


async def test_a_picture_keeps_the_shape_of_its_start(
    wire: Wire, card: FakeComfy, asker: Asker, tmp_path: Path
) -> None:
    """A portrait does not become a landscape, unless that was chosen."""
    commission = started(asker.commission(), png(tmp_path / "it.png", 40, 80))
    backend = image_at(card, wire, tmp_path)
    [settled] = of(Settled, await made(backend, commission))
    assert (704, 1472) == (settled.sketch.width, settled.sketch.height)
    wide = replace(commission, sketch=replace(commission.sketch, width=1024, height=512))
    [settled] = of(Settled, await made(backend, wide))
    assert (1024, 512) == (settled.sketch.width, settled.sketch.height)
