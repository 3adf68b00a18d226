"""The arrows between the parts that import-linter cannot see, and the shape of the parts.

It knows who imports whom; here stands who may open the network, and who may read the environment.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "handlers", "services", "storage", "domain", "playground")
WIRE = {
    f"services/{name}.py" for name in ("wire", "sockets", "pipes", "exchange", "talks", "visits")
}
"""The one place that opens the network for the services: the wire and what it is made of."""

NETWORK = {"aiohttp", "ftplib", "http", "httpcore", "httpx", "requests", "smtplib", "socket"}
NETWORK |= {"websockets"}
OPENERS = {"open_connection", "create_connection", "start_server", "create_server", "urlopen"}
ENVIRONMENT = {"environ", "environb", "getenv", "getenvb", "putenv", "unsetenv"}


def files(*packages: str) -> Iterator[tuple[str, ast.Module]]:
    """The syntax tree of every file of the packages, by its path from the root."""
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.AST) -> set[str]:
    """The outermost package of each module that is imported at run time, anywhere in the tree."""
    names: set[str] = set()
    for node in running(tree):
        if isinstance(node, ast.Import):
            names |= {one.name.partition(".")[0] for one in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").partition(".")[0])
    return names


def named(tree: ast.AST) -> set[str]:
    """Each name that is used or imported, with or without something before its dot."""
    names: set[str] = set()
    for node in running(tree):
        match node:
            case ast.Attribute(attr=name) | ast.Name(id=name) | ast.alias(name=name):
                names.add(name)
    return names


def running(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node but those that only a type checker reads."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        yield node
        yield from running(node)


def opens_the_network(tree: ast.AST) -> bool:
    """Whether a module imports what speaks to the network, or calls what opens it."""
    return bool(imported(tree) & NETWORK or named(tree) & OPENERS)


def reads_the_environment(tree: ast.AST) -> bool:
    """Whether a module touches the variables of the process."""
    return "os" in imported(tree) and bool(named(tree) & ENVIRONMENT)


def test_only_the_wire_opens_the_network() -> None:
    """Services, handlers, storage and domain reach other machines through services/wire.py."""
    wrong = [
        name
        for name, tree in files("services", "handlers", "storage", "domain")
        if name not in WIRE and opens_the_network(tree)
    ]
    assert not wrong


def test_only_the_wire_knows_what_it_is_made_of() -> None:
    """Nobody reaches around services/wire.py to its sockets."""
    inner = {"services.sockets", "services.pipes", "services.talks"}
    wrong = [
        name
        for name, tree in files(*PACKAGES)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in inner and name not in WIRE
    ]
    assert not wrong


def test_only_the_configuration_reads_the_environment() -> None:
    """What a variable changes can be read in one file."""
    wrong = [
        name
        for name, tree in files(*PACKAGES)
        if name != "bot/config.py" and reads_the_environment(tree)
    ]
    assert not wrong


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import httpx", True),
        ("def f():\n from http.client import HTTPConnection", True),
        ("import asyncio\nasync def f(): await asyncio.open_connection('h', 1)", True),
        ("from urllib.request import urlopen", True),
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n import httpx", False),
        ("from urllib.parse import urlsplit", False),
    ],
)
def test_opening_the_network_is_seen_however_it_is_written(code: str, expected: bool) -> None:
    """The check can fail."""
    assert expected == opens_the_network(ast.parse(code))


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import os\nos.environ['X']", True),
        ("from os import getenv\ngetenv('X')", True),
        ("def f():\n import os as o\n return o.getenv('X')", True),
        ("import os\nos.getpid()", False),
        ("def f(environ): return environ['X']", False),
    ],
)
def test_reading_the_environment_is_seen_however_it_is_written(code: str, expected: bool) -> None:
    """The check can fail."""
    assert expected == reads_the_environment(ast.parse(code))


def bodies() -> Iterator[tuple[str, int]]:
    """Each function of the program, and the lines of its body without its docstring."""
    for name, tree in files(*PACKAGES, "locales"):
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[1:] if ast.get_docstring(node) and node.body[1:] else node.body
                yield f"{name}: {node.name}", (body[-1].end_lineno or 0) - body[0].lineno + 1


def test_no_module_is_longer_than_three_hundred_lines() -> None:
    """Whoever opens a file can hold it in their head."""
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
    }
    assert not {name: lines for name, lines in lengths.items() if lines > 300}


def test_no_function_is_longer_than_forty_lines() -> None:
    """And every function can be seen at once; a migration tells its tables in one piece."""
    assert not [
        name for name, lines in bodies() if lines > 40 and "migrations/versions" not in name
    ]


def test_functions_are_short() -> None:
    """Half of all functions have six lines or fewer."""
    assert sorted(lines for _, lines in bodies())[len(list(bodies())) // 2] <= 6
