"""A second opinion on the legal pack: answers worked out anew from the text, or from the facts where the text is free, by other means.

The answering functions import nothing from the package or the pack: regular expressions, the calendar of the standard library and tables
set by hand. ``ROBUSTGEN_DEEP=1`` asks 2,000 cases a task.
"""

from __future__ import annotations

import calendar
import os
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from robustgen.generate.generator import Generator
from robustgen.generate.selection import Selection

COUNT = 2000 if os.environ.get("ROBUSTGEN_DEEP") else 100
Facts = dict[str, Any]
Answer = Callable[[str, Facts], Any]

# --- the second implementation ---------------------------------------------------------------------------------------

MONTHS = {name: i for i, name in enumerate(calendar.month_name) if name} | {name: i for i, name in enumerate(calendar.month_abbr) if name}
DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)|\b(" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r") (\d{1,2}), (\d{4})")
MONEY = re.compile(r"(?:EUR |GBP |USD |€|£|\$)(\d[\d,]*\.\d\d)")
PERCENT = re.compile(r"(-?\d+(?:\.\d+)?)%")


def dates(text: str) -> list[date]:
    """Return every date of an English text in order."""
    return [date(int(m[1]), int(m[2]), int(m[3])) if m[1] else date(int(m[6]), MONTHS[m[4]], int(m[5])) for m in DATE.finditer(text)]


def sums(text: str) -> list[Fraction]:
    """Return every amount of money."""
    return [Fraction(m[1].replace(",", "")) for m in MONEY.finditer(text)]


def percents(text: str) -> list[Fraction]:
    """Return every percentage."""
    return [Fraction(m[1]) for m in PERCENT.finditer(text)]


def first_number(pattern: str, text: str) -> Fraction:
    """Return the first group of a pattern that matched."""
    found = re.search(pattern, text)
    assert found, text
    return Fraction(next(g for g in found.groups() if g))


def cents(value: Fraction) -> Fraction:
    """Round half up to the cent by decimal arithmetic."""
    exact = Decimal(value.numerator).scaleb(12) // value.denominator
    return Fraction(exact.scaleb(-12).quantize(Decimal("0.01"), ROUND_HALF_UP))


def renewal(text: str, _: Facts) -> str:
    """LG-T01 from the text."""
    n = int(first_number(r"\((\d+)\) days|(\d+) days", text))
    clear = re.search(r"clear days|left out of account|neither the day", text) is not None
    day = date.fromordinal(dates(text)[0].toordinal() - n - clear)
    while re.search(r"Friday before|preceding Friday|Fri before", text) and day.isoweekday() > 5:
        day = date.fromordinal(day.toordinal() - 1)
    return day.isoformat()


LAST_DAY = {"england", "germany", "france", "spain", "italy", "eu", "china"}


def end_of_months(_: str, facts: Facts) -> str:
    """LG-T02 from the facts, with a table of the laws set by hand."""
    given, n = facts["given"], int(facts["n"])
    start = given + timedelta(1) if facts["law"] == "japan" else given
    month0 = start.month - 1 + n
    year, month = start.year + month0 // 12, month0 % 12 + 1
    days_in = calendar.monthrange(year, month)[1]
    if facts["law"] == "japan":
        return (date(year, month, days_in) if start.day > days_in else date(year, month, start.day) - timedelta(1)).isoformat()
    assert facts["law"] in LAST_DAY | {"brazil"}
    if start.day <= days_in:
        return date(year, month, start.day).isoformat()
    return (date(year, month, days_in) + timedelta(facts["law"] == "brazil")).isoformat()


def nth(year: int, month: int, weekday: int, n: int) -> date:
    """Return the n-th weekday of a month, the last for -1."""
    days = [d for d in calendar.Calendar().itermonthdates(year, month) if d.month == month and d.weekday() == weekday]
    return days[n - 1] if n > 0 else days[-1]


