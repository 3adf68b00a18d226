"""Configurations written to a folder and read back."""

import os
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_type_hints

import pytest

from bot.config import Config, ConfigError, load

TOKEN = "123456789:AAabcdefghijklmnopqrstuvwxyz0123456"
PARROT = 'use = "tests.bot.strange_backends:Parrot"\nurl = "http://127.0.0.1:1"\n'


def loaded(folder: Path, text: str, environ: Mapping[str, str] | None = None) -> Config:
    """Load a file with this text."""
    file = folder / "config.toml"
    file.write_text(text, encoding="utf-8")
    return load(file, environ or {})


def complaint(folder: Path, text: str, environ: Mapping[str, str] | None = None) -> str:
    """The error that loading a file with this text ends in, without the folder's name."""
    with pytest.raises(ConfigError) as caught:
        loaded(folder, text, environ)
    return str(caught.value).replace(f"{folder}{os.sep}", "")


def settings_of(cls: type[Any], without: tuple[str, ...] = ()) -> set[str]:
    """The dotted names of all settings of a record that the file may set."""
    names: set[str] = set()
    hints = get_type_hints(cls)
    for one in fields(cls):
        hint = hints[one.name]
        if is_dataclass(hint) and isinstance(hint, type) and not one.metadata.get("resolved"):
            names |= {f"{one.name}.{inner}" for inner in settings_of(hint)}
        elif not one.metadata.get("resolved") and one.name not in (*without, "source"):
            names.add(one.name)
    return names
