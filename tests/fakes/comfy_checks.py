"""How the fake ComfyUI checks a graph before it takes it, in the words of the true one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.comfy_nodes import Shelf

Graph = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The error that refuses a graph, if any; the bad nodes; the outputs that may run."""

    error: Mapping[str, Any] | None = None
    nodes: Mapping[str, Any] = field(default_factory=dict)
    good: tuple[str, ...] = ()


def checked(graph: Graph, shelf: Shelf) -> Verdict:
    """Check a graph as the server does: whole, then each output with all that leads to it."""
    if error := _unknown(graph, shelf):
        return Verdict(error)
    saving = [key for key, node in graph.items() if shelf.nodes[node["class_type"]].saves]
    if not saving:
        return Verdict(_error("prompt_no_outputs", "Prompt has no outputs", ""))
    bad: dict[str, Any] = {}
    good = []
    for output in saving:
        found = {key: one for key in chain(graph, output) if (one := _errors(graph, key, shelf))}
        for key, errors in found.items():
            new = {"errors": errors, "dependent_outputs": [], "class_type": _class(graph, key)}
            bad.setdefault(key, new)["dependent_outputs"].append(output)
        if not found:
            good.append(output)
    if good:
        return Verdict(None, bad, tuple(good))
    return Verdict(
        _error("prompt_outputs_failed_validation", "Prompt outputs failed validation", ""), bad
    )


def _unknown(graph: Graph, shelf: Shelf) -> dict[str, Any] | None:
    for key, node in graph.items():
        words = ""
        if "class_type" not in node:
            words = "Cannot execute because a node is missing the class_type property."
        elif node["class_type"] not in shelf.nodes:
            words = f"Cannot execute because node {node['class_type']} does not exist."
        if words:
            return _error("invalid_prompt", words, f"Node ID '#{key}'")
    return None


def chain(graph: Graph, output: str) -> list[str]:
    """All nodes that lead to one, those first that others need."""
    order: list[str] = []

    def visit(key: str) -> None:
        if key in order:
            return
        for link in links(graph, key):
            if link in graph:
                visit(link)
        order.append(key)

    visit(output)
    return order


def links(graph: Graph, key: str) -> Iterator[str]:
    """The nodes that a node takes something from."""
    for value in graph[key].get("inputs", {}).values():
        if isinstance(value, list) and len(value) == 2:
            yield str(value[0])


def _class(graph: Graph, key: str) -> str:
    return str(graph[key]["class_type"])


def _errors(graph: Graph, key: str, shelf: Shelf) -> list[dict[str, Any]]:
    name, inputs = _class(graph, key), graph[key].get("inputs", {})
    found = []
    for told in shelf.nodes[name].takes:
        bare = told.removesuffix("?")
        if bare in inputs:
            if error := _wrong(graph, inputs[bare], bare, name, shelf):
                found.append(error)
        elif bare == told:
            more = {"input_name": bare}
            found.append(
                _trouble("required_input_missing", "Required input is missing", bare, more)
            )
    return found


def _wrong(graph: Graph, value: Any, key: str, name: str, shelf: Shelf) -> dict[str, Any] | None:
    config = shelf.config(name, key) or ["*", {}]
    more = {"input_name": key, "input_config": config, "received_value": value}
    kind, limits = config[0], config[1] if len(config) > 1 else {}
    if isinstance(value, list):
        return _link(graph, value, kind, more, shelf)
    choices = limits.get("options") if kind == "COMBO" else kind
    if isinstance(choices, list):
        if value in choices:
            return None
        if name == "LoadImage":
            details = f"{key} - Invalid image file: {value}"
            words = "Custom validation failed for node"
            return _trouble("custom_validation_failed", words, details, {"input_name": key})
        details = f"{key}: '{value}' not in {choices}"
        return _trouble("value_not_in_list", "Value not in list", details, more)
    return _number(value, kind, limits, more) if kind in {"INT", "FLOAT"} else None


def _link(
    graph: Graph, value: list[Any], kind: Any, more: dict[str, Any], shelf: Shelf
) -> dict[str, Any] | None:
    if value[0] not in graph:
        words, why = "Exception when validating node", {"exception_type": "KeyError"}
        return _trouble("exception_during_validation", words, f"'{value[0]}'", why)
    given = shelf.nodes[_class(graph, value[0])].gives[value[1]]
    if kind in {"*", given}:
        return None
    key = more["input_name"]
    details = f"{key}, received_type({given}) mismatch input_type({kind})"
    told = {"input_name": key, "input_config": more["input_config"], "received_type": given}
    told["linked_node"] = value
    words = "Return type mismatch between linked nodes"
    return _trouble("return_type_mismatch", words, details, told)


def _number(
    value: Any, kind: str, limits: Mapping[str, Any], more: dict[str, Any]
) -> dict[str, Any] | None:
    key = more["input_name"]
    try:
        found = int(value) if kind == "INT" else float(value)
    except (TypeError, ValueError) as error:
        words = f"Failed to convert an input value to a {kind} value"
        told = more | {"exception_message": str(error)}
        return _trouble("invalid_input_type", words, f"{key}, {value}, {error}", told)
    if found < limits.get("min", found):
        words = f"Value {value} smaller than min of {limits['min']}"
        return _trouble("value_smaller_than_min", words, key, more)
    if found > limits.get("max", found):
        words = f"Value {value} bigger than max of {limits['max']}"
        return _trouble("value_bigger_than_max", words, key, more)
    return None


def _trouble(kind: str, message: str, details: str, more: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": kind, "message": message, "details": details, "extra_info": dict(more)}


def _error(kind: str, message: str, details: str) -> dict[str, Any]:
    return _trouble(kind, message, details, {})
