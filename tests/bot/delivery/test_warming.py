"""The first answer is as quick as the second."""

import asyncio
import subprocess
import sys

from bot.delivery.calls import SendText
from bot.delivery.session import Session
from bot.delivery.warming import CALLS, warm

COLD = """
import time
import bot.lazy_aiogram
from bot.delivery.session import Session
from bot.delivery.warming import warm
began = time.perf_counter()
warm(Session("http://127.0.0.1:9"))
print(f"{time.perf_counter() - began:.2f} s")
"""


async def test_all_that_is_needed_is_built() -> None:
    """After warming, in a thread, our calls are complete models."""
    await asyncio.to_thread(warm, Session("http://127.0.0.1:9"))
    assert all(call.__pydantic_complete__ for call in CALLS)
    assert SendText(chat_id=1, text="Hello").text == "Hello"


def test_a_cold_program_can_be_warmed() -> None:
    """It works as the first thing that a program does; the time is printed."""
    done = subprocess.run([sys.executable, "-c", COLD], check=True, capture_output=True, text=True)
    sys.stdout.write(done.stdout)
    assert done.stdout.endswith(" s\n")
