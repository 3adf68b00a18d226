"""The tables of the file that say how much people may use: [quota.SKILL] and [roles.NAME]."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from bot.config_files import Place, expect_table, read
from bot.quota_settings import USUAL_QUOTAS, Quota, Role, RoleQuota

METERED = ("chat", "vision", "hear", "speak", "image", "video")
COUNTED = ("image", "video")
"""What is counted by pieces and by months, and may differ by role."""

ADMINS = "admins"
"""The role of those who run the bot; nobody need be listed in it."""


def read_quotas(raw: Mapping[str, Any], source: str) -> Mapping[str, Quota]:
    """What everybody may use of each skill; raises ConfigError."""
    place = Place(source, "[quota]")
    tables = expect_table(raw.get("quota", {}), place)
    _refuse_unknown(tables, METERED, place)
    return MappingProxyType(
        {
            skill: _quota(skill, tables.get(skill, {}), Place(source, f"[quota.{skill}]"))
            for skill in (*USUAL_QUOTAS, *(name for name in tables if name not in USUAL_QUOTAS))
        }
    )


def read_roles(raw: Mapping[str, Any], source: str) -> Mapping[str, Role]:
    """Who may use more, or less; raises ConfigError."""
    tables = expect_table(raw.get("roles", {}), Place(source, "[roles]"))
    return MappingProxyType({name: _role(name, table, source) for name, table in tables.items()})


def _quota(skill: str, raw: object, place: Place) -> Quota:
    table = expect_table(raw, place)
    return read(Quota, {**USUAL_QUOTAS.get(skill, {}), **table}, place, {})


def _role(name: str, raw: object, source: str) -> Role:
    place = Place(source, f"[roles.{name}]")
    table = expect_table(raw, place)
    role = read(Role, {**table, "quota": {}}, place, {})
    if name != ADMINS and not role.people:
        raise place.error("people", f'must name somebody; only the role "{ADMINS}" need not')
    return Role(role.people, _role_quotas(name, table.get("quota", {}), source))


def _role_quotas(name: str, raw: object, source: str) -> Mapping[str, RoleQuota]:
    place = Place(source, f"[roles.{name}.quota]")
    tables = expect_table(raw, place)
    _refuse_unknown(tables, COUNTED, place)
    return MappingProxyType(
        {
            skill: read(RoleQuota, table, Place(source, f"[roles.{name}.quota.{skill}]"), {})
            for skill, table in tables.items()
        }
    )


def _refuse_unknown(tables: Mapping[str, Any], known: tuple[str, ...], place: Place) -> None:
    for skill in tables:
        if skill not in known:
            raise place.unknown(skill, known, "table")
