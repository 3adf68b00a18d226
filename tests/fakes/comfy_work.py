"""The worker of the fake ComfyUI: one prompt at a time, with all that is said of it."""

from __future__ import annotations

import asyncio
import heapq
import json
import struct
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from tests.fakes.comfy_checks import Graph, chain
from tests.fakes.comfy_nodes import NODES
from tests.fakes.comfy_scenes import Scene

Send = Callable[[str, Any, str | None], Awaitable[None]]
STEPPING = {"KSampler", "ProtoSlow", "VHS_VideoCombine"}
GARBAGE = "PIL.UnidentifiedImageError"
PICTURE_HEADS = (b"\x89PNG", b"\xff\xd8\xff", b"RIFF", b"GIF8")


@dataclass(frozen=True, slots=True, order=True)
class Prompt:
    """A prompt in the queue; the lowest number runs first."""

    number: float
    id: str = field(compare=False)
    graph: Graph = field(compare=False)
    extra: Mapping[str, Any] = field(compare=False)
    good: tuple[str, ...] = field(compare=False)

    @property
    def client(self) -> str | None:
        """Who is told of it."""
        return self.extra.get("client_id")

    def told(self) -> list[Any]:
        """As it stands in the queue and in the history."""
        return [self.number, self.id, self.graph, self.extra, list(self.good)]


@dataclass(frozen=True, slots=True)
class Preview:
    """A picture of what is there so far, and of which node."""

    image: bytes
    node: str
    prompt_id: str

    def framed(self, *, aware: bool) -> bytes:
        """The bytes on the wire, with more about it for those who know of that kind."""
        if not aware:
            return struct.pack(">II", 1, 1) + self.image
        more = {**_ids(self.node, self.prompt_id), "image_type": "image/jpeg"}
        raw = json.dumps(more).encode()
        return struct.pack(">II", 4, len(raw)) + raw + self.image


class Failed(Exception):
    """A node that breaks off: the type and the words of its trouble."""

    def __init__(self, node: str, kind: str, words: str) -> None:
        super().__init__(words)
        self.node = node
        self.kind = kind


class Interrupted(Exception):
    """Somebody interrupted it."""

    def __init__(self, node: str) -> None:
        super().__init__(node)
        self.node = node


