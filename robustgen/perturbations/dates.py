"""The same date in another unambiguous style, computed from the facts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import regex

from robustgen.core.case import Case
from robustgen.core.draw import Draw
from robustgen.core.plugins import Example, NotApplicable, Proposal, Tools, perturbation
from robustgen.perturbations._shared import noisy, rewrite_found
from robustgen.perturbations._values import rerender

__all__ = [
    "clock_style",
    "day_month_year",
    "era_year",
    "form_date",
    "hijri_beside",
    "iso_date",
    "medium_date",
    "month_ordinal",
    "ordinal_day",
    "roman_month",
    "weekday_date",
    "year_first",
]


def _dated(case: Case, draw: Draw, tools: Tools, write: Callable[[date, str], str]) -> Proposal | NotApplicable:
    def made(path: str, old: str) -> str | None:
        field = tools.field(path)
        return write(field.value, tools.render(path, "long") or "") if field is not None else None

    return rerender(case, draw, tools, made, ("date",))


def _months(tools: Tools, day: date) -> str:
    """Return the month's name in the language."""
    from babel.dates import format_date

    return str(format_date(day, "MMMM", locale=tools.language.locale))


@perturbation(effect="preserves", kinds=["noisy"], over_facts=True, strength=0.5, mirrors="system exports write ISO 8601 dates")
def iso_date(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write a date as ISO 8601."""
    return rerender(case, draw, tools, lambda path, old: tools.render(path, "iso"), ("date",))


@perturbation(effect="preserves", kinds=["noisy"], over_facts=True, strength=0.5, mirrors="letters shorten the month")
def medium_date(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write a date with the short name of the month."""
    return rerender(case, draw, tools, lambda path, old: tools.render(path, "medium"), ("date",))


@perturbation(effect="preserves", kinds=["noisy"], languages=["en"], over_facts=True, strength=0.5, mirrors="formal letters write the 4th of March 2026")
def ordinal_day(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write the day as an ordinal: the 4th of March 2026."""

    def write(day: date, long: str) -> str:
        number = int(getattr(day, "day", 1))
        suffix = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
        return f"the {number}{suffix} of {_months(tools, day)} {getattr(day, 'year', 0)}"

    return _dated(case, draw, tools, write)


@perturbation(effect="preserves", kinds=["noisy"], languages=["en"], over_facts=True, strength=0.5, mirrors="most of the world puts the day first")
def day_month_year(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write day, month name, year: 4 March 2026."""
    return _dated(case, draw, tools, lambda day, long: f"{day.day} {_months(tools, day)} {day.year}")


@perturbation(effect="preserves", kinds=["noisy"], languages=["en"], over_facts=True, strength=0.5, mirrors="invitations name the weekday before the date")
def weekday_date(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put the right weekday before a date."""

    def write(day: date, long: str) -> str:
        from babel.dates import format_date

        return f"{format_date(day, 'EEEE', locale=tools.language.locale)}, {long}"

    return _dated(case, draw, tools, write)


@perturbation(effect="preserves", kinds=["noisy"], languages=["en"], over_facts=True, strength=0.5, mirrors="forms write the month in capitals: 04-MAR-2026")
def form_date(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write a date as on forms: 04-MAR-2026."""

    def write(day: date, long: str) -> str:
        from babel.dates import format_date

        return str(format_date(day, "dd-MMM-yyyy", locale=tools.language.locale)).upper()

    return _dated(case, draw, tools, write)


@noisy(over_facts=True, strength=0.5, mirrors="East Asian and technical documents put the year first: 2026/03/04")
def year_first(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write a date as year/month/day."""
    return rerender(case, draw, tools, lambda path, old: (tools.render(path, "iso") or "").replace("-", "/") or None, ("date",))


_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


@noisy(over_facts=True, strength=0.5, mirrors="Central European hands write the month in Roman numerals: 4.III.2026")
def roman_month(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write the month of a date in Roman numerals."""
    return _dated(case, draw, tools, lambda day, long: f"{day.day}.{_ROMAN[day.month - 1]}.{day.year}")


@noisy(languages=["en"], over_facts=True, strength=0.5, mirrors="invitations and letters write March 4th, 2026")
def month_ordinal(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write month, ordinal day, year: March 4th, 2026."""

    def write(day: date, long: str) -> str:
        number = int(getattr(day, "day", 1))
        suffix = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
        return f"{_months(tools, day)} {number}{suffix}, {getattr(day, 'year', 0)}"

    return _dated(case, draw, tools, write)


@noisy(needs=["eras"], over_facts=True, strength=0.5, mirrors="offices count years by era: 令和8年 is 2026")
def era_year(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write the year of a date with year, month and day signs by the country's era."""
    rows = sorted(tools.language.rows("eras"), key=lambda r: r["start"], reverse=True)

    def write(path: str, old: str) -> str | None:
        iso = tools.render(path, "iso") or ""
        row = next((r for r in rows if iso and r["start"] <= iso), None)
        if row is None or f"{iso[:4]}年" not in old:
            return None
        number = int(iso[:4]) - int(row["start"][:4]) + 1
        return old.replace(iso[:4], f"{row['name']}{number if number > 1 else row['first']}", 1)

    return rerender(case, draw, tools, write, ("date",))


def _hijri(day: date) -> tuple[int, int, int]:
    """Return year, month and day of the tabular Islamic calendar (30-year cycle of 10,631 days, civil epoch 19 July 622)."""
    since = day.toordinal() - date(622, 7, 19).toordinal()
    year = (30 * since + 10646) // 10631
    rest = since - ((year - 1) * 354 + (3 + 11 * year) // 30)
    month = min(rest * 2 // 59 + 1, 12)
    return year, month, rest - (59 * (month - 1) + 1) // 2 + 1


@noisy(
    needs=["hijri"],
    over_facts=True,
    strength=0.5,
    mirrors="Arab offices put the Hijri date beside the Gregorian one, which stays and decides",
)
def hijri_beside(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put the corresponding Hijri date in brackets behind a date."""
    months = {int(r["number"]): r["text"] for r in tools.language.rows("hijri")}

    def write(day: date, long: str) -> str:
        year, month, number = _hijri(day)
        return f"{long} (\u0627\u0644\u0645\u0648\u0627\u0641\u0642 {number} {months[month]} {year}\u0647\u0640)"

    return _dated(case, draw, tools, write)


_CLOCK = regex.compile(r"(?<![\d:.,])([01]?\d|2[0-3]):([0-5]\d)(?![\d:])(?:[ \u00a0]?([ap])\.?m\b\.?)?", regex.IGNORECASE)


@noisy(
    languages=["en"],
    strength=1.0,
    mirrors="one writer says 2:30 pm, the other 14:30",
    examples=[Example(before="Open at 14:30.", after="Open at 2:30 pm.", choices=[1]), Example(before="500 mg", after=None)],
)
def clock_style(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write a time of day by the other clock: twelve hours or twenty-four."""

    def write(match: regex.Match[str]) -> str | None:
        hour, minute, half = int(match[1]), match[2], (match[3] or "").lower()
        if half:
            return f"{hour % 12 + (12 if half == 'p' else 0):02d}:{minute}" if 1 <= hour <= 12 else None
        return f"{(hour + 11) % 12 + 1}:{minute} {'pm' if hour >= 12 else 'am'}"

    return rewrite_found(case, draw, tools, _CLOCK, write, "no time of day")
