"""What a method gets and gives."""

from collections.abc import Callable
from typing import Any

from playground.params import Params
from playground.telegram import Telegram

Method = Callable[[Telegram, Params], Any]
"""A method takes Telegram and its parameters; it gives a result or something to await."""
