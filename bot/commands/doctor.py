"""`python -m bot doctor`: one line for each thing that the bot needs."""

from __future__ import annotations

import argparse
import importlib
import sys
from contextlib import aclosing

from bot import lazy_aiogram
from bot.alive import held
from bot.commands.run import LOCK
from bot.exits import DONE, UNWELL
from bot.findings import Finding, State, listed, well
from bot.settings import Config
from domain.errors import BackendError
from services.wire import Ask, Wire

ANSWERS_WITHIN = 8.0


async def main(config: Config, arguments: argparse.Namespace) -> int:
    """Look at everything, or only whether the bot lives; gives the exit code."""
    findings = await (_pulse(config) if arguments.quick else _examined(config))
    sys.stdout.write(listed(findings))
    return DONE if well(findings) else UNWELL


async def _examined(config: Config) -> list[Finding]:
    lazy_aiogram.load()
    found: list[Finding] = await importlib.import_module("bot.examining").examined(config)
    return found


async def _pulse(config: Config) -> list[Finding]:
    if not held(config.storage.data_dir / LOCK):
        return [Finding(State.MISSING, "bot", "does not run", "start it: python -m bot run")]
    lives = Finding(State.WELL, "bot", "runs")
    return [lives, await _health(config.health.listen)] if config.health.listen else [lives]


async def _health(listen: str) -> Finding:
    ask = Ask("health", f"http://{_reachable(listen)}/healthz", patience=ANSWERS_WITHIN)
    async with aclosing(Wire()) as wire:
        try:
            await wire.json(ask)
        except BackendError as error:
            if error.reason.startswith("503"):
                # a restart, which is what follows a bad word from here, brings no model back
                return Finding(State.REMARK, "health", "answers that no model can be reached")
            return Finding(State.MISSING, "health", error.reason, "look at [health] listen")
    return Finding(State.WELL, "health", "answers")


def _reachable(listen: str) -> str:
    """Who listens everywhere is asked here."""
    host, _, port = listen.rpartition(":")
    return f"127.0.0.1:{port}" if host in ("0.0.0.0", "[::]") else listen
