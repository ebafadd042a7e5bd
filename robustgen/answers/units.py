"""Exact conversions between units of mass, volume, length, time and temperature, as fractions of a base unit."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

__all__ = ["convert", "normal_unit"]

_F = Fraction
# exact by definition: international yard and pound (1959), litre (CGPM 1964), US gallon 231 cubic inches
SCALES: Mapping[str, tuple[str, Fraction]] = {
    "kg": ("mass", _F(1000)), "g": ("mass", _F(1)), "mg": ("mass", _F(1, 1000)), "mcg": ("mass", _F(1, 10**6)), "ng": ("mass", _F(1, 10**9)),
    "lb": ("mass", _F(45359237, 100000)), "oz": ("mass", _F(45359237, 1600000)), "l": ("volume", _F(1)), "dl": ("volume", _F(1, 10)),
    "cl": ("volume", _F(1, 100)), "ml": ("volume", _F(1, 1000)), "km": ("length", _F(1000)), "m": ("length", _F(1)), "cm": ("length", _F(1, 100)),
    "mm": ("length", _F(1, 1000)), "in": ("length", _F(254, 10000)), "ft": ("length", _F(3048, 10000)), "s": ("time", _F(1)), "min": ("time", _F(60)),
    "h": ("time", _F(3600)), "d": ("time", _F(86400)), "wk": ("time", _F(604800)), "bp": ("ratio", _F(1, 10000)), "%": ("ratio", _F(1, 100)),
    "mmol/l": ("molar", _F(1)), "umol/l": ("molar", _F(1, 1000)), "mg/dl": ("density", _F(1)), "g/dl": ("density", _F(1000)), "g/l": ("density", _F(100)),
    "mg/l": ("density", _F(1, 10)), "mcg/ml": ("density", _F(1, 10)), "ng/ml": ("density", _F(1, 10000)),
    "ml/h": ("flow", _F(1)), "ml/min": ("flow", _F(60)), "l/h": ("flow", _F(1000)),
}  # fmt: skip
_NAMES: Mapping[str, str] = {
    "milligram": "mg", "milligrams": "mg", "milligramme": "mg", "gram": "g", "grams": "g", "kilogram": "kg", "kilograms": "kg", "kilos": "kg",
    "microgram": "mcg", "micrograms": "mcg", "µg": "mcg", "μg": "mcg", "ug": "mcg", "milliliter": "ml", "milliliters": "ml", "millilitre": "ml",
    "millilitres": "ml", "cc": "ml", "liter": "l", "liters": "l", "litre": "l", "litres": "l", "hours": "h", "hour": "h", "hr": "h", "hrs": "h",
    "minutes": "min", "minute": "min", "mins": "min", "days": "d", "day": "d", "weeks": "wk", "week": "wk", "pounds": "lb", "lbs": "lb", "ounces": "oz",
    "inches": "in", "inch": "in", "percent": "%", "per cent": "%", "basis points": "bp", "bps": "bp", "mcmol/l": "umol/l", "µmol/l": "umol/l",
    "μmol/l": "umol/l", "mgs": "mg", "centimeters": "cm", "centimetres": "cm", "meters": "m", "metres": "m", "millimeters": "mm", "millimetres": "mm",
}  # fmt: skip


def normal_unit(unit: str) -> str:
    """Return a unit's code: case folded, names to symbols, ``per`` to a slash."""
    text = " ".join(unit.strip().casefold().split()).replace(" per ", "/").replace(" / ", "/").rstrip(".")
    if text in _NAMES:
        return _NAMES[text]
    head, slash, tail = text.partition("/")
    return f"{_NAMES.get(head, head)}/{_NAMES.get(tail, tail)}" if slash else text


def convert(value: Fraction, unit: str, to: str) -> Fraction | None:
    """Return a value in another unit, None when the two measure different things."""
    a, b = normal_unit(unit), normal_unit(to)
    if a == b:
        return value
    if {a, b} == {"°c", "°f"}:
        return value * _F(9, 5) + 32 if a == "°c" else (value - 32) * _F(5, 9)
    if a in SCALES and b in SCALES and SCALES[a][0] == SCALES[b][0]:
        return value * SCALES[a][1] / SCALES[b][1]
    for suffix in ("/d", "/24h", "/day"):
        if a == b + suffix or b == a + suffix:
            return value
    return None
