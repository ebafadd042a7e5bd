"""A second implementation of clinical answers, by hand: standard library only, from the text or the JSON of a case.

Nothing here comes from the package or the pack; figures are typed in from the published charts.
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

Facts = dict[str, Any]
ZONES = {
    "new_york": "America/New_York", "chicago": "America/Chicago", "los_angeles": "America/Los_Angeles", "london": "Europe/London",
    "berlin": "Europe/Berlin", "madrid": "Europe/Madrid", "paris": "Europe/Paris", "rome": "Europe/Rome", "sao_paulo": "America/Sao_Paulo",
    "tokyo": "Asia/Tokyo",
}  # fmt: skip


def half_up(value: Fraction, step: Fraction) -> Fraction:
    """Round half up to a step."""
    return math.floor(value / step + Fraction(1, 2)) * step


def number(text: str) -> Fraction:
    """Return an English number exactly."""
    return Fraction(text.replace(",", ""))


def infusion(text: str) -> Fraction:
    """Return mL/h, from the text: the rate, the weight, what is in the bag."""
    rate = number(re.findall(r"([\d.]+) mcg/kg/min", text)[0])
    weight = number(re.findall(r"([\d.,]+) kg\b(?!/)", text)[0])
    mg = number(re.findall(r"([\d.,]+) mg\b", text)[0])
    ml = number(re.findall(r"([\d.,]+) mL\b", text)[0])
    return half_up(rate * weight * 60 / (mg * 1000 / ml), Fraction(1, 10))


def drip(text: str) -> Fraction:
    """Return drops a minute, from the text: volume, hours, drops per mL."""
    volume = number(re.findall(r"([\d.,]+) mL\b", text)[0])
    hours = number(re.findall(r"(\d+) (?:hours|h)\b", text)[0])
    factor = re.findall(r"(?:set|DF|delivers|Drop factor) (\d+)", text)
    return half_up(volume * number(factor[0]) / (hours * 60), Fraction(1))


def taper(text: str) -> dict[str, Fraction]:
    """Return tablets, mg and days, from the text."""
    tablet = number((re.findall(r"\((\d+) mg tabs\)", text) or re.findall(r"(?:Prednisone|tablets of|the) (\d+) mg", text))[0])
    steps = re.findall(r"(\d+) mg (?:daily for|each morning,) (\d+) days?", text)
    total = sum((number(d) * number(n) for d, n in steps), Fraction(0))
    return {"tablets": total / tablet, "mg": total, "days": sum((number(n) for _, n in steps), Fraction(0))}


def child(facts: Facts) -> dict[str, Fraction]:
    """Return volume and mg of a dose."""
    dose = min(Fraction(facts["per_kg"]) * Fraction(facts["weight"]), Fraction(1000 if facts["drug"] == "acetaminophen" else 400))
    strength = Fraction(facts["strength"]) / 5
    volume = math.floor(dose / strength * 2) * Fraction(1, 2)
    return {"mL": volume, "mg": volume * strength}


def kidney(facts: Facts) -> Fraction | float:
    """Return Cockcroft-Gault or CKD-EPI 2021 by floating point."""
    if facts["reported"] is not None:
        return float(facts["reported"])
    age, scr, female = int(facts["age"]), float(facts["scr"]), facts["sex"] == "female"
    if facts["drug"] in {"metformin", "empagliflozin", "sitagliptin"}:
        kappa, alpha = (0.7, -0.241) if female else (0.9, -0.302)
        ratio = scr / kappa
        return float(142 * min(ratio, 1.0) ** alpha * max(ratio, 1.0) ** -1.2 * 0.9938**age * (1.012 if female else 1.0))
    return (140 - age) * float(facts["weight"]) / (72 * scr) * (0.85 if female else 1.0)


def apixaban(facts: Facts) -> float:
    """Return the dose for atrial fibrillation."""
    creatinine = float(facts["scr"]) / (1 if facts["unit"] == "mg/dL" else 88.67)  # 133 micromol/L stands for 1.5 mg/dL
    points = [int(facts["age"]) >= 80, float(facts["weight"]) <= 60, creatinine >= 1.4999]
    return 2.5 if sum(points) > 1 else 5.0


def news2(facts: Facts) -> tuple[int, str]:
    """Return score and trigger, band by band."""
    rr, spo2, sbp, pulse, temp = int(facts["rr"]), int(facts["spo2"]), int(facts["sbp"]), int(facts["pulse"]), float(facts["temp"])
    points = [3 if rr <= 8 or rr >= 25 else 2 if rr >= 21 else 1 if rr <= 11 else 0]
    if str(facts["scale"]) == "1":
        points.append(3 if spo2 <= 91 else 2 if spo2 <= 93 else 1 if spo2 <= 95 else 0)
    elif spo2 <= 92 or not facts["oxygen"]:
        points.append(3 if spo2 <= 83 else 2 if spo2 <= 85 else 1 if spo2 <= 87 else 0)
    else:
        points.append(1 if spo2 <= 94 else 2 if spo2 <= 96 else 3)
    points.append(2 if facts["oxygen"] else 0)
    points.append(3 if sbp <= 90 or sbp >= 220 else 2 if sbp <= 100 else 1 if sbp <= 110 else 0)
    points.append(3 if pulse <= 40 or pulse >= 131 else 2 if pulse >= 111 else 1 if pulse <= 50 or pulse >= 91 else 0)
    points.append(0 if facts["acvpu"] == "alert" else 3)
    points.append(3 if temp <= 35.0 else 2 if temp >= 39.1 else 1 if temp <= 36.0 or temp >= 38.1 else 0)
    total = sum(points)
    return total, "emergency" if total >= 7 else "urgent" if total >= 5 or 3 in points else "ward"


FACTORS = {
    "sodium": "1", "potassium": "1", "bicarbonate": "1", "lithium": "1", "urea": "0.357", "creatinine": "88.4", "glucose": "0.0555",
    "calcium": "0.2495", "magnesium": "0.411", "phosphate": "0.323", "bilirubin": "17.1", "haemoglobin": "10", "platelets": "1", "leukocytes": "1",
    "lactate": "0.111", "troponin": "1000", "cholesterol": "0.02586", "triglyceride": "0.01129", "digoxin": "1.281", "phenytoin": "3.96",
    "acetaminophen": "6.62", "calcium_ionised": "1", "neutrophils": "1", "inr": "1", "arterial_ph": "1", "pco2": "0.133", "d_dimer": "2",
}  # fmt: skip
CONVENTIONAL = {"mEq/L", "mg/dL", "g/dL", "10³/µL", "ng/mL", "mcg/mL", "%", "mmHg", "ng/mL DDU"}
STEPS = {
    "sodium": ("1", "1"), "potassium": ("0.1", "0.1"), "bicarbonate": ("1", "1"), "lithium": ("0.1", "0.1"), "urea": ("0.1", "1"),
    "creatinine": ("1", "0.01"), "glucose": ("0.1", "1"), "hba1c": ("1", "0.1"), "calcium": ("0.01", "0.1"), "magnesium": ("0.01", "0.1"),
    "phosphate": ("0.01", "0.1"), "bilirubin": ("1", "0.1"), "haemoglobin": ("1", "0.1"), "platelets": ("1", "1"), "leukocytes": ("0.1", "0.1"),
    "lactate": ("0.1", "1"), "troponin": ("1", "0.001"), "cholesterol": ("0.1", "1"), "triglyceride": ("0.1", "1"), "digoxin": ("0.1", "0.1"),
    "phenytoin": ("1", "1"), "acetaminophen": ("1", "1"), "calcium_ionised": ("0.01", "0.01"), "neutrophils": ("0.1", "0.1"), "inr": ("0.1", "0.1"),
    "arterial_ph": ("0.01", "0.01"), "pco2": ("0.1", "1"), "d_dimer": ("10", "1"),
}  # fmt: skip
"""Rounding steps in SI and in conventional units."""


def other_unit(facts: Facts) -> Fraction:
    """Return the result in the other unit, half up to the analyte's step."""
    value, analyte, to_si = Fraction(facts["value"]), facts["analyte"], facts["unit"] in CONVENTIONAL
    if analyte == "hba1c":
        factor, shift = Fraction("10.929"), Fraction("2.15")
        exact = (value - shift) * factor if to_si else value / factor + shift
    else:
        exact = value * Fraction(FACTORS[analyte]) if to_si else value / Fraction(FACTORS[analyte])
    return half_up(exact, Fraction(STEPS[analyte][0 if to_si else 1]))


