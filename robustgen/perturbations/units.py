"""Units: other spellings of the same unit, exact metric steps, signs beside the number."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

import regex

from robustgen.core.case import Case
from robustgen.core.draw import Draw
from robustgen.core.language import Language
from robustgen.core.plugins import Example, NotApplicable, Proposal, Tools
from robustgen.perturbations._shared import noisy, rewrite_found
from robustgen.perturbations._values import rerender

if TYPE_CHECKING:
    from babel import Locale

__all__ = ["metric_step", "percent_gap", "unit_spelling"]

_STEPS: Mapping[str, tuple[str, Decimal]] = {
    "mg": ("g", Decimal(1000)), "mcg": ("mg", Decimal(1000)), "g": ("kg", Decimal(1000)), "mL": ("L", Decimal(1000)),
    "cm": ("m", Decimal(100)), "mm": ("cm", Decimal(10)), "m": ("km", Decimal(1000)),
}  # fmt: skip
"""Unit code to the next larger metric unit and the factor between them; decimal powers by the SI."""


@noisy(over_facts=True, strength=1.0, mirrors="labels state grams, orders milligrams: 0.5 g for 500 mg")
def metric_step(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write a quantity in the next larger or smaller metric unit, exactly."""
    mark = tools.language.settings.get("decimal", ".")
    down = {larger: (code, factor) for code, (larger, factor) in _STEPS.items()}

    def write(path: str, old: str) -> str | None:
        field = tools.field(path)
        match = regex.fullmatch(r"\d+(?:[.,]\d+)?[ \u00a0]?(\p{L}+)", old)
        if field is None or match is None or match[1] != field.unit:
            return None
        value = Decimal(str(field.value))
        if field.unit in _STEPS and value * 100 >= _STEPS[field.unit][1]:
            unit, made = _STEPS[field.unit][0], value / _STEPS[field.unit][1]
        elif field.unit in down:
            unit, made = down[field.unit][0], value * down[field.unit][1]
        else:
            return None
        return f"{made.normalize():f} {unit}".replace(".", mark)

    return rerender(case, draw, tools, write, ("int", "decimal"))


_TABLE_ONLY = frozenset(("d", "wk"))
"""Codes of units that stand in tables and are no words for a day or a week in most languages."""


@lru_cache(maxsize=64)
def _spellings(language: Language) -> tuple[regex.Pattern[str], Mapping[str, list[str]]]:
    """Return the pattern of a number with a unit, and unit form to the other forms of the same unit."""
    by_code: dict[str, list[str]] = {}
    for row in language.rows("units"):
        by_code.setdefault(row["code"], []).append(row["form"])
    count: dict[str, int] = {}
    for forms in by_code.values():
        for form in set(forms):
            count[form] = count.get(form, 0) + 1
    other = {form: [o for o in dict.fromkeys(forms) if o != form and count[o] == 1] for forms in by_code.values() for form in forms if count[form] == 1}
    other = {form: [o for o in forms if o not in _TABLE_ONLY] for form, forms in other.items()}
    listed = "|".join(map(regex.escape, sorted(other, key=lambda f: (-len(f), f)))) or r"(?!)"
    return regex.compile(rf"(?<=\p{{Nd}})([ \u00a0]?)({listed})(?![\p{{L}}\p{{M}}\p{{Nd}}/])"), other


@noisy(
    needs=["units"],
    strength=1.0,
    mirrors="the same unit is spelled many ways: mcg, µg, micrograms",
    examples=[Example(before="Take 500 mg.", after="Take 500 milligrams.", choices=[1]), Example(before="12", after=None)],
)
def unit_spelling(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write the unit behind a number in another of its spellings."""
    pattern, other = _spellings(tools.language)
    spaced = " " if tools.language.spaced else ""
    classes = _classes(tools.language)

    def write(match: regex.Match[str]) -> str | None:
        number = _class_of(match.string, match.start(), tools.language)
        options = [form for form in other.get(match[2], []) if classes.get(form, number) == number]
        if not options:
            return None
        new = options[match.start() % len(options)]
        return f"{match[1] or (spaced if new[0].isalpha() and len(new) > 3 else '')}{new}"

    return rewrite_found(case, draw, tools, pattern, write, "no unit with another spelling")


@lru_cache(maxsize=64)
def _classes(language: Language) -> Mapping[str, str]:
    """Return unit form to the number that it stands with: one or other."""
    return {row["form"]: row["class"] for row in language.rows("units") if row.get("class")}


def _class_of(text: str, end: int, language: Language) -> str:
    """Return the number (one, other) in which a unit stands behind a figure; empty where the language has yet another form for it."""
    found = _FIGURE.search(text, max(end - 24, 0), end)
    mark = language.settings.get("decimal", ".")
    figure = "".join(c if c.isdigit() else "." for c in found[0] if c.isdigit() or c == mark) if found else "0"
    rule = _locale(language.locale).plural_form
    which = rule(Decimal(figure)) if figure.count(".") < 2 else "other"
    if which == "one":
        return which
    several = "few" in rule.tags
    return "other" if (which == "few" if several else which in {"other", "many"}) else ""


@lru_cache(maxsize=32)
def _locale(name: str) -> Locale:
    from babel import Locale

    return Locale.parse(name)


_FIGURE = regex.compile(r"\p{Nd}[\p{Nd}.,'\u2019\u202f\u00a0\u066b\u066c]*$")
_PERCENT = regex.compile(r"(?<=\p{Nd})([ \u00a0\u202f]?)%")


@noisy(
    strength=1.0,
    mirrors="some languages set a space before the per cent sign, some do not",
    examples=[Example(before="Fee: 4.5%.", after="Fee: 4.5\xa0%.", choices=[1]), Example(before="500 mg", after=None)],
)
def percent_gap(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Set or leave out the space before the per cent sign."""
    return rewrite_found(case, draw, tools, _PERCENT, lambda m: "%" if m[1] else "\u00a0%", "no per cent sign behind a number")
