"""A child that writes down what it is told: `python -m tests.bot.listening_child FILE MANNER`.

`quiet` does nothing else, `idle` says after each line that it has nothing to do, `news` says that
something has changed, `dies` ends at once, and `stubborn` does not end when its input does.
"""

import sys
import time
from pathlib import Path


def listen(file: Path, manner: str) -> None:
    """Write down each line as it comes."""
    with file.open("a", encoding="utf-8") as notes:
        notes.write("begins\n")
        notes.flush()
        if manner == "dies":
            sys.exit(3)
        for line in sys.stdin:
            notes.write(line)
            notes.flush()
            if manner == "idle":
                print("idle", line.strip(), flush=True)  # noqa: T201 - how it speaks
            if manner == "news":
                print("news", flush=True)  # noqa: T201 - how it speaks
        notes.write("ends\n")
    if manner == "stubborn":
        time.sleep(1000)


if __name__ == "__main__":
    listen(Path(sys.argv[1]), sys.argv[2])
