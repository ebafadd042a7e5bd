"""Kidney function: Cockcroft-Gault, CKD-EPI 2021, and what the label says to do; the dose of apixaban."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import Any

import robustgen

from .dosing import dec, to_step

UMOL = Decimal("88.4")
FEMALE_CG = Decimal("0.85")


def _cockcroft(age: int, sex: str, weight: Decimal, scr: Decimal) -> Decimal:
    clearance = (140 - age) * weight / (72 * scr)
    return clearance * FEMALE_CG if sex == "female" else clearance


def _ckd_epi(age: int, sex: str, scr: Decimal) -> Decimal:
    """Return eGFR by the creatinine equation of 2021 (NKF/NIDDK)."""
    kappa, alpha = (Decimal("0.7"), Decimal("-0.241")) if sex == "female" else (Decimal("0.9"), Decimal("-0.302"))
    with localcontext() as context:
        context.prec = 30
        ratio = scr / kappa
        value = 142 * min(ratio, Decimal(1)) ** alpha * max(ratio, Decimal(1)) ** Decimal("-1.200") * Decimal("0.9938") ** age
        return value * Decimal("1.012") if sex == "female" else value


@robustgen.rule
def kidney_exact(record: Any) -> Decimal:
    """Return clearance or eGFR before rounding: as reported, else by the equation that the drug goes by."""
    if record.reported is not None:
        return dec(record.reported)
    if record.drug.basis == "egfr":
        return _ckd_epi(record.age, record.sex, dec(record.scr))
    return _cockcroft(record.age, record.sex, dec(record.weight), dec(record.scr))


@robustgen.rule
def kidney(record: Any) -> Decimal:
    """Return Cockcroft-Gault to 0.1 mL/min, eGFR to whole mL/min/1.73 m², half up."""
    return to_step(kidney_exact(record), "1" if record.drug.basis == "egfr" or record.reported is not None else "0.1")


def _action(record: Any, value: Decimal) -> str:
    drug = record.drug
    if drug.avoid_below is not None and value < drug.avoid_below:
        return "avoid"
    below = drug.adjust_below
    if below is None or not (value < below or (value == below and drug.inclusive)):
        return "usual_dose"
    if drug == "metformin":
        return "do_not_start" if record.starting else "usual_dose"
    return "adjust"


@robustgen.rule
def kidney_action(record: Any) -> str:
    """Return what the table says: avoid, do_not_start (metformin only), adjust or usual_dose."""
    return _action(record, kidney(record))


@robustgen.rule
def kidney_clear(record: Any) -> bool:
    """Tell whether rounding leaves the action as it is."""
    return _action(record, kidney(record)) == _action(record, kidney_exact(record))


@robustgen.rule
def apixaban_dose(record: Any) -> Decimal:
    """Return mg twice daily for atrial fibrillation (US label): 2.5 with two of age 80, weight 60 kg, creatinine 1.5 mg/dL."""
    high = dec(record.scr) >= (Decimal("1.5") if record.unit == "mg/dL" else Decimal(133))
    points = (record.age >= 80) + (dec(record.weight) <= 60) + high
    return Decimal("2.5") if points >= 2 else Decimal(5)


@robustgen.rule
def creatinine_values(unit: Any) -> tuple[Decimal, ...]:
    """Return the creatinine results that may stand in a letter, in the unit of the report."""
    tenths = [Decimal(n) / 10 for n in range(6, 29)]
    return tuple(tenths if unit == "mg/dL" else [Decimal(n) for n in (*range(55, 131, 5), 132, 133, 134, *range(140, 251, 10))])
