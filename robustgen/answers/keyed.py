"""An answer as JSON with keys of its own: one number with its unit beside it or in its key, or nothing but what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import regex

from robustgen.answers.compare import to_number
from robustgen.answers.quantities import quantities_in
from robustgen.answers.status import cues_in
from robustgen.answers.units import SCALES, normal_unit
from robustgen.core.case import Envelope, canonical
from robustgen.core.language import Language

__all__ = ["keyed"]

_KEY = regex.compile(r"[\p{L}\p{M}%]+")
_SPLIT = regex.compile(r"(?<=\p{Ll})(?=\p{Lu})")


def _leaves(data: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the keys and values that are neither lists nor objects, one level of nesting included."""
    for key, value in data.items():
        if isinstance(value, Mapping):
            yield from ((f"{key} {k}", v) for k, v in value.items() if not isinstance(v, (Mapping, list)))
        elif not isinstance(value, list):
            yield str(key), value


def _measure(text: str, language: Language | None) -> tuple[str, str]:
    """Return the unit and the currency that a word names, empty where it names none."""
    found = quantities_in(f"1 {text.strip()}", language)
    return (found[0].unit, found[0].currency) if len(found) == 1 and text.strip() and not text.strip()[0].isdigit() else ("", "")


def _final(key: str, language: Language | None) -> bool:
    """Tell whether a key says that its value is the whole or the result."""
    return any(c.kind == "final" for c in cues_in(" ".join(p for w in _KEY.findall(key) for p in _SPLIT.split(w)).casefold(), language))


def keyed(data: Mapping[str, Any], example: Envelope, language: Language | None) -> Envelope | None:
    """Return the answer of an object that has none of the agreed keys; None where it does not say one thing."""
    if to_number(example.value) is None:
        return None
    leaves = list(_leaves(data))
    numbers = [(k, v) for k, v in leaves if isinstance(v, (int, float)) and not isinstance(v, bool)]
    texts = [(k, v) for k, v in leaves if isinstance(v, str) and v.strip()]
    lists = [v for v in data.values() if isinstance(v, list) and v]
    written = [(k, q) for k, v in texts for q in quantities_in(v, language)]
    if any(v is None for _, v in leaves) and not numbers and not written and (texts or lists):
        return Envelope(status="ask", missing=[str(m) for found in lists for m in found])
    if len(numbers) + len(written) > 1:  # "subtotal", "shipping" and "total": the key that a final word names
        numbers, written = [(k, v) for k, v in numbers if _final(k, language)], [(k, q) for k, q in written if _final(k, language)]
    if len(numbers) + len(written) != 1:
        return None
    if written and (written[0][1].unit or written[0][1].currency):
        quantity = written[0][1]
        return Envelope(value=canonical(quantity.value), unit=quantity.unit or None, currency=quantity.currency or None)
    key, number = numbers[0] if numbers else (written[0][0], written[0][1].value)
    unit, currency = "", ""
    for _, said in texts:
        u, c = _measure(said, language)
        unit, currency = unit or u, currency or c
    if not unit and not currency:
        parts = [p for word in _KEY.findall(key) for p in _SPLIT.split(word)]
        units = [p for p in parts if normal_unit(p) in SCALES]
        joined = next((f"{a}/{c}" for a, b, c in zip(parts, parts[1:], parts[2:], strict=False) if normal_unit(f"{a}/{c}") in SCALES and len(b) <= 4), "")
        unit = joined or (units[-1] if len(units) == 1 else "")
        currency = next((p for p in parts if p.isupper() and _measure(p, language)[1]), "")
    return Envelope(value=repr(number) if isinstance(number, float) else canonical(number), unit=unit or None, currency=currency or None)