MME = {
    "morphine": "1", "hydromorphone": "5", "oxycodone": "1.5", "hydrocodone": "1", "oxymorphone": "3", "tapentadol": "0.4", "tramadol": "0.2",
    "codeine": "0.15", "methadone": "4.7",
}  # fmt: skip
BRANDS = {"dilaudid": "hydromorphone", "roxicodone": "oxycodone", "nucynta": "tapentadol", "ultram": "tramadol"}


def opioids(text: str) -> Fraction:
    """Return a day's morphine equivalents, from the text: tablets by dose and times, a patch by its rate alone."""
    tablets = re.findall(r"(\w+) ([\d.]+) mg (?:by mouth|PO), (\d+)(?:x a day| doses? per 24 hours)", text)
    oral = sum((Fraction(MME[BRANDS.get(n.lower(), n.lower())]) * Fraction(d) * int(t) for n, d, t in tablets), Fraction(0))
    return oral + sum((Fraction("2.4") * Fraction(r) for r in re.findall(r"patch (\d+) mcg/h", text)), Fraction(0))


LIMITS: dict[tuple[str, str], tuple[float | None, float | None]] = {
    ("R", "sodium"): (120, 160), ("R", "potassium"): (2.5, 6.5), ("R", "urea"): (None, 30), ("R", "creatinine"): (None, 354),
    ("R", "glucose"): (2.5, 25), ("R", "calcium"): (1.8, 3.5), ("R", "magnesium"): (0.4, None), ("R", "phosphate"): (0.3, None),
    ("K", "sodium"): (120, 158), ("K", "potassium"): (2.8, 6.2), ("K", "bicarbonate"): (11, 40), ("K", "glucose"): (46, 484),
    ("K", "calcium"): (6.6, 12.9), ("K", "magnesium"): (1.0, 4.9), ("K", "phosphate"): (1.2, 8.9), ("M", "haemoglobin"): (6.0, 20),
    ("M", "platelets"): (40, 1000), ("M", "leukocytes"): (None, 100), ("M", "neutrophils"): (0.5, None), ("M", "inr"): (None, 5.0),
    ("K", "calcium_ionised"): (0.82, 1.55), ("K", "arterial_ph"): (7.21, 7.59),
}  # fmt: skip


