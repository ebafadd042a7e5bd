"""Business days, settlement, clocks between New York and London, and dates as stated."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import robustgen

CLOSED = {
    "us": "2026-01-01 2026-01-19 2026-02-16 2026-04-03 2026-05-25 2026-06-19 2026-07-03 2026-09-07 2026-11-26 2026-12-25 2027-01-01 2027-01-18",
    "ca": "2026-01-01 2026-02-16 2026-04-03 2026-05-18 2026-07-01 2026-08-03 2026-09-07 2026-10-12 2026-12-25 2026-12-28 2027-01-01",
    "uk": "2026-01-01 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-08-31 2026-12-25 2026-12-28 2027-01-01",
    "de": "2026-01-01 2026-04-03 2026-04-06 2026-05-01 2026-12-24 2026-12-25 2026-12-31 2027-01-01",
}
"""Full holidays; the same days stand with their source in tables/calendars.csv, which a test compares."""
_DAYS = {market: {date.fromisoformat(d) for d in days.split()} for market, days in CLOSED.items()}
_HALF = (date(2026, 11, 27), date(2026, 12, 24))
"""Days of 2026 on which New York closes at 13:00, as in tables/calendars.csv."""


def is_open(day: date, markets: tuple[str, ...]) -> bool:
    """Tell whether all markets are open on a day."""
    return day.weekday() < 5 and not any(day in _DAYS[m] for m in markets)


def _next_open(day: date, markets: tuple[str, ...]) -> date:
    while not is_open(day, markets):
        day += timedelta(days=1)
    return day


@robustgen.rule
def dealt(today: date, market: Any, back: int) -> date:
    """Return the open day that lies ``back`` open days before a day, for 6 the last closed day before it."""
    day = today
    while is_open(day, (str(market),)) == (back == 6):
        day -= timedelta(days=1)
    for _ in range(back % 6):
        day -= timedelta(days=1)
        while not is_open(day, (str(market),)):
            day -= timedelta(days=1)
    return day


@robustgen.rule
def ny_full_day(day: date) -> bool:
    """Tell whether New York trades until 16:00 on a day of 2026."""
    return is_open(day, ("us",)) and day not in _HALF


@robustgen.rule
def settle_on(record: Any) -> date:
    """Return the settlement date; a trade dated on a closed day counts as dealt on the next business day."""
    markets = (str(record.market), *([str(record.second)] if str(record.second) != "plain" else []))
    day = _next_open(record.traded, markets)
    for _ in range(2 if str(record.lag) == "two" else int(record.market.cycle)):
        day = _next_open(day + timedelta(days=1), markets)
    return day


def _sunday(year: int, month: int, which: int) -> date:
    """Return the ``which``-th Sunday of a month, the last for -1."""
    if which > 0:
        first = date(year, month, 1)
        return first + timedelta(days=(6 - first.weekday()) % 7 + 7 * (which - 1))
    last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def london_close(day: date) -> datetime:
    """Return the London time of 16:00 in New York: five hours on, four where only one of the clocks has changed."""
    us = _sunday(day.year, 3, 2) <= day < _sunday(day.year, 11, 1)
    uk = _sunday(day.year, 3, -1) <= day < _sunday(day.year, 10, -1)
    return datetime.combine(day, time(16 + 5 - us + uk))


@robustgen.rule
def stated_date(record: Any) -> dict[str, Any]:
    """Return the value date, with the cut-off where the text names one."""
    made: dict[str, Any] = {"value": record.value_date}
    return made if str(record.question) == "plain" else {**made, "label": record.question}


@robustgen.rule
def clock_answer(record: Any) -> dict[str, Any]:
    """Return the London time of the New York close, or the date of a payment plan as it stands."""
    return {"value": record.value_date if str(record.question) == "schedule" else london_close(record.value_date)}
