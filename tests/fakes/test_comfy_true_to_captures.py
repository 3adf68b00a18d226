"""The fake ComfyUI says and does what the true one was recorded to say and do."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

import aiohttp
import pytest

from tests.fakes.capturing import CAPTURES, shape
from tests.fakes.comfy_nodes import MODELS
from tests.fakes.comfyui import FakeComfy

HERE = CAPTURES / "comfyui"
CLIENT = "38b51a4e-3b41-4f86-9836-fabc8d280deb"
RUNS = [
    *("save_image", "cached_rerun", "preview_image", "slow", "fails", "save_animated_webp"),
    *("save_video", "vhs_gif", "vhs_mp4", "loadimage_garbage"),
]
REFUSALS = [
    *("bad_link_type", "dangling_link", "missing_class_type", "missing_image_file"),
    *("missing_input", "no_outputs", "no_prompt", "not_int", "one_good_one_bad_output"),
    *("unknown_node", "value_not_in_list", "value_too_big"),
]


@pytest.fixture
async def fake() -> AsyncIterator[FakeComfy]:
    """A server that has only what the true one had when it was recorded."""
    async with FakeComfy() as fake:
        fake.models = {folder: [] for folder in MODELS}
        fake.work.pictures["bot/garbage.png"] = b"no png"
        yield fake


@pytest.fixture
async def client(fake: FakeComfy) -> AsyncIterator[aiohttp.ClientSession]:
    """Who asks it."""
    async with aiohttp.ClientSession(fake.url) as session:
        yield session


@pytest.mark.parametrize("capture", RUNS)
async def test_a_prompt_goes_its_way_event_by_event(
    fake: FakeComfy, client: aiohttp.ClientSession, capture: str
) -> None:
    """In the same order and of the same shapes, and so is what the history says of it."""
    recorded = [json.loads(line) for line in _lines(capture)]
    asked, expected = recorded[0]["POST /prompt"], _ours(recorded[1:], recorded[0])
    cached = next(one["data"]["nodes"] for one in expected if one["type"] == "execution_cached")
    async with client.ws_connect(f"/ws?clientId={CLIENT}") as socket:
        if cached:
            await _run(client, socket, asked)
        posted, heard = await _run(client, socket, asked)
    assert shape(recorded[0]["response"]) == shape(posted)
    assert [_told(one) for one in expected if "type" in one] == [
        _told(one) for one in heard if "type" in one
    ]
    assert [_seen(one) for one in expected if "BINARY" in one] == [
        _seen(one) for one in heard if "BINARY" in one
    ]
    async with client.get(f"/history/{posted['prompt_id']}") as answer:
        [found] = (await answer.json()).values()
    assert _history(json.loads((HERE / f"{capture}.history.json").read_text())) == _history(
        {"it": found}
    )


async def test_who_asks_for_it_hears_of_which_node_a_preview_is(
    client: aiohttp.ClientSession,
) -> None:
    """Only if that was the first that it said."""
    recorded = [json.loads(line) for line in _lines("preview_with_metadata")]
    asked = json.loads(_lines("slow")[0])["POST /prompt"]
    async with client.ws_connect(f"/ws?clientId={CLIENT}") as socket:
        await socket.send_json(recorded[0]["client sends first"])
        first = [json.loads((await socket.receive()).data) for _ in range(2)]
        _, heard = await _run(client, socket, asked)
    assert [shape(one) for one in recorded[1:3]] == [shape(one) for one in first]
    expected = next(one["metadata"] for one in recorded if "BINARY" in one)
    previews = [one for one in heard if "BINARY" in one]
    assert {4} == {one["event_type"] for one in previews}
    assert shape(expected) == shape(previews[0]["metadata"])


@pytest.mark.parametrize("capture", REFUSALS)
async def test_a_graph_is_refused_for_the_same_reason(
    client: aiohttp.ClientSession, capture: str
) -> None:
    """Node by node, in the same words where somebody reads them."""
    recorded = json.loads((HERE / f"invalid_{capture}.json").read_text())
    body = {**recorded.get("request", {}), "client_id": CLIENT}
    async with client.post("/prompt", json=body) as answer:
        assert recorded["status"] == answer.status
        found = await answer.json()
    assert _refusal(recorded["response"]) == _refusal(found)


@pytest.mark.parametrize("name", ["EmptyImage", "KSampler", "LoadImage", "SaveImage", "SaveVideo"])
async def test_a_node_takes_the_same(client: aiohttp.ClientSession, name: str) -> None:
    """Older and newer ones tell their choices in another shape."""
    recorded = json.loads((HERE / f"object_info_{name}.json").read_text())
    async with client.get(f"/object_info/{name}") as answer:
        found = await answer.json()
    assert _inputs(recorded[name]) == _inputs(found[name])
    for key in ("output", "output_node", "input_order"):
        assert key in found[name]
    assert recorded[name]["output"] == found[name]["output"]
    async with client.get("/object_info/NoSuchNode") as answer:
        assert {} == await answer.json()


@pytest.mark.parametrize("capture", ["features", "prompt", "queue", "history"])
async def test_what_can_be_asked_has_the_same_shape(
    client: aiohttp.ClientSession, capture: str
) -> None:
    """Of a server that has nothing to do."""
    async with client.get(f"/{capture}") as answer:
        found = await answer.json()
    assert shape(json.loads((HERE / f"get_{capture}.json").read_text())) == shape(found)
    async with client.get("/api/jobs") as answer:
        assert 404 == answer.status


async def test_uploads_get_names_as_there(client: aiohttp.ClientSession) -> None:
    """The same file keeps its name, another one gets a number."""
    for one in json.loads((HERE / "upload_image.json").read_text()):
        if "evil" in one.get("filename", ""):
            continue
        form = aiohttp.FormData({"subfolder": "bot", "type": "input"}, default_to_multipart=True)
        if "filename" in one:
            form.add_field("image", b"x" * one["bytes"], filename=one["filename"])
        if one.get("overwrite"):
            form.add_field("overwrite", one["overwrite"])
        async with client.post("/upload/image", data=form) as answer:
            assert one["status"] == answer.status
            if answer.status == 200:
                assert json.loads(one["response"]) == await answer.json()


async def test_files_are_given_as_there(fake: FakeComfy, client: aiohttp.ClientSession) -> None:
    """Those that are there, and no others."""
    fake.work.files["img_00001_.png", "proto", "output"] = b"picture"
    for one in json.loads((HERE / "view.json").read_text()):
        if "preview" in one["params"]:
            continue
        async with client.get("/view", params=one["params"]) as answer:
            assert one["status"] == answer.status
            if answer.status == 200:
                assert one["content_type"] == answer.content_type
                assert one["content_disposition"] == answer.headers["Content-Disposition"]


async def test_queue_interrupt_and_coming_back_are_as_there(
    fake: FakeComfy, client: aiohttp.ClientSession
) -> None:
    """Whoever comes back is told at which node its prompt is, without the prompt's number."""
    recorded = json.loads((HERE / "queue_interrupt_reattach.json").read_text())
    again = next(
        one["after reconnect same clientId"]
        for one in recorded
        if "after reconnect" in str(one.keys())
    )
    asked = json.loads(_lines("slow")[0])["POST /prompt"]
    fake.work.free.clear()
    async with client.ws_connect(f"/ws?clientId={CLIENT}"):
        posted = [await _posted(client, asked) for _ in range(3)]
        async with asyncio.timeout(10):
            await fake.work.stepped.wait()
    async with client.ws_connect(f"/ws?clientId={CLIENT}") as socket:
        first = [json.loads((await socket.receive()).data) for _ in range(2)]
        assert [shape(one) for one in again[:2]] == [shape(one) for one in first]
        async with client.get("/queue") as answer:
            queue = await answer.json()
        expected = json.loads((HERE / "queue_running_and_pending.json").read_text())
        assert _queued(expected["queue_running"][0]) == _queued(queue["queue_running"][0])
        assert 2 == len(queue["queue_pending"])
        assert 200 == await _tell(client, "/queue", {"delete": [posted[2]["prompt_id"], "nobody"]})
        assert 200 == await _tell(client, "/interrupt", {"prompt_id": "not-running"})
        assert not fake.interrupted
        assert 200 == await _tell(client, "/interrupt", {"prompt_id": posted[0]["prompt_id"]})
        heard = await _until(socket, "execution_interrupted")
        after = next(one["ws after interrupt"] for one in recorded if "ws after" in str(one.keys()))
        assert shape(after[-1]) == shape(heard[-1])
    fake.work.free.set()


