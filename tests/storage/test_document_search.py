"""Questions find the passages that have their words, in whatever form, and break nothing."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.documents import InChat, InDocument
from storage.database import Database
from storage.documents import Documents
from storage.word_index import ENOUGH
from tests.storage.library import places, stored


@pytest.fixture
def documents(database: Database) -> Documents:
    """The documents of the database."""
    return Documents(database)


LEASE = (
    "The tenant pays the rent on the first day of every month.",
    "Either side may terminate this agreement with three months of notice.",
    "Арендатор оплачивает коммунальные услуги отдельно от аренды.",
    "Сторони підписали договір у двох примірниках, об'єкт передано.",
    "The deposit of 1,500 EUR is kept in the café's account no. DE89-3704.",
)


@pytest.mark.parametrize(
    ("question", "page"),
    [
        ("When is the rent due?", 1),
        ("RENTS", 1),
        ("termination notice period", 2),
        ("tenants paying", 1),
        ("кто платит за коммунальную услугу?", 3),
        ("об арендаторах", 3),
        ("кількість примірників договору", 4),
        ("обʼєкти", 4),
        ("об’єкту", 4),
        ("cafe", 5),
        ("CAFÉ", 5),
        ("what is the deposit", 5),
        ("DE89", 5),
        ("3704?", 5),
    ],
)
async def test_a_question_finds_its_page(documents: Documents, question: str, page: int) -> None:
    """In other forms of the words, other case, with and without accents and apostrophes."""
    document = await stored(documents, *LEASE)
    found = await documents.search(InDocument(document), question)
    assert page == found[0].page
    assert LEASE[page - 1] == found[0].text
    assert 0 < found[0].score <= 1


async def test_the_words_of_a_question_that_say_nothing_find_nothing(documents: Documents) -> None:
    """Unless they are all that it has."""
    document = await stored(documents, "What is it?", "Rent is due.", "Что это?")
    found = await documents.search(InDocument(document), "What is the rent?")
    assert [(document, 2)] == places(found)
    assert 1 == (await documents.search(InDocument(document), "What is it?"))[0].page
    assert [(document, 3)] == places(await documents.search(InDocument(document), "а что это"))


async def test_what_has_more_of_the_question_comes_first(documents: Documents) -> None:
    """And of words the rare ones tell more."""
    common = ["the landlord lives in the house"] * 8
    document = await stored(documents, *common, "the landlord keeps a parrot", "a parrot speaks")
    found = await documents.search(InDocument(document), "landlord parrot", limit=3)
    assert [9, 10, 1] == [one.page for one in found]
    assert found[0].score > found[1].score > found[2].score


async def test_a_whole_word_comes_before_a_longer_one(documents: Documents) -> None:
    """What only begins like it is found, too."""
    document = await stored(documents, "statuesque", "статуя", "статус", "statues")
    found = await documents.search(InDocument(document), "statue")
    assert [4, 1] == [one.page for one in found]


async def test_a_question_stays_in_its_document_or_chat(documents: Documents) -> None:
    """Nobody finds what was sent to another chat, and numbers that begin alike are apart."""
    mine = [await stored(documents, "the rent is due", chat=-10) for _ in range(11)]
    other = await stored(documents, "the rent is due", chat=-100)
    assert [(mine[0], 1)] == places(await documents.search(InDocument(mine[0]), "rent"))
    assert mine == [one.document for one in await documents.search(InChat(-10), "rent", 50)]
    assert [(other, 1)] == places(await documents.search(InChat(-100), "rent"))
    assert [] == await documents.search(InChat(10), "rent")
    assert [] == await documents.search(InChat(-10), "_c_100 _d1 c_100 d1")


async def test_a_long_page_is_found_by_its_passage(documents: Documents) -> None:
    """What is handed to a model is a piece of the page, at borders of sentences."""
    filler = "Nothing of note happens in this sentence of the book. " * 60
    document = await stored(documents, f"{filler}The parrot's name is Ivan.\n\n{filler}")
    [found] = await documents.search(InDocument(document), "name of the parrot", 1)
    assert "The parrot's name is Ivan." in found.text
    assert len(found.text) <= 1200
    assert found.text.startswith("Nothing of note") or found.text.startswith("The parrot")


async def test_words_that_lines_break_are_whole(documents: Documents) -> None:
    """Text layers break words where the printed line did."""
    document = await stored(documents, "Арен-\nдатор платит", "soft\u00adware")
    assert [1] == [one.page for one in await documents.search(InDocument(document), "арендатора")]
    assert [2] == [one.page for one in await documents.search(InDocument(document), "software")]


async def test_scripts_without_blanks_are_found(documents: Documents) -> None:
    """Sign by sign, the page with most of them first."""
    document = await stored(documents, "本合同期限为三年", "房租每月一日支付")
    found = await documents.search(InDocument(document), "合同期限")
    assert 1 == found[0].page


async def test_a_limit_is_a_limit(documents: Documents) -> None:
    """Of equal ones those come first that stand first."""
    document = await stored(documents, *["rent"] * 5)
    found = await documents.search(InDocument(document), "rent", 3)
    assert [1, 2, 3] == [one.page for one in found]
    assert [] == await documents.search(InDocument(document), "rent", 0)
    assert [] == await documents.search(InDocument(document), "rent", -1)


async def test_a_word_that_is_everywhere_still_finds(documents: Documents) -> None:
    """More passages than are looked at, and the rare word beside it decides."""
    texts = ["rent"] * (ENOUGH + 20)
    document = await stored(documents, *texts, "rent parrot")
    assert 8 == len(await documents.search(InDocument(document), "rent"))
    found = await documents.search(InDocument(document), "rent parrot")
    assert [ENOUGH + 21] == [one.page for one in found]


SPOILERS = [
    "",
    '"',
    "'",
    "\\",
    "* OR NOT (",
    'words:"rent" NEAR/2 ^a - {b} + c',
    "rent' | !'x' <-> & :*",
    "\x00\ud800 rent",
    "%_;--",
    "rent*",
    "AND",
    "NOT rent",
    "_d1",
    "ᾘ ß İ ﬁ ½ ² Ⅷ",
    "rent " * 2000,
    "".join(chr(code) for code in range(0x20, 0x3000, 7)),
]


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    """A loop for tests that hypothesis repeats."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.mark.parametrize("question", SPOILERS)
async def test_no_question_is_a_mistake(documents: Documents, question: str) -> None:
    """Quotes, operators and what is no text are not understood as such."""
    document = await stored(documents, *LEASE)
    for scope in (InDocument(document), InChat(1)):
        assert len(await documents.search(scope, question)) <= 5