def federal_holidays(year: int) -> set[date]:
    """Return the legal public holidays of a year by 5 USC 6103, with the day on which a weekend one is observed."""
    fixed = [date(year, 1, 1), date(year, 6, 19), date(year, 7, 4), date(year, 11, 11), date(year, 12, 25), date(year + 1, 1, 1)]
    moving = [nth(year, 1, 0, 3), nth(year, 2, 0, 3), nth(year, 5, 0, -1), nth(year, 9, 0, 1), nth(year, 10, 0, 2), nth(year, 11, 3, 4)]
    observed = [d - timedelta(1) for d in fixed if d.weekday() == 5] + [d + timedelta(1) for d in fixed if d.weekday() == 6]
    return {*fixed, *moving, *observed}


def federal(text: str, _: Facts) -> str:
    """LG-T03 from the text."""
    n = int(first_number(r"(\d+) days|(\d+) d\b", text))
    step = -1 if re.search(r"at least|at the latest|>=", text) else 1
    day = dates(text)[0] + timedelta(step * n)
    while day.weekday() > 4 or day in federal_holidays(day.year):
        day += timedelta(step)
    return day.isoformat()


BANK = {date.fromisoformat(d) for d in ["2026-01-01", "2026-04-03", "2026-04-06", "2026-05-04", "2026-05-25", "2026-08-31", "2026-12-25", "2026-12-28", "2027-01-01", "2027-03-26", "2027-03-29", "2027-05-03", "2027-05-31", "2027-08-30", "2027-12-27", "2027-12-28", "2028-01-03"]}  # fmt: skip


def clear(_: str, facts: Facts) -> str:
    """LG-T04 from the facts: try every day and count the clear days between."""
    event, n = facts["event"], int(facts["n"])

    def counts(day: date) -> bool:
        return n > 5 or (day.weekday() < 5 and day not in BANK)

    if facts["direction"] == "before":
        for back in range(1, 90):
            day = event - timedelta(back)
            if sum(counts(day + timedelta(i)) for i in range(1, back)) == n and counts(day):
                return str(day.isoformat())
    for on in range(1, 90):
        day = event + timedelta(on)
        if sum(counts(event + timedelta(i)) for i in range(1, on + 1)) >= n and day.weekday() < 5 and day not in BANK:
            return str(day.isoformat())
    raise AssertionError(facts)


def eu_period(text: str, _: Facts) -> str:
    """LG-T05 from the text."""
    n = int(first_number(r"\((\d+)\) days|(\d+) days", text))
    delivered, *off = dates(text)
    end = delivered + timedelta(n)
    while True:
        working = [d for i in range(1, (end - delivered).days + 1) if (d := delivered + timedelta(i)).isoweekday() < 6 and d not in off]
        if (end in working) and (n < 2 or len(working) >= 2):
            return end.isoformat()
        end += timedelta(1)


BUSINESS_DAYS = {"email": 0, "courier": 0, "portal": 0, "first_class": 2, "airmail": 5}


def received(_: str, facts: Facts) -> str:
    """LG-T06 from the facts: walk minute by minute, or day by day."""
    sent, off = facts["sent"], facts["holiday"]

    def open_day(day: date) -> bool:
        return day.isoweekday() < 6 and day != off

    days = BUSINESS_DAYS[facts["method"]]
    if days:
        seen = [d for i in range(1, 20) if open_day(d := sent.date() + timedelta(i))]
        return f"{seen[days - 1].isoformat()}T09:00"
    while not (open_day(sent.date()) and (9, 0) <= (sent.hour, sent.minute) <= (17, 0)):
        sent += timedelta(minutes=5)
    return str(sent.isoformat(timespec="minutes"))


def late(text: str, _: Facts) -> Fraction:
    """LG-T07 from the text."""
    due, paid = sorted(dates(text))[:2]
    margin = first_number(r"(\d+) (?:percentage )?(?:points|pts)", text)
    fixed = first_number(r"(\d+) (?:GBP|EUR)\b", text)
    return cents(sums(text)[0] * (percents(text)[0] + margin) / 100 * (paid.toordinal() - due.toordinal()) / 365) + fixed


