"""Does an answer match what is expected? Numbers within tolerance and across units, labels, dates, lists; statuses and what is missing."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from robustgen.answers.units import convert
from robustgen.core.case import Envelope, Expected, Tolerance

__all__ = ["accepted", "forbidden", "matches", "same_label", "same_value", "to_number"]

LONGEST_KEPT = 40
"""Characters of a number or label that is remembered in its exact form."""
_GROUPED = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?")
_PLAIN = re.compile(r"[-+]?\d+(\.\d+)?")


def to_number(value: Any) -> Fraction | None:
    """Return a value as an exact number, None when it is none."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, Decimal, Fraction)):
        return Fraction(value)
    if isinstance(value, (list, dict)):
        return None
    text = str(value)
    return _parsed(text) if len(text) <= LONGEST_KEPT else _number(text)


def _number(text: str) -> Fraction | None:
    text = text.strip()
    text = text.replace(",", "") if _GROUPED.fullmatch(text) else text
    return Fraction(text) if _PLAIN.fullmatch(text) else None


_parsed = lru_cache(maxsize=8192)(_number)


def same_value(got: Any, wanted: Any, tolerance: Tolerance, got_unit: str | None = None, unit: str | None = None) -> bool:
    """Tell whether two values are the same: numbers within tolerance and unit, lists as sets, mappings by key, text folded."""
    if got.__class__ is wanted.__class__ is str and got == wanted and (got_unit == unit or not got_unit or not unit):
        return True
    a, b = to_number(got), to_number(wanted)
    if a is not None and b is not None:
        if got_unit and unit:
            converted = convert(a, got_unit, unit)
            if converted is None:
                return False
            a = converted
        return abs(a - b) <= _slack(b, tolerance)
    if isinstance(wanted, list) and isinstance(got, list):
        rest = list(wanted)
        for item in got:
            hit = next((w for w in rest if same_value(item, w, tolerance)), None)
            if hit is None:
                return False
            rest.remove(hit)
        return not rest
    if isinstance(wanted, dict) and isinstance(got, dict):
        return all(same_value(got.get(k), v, tolerance) for k, v in wanted.items()) and not (set(got) - set(wanted))
    if isinstance(wanted, (list, dict)) or isinstance(got, (list, dict)):
        return isinstance(wanted, list) and len(wanted) == 1 and same_value(got, wanted[0], tolerance)
    if isinstance(wanted, bool) or isinstance(got, bool):
        return _truth(got) is _truth(wanted)
    return _folded(got) == _folded(wanted)


def _truth(value: Any) -> bool | None:
    return {"true": True, "yes": True, "false": False, "no": False}.get(str(value).strip().casefold())


def _folded(value: Any) -> str:
    return re.sub(r"[\s_]+", " ", str(value)).strip().casefold() if value is not None else ""


def _slack(wanted: Fraction, tolerance: Tolerance) -> Fraction:
    slack = Fraction(0)
    if tolerance.abs:
        slack = max(slack, _exact(tolerance.abs))
    if tolerance.rel:
        slack = max(slack, abs(wanted) * _exact(tolerance.rel))
    if tolerance.step:
        slack = max(slack, _exact(tolerance.step) / 2)
    return slack or abs(wanted) / 10**9


_exact = lru_cache(maxsize=256)(Fraction)


def same_label(got: str | None, wanted: str | None) -> bool:
    """Tell whether two labels are the same up to case, spaces, hyphens and underscores."""
    a, b = (_kept_label(x) if len(x) <= LONGEST_KEPT else _label(x) for x in (got or "", wanted or ""))
    return a == b and bool(a)


def _label(text: str) -> str:
    return re.sub(r"[\s_-]+", "_", text.strip().casefold())


_kept_label = lru_cache(maxsize=2048)(_label)


def matches(got: Envelope, wanted: Envelope, tolerance: Tolerance = Tolerance()) -> bool:
    """Tell whether an answer is one acceptable answer."""
    if wanted.status != "answer":
        return got.status == wanted.status and (wanted.status != "ask" or _names(got.missing, wanted.missing))
    if got.status != "answer":
        return False
    if wanted.label is not None and wanted.value is None:
        return same_label(got.label if got.label is not None else (got.value if isinstance(got.value, str) else None), wanted.label)
    if wanted.label is not None and not same_label(got.label, wanted.label):
        return False
    if wanted.currency and got.currency and got.currency.upper() != wanted.currency.upper():
        return False
    return same_value(got.value, wanted.value, tolerance, got.unit, wanted.unit)


def _names(got: list[str], wanted: list[str]) -> bool:
    """Tell whether a question is about one of the missing fields; a question without a field is not held against the asker."""
    if not got or not wanted:
        return True
    words = {w for m in wanted for w in re.split(r"[\W_]+", m.casefold()) if w}
    return any(set(re.split(r"[\W_]+", g.casefold())) & words for g in got)


def accepted(got: Envelope, expected: Expected) -> bool:
    """Tell whether an answer is acceptable."""
    return any(matches(got, e, expected.tolerance) for e in expected.accept)


def forbidden(got: Envelope, expected: Expected) -> Envelope | None:
    """Return the answer of the never-list that this one is, if any."""
    return next((e for e in expected.never if matches(got, e, expected.tolerance)), None)
