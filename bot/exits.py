"""What the exit codes mean, and the one line that goes with them."""

import sys

DONE, FAILED, MISUSED, MISCONFIGURED, WRONG_TOKEN, ANOTHER_COPY, STORAGE, UNWELL = range(8)


def told(sentence: str, code: int) -> int:
    """Say why the program ends; gives the code back."""
    sys.stderr.write(f"hearthbot: {sentence}\n")
    return code
