"""The page's files fit together."""

import re

from playground.options import PAGE


def test_every_module_is_named_for_loading_at_once() -> None:
    """One that index.html does not name is found late, one that is gone is asked for in vain."""
    index = (PAGE / "index.html").read_text()
    named = set(re.findall(r'modulepreload" href="/page/([\w.]+)"', index))
    modules = {path.name for path in PAGE.glob("*.js")} - {"app.js", "first_paint.js"}
    assert modules == named