class Work:
    """Works at one prompt after another, each `seconds` long.

    Unless `free` is set it does not get on after the first step, or the first node where none has
    steps. `memory_short` breaks off in the sampler, `instead` are the bytes that are written for
    each output, `stills_only` makes all of them pictures, `quiet` tells nothing but statuses.
    """

    def __init__(self, send: Send, seconds: float) -> None:
        self.seconds = seconds
        self.free = asyncio.Event()
        self.free.set()
        self.interrupt = asyncio.Event()
        self.memory_short = self.stills_only = self.quiet = False
        self.instead: bytes | None = None
        self.pictures: dict[str, bytes] = {}
        self.files: dict[tuple[str, str, str], bytes] = {}
        self.pending: list[Prompt] = []
        self.running: Prompt | None = None
        self.history: dict[str, Any] = {}
        self.node = ""
        self.stepped = asyncio.Event()
        self._send = send
        self._more = asyncio.Event()
        self._cache = set[str]()
        self._counts: dict[str, int] = {}
        self._messages: list[list[Any]] = []
        self._states: dict[str, dict[str, Any]] = {}

    @property
    def remaining(self) -> int:
        """How many are not done."""
        return len(self.pending) + bool(self.running)

    def status(self) -> dict[str, Any]:
        """The status that everybody hears."""
        return {"exec_info": {"queue_remaining": self.remaining}}

    def forget(self) -> None:
        """What a server forgets when it ends."""
        self.pending.clear()
        self.history.clear()
        self._cache.clear()
        self.running, self.node = None, ""
        self.interrupt.clear()

    async def add(self, prompt: Prompt) -> None:
        """Put one into the queue."""
        heapq.heappush(self.pending, prompt)
        self._more.set()
        await self._tell_all()

    async def run(self) -> None:
        """Work for ever."""
        while True:
            while not self.pending:
                self._more.clear()
                await self._more.wait()
            self.running = heapq.heappop(self.pending)
            await self._tell_all()
            await self._work(self.running)
            prompt, self.running, self.node = self.running, None, ""
            await self._tell_all()
            await self._say("executing", {"node": None}, prompt)

    async def _work(self, prompt: Prompt) -> None:
        self._messages, self._states = [], {}
        self.interrupt.clear()
        self.stepped.clear()
        made, meta, done = dict[str, Any](), dict[str, Any](), list[str]()
        await self._note("execution_start", {}, prompt)
        order = list(dict.fromkeys(key for out in prompt.good for key in chain(prompt.graph, out)))
        cached = [key for key in order if self._signature(prompt.graph, key) in self._cache]
        await self._note("execution_cached", {"nodes": cached}, prompt)
        todo = [key for key in order if key not in cached]
        try:
            for key in todo:
                output = await self._node(prompt, key, todo)
                done.append(key)
                if output is not None:
                    made[key] = output
                    more = {"display_node": key, "parent_node": None, "real_node_id": key}
                    meta[key] = {"node_id": key} | more
        except (Failed, Interrupted) as trouble:
            await self._broken(prompt, trouble, done)
            self._remember(prompt, {}, {}, "error")
            return
        await self._note("execution_success", {}, prompt)
        # the true one is a moment late, too
        await asyncio.sleep(0)
        self._remember(prompt, made, meta, "success")

    async def _node(self, prompt: Prompt, key: str, todo: list[str]) -> dict[str, Any] | None:
        self.node = key
        name, inputs = prompt.graph[key]["class_type"], prompt.graph[key].get("inputs", {})
        await self._state(prompt, key, 0.0, 1.0, "running")
        await self._say("executing", {"node": key, "display_node": key}, prompt)
        if name == "LoadImage" and not self.pictures[inputs["image"]].startswith(PICTURE_HEADS):
            words = f"cannot identify image file 'COMFY/input/{inputs['image']}'\n"
            raise Failed(key, GARBAGE, words)
        steps = _steps(prompt.graph, key) if name in STEPPING else 1
        stepping = [one for one in todo if prompt.graph[one]["class_type"] in STEPPING]
        paces = key in stepping or not stepping
        share = self.seconds / (len(stepping) or len(todo)) / steps if paces else 0.0
        for step in range(1, steps + 1):
            await self._pass(key, share)
            if name in STEPPING:
                await self._step(prompt, key, step, steps)
        output = await self._saved(prompt, key) if NODES[name].saves else None
        if output is not None:
            told = {"node": key, "display_node": key, "output": output}
            await self._say("executed", told, prompt)
        most = steps if name in STEPPING else 1.0
        await self._state(prompt, key, most, most, "finished")
        if not NODES[name].saves:
            self._cache.add(self._signature(prompt.graph, key))
        if not stepping:
            self.stepped.set()
        return output

    async def _step(self, prompt: Prompt, key: str, step: int, steps: int) -> None:
        name, inputs = prompt.graph[key]["class_type"], prompt.graph[key].get("inputs", {})
        await self._state(prompt, key, step, steps, "running")
        await self._say("progress", {"value": step, "max": steps, "node": key}, prompt)
        if name != "VHS_VideoCombine":
            image = await asyncio.to_thread(self._scene(prompt, key).preview, step / steps)
            if not self.quiet:
                await self._send("preview", Preview(image, key, prompt.id), prompt.client)
        self.stepped.set()
        if self.memory_short or inputs.get("fail_at") == step:
            raise Failed(key, "RuntimeError", "CUDA out of memory (simulated)\n")

    async def _pass(self, key: str, seconds: float) -> None:
        """Let time pass, which ends early for who is interrupted."""
        if seconds:
            await _first(self.interrupt.wait(), asyncio.sleep(seconds))
        if self.stepped.is_set() and not self.free.is_set():
            await _first(self.interrupt.wait(), self.free.wait())
        if self.interrupt.is_set():
            raise Interrupted(key)

    async def _saved(self, prompt: Prompt, key: str) -> dict[str, Any]:
        name, inputs = prompt.graph[key]["class_type"], prompt.graph[key].get("inputs", {})
        if name == "PreviewAny":
            link = inputs["source"]
            source = prompt.graph[link[0]]["inputs"] if isinstance(link, list) else {"value": link}
            return {"text": [str(source.get("value", ""))]}
        scene = self._scene(prompt, key)
        ending, maker = _maker(name, inputs, scene)
        if self.stills_only:
            ending, maker = ".png", scene.png
        raw = await asyncio.to_thread(maker) if self.instead is None else self.instead
        kind = "temp" if name == "PreviewImage" else "output"
        prefix = PurePosixPath(str(inputs.get("filename_prefix", "ComfyUI_temp")))
        count = self._counts[str(prefix)] = self._counts.get(str(prefix), 0) + 1
        number = f"{count:05}" if name == "VHS_VideoCombine" else f"{count:05}_"
        folder = "" if str(prefix.parent) == "." else str(prefix.parent)
        file = f"{prefix.name}_{number}{ending}"
        self.files[file, folder, kind] = raw
        told: dict[str, Any] = {"filename": file, "subfolder": folder, "type": kind}
        if name == "VHS_VideoCombine":
            told |= {"format": inputs["format"], "frame_rate": float(inputs["frame_rate"])}
            told |= {"workflow": f"{prefix.name}_{number}.png"}
            return {"gifs": [told | {"fullpath": f"COMFY/output/{folder}/{file}"}]}
        moves = name in {"SaveVideo", "SaveAnimatedWEBP"} and not self.stills_only
        return {"images": [told], "animated": [True]} if moves else {"images": [told]}

    async def _broken(self, prompt: Prompt, trouble: Failed | Interrupted, done: list[str]) -> None:
        told = {"node_id": trouble.node, "node_type": prompt.graph[trouble.node]["class_type"]}
        told["executed"] = done
        if isinstance(trouble, Interrupted):
            await self._note("execution_interrupted", told, prompt)
            return
        told |= {"exception_message": str(trouble), "exception_type": trouble.kind}
        told |= {"traceback": ['  File "COMFY/execution.py", line 496, in execute']}
        told |= {"current_inputs": {}, "current_outputs": list(prompt.good)}
        await self._note("execution_error", told, prompt)

    def _remember(
        self, prompt: Prompt, made: Mapping[str, Any], meta: Mapping[str, Any], how: str
    ) -> None:
        status = {"status_str": how, "completed": how == "success", "messages": self._messages}
        found = {"prompt": prompt.told(), "outputs": made, "status": status, "meta": meta}
        self.history[prompt.id] = found

    async def _state(self, prompt: Prompt, key: str, value: float, most: float, state: str) -> None:
        told = {"value": value, "max": most, "state": state, **_ids(key, prompt.id)}
        self._states[key] = told
        await self._say("progress_state", {"nodes": self._states}, prompt)

    async def _note(self, kind: str, told: Mapping[str, Any], prompt: Prompt) -> None:
        data = {"prompt_id": prompt.id, **told, "timestamp": int(time.time() * 1000)}
        self._messages.append([kind, data])
        await self._say(kind, data, prompt)

    async def _say(self, kind: str, told: Mapping[str, Any], prompt: Prompt) -> None:
        if prompt.client and not self.quiet:
            await self._send(kind, {"prompt_id": prompt.id, **told}, prompt.client)

    async def _tell_all(self) -> None:
        await self._send("status", {"status": self.status()}, None)

    def _scene(self, prompt: Prompt, key: str) -> Scene:
        nodes = [prompt.graph[one] for one in chain(prompt.graph, key)]
        others = [one for one in prompt.graph.values() if "value" in one.get("inputs", {})]
        return Scene.of([*nodes, *others], self.pictures)

    def _signature(self, graph: Graph, key: str) -> str:
        """What a node comes to, with all that leads to it; the same is not worked out again."""
        return json.dumps([graph[one] for one in chain(graph, key)], sort_keys=True)


