"""The asked value in a free text: a number with its unit, a date, a time, a label, a list; no guess where nothing points at one."""

# long: every kind of value is chosen among candidates by the same tests of what is fitting, shown and told.

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import regex

from robustgen.answers.acts import acts_in, sentences_of
from robustgen.answers.choose import Candidate, choose
from robustgen.answers.compare import to_number
from robustgen.answers.dates import find_dates, times_in
from robustgen.answers.labels import label_in, labels_in, labels_of, listed_in
from robustgen.answers.numbers import numbers_in
from robustgen.answers.quantities import Quantity, quantities_in
from robustgen.answers.status import words_in
from robustgen.answers.told import EMERGENCY, ISO, LEAD, NEAR, asked_in, echoed_in, told_in, told_numbers
from robustgen.answers.units import convert, normal_unit
from robustgen.core.case import Case, Envelope, canonical
from robustgen.core.language import Language

__all__ = ["fits", "is_span", "measured_alike", "picked", "supposes", "value_in"]

LONG = 20
"""Words from which a figure of the document is a retelling, unless something points at it."""
FEW = 5
"""Words up to which a number without the asked unit may be the answer by itself."""
LINES = 3
"""Lines up to which a number alone in its line may be the answer; a listing has more."""
RESTATED = 4
"""Words of the question from which a sentence restates it."""
MOST = 64
"""Candidates beyond which a text is a document, not an answer."""
_CLOCK = regex.compile(r"(?:[01]?\d|2[0-3]):[0-5]\d")
_TIMES_BEFORE = regex.compile(r"\p{Nd}[^\p{Nd}\n.;,]{0,8}?\s?(?:[×✕✖·]|(?<!\*)\*|(?<!\p{L})[xX](?!\p{L}))\s?$")
_TIMES_AFTER = regex.compile(r"[^\p{Nd}\n.;,]{0,8}?\s?(?:[×✕✖·]|\*(?!\*)|(?<!\p{L})[xX](?!\p{L}))\s?\p{Nd}")
_STARTS = regex.compile(r"\W?[\p{Nd}.,]+(?:\W|$)")
_TOKEN = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}]|[\p{L}\p{M}\p{Nd}]+")
_BULLET = regex.compile(r"(?m)^\s*(?:\d{1,2}[.)、]|[-*•])\s+(.+)$")
_STEP = regex.compile(r"(?m)^[\s*#>-]*(?:\p{L}+ )?\d{1,2}[.):：](?=\s)")


def value_in(text: str, case: Case, example: Envelope, language: Language | None, labels: Sequence[str]) -> tuple[Envelope | None, str]:
    """Return the asked value where the text gives one, else why not."""
    label: str | None = None
    if example.label is not None:
        label = label_in(text, labels_of(case, labels), language)
        if label is None:
            return None, "no label of the set is named, or several are"
        if example.value is None:
            return Envelope(label=label), ""
    if isinstance(example.value, list):
        return _list(text, case, language)
    if isinstance(example.value, str) and ISO.fullmatch(example.value):
        made, why = _date(text, case, language, timed="T" in example.value)
        return (Envelope(value=made.value, label=label), "") if made else (None, why)
    if isinstance(example.value, str) and _CLOCK.fullmatch(example.value):
        hours = list(dict.fromkeys(t.text for t in times_in(text)))
        return (Envelope(value=hours[0], label=label), "") if len(hours) == 1 else (None, f"{len(hours)} times in the answer")
    if to_number(example.value) is not None:
        made, why = _number(text, case, example, language)
        return (Envelope(value=made.value, unit=made.unit, currency=made.currency, label=label), "") if made else (None, why)
    if isinstance(example.value, str) and label is not None:
        codes = [c for c in (example.value, *listed_in(asked_in(case))) if c not in labels_of(case, labels)]
        code = label_in(text, list(dict.fromkeys(codes)), language)
        return (Envelope(value=code, label=label), "") if code else (None, "no value beside the label")
    if isinstance(example.value, str):
        if words_in(text) > 4 * words_in(example.value) + 2 * FEW:
            return None, "longer than what was asked for"
        return Envelope(value=text.strip("\"'. *`")), ""
    return None, "no structured answer"


def _list(text: str, case: Case, language: Language | None) -> tuple[Envelope | None, str]:
    codes = listed_in(asked_in(case))
    if len(codes) >= 2:
        named = labels_in(text, codes, language)
        return (Envelope(value=named), "") if named else (None, "no item of the set is named")
    items = [b.strip(" .;,*`\"'") for b in _BULLET.findall(text)]
    if not items:
        body = regex.split(r"[:：]\s", text)[-1]
        items = [i.strip(" .。;*`\"'") for i in regex.split(r"\s*[,;、，؛،\n]\s*", body)]
    items = [i for i in items if i]
    return (Envelope(value=items), "") if items else (None, "no list in the answer")


