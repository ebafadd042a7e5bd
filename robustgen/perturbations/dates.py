"""The same date in another unambiguous style, computed from the facts."""

from __future__ import annotations

from robustgen.core.case import Case
from robustgen.core.draw import Draw
from robustgen.core.plugins import NotApplicable, Proposal, Tools, perturbation
from robustgen.perturbations.numbers import rerender

__all__ = ["day_month_year", "iso_date", "medium_date", "ordinal_day", "weekday_date"]


def _dated(case: Case, draw: Draw, tools: Tools, write: object) -> Proposal | NotApplicable:
    assert callable(write)

    def made(path: str, old: str) -> str | None:
        field = tools.field(path)
        text = write(field.value, tools.render(path, "long") or "") if field is not None else None
        return text if isinstance(text, str) else None

    return rerender(case, draw, tools, made, ("date",))


def _months(tools: Tools, day: object) -> str:
    """Return the month's name in the language."""
    from babel.dates import format_date

    return str(format_date(day, "MMMM", locale=tools.language.locale))  # type: ignore[arg-type]


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

    def write(day: object, long: str) -> str:
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

    def write(day: object, long: str) -> str:
        from babel.dates import format_date

        return f"{format_date(day, 'EEEE', locale=tools.language.locale)}, {long}"  # type: ignore[arg-type]

    return _dated(case, draw, tools, write)


@perturbation(effect="preserves", kinds=["noisy"], languages=["en"], over_facts=True, strength=0.5, mirrors="forms write the month in capitals: 04-MAR-2026")
def form_date(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write a date as on forms: 04-MAR-2026."""

    def write(day: object, long: str) -> str:
        from babel.dates import format_date

        return str(format_date(day, "dd-MMM-yyyy", locale=tools.language.locale)).upper()  # type: ignore[arg-type]

    return _dated(case, draw, tools, write)
