"""`python -m playground` starts the playground and says where it listens."""

import argparse
import asyncio
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence

from playground.options import Options
from playground.server import Playground

_EPOCH = 1_700_000_000


def _arguments(line: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="playground", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8090)
    parser.add_argument(
        "--allow-host", action="append", default=[], help="another name to be called by"
    )
    parser.add_argument("--token", default="1000:playground")
    parser.add_argument("--name", default="Hearthbot", help="the bot's first name")
    parser.add_argument("--username", default="hearthbot_bot")
    parser.add_argument("--privacy-mode", action="store_true", help="as in BotFather")
    parser.add_argument("--json", action="store_true", help="print the address as JSON")
    parser.add_argument("--until-stdin-closes", action="store_true")
    return parser.parse_args(line)


def _options(given: argparse.Namespace) -> Options:
    return Options(
        host=given.host,
        port=given.port,
        token=given.token,
        bot_name=given.name,
        bot_username=given.username,
        allowed_hosts=tuple(given.allow_host),
        privacy_mode=given.privacy_mode,
        first_message=int(time.time()) - _EPOCH,
    )


async def _serve(given: argparse.Namespace) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if given.until_stdin_closes:
        _watch_stdin(loop, stop)
    async with Playground(_options(given)) as play:
        sys.stdout.write(_greeting(play, as_json=given.json) + "\n")
        sys.stdout.flush()
        await stop.wait()


def _watch_stdin(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    def watch() -> None:
        while os.read(0, 4096):  # not sys.stdin: its lock would be held when the program ends
            pass
        loop.call_soon_threadsafe(stop.set)

    threading.Thread(target=watch, name="stdin", daemon=True).start()


def _greeting(play: Playground, *, as_json: bool) -> str:
    if as_json:
        return json.dumps({"url": play.url, "token": play.token})
    return f"Playground: {play.url}  (token {play.token})"


if __name__ == "__main__":
    asyncio.run(_serve(_arguments()))
