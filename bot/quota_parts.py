"""The parts that know what people may use, and the schedule, and what each is made of."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from functools import cached_property

from bot.basics import Basics
from bot.quota_settings import Quota, RoleQuota
from bot.quotas import ADMINS
from services.quota.gallery import Gallery
from services.quota.granting import Acquaintances, Granting, Post
from services.quota.refusing import Refusing
from services.quota.remains import Purse
from services.quota.reminders import RENEWED, Notices, Reminders
from services.quota.rules import USUAL_SECONDS, Role, Rules, Tariff
from services.quota.showing import Showing
from services.quota.terms import Change, Terms
from services.schedule import Schedule
from services.tasks import Task
from services.upkeep import REGULAR, Upkeep
from storage.chats import Chats
from storage.ledger import Ledger
from storage.people import People
from storage.quotas import Amounts, Crowd, Quotas

SHOWN = ("image", "video", "hear", "speak", "vision")
"""The skills that /quota tells of, where somebody has them."""


class QuotaParts:
    """Each is made of others when it is first asked for.

    `arrived` is called when something stands in line; `recover` looks after the dead.
    """

    def __init__(
        self, basics: Basics, arrived: Callable[[], None], recover: Callable[[], Awaitable[None]]
    ) -> None:
        self.basics = basics
        self.arrived = arrived
        self.recover = recover

    @cached_property
    def rules(self) -> Rules:
        """What the owner allows, and to whom."""
        config = self.basics.config
        tariffs = {skill: _tariff(quota) for skill, quota in config.quota.items()}
        roles = tuple(
            Role(
                frozenset(role.people + (config.access.admins if name == ADMINS else ())),
                {skill: _change(one) for skill, one in role.quota.items()},
            )
            for name, role in config.roles.items()
        )
        return Rules(tariffs, roles, time.time)

    @cached_property
    def purse(self) -> Purse:
        """Who knows what everybody has left."""
        return Purse(self.rules, Quotas(self.basics.database))

    @cached_property
    def schedule(self) -> Schedule:
        """What is done at certain times."""
        basics, database = self.basics, self.basics.database
        notices = Notices(basics.jobs, Chats(database), self.arrived)
        ledger = Ledger(database)
        upkeep = Upkeep(basics.tidying, ledger, self.purse.quotas, self.recover, time.time)
        errands = {**upkeep.errands(), RENEWED: notices.renewed}
        return Schedule(basics.config.storage.database_url, errands, REGULAR)

    @cached_property
    def tasks(self) -> dict[str, Task]:
        """The kinds of work that have to do with quotas, by their names."""
        words = self.basics.words
        return {
            **Refusing(words, self.basics.jobs, self.purse).tasks(),
            **Reminders(words, self.purse, self.schedule).tasks(),
            **self._showing.tasks(),
            **self._granting.tasks(),
        }

    @property
    def _showing(self) -> Showing:
        basics, config = self.basics, self.basics.config
        skills = frozenset(skill for skill in SHOWN if getattr(config, skill))
        gallery = Gallery(self.purse, basics.workrooms, basics.shelf)
        return Showing(basics.words, gallery, basics.budget, skills)

    @property
    def _granting(self) -> Granting:
        basics, database = self.basics, self.basics.database
        return Granting(
            basics.words,
            basics.access,
            self.rules,
            self.purse.quotas,
            Acquaintances(People(database), Chats(database)),
            Post(basics.jobs, self.arrived),
        )


def _tariff(quota: Quota) -> Tariff:
    amounts = Amounts(
        quota.per_day, quota.per_month, quota.seconds_per_day, quota.seconds_per_month
    )
    crowd = Crowd(quota.queue_limit, quota.per_user_waiting, quota.per_user_at_once)
    terms = Terms(amounts, crowd, quota.max_seconds)
    return Tariff(terms, quota.timezone, quota.default_seconds or USUAL_SECONDS)


def _change(quota: RoleQuota) -> Change:
    amounts = Amounts(
        quota.per_day, quota.per_month, quota.seconds_per_day, quota.seconds_per_month
    )
    return Change(
        amounts, quota.per_user_waiting, quota.per_user_at_once, quota.max_seconds, quota.unlimited
    )
