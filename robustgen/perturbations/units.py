"""Units: other spellings of the same unit, exact metric steps, signs beside the number."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

import regex

from robustgen.core.case import Case
from robustgen.core.draw import Draw
from robustgen.core.language import Language
from robustgen.core.plugins import Example, NotApplicable, Proposal, Tools
from robustgen.perturbations._shared import noisy, rewrite_found
from robustgen.perturbations._values import rerender

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

    def write(match: regex.Match[str]) -> str | None:
        options = other.get(match[2], [])
        if not options:
            return None
        new = options[match.start() % len(options)]
        return f"{match[1] or (spaced if new[0].isalpha() and len(new) > 3 else '')}{new}"

    return rewrite_found(case, draw, tools, pattern, write, "no unit with another spelling")


_PERCENT = regex.compile(r"(?<=\p{Nd})([ \u00a0\u202f]?)%")


@noisy(
    strength=1.0,
    mirrors="some languages set a space before the per cent sign, some do not",
    examples=[Example(before="Fee: 4.5%.", after="Fee: 4.5\xa0%.", choices=[1]), Example(before="500 mg", after=None)],
)
def percent_gap(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Set or leave out the space before the per cent sign."""
    return rewrite_found(case, draw, tools, _PERCENT, lambda m: "%" if m[1] else "\u00a0%", "no per cent sign behind a number")