def cap(_: str, facts: Facts) -> Fraction:
    """LG-T08 from the facts, by cases."""
    net = Fraction(facts["loss"] - facts["lost"])
    if facts["carved"] or facts["kind"] == "uncapped":
        return net
    limits = [Fraction(facts["floor"])] if facts["floor"] is not None else []
    limits += [Fraction(int(facts["percent"]) * facts["charges"], 100)] if facts["percent"] is not None else []
    ceiling = max(limits) if facts["kind"] == "greater" else min(limits)
    return min(net, ceiling)


def credit(text: str, _: Facts) -> Fraction:
    """LG-T09 from the text."""
    days = first_number(r"(\d+)-day month|month of (\d+) days|Days in the month: (\d+)|month had (\d+) days|\((\d+) days\)|/ (\d+) d|, (\d+) days", text)
    down = first_number(r"(\d+(?:\.\d+)?) min", text)
    marks = sorted({p for p in percents(text) if p > 90})
    shares = sorted({p for p in percents(text) if p < 50})
    up = 100 - 100 * down / (days * 1440)
    share = shares[1] if up < marks[0] else shares[0] if up < marks[1] else Fraction(0)
    return cents(sums(text)[0] * share / 100)


def rent(text: str, _: Facts) -> Fraction:
    """LG-T10 from the text."""
    change = first_number(r"(?:changed? (?:is |by )|change: |here |cpi is |indice says |cpi |CPI |index moved )(-?\d+(?:\.\d+)?)%", text)
    bounds = percents(text)
    bounds.remove(change)
    if bounds:
        change = sorted([change, *bounds])[1]  # the middle of three is the value held between two
    return cents(sums(text)[0] * (100 + change) / 100)


def refund(text: str, _: Facts) -> Fraction:
    """LG-T11 from the text: the two days of the term are 364 days apart, the third is the last day of service."""
    named = dates(text)
    start, finish = next((a, b) for a in named for b in named if (b - a).days == 364)
    last = next(d for d in named if d not in {start, finish})
    return sums(text)[0] * Fraction((finish - last).days, 365)


def duties(_: str, facts: Facts) -> dict[str, list[str]]:
    """LG-T15 from the facts."""
    own = [(str(i), facts[f"d{i}"]) for i in range(1, 6) if facts[f"d{i}"]["actor"] == facts["party"]]
    return {modal: [n for n, d in own if d["modal"] == modal] for modal in ("must", "may", "must_not")}


def leaves(text: str, _: Facts) -> list[str]:
    """LG-T16 from the text: the letter that stands alone in an exception goes."""
    out = first_number_letter(r"[Ii]tem \(([a-f])\)|excl\. \(([a-f])\)|not covered: \(([a-f])\)|\(([a-f])\) is carved out", text)
    return [letter for letter in "abdef" if letter != out]


def first_number_letter(pattern: str, text: str) -> str:
    """Return the letter that a pattern found."""
    found = re.search(pattern, text)
    assert found, text
    return str(next(g for g in found.groups() if g))


YEARS = {"england": 6, "england_deed": 12, "scotland": 5, "new_york": 6, "new_york_goods": 4, "california": 4, "california_oral": 2, "delaware": 3,
         "texas": 4, "ontario": 2, "germany": 3, "france": 5, "spain": 5, "italy": 10, "portugal": 20, "brazil": 10, "china": 3, "india": 3}  # fmt: skip


def limitation(_: str, facts: Facts) -> str:
    """LG-T21 from the facts, with a table of years set by hand."""
    accrued, years = facts["accrued"], YEARS[facts["law"]]
    if facts["law"] == "germany":
        return f"{max(accrued.year, facts['known'].year) + years}-12-31"
    leap = accrued.month == 2 and accrued.day == 29 and not calendar.isleap(accrued.year + years)
    return str(accrued.replace(year=accrued.year + years, day=28 if leap else accrued.day).isoformat())


