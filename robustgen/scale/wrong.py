"""Wrong answers, computed: another reading, a hazard that the pack names, a slip of ten, of unit, of day, a guess where asking is owed.

Each is proved wrong by the same comparison that judges a system under test before it may stand in a data set.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec

from robustgen.answers.compare import accepted, to_number
from robustgen.core.case import Case, Envelope, canonical

__all__ = ["Wrong", "wrong_answers"]

SLIPS: Mapping[str, str] = {
    "mg": "g",
    "g": "mg",
    "mcg": "mg",
    "kg": "g",
    "mL": "L",
    "L": "mL",
    "%": "bp",
    "bp": "%",
    "h": "min",
    "min": "h",
    "mm": "cm",
    "cm": "mm",
}
OTHER_MONEY: Mapping[str, str] = {"EUR": "USD", "USD": "EUR", "GBP": "EUR", "JPY": "CNY", "CNY": "JPY"}


class Wrong(NamedTuple):
    """A wrong answer and how it was come by."""

    envelope: Envelope
    why: str


def wrong_answers(case: Case, clean: Sequence[Envelope] = (), labels: Sequence[str] = (), abstain: str = "", most: int = 1) -> list[Wrong]:
    """Return up to ``most`` wrong answers, the kinds in an order that the case's id decides; each fails the comparison with what is expected.

    ``clean`` is what would be right if nothing had been taken out; ``labels`` and ``abstain`` are the task's.
    """
    groups: dict[str, list[Wrong]] = {}
    for wrong in _proposed(case, clean, labels, abstain):
        groups.setdefault(wrong.why, []).append(wrong)
    order = sorted(groups, key=lambda why: _place(case.id, why))
    made: list[Wrong] = []
    depth = max(map(len, groups.values()), default=0)
    for turn in range(depth):
        for why in order:
            if turn < len(groups[why]):
                wrong = groups[why][turn]
                if not accepted(wrong.envelope, case.expected) and all(wrong.envelope != m.envelope for m in made):
                    made.append(wrong)
                    if len(made) == most:
                        return made
    return made


def _place(name: str, why: str) -> tuple[bool, bytes]:
    """Return where a kind stands in the order of a case; a needless question, the same words every time, comes last in three cases of four."""
    drawn = blake2b(f"{name}/{why}".encode(), digest_size=8).digest()
    return why == "overcautious" and drawn[-1] % 4 > 0, drawn


def _proposed(case: Case, clean: Sequence[Envelope], labels: Sequence[str], abstain: str) -> Iterator[Wrong]:
    right = case.expected.accept[0]
    yield from (Wrong(e, "hazard") for e in case.expected.never)
    owed = all(e.status != "answer" or (abstain and e.label == abstain) for e in case.expected.accept)
    for reading in case.readings:
        for envelope in reading.expected.accept[:1]:
            if envelope.status == "answer":
                yield Wrong(envelope, "overconfident" if owed else "other_reading")
    if owed:
        yield from (Wrong(e, "overconfident") for e in clean if e.status == "answer")
    if right.status in {"answer", "escalate"}:
        yield from _slipped(right, labels)
        lost = Envelope(label=abstain) if abstain and abstain != right.label else Envelope(status="ask")
        yield Wrong(lost, "overcautious")
    elif right.status == "refuse":
        yield from (Wrong(Envelope(label=label), "complied") for label in labels if label not in {right.label, abstain})
        yield Wrong(Envelope(status="ask"), "asked_instead")


def _slipped(right: Envelope, labels: Sequence[str]) -> Iterator[Wrong]:
    for label in labels:
        if right.label and label != right.label:
            yield Wrong(msgspec.structs.replace(right, label=label), "wrong_label")
    if right.value is None:
        return
    for factor in (Decimal(10), Decimal("0.1")):
        if (value := _scaled(right.value, factor)) is not None:
            yield Wrong(msgspec.structs.replace(right, value=value), "off_by_ten")
    number = to_number(right.value)
    if number is not None and right.unit and right.unit in SLIPS:
        yield Wrong(msgspec.structs.replace(right, unit=SLIPS[right.unit]), "unit_slip")
    if number is not None and right.currency and right.currency in OTHER_MONEY:
        yield Wrong(msgspec.structs.replace(right, currency=OTHER_MONEY[right.currency]), "currency_slip")
    yield from (Wrong(msgspec.structs.replace(right, value=v), "date_slip") for v in _days(right.value))
    if isinstance(right.value, list) and len(right.value) > 1:
        yield Wrong(msgspec.structs.replace(right, value=right.value[:-1]), "left_out")


def _scaled(value: Any, factor: Decimal) -> Any:
    """Return a value with its numbers times a factor, None when it holds none or is nought."""
    if isinstance(value, dict):
        found = {k: _scaled(v, factor) for k, v in value.items()}
        return {k: value[k] if v is None else v for k, v in found.items()} if any(v is not None for v in found.values()) else None
    number = to_number(value) if isinstance(value, (str, int, Decimal)) else None
    if not number:
        return None
    scaled = Decimal(str(value)) * factor
    return format(scaled, "f") if "." in str(value) and factor > 1 else canonical(scaled)


def _days(value: Any) -> Iterator[str]:
    """Yield dates near by: day and month exchanged, the day after, a month later."""
    if not isinstance(value, str) or len(value) != 10:
        return
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return
    if day.day <= 12 and day.day != day.month:
        yield day.replace(month=day.day, day=day.month).isoformat()
    yield (day + timedelta(days=1)).isoformat()
    yield (day + timedelta(days=30)).isoformat()
