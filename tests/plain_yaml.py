"""Reads the plain YAML that compose.yaml is written in; whatever else YAML can do is an error."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

Value = str | list["Value"] | dict[str, "Value"]

_ENTRY = re.compile(r"(?P<key>[\w.-]+):(?: (?P<value>.*))?$")


@dataclass
class Lines:
    """The lines that are still to be read: how far each is indented, and what it says."""

    rest: list[tuple[int, str]]

    def next_is_at(self, depth: int) -> bool:
        """Whether the next line belongs to the block at this depth."""
        return bool(self.rest) and self.rest[0][0] == depth


def parse(text: str) -> Value:
    """Read a document of mappings, lists, texts, flow lists of quoted texts and `|` blocks."""
    lines = Lines([(len(line) - len(line.lstrip()), line.strip()) for line in text.splitlines()])
    lines.rest = [(depth, line) for depth, line in lines.rest if not line.startswith("#")]
    value = _block(lines)
    if any(line for _, line in lines.rest):
        raise ValueError(f"cannot read from {lines.rest[0][1]!r}")
    return value


def _block(lines: Lines) -> Value:
    while lines.rest and not lines.rest[0][1]:
        lines.rest.pop(0)
    if not lines.rest:
        return ""
    depth, line = lines.rest[0]
    return _items(lines, depth) if line.startswith("- ") else _mapping(lines, depth)


def _items(lines: Lines, depth: int) -> Value:
    items: list[Value] = []
    while lines.next_is_at(depth) and lines.rest[0][1].startswith("- "):
        line = lines.rest[0][1].removeprefix("- ")
        if _ENTRY.match(line):
            lines.rest[0] = (depth + 2, line)
            items.append(_mapping(lines, depth + 2))
        else:
            items.append(_scalar(lines.rest.pop(0)[1].removeprefix("- ")))
    return items


def _mapping(lines: Lines, depth: int) -> Value:
    found: dict[str, Value] = {}
    while lines.rest and (lines.next_is_at(depth) or not lines.rest[0][1]):
        line = lines.rest.pop(0)[1]
        if not line:
            continue
        entry = _ENTRY.match(line)
        if not entry or entry["key"] in found:
            raise ValueError(f"cannot read {line!r}")
        found[entry["key"]] = _of(entry["value"] or "", lines, depth)
    return found


def _of(value: str, lines: Lines, depth: int) -> Value:
    value = value.partition(" #")[0].strip()
    if value == "|":
        return _verbatim(lines, depth)
    deeper = bool(lines.rest) and lines.rest[0][0] > depth
    return _block(lines) if not value and deeper else _scalar(value)


def _verbatim(lines: Lines, depth: int) -> str:
    taken = []
    while lines.rest and (lines.rest[0][0] > depth or not lines.rest[0][1]):
        taken.append(lines.rest.pop(0)[1])
    return "\n".join(taken)


def _scalar(text: str) -> Value:
    if text.startswith(("[", '"')):
        read: Value = json.loads(text)
        return read
    if text.startswith(("{", "&", "*", "!", "'", ">")):
        raise ValueError(f"cannot read {text!r}")
    return text