async def test_an_older_server_interrupts_whoever_runs(
    fake: FakeComfy, client: aiohttp.ClientSession
) -> None:
    """It does not read who is meant."""
    fake.version = "0.3.55"
    asked = json.loads(_lines("slow")[0])["POST /prompt"]
    fake.work.free.clear()
    posted = await _posted(client, asked)
    async with asyncio.timeout(10):
        await fake.work.stepped.wait()
    await _tell(client, "/interrupt", {"prompt_id": "somebody else's"})
    assert [posted["prompt_id"]] == fake.interrupted


async def test_the_client_of_two_sockets_is_forgotten_when_the_older_closes(
    client: aiohttp.ClientSession,
) -> None:
    """As was recorded: the newer one hears nothing more."""
    asked = json.loads(_lines("save_image")[0])["POST /prompt"]
    older = await client.ws_connect(f"/ws?clientId={CLIENT}")
    async with client.ws_connect(f"/ws?clientId={CLIENT}") as newer:
        assert "status" == json.loads((await newer.receive()).data)["type"]
        await older.close()
        await _posted(client, asked)
        async with asyncio.timeout(10):
            while True:
                async with client.get("/history") as answer:
                    if await answer.json():
                        break
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0):
                await newer.receive()


async def _run(
    client: aiohttp.ClientSession, socket: aiohttp.ClientWebSocketResponse, asked: Any
) -> tuple[Any, list[Any]]:
    """Post a prompt and hear all about it."""
    posted = await _posted(client, asked)
    return posted, await _until(socket, "executing", node=None)