def employment(_: str, facts: Facts) -> str:
    """LG-T22 from the facts: in Germany try every possible end of employment."""
    years, given = facts["years"], facts["received"]
    if facts["law"] == "uk":
        return str(min(12, max(1, years)))
    months = sum(years >= least for least in (2, 5, 8, 10, 12, 15, 20))
    for on in range(400):
        day = given + timedelta(on)
        month_end = (day + timedelta(1)).day == 1
        whole = (day.year - given.year) * 12 + day.month - given.month
        if months and month_end and whole == months:
            return str(day.isoformat())
        if not months and on >= 28 and (month_end or day.day == 15):
            return str(day.isoformat())
    raise AssertionError(facts)


ZONES = {"berlin": "Europe/Berlin", "paris": "Europe/Paris", "madrid": "Europe/Madrid", "rome": "Europe/Rome", "dublin": "Europe/Dublin",
         "london": "Europe/London", "lisbon": "Europe/Lisbon", "athens": "Europe/Athens"}  # fmt: skip


def clock(_: str, facts: Facts) -> str:
    """LG-T23 from the facts, with the time-zone database."""
    if facts["kind"] == "access":
        got = facts["received"]
        year, month = got.year + got.month // 12, got.month % 12 + 1
        day = date(year, month, min(got.day, calendar.monthrange(year, month)[1]))
        while day.isoweekday() > 5:
            day += timedelta(1)
        return str(day.isoformat())
    zone = ZoneInfo(ZONES[facts["zone"]])
    local = facts["aware"]
    if facts["basis"] == "reg":
        local = local.replace(minute=0) + timedelta(hours=1)
    end = local.replace(tzinfo=zone).astimezone(timezone.utc) + timedelta(hours=72 if facts["kind"] == "breach" else 24)
    return str(end.astimezone(zone).replace(tzinfo=None).isoformat(timespec="minutes"))


def loan(text: str, _: Facts) -> Fraction:
    """LG-T25 from the text."""
    start, end = sorted(dates(text))[:2]
    basis = next(b for b in ("30E/360", "30/360 US", "/360", "/365") if b in text)
    if basis == "30E/360":
        days = (end.year - start.year) * 360 + (end.month - start.month) * 30 + min(end.day, 30) - min(start.day, 30)
    elif basis == "30/360 US":
        last = 30 if end.day == 31 and start.day >= 30 else end.day
        days = (end.year - start.year) * 360 + (end.month - start.month) * 30 + last - min(start.day, 30)
    else:
        days = end.toordinal() - start.toordinal()
    return cents(sums(text)[0] * percents(text)[0] * days / 100 / (365 if basis == "/365" else 360))


ANSWERS: dict[str, Answer] = {
    "LG-T01": renewal, "LG-T02": end_of_months, "LG-T03": federal, "LG-T04": clear, "LG-T05": eu_period, "LG-T06": received, "LG-T07": late,
    "LG-T08": cap, "LG-T09": credit, "LG-T10": rent, "LG-T11": refund, "LG-T15": duties, "LG-T16": leaves, "LG-T21": limitation,
    "LG-T22": employment, "LG-T23": clock, "LG-T25": loan, "LG-X01": lambda text, _: dates(text)[0].isoformat(), "LG-X02": lambda text, _: sums(text)[0],
}  # fmt: skip

# --- the comparison --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("task", sorted(ANSWERS))
def test_the_second_implementation_agrees(task: str) -> None:
    """Every answer of many random cases is what the second implementation says."""
    generator = Generator(Selection(domains=["legal"], tasks=[task], languages=["en"], kinds=["clean"]))
    for i in range(COUNT):
        case = generator.case(i)
        wanted = case.expected.accept[0].value
        got = ANSWERS[task](case.text, dict(case.facts))
        same = got == Fraction(wanted) if isinstance(got, Fraction) else got == wanted
        assert same, f"{task} case {i}: second implementation {got}, pack {wanted}\n{case.facts}\n{case.text}"


def test_the_comparison_can_fail() -> None:
    """An answer one day off is told from the right one."""
    case = Generator(Selection(domains=["legal"], tasks=["LG-T01"], languages=["en"], kinds=["clean"])).case(0)
    right = datetime.fromisoformat(renewal(case.text, {})).date()
    assert (right - timedelta(1)).isoformat() != case.expected.accept[0].value == right.isoformat()
