"""Dates and clocks: due dates, gestational age, elapsed hours across a change of the clocks."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import robustgen

TERM = timedelta(days=280)


def conception_day(record: Any) -> date:
    """Return the first day of the last period, or the day that the scan puts in its place."""
    start: date = record.lmp if record.lmp is not None else record.scan - timedelta(days=record.ga_weeks * 7 + record.ga_days)
    return start


@robustgen.rule
def pregnancy(record: Any) -> dict[str, str]:
    """Return the due date (280 days) and the gestational age on the day of the visit, as weeks+days."""
    start = conception_day(record)
    weeks, days = divmod((record.seen - start).days, 7)
    return {"edd": (start + TERM).isoformat(), "ga": f"{weeks}+{days}"}


@robustgen.rule
def gestation(record: Any) -> int:
    """Return the days of pregnancy on the day of the visit."""
    return (record.seen - conception_day(record)).days


def _changes(zone: Any) -> list[tuple[datetime, datetime]]:
    """Return the UTC instants between which summer time holds."""
    if not zone.dst:
        return []
    found = []
    for first, last in ((zone.forward, zone.back), (zone.forward2, zone.back2)):
        start = datetime.combine(date.fromisoformat(first), time()) + timedelta(hours=zone.forward_utc)
        end = datetime.combine(date.fromisoformat(last), time()) + timedelta(hours=zone.back_utc)
        found.append((start, end))
    return found


def _offset(zone: Any, instant: datetime) -> timedelta:
    summer = any(start <= instant < end for start, end in _changes(zone))
    return timedelta(hours=zone.std + summer)


def to_utc(zone: Any, local: datetime) -> datetime | None:
    """Return the instant of a local time, None where it happens never or twice."""
    found = {local - timedelta(hours=zone.std + s) for s in (0, 1)}
    fitting = [i for i in found if i + _offset(zone, i) == local]
    return fitting[0] if len(fitting) == 1 else None


@robustgen.rule
def next_dose(record: Any) -> str:
    """Return the local time of the next dose after elapsed hours."""
    instant = to_utc(record.zone, datetime.combine(record.day, record.at))
    if instant is None:
        raise ValueError("the last dose was given at an hour that happens never or twice")
    later = instant + timedelta(hours=record.interval)
    return (later + _offset(record.zone, later)).isoformat(timespec="minutes")


@robustgen.rule
def clear_hour(record: Any) -> bool:
    """Tell whether the last dose's local time happens exactly once, and so does the next one's."""
    if record.zone is None:
        return True
    instant = to_utc(record.zone, datetime.combine(record.day, record.at))
    if instant is None:
        return False
    later = instant + timedelta(hours=record.interval)
    return to_utc(record.zone, later + _offset(record.zone, later)) is not None


@robustgen.rule
def dose_days(zone: Any) -> tuple[date, ...]:
    """Return days of the last dose: around the changes of the clocks, at month and year ends, and plain ones."""
    plain = [date(2026, m, d) for m, d in ((2, 28), (4, 30), (6, 17), (9, 9), (12, 31))] + [date(2027, 1, 20), date(2027, 2, 28)]
    if zone is None or not zone.dst:
        return tuple(plain)
    around = [date.fromisoformat(d) - timedelta(days=k) for d in (zone.forward, zone.back, zone.forward2, zone.back2) for k in (0, 1)]
    return (*plain[:3], *around, *plain[3:])