def flag(facts: Facts) -> str:
    """Return the flag: R in SI units, M and K in conventional ones; K excludes the limit itself."""
    if facts["haemolysed"]:
        return "repeat_sample"
    if facts["limits"] == "unlisted":
        return "no_limit"
    low, high = LIMITS[facts["limits"], facts["analyte"]]
    value, wanted_si = Fraction(facts["value"]), facts["limits"] == "R"
    if (facts["unit"] in CONVENTIONAL) == wanted_si:
        factor = Fraction(FACTORS[facts["analyte"]])
        value = value * factor if wanted_si else value / factor
    edge = 0 if facts["limits"] != "K" else Fraction(1, 10**12)
    if low is not None and value <= Fraction(str(low)) - edge:
        return "critical_low"
    return "critical_high" if high is not None and value >= Fraction(str(high)) + edge else "not_critical"


def supply(facts: Facts) -> dict[str, int]:
    """Return what a period needs, counting every use."""
    per = {"daily": 1, "bid": 2, "tid": 3, "qid": 4, "bedtime": 1, "q6h": 4, "q8h": 3, "q12h": 2}
    weekly = {"weekly": Fraction(1, 7), "twice_weekly": Fraction(2, 7), "two_weekly": Fraction(1, 14)}
    packs = {"glargine_pen": 300, "lispro_pen": 300, "metformin_28": 28, "metformin_56": 56, "amoxicillin_21": 21, "furosemide_100": 100}
    packs |= {"albuterol_200": 200, "b12_5": 5, "methotrexate_24": 24}
    each = int(facts["dose"]) + (2 if facts["item"].endswith("_pen") else 0)
    uses = (per | weekly)[facts["freq"]] * int(facts["days"])
    return {"total": int(each * uses), "packs": math.ceil(each * uses / packs[facts["item"]])}


def next_dose(facts: Facts) -> str:
    """Return the next local time by the time zone database."""
    zone = ZoneInfo(ZONES[facts["zone"]])
    last = datetime.fromisoformat(f"{facts['day']}T{facts['at']}").replace(tzinfo=zone)
    later = last.astimezone(ZoneInfo("UTC")) + timedelta(hours=int(facts["interval"]))
    return later.astimezone(zone).replace(tzinfo=None).isoformat(timespec="minutes")


def due(facts: Facts) -> dict[str, str]:
    """Return due date and gestational age by ordinal days."""
    if facts["lmp"] is not None:
        start = date.fromisoformat(facts["lmp"]).toordinal()
    else:
        start = date.fromisoformat(facts["scan"]).toordinal() - 7 * int(facts["ga_weeks"]) - int(facts["ga_days"])
    passed = date.fromisoformat(facts["seen"]).toordinal() - start
    return {"edd": date.fromordinal(start + 280).isoformat(), "ga": f"{passed // 7}+{passed % 7}"}


def risk(facts: Facts) -> int:
    """Return the score that the record names."""
    name = facts["score"]
    if name == "gcs":
        return int(facts["eye"]) + int(facts["verbal"]) + int(facts["motor"])
    if name == "qsofa":
        return sum([bool(facts["confusion"]), int(facts["rr"]) > 21, int(facts["sbp"]) < 101])
    if name == "curb65":
        low = int(facts["sbp"]) < 90 or int(facts["dbp"]) < 61
        return sum([bool(facts["confusion"]), float(facts["urea"]) > 7, int(facts["rr"]) > 29, low, int(facts["age"]) > 64])
    points = {"chf": 1, "htn": 1, "dm": 1, "stroke": 2, "vascular": 1}
    age = int(facts["age"])
    total = sum(p for k, p in points.items() if facts[k]) + (age > 64) + (age > 74)
    return int(total + (name == "cha2ds2_vasc" and facts["sex"] == "female"))
