"""When what was used up comes back: at the next midnight, or with the next month."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo

from services.words import Voice, later

MONTHS = (
    later("on 1 January"),
    later("on 1 February"),
    later("on 1 March"),
    later("on 1 April"),
    later("on 1 May"),
    later("on 1 June"),
    later("on 1 July"),
    later("on 1 August"),
    later("on 1 September"),
    later("on 1 October"),
    later("on 1 November"),
    later("on 1 December"),
)


def next_day(now: datetime) -> datetime:
    """The first moment of tomorrow, where `now` is."""
    return _beginning(now.date() + timedelta(days=1), now.tzinfo)


def next_month(now: datetime) -> datetime:
    """The first moment of the next month, where `now` is."""
    month = now.date().replace(day=1) + timedelta(days=31)
    return _beginning(month.replace(day=1), now.tzinfo)


def said(voice: Voice, moment: datetime, now: datetime) -> str:
    """In words: "tomorrow at 00:00 (UTC+2)", "on 1 December at 00:00 (UTC+2)"."""
    clock = f"{moment:%H:%M} ({_offset(moment)})"
    if moment.date() == now.date() + timedelta(days=1):
        return voice("tomorrow at {time}", time=clock)
    return voice("{day} at {time}", day=voice(MONTHS[moment.month - 1]), time=clock)


def _beginning(day: date, zone: tzinfo | None) -> datetime:
    """The first moment of a day: where clocks are put forward at midnight, it is 01:00."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    return datetime.fromtimestamp(midnight.timestamp(), zone)


def _offset(moment: datetime) -> str:
    """How far ahead of UTC the clocks are, as UTC+2 or UTC-3:30."""
    ahead = round((moment.utcoffset() or timedelta()).total_seconds() / 60)
    hours, minutes = divmod(abs(ahead), 60)
    sign = "-" if ahead < 0 else "+"
    return "UTC" + (f"{sign}{hours}" if ahead else "") + (f":{minutes:02}" if minutes else "")
