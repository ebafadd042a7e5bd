"""Computing time: notice periods, months, court days, clear days, EU periods, receipt of notices, limitation, clocks.

Every rule takes its convention as an argument, because the documents state it; nothing is assumed.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

import robustgen

DAY = timedelta(days=1)
OPENING, CLOSING = time(9), time(17)


def _holidays(rows: Iterable[Any]) -> frozenset[date]:
    return frozenset(date(int(r.year), int(r.month), int(r.day)) for r in rows)


def _rest(day: date, holidays: frozenset[date] = frozenset()) -> bool:
    return day.weekday() >= 5 or day in holidays


def _roll(day: date, step: timedelta, holidays: frozenset[date] = frozenset()) -> date:
    while _rest(day, holidays):
        day += step
    return day


def _last(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def add_months(start: date, n: Any) -> tuple[int, int]:
    """Return year and month so many months after a date's month."""
    total = start.year * 12 + start.month - 1 + int(n)
    return total // 12, total % 12 + 1


@robustgen.rule
def notice_by(expiry: date, n: Any, convention: str, roll: str) -> date:
    """Return the last day for a notice "not less than" n days before expiry.

    Plain: expiry less n days. Clear: neither the day of the notice nor the day of expiry counts, one day earlier.
    ``preceding`` moves a weekend back to Friday; ``fixed`` leaves it.
    """
    day = expiry - timedelta(days=int(n) + (1 if convention == "clear" else 0))
    return _roll(day, -DAY) if roll == "preceding" else day


@robustgen.rule
def month_end_of(given: date, n: Any, rule: str) -> date:
    """Return the last day of n months that begin on a day.

    ``last``: the corresponding date, else the month's last day. ``following``: else the day after (Brazil, C. Civil 132 par. 3).
    ``day_before``: counted from the next day, ends the day before its corresponding day (Japan, Civil Code 143).
    """
    if rule == "day_before":
        first = given + DAY
        year, month = add_months(first, n)
        return date(year, month, first.day) - DAY if first.day <= _last(year, month) else date(year, month, _last(year, month))
    year, month = add_months(given, n)
    if given.day <= _last(year, month):
        return date(year, month, given.day)
    end = date(year, month, _last(year, month))
    return end + DAY if rule == "following" else end


@robustgen.rule
def federal_deadline(event: date, n: Any, direction: str, holidays: Iterable[Any]) -> date:
    """Return the last day of a period in days under FRCP 6(a)(1) and (5): every day counts, the end rolls on in the same direction."""
    step = DAY if direction == "after" else -DAY
    return _roll(event + step * int(n), step, _holidays(holidays))


@robustgen.rule
def clear_days_day(event: date, n: Any, direction: str, holidays: Iterable[Any]) -> date:
    """Return the day that leaves or ends n clear days (CPR 2.8): periods of five days or less skip weekends and bank holidays.

    Before an event: the latest day of service. After it: the last day of the period, moved to the next day the court office is open.
    """
    closed = _holidays(holidays)
    step = DAY if direction == "after" else -DAY
    day = event
    left = int(n) + (1 if direction == "before" else 0)
    while left:
        day += step
        if int(n) > 5 or not _rest(day, closed):
            left -= 1
    return _roll(day, DAY, closed) if direction == "after" else day


@robustgen.rule
def eu_period_end(start: date, n: Any, holiday: date | None) -> date:
    """Return the end of a period in days (Regulation 1182/71 Art 3(1), (4), (5)).

    The day of the event does not count; an end on a Saturday, Sunday or holiday moves to the next working day; a period of two
    days or more holds at least two working days.
    """
    closed = frozenset({holiday} if holiday else ())
    end = _roll(start + timedelta(days=int(n)), DAY, closed)
    while int(n) >= 2 and sum(not _rest(start + DAY * i, closed) for i in range(1, (end - start).days + 1)) < 2:
        end = _roll(end + DAY, DAY, closed)
    return end


