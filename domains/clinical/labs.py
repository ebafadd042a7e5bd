"""Laboratory arithmetic: conversion both ways, critical limits, anion gap, corrected calcium and sodium."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Any

import robustgen

from .dosing import dec, to_step

LISTS = {"R": "r", "M": "m", "K": "k"}


@lru_cache(maxsize=256)
def _grid(low: Decimal, high: Decimal, step: Decimal) -> tuple[Decimal, ...]:
    return tuple(low + step * i for i in range(int((high - low) / step) + 1))


@robustgen.rule
def lab_values(analyte: Any, unit: Any, bound: Any = "exact") -> tuple[Decimal, ...]:
    """Return the values that a result may have, in the unit of the report; one below or above what is measured stands at the end of the range."""
    low, high = dec(analyte.low), dec(analyte.high)
    if unit == analyte.conventional:
        every = _grid(low, high, dec(analyte.step))
    else:
        places = str(analyte.places)
        every = _grid(to_step(_si(analyte, low), places), to_step(_si(analyte, high), places), Decimal(places))
    return every[:3] if bound == "below" else every[-3:] if bound == "above" else every


@robustgen.rule
def usual_units(units: Any, analyte: Any, system: Any, *others: Any) -> tuple[str, ...]:
    """Return the unit of a country's system of units nearly always, either where its laboratories differ; analytes named last take the other one there."""
    if analyte.mixed:
        return tuple(units)
    usual, other = reversed(units) if (system == "si") != (str(analyte.key) in others) else units
    return (usual,) * 39 + (other,)


CHEMISTRY = {
    ("ca", "mg/dL"): ("6.8", "11.6", "0.1"), ("albumin", "mg/dL"): ("1.8", "3.8", "0.1"), ("glucose", "mg/dL"): ("180", "900", "1"),
    ("ca", "mmol/L"): ("1.70", "2.90", "0.01"), ("albumin", "mmol/L"): ("18", "35", "1"), ("glucose", "mmol/L"): ("10.0", "50.0", "0.1"),
}  # fmt: skip


@robustgen.rule
def chemistry_values(name: Any, unit: Any) -> tuple[Decimal, ...]:
    """Return the values of calcium, albumin or glucose in reports that give calcium in a unit."""
    low, high, step = CHEMISTRY[str(name), str(unit)]
    return _grid(Decimal(low), Decimal(high), Decimal(step))


def _si(analyte: Any, value: Decimal) -> Decimal:
    return (value + dec(analyte.offset)) * dec(analyte.factor)


def _back(analyte: Any, value: Decimal) -> Decimal:
    return value / dec(analyte.factor) - dec(analyte.offset)


@robustgen.rule
def other_unit(lab: Any) -> str | None:
    """Return the unit to convert to; a ratio or a pH has none."""
    unit: str | None = lab.analyte.si if lab.unit == lab.analyte.conventional else lab.analyte.conventional
    return unit


@robustgen.rule
def converted(lab: Any) -> Decimal:
    """Return the result in the other unit, half up to the places of the table."""
    value = dec(lab.value)
    if lab.unit == lab.analyte.conventional:
        return to_step(_si(lab.analyte, value), str(lab.analyte.places))
    return to_step(_back(lab.analyte, value), str(lab.analyte.back))


@robustgen.rule
def critical(lab: Any) -> str:
    """Return the flag by the named list: R in SI units and M count the limit itself, K reads below and above."""
    if lab.haemolysed:
        return "repeat_sample"
    if lab.limits == "unlisted":
        return "no_limit"
    name = LISTS[lab.limits]
    low, high = getattr(lab.analyte, f"{name}_low"), getattr(lab.analyte, f"{name}_high")
    value = dec(lab.value) if lab.unit == lab.analyte.conventional else _back(lab.analyte, dec(lab.value))
    if name == "r":
        value = _si(lab.analyte, dec(lab.value)) if lab.unit == lab.analyte.conventional else dec(lab.value)
    strict = name == "k"
    if low is not None and (value < dec(low) or (value == dec(low) and not strict)):
        return "critical_low"
    if high is not None and (value > dec(high) or (value == dec(high) and not strict)):
        return "critical_high"
    return "not_critical"


@robustgen.rule
def far_from_limits(lab: Any) -> bool:
    """Tell whether rounding the converted value leaves the flag as it is (a limit is hit exactly or missed clearly)."""
    if lab.limits == "unlisted":
        return True
    name = LISTS[lab.limits]
    conventional = lab.unit == lab.analyte.conventional
    exact = _si(lab.analyte, dec(lab.value)) if conventional else _back(lab.analyte, dec(lab.value))
    if conventional != (name == "r"):
        return True  # the limit is in the unit of the report: nothing is rounded
    rounded = converted(lab)
    for limit in (getattr(lab.analyte, f"{name}_low"), getattr(lab.analyte, f"{name}_high")):
        if limit is not None and (exact < dec(limit), exact > dec(limit)) != (rounded < dec(limit), rounded > dec(limit)):
            return False
    return True


@robustgen.rule
def chemistry(record: Any) -> Decimal:
    """Return what the record asks for: anion gap without potassium, calcium corrected to albumin 4.0 g/dL, sodium corrected for glucose."""
    si = record.ca_unit == "mmol/L"
    if record.want == "anion_gap":
        return dec(record.na) - (dec(record.cl) + dec(record.hco3))
    if record.want == "corrected_calcium":
        if si:
            return to_step(dec(record.ca) + Decimal("0.02") * (40 - dec(record.albumin)), "0.01")
        return to_step(dec(record.ca) + Decimal("0.8") * (Decimal("4.0") - dec(record.albumin)), "0.1")
    above, each = (dec(record.glucose) - Decimal("5.5"), Decimal("5.5")) if si else (dec(record.glucose) - 100, Decimal(100))
    return to_step(dec(record.na) + dec(record.factor) * above / each, "0.1")


@robustgen.rule
def chemistry_unit(record: Any) -> str:
    """Return the unit of the answer."""
    return str(record.ca_unit) if record.want == "corrected_calcium" else "mmol/L"
