"""The command line: which program runs, and what its exit code means."""

from __future__ import annotations

import argparse
import asyncio
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from bot.exits import MISCONFIGURED, told
from domain.errors import ConfigError

EPILOG = """\
examples:
  python -m bot playground                try it in the browser: no token, no graphics card
  python -m bot run --config home.toml    serve Telegram
  python -m bot doctor                    what is reachable, and what to do about the rest
  python -m bot models pull               fetch the weights of the embedded models
  python -m bot worker --tasks film,draw  work on jobs in a process of its own

exit codes:
  0  done, or stopped in good order
  1  failed in an unforeseen way; the log tells
  2  wrong use of the command line
  3  the configuration cannot be used
  4  Telegram does not know the token
  5  another copy of the bot is running
  6  the database or the disk needs a look
  7  doctor: something is missing
"""


def main(words: Sequence[str] | None = None) -> NoReturn:
    """Run a command and exit with its code."""
    arguments = _parser().parse_args(words)
    try:
        code = asyncio.run(_command(arguments))
    except KeyboardInterrupt:
        code = 0
    sys.exit(code)


async def _command(arguments: argparse.Namespace) -> int:
    from bot.config import load  # noqa: PLC0415 - `--help` needs nothing of the program

    try:
        config = load(arguments.config)
        chosen = importlib.import_module(f"bot.commands.{arguments.command}")
        return int(await chosen.main(config, arguments))
    except ConfigError as error:
        return told(str(error), MISCONFIGURED)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bot",
        description="Hearthbot: many people share one self-hosted AI machine through Telegram.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--config", type=Path, metavar="FILE", help="the TOML file to read")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("run", parents=[shared], help="serve Telegram")
    playground = commands.add_parser(
        "playground", parents=[shared], help="serve a page in the browser, without a token"
    )
    playground.add_argument("--host", default="127.0.0.1", help="default: %(default)s")
    playground.add_argument("--port", type=int, default=8090, help="default: %(default)s")
    worker = commands.add_parser("worker", parents=[shared], help="work on jobs only")
    worker.add_argument("--tasks", default="", help="kinds of task, with commas; default: all")
    worker.add_argument("--fed", action="store_true", help=argparse.SUPPRESS)
    doctor = commands.add_parser("doctor", parents=[shared], help="look at every backend")
    doctor.add_argument("--quick", action="store_true", help="only whether the bot is alive")
    models = commands.add_parser("models", parents=[shared], help="weights of embedded models")
    models.add_argument("action", choices=["pull", "list"], help="fetch them, or list them")
    models.add_argument("names", nargs="*", metavar="NAME", help="default: the smallest one")
    return parser