def test_any_text_is_found_again_by_its_own_words(url: str, runner: asyncio.Runner) -> None:
    """Whatever letters it has: both databases index all that is looked for."""
    database = runner.run(Database.open(url, durable=False))
    documents = Documents(database)

    @settings(
        max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    @given(text=st.text(min_size=1, max_size=60), question=st.text(max_size=60))
    @example(text="𝒞 ﷺ ꙮ", question="'")
    def check(text: str, question: str) -> None:
        document = runner.run(stored(documents, text))
        runner.run(documents.search(InDocument(document), question))
        found = runner.run(documents.search(InDocument(document), text))
        assert any(sign.isalnum() for sign in text) <= (places(found) == [(document, 1)])

    try:
        check()
    finally:
        runner.run(database.close())


async def test_the_index_keeps_step_with_the_passages(
    make_sqlite_url: Callable[[], str], opened: Callable[[str], object]
) -> None:
    """SQLite itself finds nothing wrong after pages came, changed and went."""
    url = make_sqlite_url()
    async with await Database.open(url, durable=False) as database:
        documents = Documents(database)
        first = await stored(documents, *LEASE)
        await stored(documents, *LEASE)
        await documents.remove(first)
    with closing(sqlite3.connect(Path(str(make_url(url).database)))) as connection:
        connection.execute("INSERT INTO passage_words(passage_words) VALUES ('integrity-check')")
        wanted = "SELECT rowid FROM passage_words WHERE passage_words MATCH 'rent' ORDER BY rowid"
        there = "SELECT id FROM passages WHERE ' ' || words || ' ' LIKE '% rent %' ORDER BY id"
        assert 1 == len(connection.execute(wanted).fetchall())
        assert connection.execute(there).fetchall() == connection.execute(wanted).fetchall()


@pytest.mark.postgres
async def test_postgres_looks_words_up_in_its_index(
    make_postgres_url: Callable[[], str],
) -> None:
    """The expression that is asked for is the one that is indexed."""
    expression = "array_to_tsvector(string_to_array(words, ' '))"
    plain = f"EXPLAIN SELECT id FROM passages WHERE {expression} @@ CAST('a' AS tsquery)"  # noqa: S608

    async def plan(connection: AsyncConnection) -> str:
        await connection.execute(text("SET enable_seqscan = off"))
        return "\n".join((await connection.execute(text(plain))).scalars())

    async with await Database.open(make_postgres_url(), durable=False) as database:
        assert "Bitmap Index Scan on passage_words" in await database.read(plan)
