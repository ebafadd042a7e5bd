"""Dose arithmetic: daily totals, bounds of the tables, children's doses, infusions, drips, opioid load, tapers, supplies."""

from __future__ import annotations

import itertools
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any

import robustgen

MME_FLAG = 50
APAP_MAX = 4000


def dec(value: Any) -> Decimal:
    """Return a number of a record or table as a decimal."""
    return value if isinstance(value, Decimal) else Decimal(str(value))


def to_step(value: Decimal, step: str, rounding: str = ROUND_HALF_UP) -> Decimal:
    """Return a number rounded to a multiple of a step."""
    unit = Decimal(step)
    return (value / unit).quantize(Decimal(1), rounding=rounding) * unit


@robustgen.rule
def daily_dose(sig: Any) -> Decimal:
    """Return the most that may be taken in 24 h in mg: the as-needed maximum, the largest of a range, else dose × doses a day."""
    dose = dec(sig.dose)
    if sig.kind == "prn":
        return dose * sig.prn_max
    if sig.kind == "range":
        return dose * sig.tabs_high * (Decimal(24) / sig.hours_low)
    return dose * dec(sig.freq.per_day)


@robustgen.rule
def range_hours(doses: Any, single: Any, daily: Any) -> tuple[int, ...]:
    """Return the shortest intervals at which three of the smallest tablets stay within the bounds; none where three are too many at once."""
    if single is None or daily is None or 3 * dec(doses[0]) > dec(single):
        return ()
    return tuple(h for h in (6, 8, 4) if 3 * dec(doses[0]) * 24 / h <= dec(daily))


@robustgen.rule
def range_doses(drug: Any) -> tuple[Any, ...]:
    """Return single doses at, next to and beyond the bounds of a drug, the usual ones first."""
    usual = [dec(d) for d in drug.doses]
    tops = [dec(m) for m in (drug.us_single, drug.uk_single) if m is not None]
    found = [*usual, *tops, *(t * 2 for t in tops[:1]), *(t * 10 for t in tops[:1]), *([usual[0] / 2] if drug.usual_low else [])]
    return tuple(dict.fromkeys(found))


def _bound(order: Any, which: str) -> Decimal | None:
    """Return a bound of the book that the record names, the older adults' one where it applies."""
    book = "us" if order.book == "US" else "uk"
    over = getattr(order.drug, f"{book}_old_over")
    if over is not None and order.age > over:
        return dec(getattr(order.drug, f"{book}_old_{which}"))
    value = getattr(order.drug, f"{book}_{which}")
    return None if value is None else dec(value)


@robustgen.rule
def range_label(order: Any) -> str:
    """Return where a dose stands by the table: the first of over_single, over_daily, at_max, below_usual, within."""
    single, daily = _bound(order, "single"), _bound(order, "daily")
    if single is None and daily is None:
        return "cannot_tell"
    dose = dec(order.dose)
    total = dose * dec(order.freq.per_day)
    if single is not None and dose > single:
        return "over_single"
    if daily is not None and total > daily:
        return "over_daily"
    if dose == single or total == daily:
        return "at_max"
    low = order.drug.usual_low
    return "below_usual" if low is not None and dose < dec(low) else "within"


@robustgen.rule
def child_weight(born: Any, seen: Any, share: Any) -> Decimal:
    """Return a share of the weight that is usual at a child's age, in kg: (months + 9) / 2 in the first year, then 2 × (years + 4)."""
    days = Decimal((seen - born).days)
    usual = (days / Decimal("30.4") + 9) / 2 if days < 365 else 2 * (days / Decimal("365.25") + 4)
    return to_step(usual * dec(share), "0.1")


@robustgen.rule
def child_rates(drug: Any) -> tuple[Decimal, ...]:
    """Return doses per kg from the lower bound to beyond the upper one, in halves, without a trailing zero."""
    low, high = dec(drug.per_kg_low), dec(drug.per_kg_high) + 5
    return tuple(plain(low + Decimal(i) / 2) for i in range(int((high - low) * 2) + 1))


PUMP = 100
"""mL/h that an infusion of these medicines stays below in an adult of 75 kg."""


@robustgen.rule
def infusion_rates(drug: Any, bag_mg: Any, bag_ml: Any) -> tuple[Decimal, ...]:
    """Return rates that a pump is set to: hundredths below 1 mcg/kg/min, tenths and then halves above, none that empties the bag in a few hours."""
    low, high = dec(drug.rate_low), dec(drug.rate_high)
    step = Decimal("0.01") if high <= 1 else Decimal("0.1") if high <= 5 else Decimal("0.5")
    every = tuple(plain(low + step * i) for i in range(int((high - low) / step) + 1))
    most = PUMP * dec(bag_mg) * 1000 / dec(bag_ml) / (75 * 60)
    return tuple(r for r in every if r <= most) or every[:1]