def _date(text: str, case: Case, language: Language | None, *, timed: bool = False) -> tuple[Envelope | None, str]:
    found = find_dates(text, language)
    told = {d.iso for d in find_dates(told_in(case), language)}
    chosen = choose(text, [Candidate(d.start, d.end, d.iso, True) for d in found[:MOST]], language, told)
    if chosen is None:
        return None, f"{len({d.iso for d in found})} dates in the answer"
    if words_in(text) >= LONG and not _shown(text, chosen, language, case, told=chosen.key in told):
        return None, "a date in a longer text that nothing points at"
    if words_in(text) > FEW and regex.search(r"[(（]\s*$", text[: chosen.start]) and len(found) > 1:
        return None, "a date in brackets, beside other things"
    if not timed:
        return Envelope(value=str(chosen.key)), ""
    hours = times_in(text)
    near = [t for t in hours if 0 <= t.start - chosen.end <= 24] or (hours if len({t.text for t in hours}) == 1 else [])
    return (Envelope(value=f"{chosen.key}T{near[0].text}"), "") if near else (None, "no time of day with the date")


def _number(text: str, case: Case, example: Envelope, language: Language | None) -> tuple[Envelope | None, str]:
    steps = [m.span() for m in _STEP.finditer(text)]
    dated = [(d.start, d.end) for d in find_dates(text, language)]
    asking = [(s, e) for s, e in sentences_of(text) if text[s:e].rstrip().endswith(("?", "？", "؟"))]
    found = [
        q
        for q in quantities_in(text, language)
        if not any(s <= q.start < e for s, e in (*steps, *dated, *asking)) and (q.value not in EMERGENCY or q.unit or q.currency or len(text) < 12)
    ]
    if not found:
        return None, "no number in the answer"
    measured = bool(example.unit or example.currency)
    candidates = [Candidate(q.start, q.end, (q.value, q.unit, q.currency), fits(q, example)) for q in found[:MOST]]
    if measured and any(c.fits for c in candidates):
        candidates = [c for c, q in zip(candidates, found, strict=False) if c.fits or q.unit or q.currency or _bare(text, q)]
    candidates = [c for c in candidates if not _factor(text, c)] or candidates
    told = told_numbers(case, language)
    known = {c.key for c, q in zip([Candidate(q.start, q.end, (q.value, q.unit, q.currency)) for q in found[:MOST]], found, strict=False) if q.value in told}
    if measured and not any(c.fits for c in candidates) and words_in(text) > FEW and not _STARTS.match(text):
        pointed = [c for c in acts_in(text, language) if c.kind == "final"]
        candidates = [c for c, q in zip(candidates, found, strict=False) if _bare(text, q) or any(0 <= q.start - p.end <= 3 for p in pointed)]
        if not candidates:
            return None, "no number with the asked unit in the answer"
    merged = _merged(candidates)
    chosen = choose(text, merged, language, known)
    if chosen is None:
        return None, f"{len({q.value for q in found})} numbers in the answer"
    if any(q.end <= chosen.start and not q.unit and not q.currency and is_span(text, q.end, chosen.start, language) for q in found):
        return None, "a span or a choice of numbers"
    if words_in(text) >= LONG and not _shown(text, chosen, language, case, told=chosen.key in known):
        return None, "a figure in a longer text that nothing points at"
    quantity = next(q for q in found if q.start == chosen.start)
    return Envelope(value=canonical(quantity.value), unit=quantity.unit or None, currency=quantity.currency or None), ""


def fits(quantity: Quantity, example: Envelope) -> bool:
    """Tell whether a quantity is measured as the asked one."""
    if example.currency:
        return quantity.currency == example.currency
    if not example.unit or not quantity.unit:
        return False
    return normal_unit(quantity.unit) == normal_unit(example.unit) or convert(quantity.value, quantity.unit, example.unit) is not None


def measured_alike(quantity: Quantity, example: Envelope) -> bool:
    """Tell whether a quantity is measured as the asked one and, for ratios, in the same unit: percents of another thing are no basis points."""
    alike = normal_unit(quantity.unit or "") == normal_unit(example.unit or "")
    return fits(quantity, example) and (bool(example.currency) or alike or normal_unit(example.unit or "") not in {"bp", "%"})


