"""What ComfyUI says when it will not or cannot make something, turned into the error that it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from domain.errors import BackendError, BackendRejected
from services.comfy.needs import Missing, is_weights, lack, missing_model, missing_node

OUT_OF_MEMORY, START_PICTURE, GRAPH = "out_of_memory", "start_picture", "graph"
TOO_LONG, INTERRUPTED = "too_long", "interrupted"

_MEMORY = re.compile(r"out ?of ?memory|allocation on device", re.IGNORECASE)
_NO_NODE = re.compile(r"node (\S+) does not exist|node type '?([^\s']+)'? not found", re.IGNORECASE)
_LOADS_PICTURES = re.compile(r"loadimage", re.IGNORECASE)
_LONGEST = 200  # characters of its words that the operator gets to read


def refused(label: str, said: Mapping[str, Any]) -> BackendError | None:
    """Why a graph was not taken, or not all of it; None where nothing is wrong."""
    error, nodes = said.get("error"), said.get("node_errors")
    if isinstance(error, dict) and (name := _unknown_node(error)):
        return lack(label, "the graph", [missing_node(name)])
    troubles = list(_troubles(nodes)) if isinstance(nodes, dict) else []
    if missing := [one for trouble in troubles if (one := _missing(*trouble))]:
        return lack(label, "the graph", missing)
    if any(_LOADS_PICTURES.search(name) for name, _ in troubles):
        return BackendRejected(label, "cannot open the start picture", 400, START_PICTURE)
    if troubles:
        name, trouble = troubles[0]
        said_of_it = f"{trouble.get('message', '')} {trouble.get('details', '')}"
        return BackendRejected(label, f"node {name}: {_short(said_of_it)}", 400, GRAPH)
    return BackendRejected(label, _short(_words(error)), 400, GRAPH) if error else None


def failed(label: str, told: Mapping[str, Any]) -> BackendError:
    """Why a graph that was taken broke off, from its `execution_error`."""
    node, what = str(told.get("node_type") or "?"), str(told.get("exception_type") or "")
    words = str(told.get("exception_message") or "").strip()
    reason = f"node {node}: {what}: {_short(words)}"
    if _MEMORY.search(f"{what} {words}"):
        return BackendRejected(label, reason, code=OUT_OF_MEMORY)
    if _LOADS_PICTURES.search(node):
        return BackendRejected(label, reason, code=START_PICTURE)
    return BackendRejected(label, reason, code=GRAPH)


def _unknown_node(error: Mapping[str, Any]) -> str:
    """The class that a server does not have, in the words of old and new ones."""
    more = error.get("extra_info")
    if error.get("type") == "missing_node_type" and isinstance(more, dict):
        return str(more.get("class_type") or "")
    found = _NO_NODE.search(str(error.get("message") or ""))
    return (found[1] or found[2]).strip("'") if found else ""


def _troubles(nodes: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The class of each node that has some, and the trouble."""
    for node in nodes.values():
        errors = node.get("errors") if isinstance(node, dict) else None
        for one in errors if isinstance(errors, list) else ():
            if isinstance(one, dict):
                yield str(node.get("class_type") or "?"), one


def _missing(node: str, trouble: Mapping[str, Any]) -> Missing | None:
    more = trouble.get("extra_info")
    if trouble.get("type") != "value_not_in_list" or not isinstance(more, dict):
        return None
    key, value = str(more.get("input_name") or ""), str(more.get("received_value") or "")
    return missing_model(node, key, value) if is_weights(value) else None


def _words(error: object) -> str:
    if not isinstance(error, dict):
        return str(error)
    return f"{error.get('message', '')} {error.get('details', '')}"


def _short(words: str) -> str:
    text = " ".join(words.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
