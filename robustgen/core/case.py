"""The case and its parts; applying edits and moving spans.

Positions are code points, half open. A trail's step *k* indexes the text that step *k - 1* left; replayed from
``base_text`` it gives ``text`` exactly, and backwards.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from hashlib import blake2b
from itertools import accumulate
from typing import Any

import msgspec

from robustgen.errors import EditError

__all__ = [
    "SCHEMA",
    "Case",
    "Edit",
    "Effect",
    "Envelope",
    "Expected",
    "Facts",
    "Kind",
    "Reading",
    "Severity",
    "Span",
    "Spans",
    "Step",
    "Tolerance",
    "apply_edits",
    "apply_guarded",
    "canonical",
    "case_id",
    "exact_text",
    "joined",
    "move_spans",
    "replay",
    "undo_edits",
]

SCHEMA = "robustgen.case/1"
Facts = dict[str, Any]
"""A typed record: text, int, Decimal, bool, date, time, datetime, None, lists and records of these."""
Span = tuple[int, int]
Spans = dict[str, list[Span]]
"""Fact path, such as ``order[0].dose``, to the places that state it."""


class Effect(str, Enum):
    """What a perturbation does to the truth."""

    preserves = "preserves"
    shifts = "shifts"
    degrades = "degrades"
    splits = "splits"


class Kind(str, Enum):
    """What sort of input a case is."""

    clean = "clean"
    noisy = "noisy"
    ambiguous = "ambiguous"
    multilingual = "multilingual"
    edge = "edge"
    missing = "missing"
    adversarial = "adversarial"


class Severity(str, Enum):
    """How bad a failure is; the order of definition is from worst to least."""

    critical = "critical"
    high = "high"
    medium = "medium"
    low = "low"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return list(Severity).index(self)


class Edit(msgspec.Struct, frozen=True):
    """Replace ``text[start:end]``, which must be ``old``, by ``new``."""

    start: int
    end: int
    old: str
    new: str


class Step(msgspec.Struct, frozen=True):
    """One perturbation applied: its name, arguments, effect and edits."""

    perturbation: str
    args: dict[str, Any]
    effect: Effect
    edits: list[Edit]


class Envelope(msgspec.Struct, frozen=True, omit_defaults=True):
    """An answer as data; values are decimal strings, ISO dates, labels, lists or mappings of these."""

    status: str = msgspec.field(default_factory=lambda: "answer")
    value: Any = None
    unit: str | None = None
    currency: str | None = None
    label: str | None = None
    missing: list[str] = []
    evidence: list[Any] = []


class Tolerance(msgspec.Struct, frozen=True, omit_defaults=True):
    """How far a number may lie from the expected one: absolute, relative, or half a rounding step."""

    abs: str | None = None
    rel: str | None = None
    step: str | None = None


class Expected(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is acceptable, what never is, and how exact a number must be."""

    accept: list[Envelope]
    never: list[Envelope] = []
    tolerance: Tolerance = Tolerance()


class Reading(msgspec.Struct, frozen=True):
    """One set of facts that a text can mean, what would be right under it, and whether acting on it is safe."""

    facts: Facts
    expected: Expected
    safe: bool = False


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One input with everything that is known about it: the record of PRODUCT's case format."""

    schema: str = SCHEMA
    id: str
    family: str
    base: str | None = None
    domain: str
    task: str
    language: str | list[str]
    kinds: list[Kind]
    text: str
    base_text: str
    messages: list[dict[str, str]]
    facts: Facts
    expected: Expected
    readings: list[Reading] = []
    spans: Spans = {}
    trail: list[Step] = []
    oracles: list[str] = []
    tags: list[str] = []
    seed: int = 0
    index: int = 0
    selection: str = ""
    choices: dict[str, Any] = {}
    made_with: dict[str, str] = {}

    @property
    def tag(self) -> str:
        """The main language's tag."""
        return self.language if isinstance(self.language, str) else self.language[0]

    @property
    def effect(self) -> Effect:
        """The strongest effect on the trail; a clean case preserves."""
        order = [Effect.preserves, Effect.shifts, Effect.degrades, Effect.splits]
        return max((s.effect for s in self.trail), key=order.index, default=Effect.preserves)


def case_id(domain: str, task: str, language: object, text: str, facts: Facts) -> str:
    """Return the content hash that names a case: 16 hexadecimal digits."""
    data = msgspec.json.encode((domain, task, language, facts), enc_hook=exact_text)
    body = text.encode("utf-8", "surrogatepass")
    return blake2b(data + b"\x00" + body, digest_size=8).hexdigest()


def apply_edits(text: str, edits: Sequence[Edit], protected: Iterable[Span] = ()) -> str:
    """Return the text after the edits, which are given in any order.

    Raises ``EditError`` when an edit's ``old`` is not there, when two overlap, or when one touches protected text.
    """
    return apply_guarded(text, edits, joined(protected))


