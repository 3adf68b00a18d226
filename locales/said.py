"""Finds in the code what the bot says: the texts of `voice(...)`, `.many(...)` and `later(...)`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "handlers", "services")

PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Said:
    """A text where it stands; `many` is its plural or empty, `given` the values it is given.

    `given` is None where nobody can tell, as for what is said later.
    """

    file: str
    line: int
    text: str
    many: str = ""
    given: frozenset[str] | None = None

    @property
    def place(self) -> str:
        """Where a reader finds it."""
        return f"{self.file}:{self.line}"


def everything_said(root: Path = ROOT) -> list[Said]:
    """Every text of the program, in the order of the files."""
    files = [file for package in PACKAGES for file in sorted((root / package).rglob("*.py"))]
    return [one for file in files for one in said_in(file, file.relative_to(root).as_posix())]


def said_in(file: Path, name: str) -> Iterator[Said]:
    """The texts of one file; raises ValueError where a text is put together before it is said."""
    nodes = ast.walk(ast.parse(file.read_text(encoding="utf-8")))
    calls = [node for node in nodes if isinstance(node, ast.Call) and node.args]
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        yield from _said(call, name)


def _said(call: ast.Call, file: str) -> Iterator[Said]:
    if isinstance(call.func, ast.Attribute) and call.func.attr == "many" and len(call.args) > 2:
        one, many = (_texts(arg, file) for arg in call.args[:2])
        given = _given(call, {"n"})
        for text, plural in zip(one, many, strict=True):
            yield Said(file, call.lineno, text, plural, given)
    elif _is_voice(call.func):
        given = None if _name(call.func) == "later" else _given(call)
        for text in _texts(call.args[0], file):
            yield Said(file, call.lineno, text, given=given)


def _is_voice(function: ast.expr) -> bool:
    """`voice(...)`, `later(...)`, and what `words.speak(...)` or a method `voice(...)` returned."""
    if isinstance(function, ast.Call):
        return _name(function.func) in ("voice", "speak")
    return _name(function) in ("voice", "later")


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr.lstrip("_")
    return function.id.lstrip("_") if isinstance(function, ast.Name) else ""


def _given(call: ast.Call, always: AbstractSet[str] = frozenset()) -> frozenset[str] | None:
    names = [keyword.arg for keyword in call.keywords]
    return None if None in names else frozenset(name for name in names if name) | always


def _texts(argument: ast.expr, file: str) -> list[str]:
    match argument:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.IfExp(body=body, orelse=other):
            return [*_texts(body, file), *_texts(other, file)]
        case ast.JoinedStr() | ast.BinOp():
            raise ValueError(f"{file}:{argument.lineno}: say one whole text and give it values")
    return []  # a variable: `later` marked its text where it stands
