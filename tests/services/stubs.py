"""Programs that stand where tesseract would: they know languages, and then do as they are told."""

from pathlib import Path


def stub(folder: Path, reads: str, lists: str = "") -> str:
    """The path of a program that runs the shell's words `reads` when it is to read.

    It says that it knows English, or runs `lists` for that.
    """
    listing = lists or f"printf 'List of available languages in \"{folder}\" (2):\\neng\\nosd\\n'"
    program = folder / "tesseract"
    program.write_text(
        f'#!/bin/sh\nif [ "$1" = --list-langs ]; then {listing}; exit; fi\n{reads}\n'
    )
    program.chmod(0o755)
    return str(program)
