"""What the documents show works as it stands there."""

import re
import sys
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path

import pytest

from bot.config import build_backend, load
from domain.messages import Role, Turn
from services.graph_cards import card
from services.graphs import PLACES
from services.skills import ChatOptions

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def blocks(path: str, language: str) -> list[str]:
    """The code blocks of a document in one language."""
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / path).read_text(), re.DOTALL)


@pytest.fixture
def parrot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with the backend of the document and a configuration that names it."""
    (tmp_path / "parrot.py").write_text(blocks("docs/add-a-backend.md", "python")[0])
    config = tmp_path / "config.toml"
    config.write_text(blocks("docs/add-a-backend.md", "toml")[0])
    monkeypatch.syspath_prepend(str(tmp_path))
    yield config
    sys.modules.pop("parrot", None)


async def test_the_backend_of_the_document_answers(parrot: Path) -> None:
    """A stranger who copies it has a backend that the program builds and asks."""
    table = load(parrot, {}).chat[0]
    backend = build_backend(table, {})
    asked = [Turn(Role.USER, "Polly wants a cracker")]
    async with aclosing(backend.stream(asked, ChatOptions())) as pieces:
        assert "Polly wants a cracker " == "".join([piece async for piece in pieces])
    assert ("parrot",) == (await backend.ready()).models
    assert 8 == table.slots


def test_the_chain_of_the_readme_is_a_configuration(tmp_path: Path) -> None:
    """Whoever copies it gets three backends in that order."""
    config = tmp_path / "config.toml"
    config.write_text(blocks("README.md", "toml")[0])
    chat = load(config, {}).chat
    assert ["qwen3:8b", "phi3.5:3.8b", "default"] == [table.model for table in chat]
    assert [2, 4] == [table.slots for table in chat[:2]]


def test_what_is_said_of_graphs_can_stand_beside_one(tmp_path: Path) -> None:
    """Every key that is shown is known, and every place."""
    file = tmp_path / "it.toml"
    file.write_text(blocks("docs/graphs.md", "toml")[0])
    assert "Oil painting" == card(file).title
    shown = re.findall(r"{{(\w+)}}", (ROOT / "docs/graphs.md").read_text())
    assert PLACES == set(shown)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    """No reader is sent to a page or a picture that does not exist."""
    links = re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text())
    assert [] == [link for link in links if not (document.parent / link).exists()]


def test_the_glossary_has_each_word_once() -> None:
    """The glossary has each word once, in the order of the alphabet."""
    words = re.findall(r"^\| \*\*(\w+)\*\* \|", (ROOT / "docs/why.md").read_text(), re.MULTILINE)
    assert sorted(words) == words
    assert len(set(words)) == len(words)
    assert "lane" in words
