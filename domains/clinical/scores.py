"""Scores: NEWS2, CHA2DS2-VASc and CHA2DS2-VA, CURB-65, qSOFA, Glasgow coma scale; triage by the highest band."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import robustgen

from .dosing import dec

BANDS = ("self_care", "routine", "same_day", "emergency_now")


@cache
def _bands() -> dict[str, list[tuple[Decimal, Decimal, int]]]:
    """Return parameter to (low, high, points), read from the table of the Royal College's chart."""
    found: dict[str, list[tuple[Decimal, Decimal, int]]] = {}
    with (Path(__file__).parent / "tables" / "news2.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["parameter"], []).append((Decimal(row["low"]), Decimal(row["high"]), int(row["points"])))
    return found


def _points(parameter: str, value: Any) -> int:
    number = dec(value)
    return next((p for low, high, p in _bands()[parameter] if low <= number <= high), 0)


def news2_parts(chart: Any) -> list[int]:
    """Return the points of every parameter."""
    if chart.scale == 1:
        saturation = _points("spo2_1", chart.spo2)
    elif chart.oxygen and chart.spo2 >= 93:
        saturation = _points("spo2_2o2", chart.spo2)
    else:
        saturation = _points("spo2_2", chart.spo2) if chart.spo2 <= 92 else 0
    return [
        _points("rr", chart.rr),
        saturation,
        2 if chart.oxygen else 0,
        _points("sbp", chart.sbp),
        _points("pulse", chart.pulse),
        0 if chart.acvpu == "alert" else 3,
        _points("temp", chart.temp),
    ]


@robustgen.rule
def news2(chart: Any) -> int:
    """Return the NEWS2 score."""
    return sum(news2_parts(chart))


@robustgen.rule
def news2_label(chart: Any) -> str:
    """Return the trigger: emergency from 7, urgent from 5 or with any single 3, else ward."""
    parts = news2_parts(chart)
    total = sum(parts)
    return "emergency" if total >= 7 else "urgent" if total >= 5 or 3 in parts else "ward"


@robustgen.rule
def age_on(born: date, day: date) -> int:
    """Return completed years; a birthday on 29 February counts on 1 March in other years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _vasc(r: Any, *, sex_point: bool) -> int:
    age = 2 if r.age >= 75 else 1 if r.age >= 65 else 0
    return age + bool(r.chf) + bool(r.htn) + bool(r.dm) + 2 * bool(r.stroke) + bool(r.vascular) + (sex_point and r.sex == "female")


@robustgen.rule
def risk_score(r: Any) -> int:
    """Return the score that the record names; the version of CHA2DS2 is part of the name."""
    if r.score in {"cha2ds2_vasc", "cha2ds2_va"}:
        return _vasc(r, sex_point=r.score == "cha2ds2_vasc")
    if r.score == "curb65":
        return bool(r.confusion) + (dec(r.urea) > 7) + (r.rr >= 30) + (r.sbp < 90 or r.dbp <= 60) + (r.age >= 65)
    if r.score == "qsofa":
        return bool(r.confusion) + (r.rr >= 22) + (r.sbp <= 100)
    return int(r.eye) + int(r.verbal) + int(r.motor)


@robustgen.rule
def disposition(record: Any) -> str:
    """Return the highest band of the complaints."""
    return max((c.band for c in record.complaints), key=BANDS.index)