@robustgen.rule
def received_at(sent: datetime, business_days: Any, holiday: date | None) -> datetime:
    """Return when a notice counts as received.

    0 business days: at the time of sending between 09:00 and 17:00 on a business day, else at 09:00 when business next opens.
    n business days: at 09:00 on the n-th business day after posting.
    """
    closed = frozenset({holiday} if holiday else ())
    day = sent.date()
    if not int(business_days):
        if not _rest(day, closed):
            if OPENING <= sent.time() <= CLOSING:
                return sent
            if sent.time() < OPENING:
                return datetime.combine(day, OPENING)
        return datetime.combine(_roll(day + DAY, DAY, closed), OPENING)
    for _ in range(int(business_days)):
        day = _roll(day + DAY, DAY, closed)
    return datetime.combine(day, OPENING)


@robustgen.rule
def limitation_end(law: Any, accrued: date, known: date | None) -> date:
    """Return the last day to sue: years from the day of accrual, or from the end of the year of accrual and knowledge."""
    years = int(law.years)
    if law.mode == "year_end":
        base = max(accrued, known or accrued)
        return date(base.year + years, 12, 31)
    return month_end_of(accrued, 12 * years, "last")


@robustgen.rule
def german_notice_end(years: Any, received: date) -> date:
    """Return the end of employment after the employer's notice (BGB 622(1) and (2)): four weeks to the 15th or the month's end, or months to a month's end."""
    months = 0
    for least, n in ((20, 7), (15, 6), (12, 5), (10, 4), (8, 3), (5, 2), (2, 1)):
        if int(years) >= least:
            months = n
            break
    if months:
        year, month = add_months(received, months)
        return date(year, month, _last(year, month))
    first = received + timedelta(weeks=4)
    return first.replace(day=15) if first.day <= 15 else first.replace(day=_last(first.year, first.month))


@robustgen.rule
def uk_notice_weeks(years: Any) -> int:
    """Return the statutory weeks of notice from the employer (ERA 1996 s86): one a year, at least one, at most twelve."""
    return min(max(int(years), 1), 12)


def _last_sunday(year: int, month: int) -> int:
    last = date(year, month, _last(year, month))
    return last.day - (last.weekday() + 1) % 7


def _nth_sunday(year: int, month: int, n: int) -> int:
    first = date(year, month, 1)
    return 1 + (6 - first.weekday()) % 7 + 7 * (n - 1)


def _offset(zone: Any, utc: datetime) -> timedelta:
    """Return a zone's distance from UTC at a moment of UTC: fixed, EU summer time, or US daylight time."""
    base = timedelta(hours=int(zone.offset))
    y = utc.year
    if zone.summer == "eu":
        start, end = datetime(y, 3, _last_sunday(y, 3), 1), datetime(y, 10, _last_sunday(y, 10), 1)
    elif zone.summer == "us":
        start, end = datetime(y, 3, _nth_sunday(y, 3, 2), 2) - base, datetime(y, 11, _nth_sunday(y, 11, 1), 1) - base
    else:
        return base
    return base + timedelta(hours=1) if start <= utc < end else base


def _to_utc(zone: Any, local: datetime) -> datetime:
    for hours in (int(zone.offset) + 1, int(zone.offset)):
        utc = local - timedelta(hours=hours)
        if utc + _offset(zone, utc) == local:
            return utc
    return local - timedelta(hours=int(zone.offset))


@robustgen.rule
def clock_end(aware: datetime, hours: Any, zone: Any, basis: str) -> datetime:
    """Return the local end of a clock of elapsed hours; on the basis ``reg`` the hour of the event is not counted (Reg 1182/71 Art 3(1))."""
    start = aware.replace(minute=0) + timedelta(hours=1) if basis == "reg" else aware
    utc = _to_utc(zone, start) + timedelta(hours=int(hours))
    return utc + _offset(zone, utc)


@robustgen.rule
def request_due(received: date) -> date:
    """Return the end of one month for a data-subject request (GDPR Art 12(3), Reg 1182/71 Art 3(2)(c) and (4)): a weekend moves it on."""
    return _roll(month_end_of(received, 1, "last"), DAY)


@robustgen.rule
def distance_days(a: date, b: date) -> int:
    """Return the days from one date to another."""
    return (b - a).days


@robustgen.rule
def sent_at_noon() -> time:
    """Return noon, for dates that need a time of day."""
    return time(12)


@robustgen.rule
def late_evening() -> time:
    """Return one minute to midnight."""
    return time(23, 59)
