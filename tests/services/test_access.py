"""Who may use the bot."""

from services.access import Access

HOUSE = Access("allow_list", admins=frozenset({1}), allowed=frozenset({2, -100}))


def test_an_open_bot_is_for_everybody() -> None:
    """Without a list there are no strangers."""
    assert Access().allows(7, 7)


def test_those_on_the_list_may_use_it() -> None:
    """People by their number, wherever they write; administrators without being listed."""
    assert HOUSE.allows(2, -5)
    assert HOUSE.allows(1, -5)


def test_a_chat_on_the_list_is_for_all_its_members() -> None:
    """A family's group is let in as a whole, and its members nowhere else."""
    assert HOUSE.allows(7, -100)
    assert not HOUSE.allows(7, 7)


def test_a_closed_bot_without_a_list_is_the_owners() -> None:
    """Whoever forgets the list lets nobody in by mistake."""
    closed = Access("allow_list", admins=frozenset({1}))
    assert [True, False] == [closed.allows(person, person) for person in (1, 2)]


def test_only_administrators_are_administrators() -> None:
    """An open door makes nobody one."""
    assert [True, False] == [HOUSE.is_admin(person) for person in (1, 2)]
    assert not Access().is_admin(1)