def _maker(name: str, inputs: Mapping[str, Any], scene: Scene) -> tuple[str, Callable[[], bytes]]:
    asked = str(inputs.get("format"))
    if name == "SaveVideo" or asked == "video/h264-mp4":
        return ".mp4", scene.mp4
    if name == "SaveAnimatedWEBP" or asked == "image/webp":
        return ".webp", lambda: scene.moving("WEBP")
    if asked == "image/gif":
        return ".gif", lambda: scene.moving("GIF")
    return ".png", scene.png


def _steps(graph: Graph, key: str) -> int:
    inputs = graph[key].get("inputs", {})
    return int(inputs.get("steps") or _batch(graph, key))


def _batch(graph: Graph, key: str) -> int:
    """The number of pictures that come to a node."""
    sizes = [graph[one].get("inputs", {}).get("batch_size", 1) for one in chain(graph, key)]
    return max((one for one in sizes if isinstance(one, int)), default=1)


def _ids(node: str, prompt_id: str) -> dict[str, Any]:
    more = {"display_node_id": node, "parent_node_id": None, "real_node_id": node}
    return {"node_id": node, "prompt_id": prompt_id} | more


async def _first(*waiting: Any) -> None:
    """Wait for the first of several things, and leave the others."""
    tasks = [asyncio.ensure_future(one) for one in waiting]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