def plain(value: Decimal) -> Decimal:
    """Return a number without trailing zeros, and without an exponent."""
    return value.normalize() if value != value.to_integral_value() else value.quantize(Decimal(1))


def child_limit(child: Any) -> Decimal:
    """Return the calculated dose in mg, capped at the adult single dose."""
    return min(dec(child.per_kg) * dec(child.weight), dec(child.drug.adult_single))


@robustgen.rule
def child_dose(child: Any) -> dict[str, Decimal]:
    """Return volume, rounded down to 0.5 mL, and the dose that it holds in mg."""
    per_ml = dec(child.strength) / 5
    volume = to_step(child_limit(child) / per_ml, "0.5", ROUND_FLOOR)
    return {"mL": volume, "mg": volume * per_ml}


@robustgen.rule
def child_label(child: Any) -> str:
    """Return whether the day's doses stay within the smaller of the mg/kg bound and the adult bound."""
    most = min(dec(child.drug.daily_per_kg) * dec(child.weight), dec(child.drug.adult_daily))
    return "within_daily" if child_dose(child)["mg"] * child.times <= most else "over_daily"


@robustgen.rule
def infusion_rate(order: Any) -> Decimal:
    """Return mL/h for a rate in mcg/kg/min, half up to 0.1."""
    per_ml = dec(order.bag_mg) * 1000 / dec(order.bag_ml)
    return to_step(dec(order.rate) * dec(order.weight) * 60 / per_ml, "0.1")


@robustgen.rule
def drops_per_minute(order: Any) -> Decimal:
    """Return drops a minute, half up to whole drops."""
    return to_step(dec(order.volume) * order.factor / (dec(order.hours) * 60), "1")


@robustgen.rule
def opioids_fit(record: Any) -> bool:
    """Return whether the opioids may stand on one list: one weak one at most, and none beside methadone or a patch."""
    weak = sum(bool(o.drug.weak) for o in record.orders)
    return weak == 0 or (weak == 1 and all(o.drug.key != "methadone" and o.route != "patch" for o in record.orders))


@robustgen.rule
def mme(record: Any) -> Decimal:
    """Return the morphine milligram equivalents of a day's orders; a patch counts by its rate."""
    return sum((dec(o.drug.factor) * dec(o.dose) * (o.times or 1) for o in record.orders), Decimal(0))


@robustgen.rule
def mme_label(record: Any) -> str:
    """Return the flag of the CDC guideline of 2022."""
    return "at_least_50" if mme(record) >= MME_FLAG else "below_50"


@robustgen.rule
def one_opioid(record: Any) -> bool:
    """Return whether a home list holds one product with an opioid at most."""
    return sum(bool(p.product.opioid) for p in record.products) <= 1


@robustgen.rule
def apap_total(record: Any) -> Decimal:
    """Return the day's acetaminophen of all products in mg."""
    return sum((dec(p.product.apap) * p.count * p.times for p in record.products), Decimal(0))


@robustgen.rule
def apap_label(record: Any) -> str:
    """Return where the total stands against 4000 mg in 24 h."""
    total = apap_total(record)
    return "over_daily" if total > APAP_MAX else "at_max" if total == APAP_MAX else "within"


@robustgen.rule
def taper_total(record: Any) -> dict[str, Any]:
    """Return tablets, mg and days of a course in steps."""
    mg = sum((dec(s.dose) * s.days for s in record.steps), Decimal(0))
    return {"tablets": mg / dec(record.tablet), "mg": mg, "days": sum(s.days for s in record.steps)}


@robustgen.rule
def falls(steps: Any) -> bool:
    """Tell whether every step's dose is lower than the one before."""
    doses = [dec(s.dose) for s in steps]
    return all(a > b for a, b in itertools.pairwise(doses))


@robustgen.rule
def supply(record: Any) -> dict[str, Any]:
    """Return units, tablets or puffs for the whole period, with priming, and the packs that hold them."""
    item = record.item
    uses = Decimal(record.freq.times) * record.days / record.freq.days
    total = (dec(record.dose) + item.prime) * uses
    return {"total": total, "packs": (total / item.pack).quantize(Decimal(1), rounding=ROUND_CEILING)}


@robustgen.rule
def whole_uses(record: Any) -> bool:
    """Tell whether the period holds a whole number of uses."""
    return bool(record.freq.times * record.days % record.freq.days == 0)