async def _posted(client: aiohttp.ClientSession, asked: Any) -> Any:
    async with client.post("/prompt", json=asked) as answer:
        assert 200 == answer.status
        return await answer.json()


async def _tell(client: aiohttp.ClientSession, path: str, body: Any) -> int:
    async with client.post(path, json=body) as answer:
        assert "" == await answer.text()
        return answer.status


async def _until(socket: aiohttp.ClientWebSocketResponse, kind: str, **wanted: Any) -> list[Any]:
    """All that is said up to one event; greetings are left out."""
    heard: list[Any] = []
    async with asyncio.timeout(20):
        while True:
            message = await socket.receive()
            if message.type is aiohttp.WSMsgType.BINARY:
                heard.append(_binary(message.data))
                continue
            one = json.loads(message.data)
            if "sid" not in one["data"]:
                heard.append(one)
            if one["type"] == kind and wanted.items() <= one["data"].items():
                return heard


def _binary(raw: bytes) -> dict[str, Any]:
    kind, more = int.from_bytes(raw[:4]), int.from_bytes(raw[4:8])
    told: dict[str, Any] = {"BINARY": len(raw), "event_type": kind}
    if kind == 4:
        told |= {"metadata": json.loads(raw[8 : 8 + more])}
        return told | {"image_magic_hex": raw[8 + more : 12 + more].hex()}
    return told | {"image_format": more, "image_magic_hex": raw[8:12].hex()}


def _ours(recorded: list[Any], posted: Any) -> list[Any]:
    """The events of this prompt; some recordings begin with the end of the one before."""
    prompt_id = posted["response"]["prompt_id"]
    first = next(
        at
        for at, one in enumerate(recorded)
        if one.get("type") == "execution_start" and one["data"]["prompt_id"] == prompt_id
    )
    return recorded[first - 2 :]


def _told(event: Any) -> Any:
    return event["type"], shape(event["data"] | {"current_inputs": {}, "traceback": []})


def _seen(event: Any) -> Any:
    return event["event_type"], event["image_magic_hex"][:6]


def _history(raw: Mapping[str, Any]) -> Any:
    [entry] = raw.values()
    status = entry["status"]
    told = [status["status_str"], status["completed"], [one[0] for one in status["messages"]]]
    return (
        told,
        shape(entry["outputs"]),
        shape(entry["meta"]),
        [type(one) for one in entry["prompt"]],
    )


def _refusal(raw: Any) -> Any:
    """What is read of a refusal, and the shape of the rest."""
    if "error" not in raw:
        return {"number": "int", "prompt_id": "str"}, _nodes(raw["node_errors"])
    words = {key: raw["error"][key] for key in ("type", "message")}
    return words, shape(raw["error"]), _nodes(raw["node_errors"])


def _nodes(raw: Any) -> Any:
    return {
        key: (
            node["class_type"],
            node["dependent_outputs"],
            [
                (
                    one["type"],
                    one["message"],
                    one["details"],
                    sorted(one["extra_info"].keys() - {"traceback"}),
                )
                for one in node["errors"]
            ],
        )
        for key, node in raw.items()
    }


def _inputs(raw: Any) -> Any:
    return {
        name: "choice" if isinstance(told[0], list) else told[0]
        for name, told in raw["input"]["required"].items()
    }


def _queued(entry: Any) -> Any:
    extra = {key: shape(one) for key, one in entry[3].items() if key != "extra_pnginfo"}
    return type(entry[1]), sorted(entry[2]), extra, entry[4]


def _lines(capture: str) -> list[str]:
    return (HERE / f"{capture}.ws.ndjson").read_text().splitlines()
