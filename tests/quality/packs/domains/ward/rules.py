"""Clinical arithmetic that data cannot say: daily totals with as-needed limits, conversions with critical flags, due dates."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import robustgen


@robustgen.rule
def daily_dose(sig: Any) -> Decimal:
    """Return the most that may be taken in 24 h in mg: dose × doses a day, or × the as-needed maximum."""
    times = Decimal(sig.prn_max) if sig.prn else Decimal(str(sig.freq.per_day))
    return Decimal(sig.dose) * times


@robustgen.rule
def in_si(lab: Any) -> Decimal:
    """Return a laboratory value in SI units, rounded half up to the places of the table."""
    exact = Decimal(lab.value) * Decimal(str(lab.analyte.factor))
    return exact.quantize(Decimal(str(lab.analyte.places)), ROUND_HALF_UP)


@robustgen.rule
def critical(lab: Any) -> str:
    """Return the flag by the RCPath G158 (2017) limits, read as at or below, at or above; haemolysis asks for a new sample."""
    if lab.haemolysed:
        return "repeat_sample"
    value = in_si(lab)
    if value <= Decimal(str(lab.analyte.critical_low)):
        return "critical_low"
    return "critical_high" if value >= Decimal(str(lab.analyte.critical_high)) else "not_critical"


@robustgen.rule
def due_date(lmp: date) -> date:
    """Return the estimated due date: the first day of the last period plus 280 days (28-day cycle)."""
    return lmp + timedelta(days=280)
