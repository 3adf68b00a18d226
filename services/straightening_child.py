"""A child process: makes a page easier to read, and answers with it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from services.errand_child import Errand, Work, serve
from services.straightening import straightened


def straighten(errand: Errand) -> Mapping[str, object]:
    """Answer with a PNG in base64, which is empty where there is no room for a letter."""
    page = straightened(Path(errand["path"]))
    if page is None:
        return {"page": ""}
    file = BytesIO()
    page.save(file, "PNG", compress_level=1)
    return {"page": b64encode(file.getvalue()).decode()}


def prepare(_settings: Errand) -> Work:
    """There is nothing to load."""
    return straighten


if __name__ == "__main__":
    serve(prepare)