def apply_guarded(text: str, edits: Sequence[Edit], guard: Sequence[Span]) -> str:
    """Return the text after the edits, none of which may touch a guard of spans that stand in order and apart."""
    ends = [e for _, e in guard]
    pieces: list[str] = []
    at = 0
    for edit in sorted(edits, key=lambda e: (e.start, e.end)):
        if edit.start < at or edit.end < edit.start or edit.end > len(text):
            raise EditError(f"edit at {edit.start}-{edit.end} overlaps another or leaves the text")
        if text[edit.start : edit.end] != edit.old:
            raise EditError(f"edit at {edit.start} expects {edit.old!r}, found {text[edit.start : edit.end]!r}")
        if _touches(edit, guard, ends):
            raise EditError(f"edit at {edit.start}-{edit.end} ({edit.old!r}) touches protected text")
        pieces += (text[at : edit.start], edit.new)
        at = edit.end
    pieces.append(text[at:])
    return "".join(pieces)


def joined(spans: Iterable[Span]) -> list[Span]:
    """Return spans in order, those that overlap as one."""
    made: list[Span] = []
    for start, end in sorted(spans):
        if made and start < made[-1][1]:
            made[-1] = (made[-1][0], max(end, made[-1][1]))
        else:
            made.append((start, end))
    return made


def _touches(edit: Edit, guard: Sequence[Span], ends: Sequence[int]) -> bool:
    """Tell whether an edit changes or splits a guarded span; an insertion at a span's border does not."""
    at = bisect_right(ends, edit.start)
    if at == len(guard):
        return False
    start, _ = guard[at]
    return start < edit.start if edit.start == edit.end else start < edit.end


def undo_edits(text: str, edits: Sequence[Edit]) -> str:
    """Return the text as it was before the edits; raises ``EditError`` when they do not fit."""
    shift = 0
    back: list[Edit] = []
    for edit in sorted(edits, key=lambda e: (e.start, e.end)):
        start = edit.start + shift
        back.append(Edit(start, start + len(edit.new), edit.new, edit.old))
        shift += len(edit.new) - len(edit.old)
    return apply_edits(text, back)


def replay(base_text: str, trail: Sequence[Step]) -> str:
    """Return the text that a trail makes of ``base_text``."""
    for step in trail:
        base_text = apply_edits(base_text, step.edits)
    return base_text


def move_spans(spans: Mapping[str, Sequence[Span]], edits: Sequence[Edit]) -> Spans:
    """Return the spans carried through the edits.

    An edit inside a span stretches it; an edit that covers a whole span makes the span cover what replaced it, and a
    span whose whole text was deleted is gone.
    """
    order = sorted(edits, key=lambda e: (e.start, e.end))
    ends = [e.end for e in order]
    shifts = [0, *accumulate(len(e.new) - len(e.old) for e in order)]
    moved: Spans = {}
    for path, places in spans.items():
        kept = []
        for start, end in places:
            first, last = bisect_left(ends, start), bisect_left(ends, end)  # edits that end before a border only shift it
            new = (_move(start, order, first, shifts[first], at_end=False), _move(end, order, last, shifts[last], at_end=True))
            if new[0] < new[1]:
                kept.append(new)
        moved[path] = kept
    return moved


def _move(position: int, edits: Sequence[Edit], first: int, shift: int, *, at_end: bool) -> int:
    """Return where a border of a span stands after the edits, of which those before ``first`` shift it."""
    for edit in edits[first:]:
        grow = len(edit.new) - len(edit.old)
        if edit.end < position or (edit.end == position and edit.start < edit.end):
            shift += grow
        elif edit.start == edit.end == position:
            shift += 0 if at_end else grow
        elif edit.start < position:
            return edit.start + shift + (len(edit.new) if at_end else 0)
        else:
            break
    return position + shift


def exact_text(value: object) -> Any:
    """Encode what JSON lacks: exact fractions as ``"p/q"``; for use as msgspec's ``enc_hook``."""
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, str):
        return str(value)  # a table row's key
    raise TypeError(f"{type(value).__name__} does not belong in facts")


def canonical(value: Any) -> Any:
    """Return an answer's value as data: plain decimal strings, ISO dates, sorted sets; text, truth and None stay."""
    exact = type(value)
    if exact is str or exact is bool or value is None:
        return value
    if exact is Decimal:
        return _plain(value)
    if isinstance(value, (str, int)):
        return str(value)
    if isinstance(value, Fraction):
        return canonical(Decimal(value.numerator) / Decimal(value.denominator))
    if isinstance(value, Decimal):
        return _plain(value)
    if isinstance(value, (datetime, time)):
        return value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(k): canonical(v) for k, v in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted((canonical(v) for v in value), key=str)
    if isinstance(value, Iterable):
        return [canonical(v) for v in value]
    return str(value)


def _plain(value: Decimal) -> str:
    """Return a decimal in plain digits without needless zeros."""
    plain = format(value, "f")
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "0" if plain in {"-0", ""} else plain