def picked(text: str, case: Case, example: Envelope, language: Language | None) -> bool:
    """Tell whether a retelling answers a question for what the document states: it holds one figure of the asked kind."""
    number = to_number(example.value)
    if number is None or Fraction(number) not in frozenset(n.value for n in numbers_in(case.text, language)) or not (example.unit or example.currency):
        return False
    return len({q.value for q in quantities_in(text, language) if fits(q, example)}) == 1


def supposes(text: str, case: Case, example: Envelope, language: Language | None) -> bool:
    """Tell whether an answer that asks also gives one: a value that the document does not state."""
    if example.value is None or isinstance(example.value, (list, dict)):
        return False
    if ISO.fullmatch(str(example.value)):
        dates = {d.iso for d in find_dates(told_in(case), language)}
        return any(d.iso not in dates for d in find_dates(text, language))
    if to_number(example.value) is None:
        return False
    told = told_numbers(case, language)
    fresh = [q for q in quantities_in(text, language) if q.value not in told and (fits(q, example) or not (example.unit or example.currency))]
    return bool(fresh)


def _shown(text: str, chosen: Candidate, language: Language | None, case: Case, *, told: bool) -> bool:
    """Tell whether something points at a candidate: a final word in its sentence, marks around it, the question's words before it, its place.

    What the document states is an echo at the start and the end of a long text too.
    """
    start, end = next(((s, e) for s, e in sentences_of(text) if s <= chosen.start < e), (0, len(text)))
    if not chosen.fits and not text[chosen.end :].strip():
        return False  # the text may have been cut inside the number
    if told and any(s <= chosen.start < e for s, e in echoed_in(text, case)):
        return bool(LEAD.match(text))
    if (
        _restates(text[start : chosen.start], asked_in(case))
        or any(c.kind == "final" and start <= c.start < end for c in acts_in(text, language))
        or text[chosen.start - 1 : chosen.start] in {"*", "{"}
    ):
        return True
    if not text[chosen.end :].strip() or (told and not LEAD.match(text)):
        return False
    if chosen.start <= NEAR or len(text.rstrip()) - chosen.end <= NEAR:
        return True
    return bool(LEAD.match(text))


def _restates(head: str, asked: str) -> bool:
    """Tell whether the words before a figure are mostly those of the question: "the last day on which notice can be given is"."""
    said = _TOKEN.findall(head.casefold())
    known = set(_TOKEN.findall(asked.casefold()))
    found = sum(w in known for w in said)
    return found >= RESTATED and 5 * found >= 3 * len(said)


def is_span(text: str, start: int, end: int, language: Language | None) -> bool:
    """Tell whether two numbers are the ends of a span or a choice, with one unit for both."""
    between = text[start:end]
    if len(between) > 8 or regex.search(r"[,.;:=()\n×*+/]", between):
        return False
    return bool(regex.fullmatch(r"\s*[-–—~～〜]\s*", between)) or any(
        c.kind in {"or", "range"} and start <= c.start < end and len(between.strip()) <= len(c.text.strip()) + 2 for c in acts_in(text, language)
    )


def _bare(text: str, quantity: Quantity) -> bool:
    """Tell whether a number stands alone in its line or behind a sign, so that it may be the answer without a unit."""
    if len(text.strip().splitlines()) > LINES and not regex.search(r"[=:≈：]\W*$", text[max(0, quantity.start - 4) : quantity.start]):
        return False
    return bool(regex.search(r"(?:[=:≈：]|^|\n)\W*$", text[max(0, quantity.start - 4) : quantity.start])) and bool(
        regex.match(r"\W*(?:\n|$)", text[quantity.end :])
    )


def _factor(text: str, candidate: Candidate) -> bool:
    """Tell whether a quantity is a factor of a product that is written out: "3 × 500 mg"."""
    return bool(_TIMES_BEFORE.search(text[max(0, candidate.start - 16) : candidate.start]) or _TIMES_AFTER.match(text[candidate.end : candidate.end + 24]))


def _merged(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return candidates keyed by value alone where one of them has the unit and the other none: "1500" and "1500 mg" are one answer."""
    keys = [c.key for c in candidates if isinstance(c.key, tuple)]
    made = []
    for candidate in candidates:
        key = candidate.key
        richer = {k for k in keys if isinstance(key, tuple) and k[0] == key[0] and any(k[1:])}
        plain = isinstance(key, tuple) and not any(key[1:])
        made.append(candidate._replace(key=next(iter(richer))) if plain and len(richer) == 1 else candidate)
    return made
