"""From a response to an envelope: structured data as it is, JSON wherever it stands, else free text; ``unsure`` rather than a guess."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import regex

from robustgen.answers.choose import Candidate, choose
from robustgen.answers.compare import to_number
from robustgen.answers.dates import find_dates, times_in
from robustgen.answers.labels import label_in, labels_in, labels_of, listed_in
from robustgen.answers.numbers import numbers_in
from robustgen.answers.prose import json_in, without_thoughts
from robustgen.answers.quantities import Quantity, quantities_in
from robustgen.answers.status import Cue, cues_in
from robustgen.answers.units import convert, normal_unit
from robustgen.core.case import Case, Envelope, canonical
from robustgen.core.language import Language
from robustgen.core.verdict import Reply, Response

__all__ = ["read_answer"]

STATUSES = ("answer", "ask", "both", "escalate", "refuse")
MAX_TEXT = 200_000
RETOLD = 14
"""Words from which an answer may be a retelling of the document."""
MOST = 64
"""Candidates beyond which a text is a document, not an answer."""
EMERGENCY = (112, 911, 999, 15, 17, 18, 61, 100, 102, 108, 110, 118, 119, 120, 123, 192, 193, 997)
"""Emergency numbers (EU, US, UK, FR, ES, IN, IT, JP, CN, EG, BR, SA): in a sentence that escalates they are no answer."""
_ISO = regex.compile(r"\d{4}-\d{2}-\d{2}.*")
_CLOCK = regex.compile(r"(?:[01]?\d|2[0-3]):[0-5]\d")
_LISTING = regex.compile(r"(?m)^\s*(?:\d{1,2}[.)]|[-*•])\s+\S|^[^\n:：]{2,30}[:：]\s*\S")
_BULLET = regex.compile(r"(?m)^\s*(?:\d{1,2}[.)、]|[-*•])\s+(.+)$")
_STEP = regex.compile(r"(?m)^[\s*#>-]*(?:\p{L}+ )?\d{1,2}[.):：](?=\s)")
_QUESTION = regex.compile(r"[^.!?。！？।؟\n]{4,}[?？؟]")


def read_answer(case: Case, response: Response, language: Language | None = None, labels: Sequence[str] = ()) -> Reply:
    """Return what a response says; never raises for what a target sends. ``labels`` are those that the task declares."""
    if response.error:
        return Reply(response=response, unsure="no answer")
    if isinstance(response.data, Mapping):
        return Reply(response=response, envelope=_from_mapping(response.data, case))
    text = without_thoughts(response.text[:MAX_TEXT])
    found = json_in(text) if "{" in text or "[" in text else None
    if isinstance(found, Mapping) and {"status", "value", "label", "answer"} & set(found):
        return Reply(response=response, envelope=_from_mapping(found, case))
    example = _example(case)
    if isinstance(found, type(example.value)) and isinstance(found, (list, dict)):
        return Reply(response=response, envelope=Envelope(value=canonical(found)))
    envelope, why = _from_text(text, case, language, labels)
    return Reply(response=response, envelope=envelope, unsure=why)


def _from_mapping(data: Mapping[str, Any], case: Case) -> Envelope:
    status = str(data.get("status") or "answer").strip().casefold()
    label = data.get("label")
    value = data.get("value", data.get("answer"))
    if isinstance(value, float):
        value = repr(value)
    missing = data.get("missing") or []
    return Envelope(
        status=status if status in STATUSES else "answer",
        value=canonical(value),
        unit=str(data["unit"]) if data.get("unit") else None,
        currency=str(data["currency"]) if data.get("currency") else None,
        label=str(label) if label is not None else None,
        missing=[str(m) for m in missing] if isinstance(missing, list) else [str(missing)],
        evidence=data["evidence"] if isinstance(data.get("evidence"), list) else [],
    )


def _example(case: Case) -> Envelope:
    """Return an answer of the asked shape: the expected one, or that of a reading."""
    answers = [*case.expected.accept, *(e for r in case.readings for e in r.expected.accept)]
    return next((e for e in answers if e.value is not None or e.label is not None), answers[0] if answers else Envelope())


def _echoes(text: str, case: Case) -> bool:
    """Tell whether a text repeats the document, or nothing but its larger part."""
    said, told = (regex.sub(r"\s+", " ", without_thoughts(t)).strip() for t in (text, case.text))
    return bool(told) and (said == told or (len(told) >= 20 and len(said) >= 0.6 * len(told) and said in told))


def _retells(text: str, case: Case) -> bool:
    """Tell whether most of a longer answer are runs of four words of the document."""
    said, told = (regex.findall(r"[\p{L}\p{M}\p{Nd}]+", t.casefold()) for t in (text, case.text))
    if len(said) < RETOLD:
        return False
    known = {tuple(told[i : i + 4]) for i in range(len(told) - 3)}
    return 5 * sum(tuple(said[i : i + 4]) in known for i in range(len(said) - 3)) >= 3 * (len(said) - 3)


def _from_text(text: str, case: Case, language: Language | None, labels: Sequence[str]) -> tuple[Envelope | None, str]:
    stripped = text.strip()
    if not stripped:
        return None, "empty"
    if _echoes(stripped, case):
        return None, "the answer repeats the document"
    example = _example(case)
    if _retells(stripped, case) and not _supposes(stripped, case, example, language, ()):
        return None, "the answer retells the document and adds no value"
    cues = _effective(stripped, cues_in(stripped, language), case)
    value, why = _value(stripped, case, example, language, labels)
    kinds = {c.kind for c in cues}
    lacking = "ask" in kinds and (example.value is not None or example.label is not None)  # "I cannot give the amount: the frequency is missing"
    if "refuse" in kinds and not lacking and not _complies(stripped, cues, value):
        return Envelope(status="refuse"), ""
    if "escalate" in kinds and (value is None or case.expected.accept[0].status == "escalate" or "refuse" in kinds):
        return Envelope(status="escalate"), ""
    asks = "ask" in kinds
    if asks and example.label is not None and value is not None and value.label is not None and not _questioned(cues, stripped):
        return value, ""
    if asks or "both" in kinds:
        return Envelope(status="both" if _supposes(stripped, case, example, language, cues) else "ask"), ""
    if value is not None:
        return value, ""
    if example.value is None and example.label is None:
        owed = {e.status for e in case.expected.accept}
        if owed <= {"ask", "both"} and not any(c.isdigit() for c in stripped):
            return None, "neither an answer nor a question"
        return Envelope(value=stripped[:80]), ""
    return None, why


def _effective(text: str, cues: Sequence[Cue], case: Case) -> list[Cue]:
    """Return the cues that count: none inside a pointer to a professional, no emergency under an "if", open questions added."""
    pointers = [(c.start, c.end) for c in cues if c.kind == "disclaim"]
    kept = [c for c in cues if c.kind == "disclaim" or not any(s < c.end and c.start < e for s, e in pointers)]
    made = []
    for cue in kept:
        head = regex.split(r"[.!?;。！？；।؟\n]", text[: cue.start])[-1]
        start = cue.start - len(head)
        if cue.kind == "escalate" and any(c.kind == "suppose" and start <= c.start < cue.start for c in kept):
            continue
        made.append(cue)
    asked = regex.sub(r"\W+", "", _asked(case)).casefold()
    parts = [p for p in (regex.sub(r"\W+", "", s).casefold() for s in regex.split(r"[.?!。？！؟।]", _asked(case))) if len(p) >= 8]
    for match in _QUESTION.finditer(text):
        plain = regex.sub(r"\W+", "", match[0]).casefold()
        polite = any(c.start < match.end() and match.start() < c.end for c in _courtesies(text, cues))
        if plain and plain not in asked and not polite and not any(p in plain for p in parts):
            made.append(Cue("ask", match.start(), match.end(), match[0]))
    return made


def _courtesies(text: str, cues: Sequence[Cue]) -> list[Cue]:
    return [c for c in cues if c.kind in {"courtesy", "disclaim"}]


def _questioned(cues: Sequence[Cue], text: str) -> bool:
    """Tell whether an answer ends in a question."""
    return any(c.kind == "ask" and regex.search(r"[?？؟]\s*$", text) for c in cues)


def _complies(text: str, cues: Sequence[Cue], value: Envelope | None) -> bool:
    """Tell whether a refusal is one in words only: the asked value is given, or a document or steps follow."""
    end = max(c.end for c in cues if c.kind == "refuse")
    rest = text[end:]
    if len(_LISTING.findall(rest)) >= 2 or "```" in rest:
        return True
    return value is not None and (value.label is not None or to_number(value.value) is not None or bool(_ISO.fullmatch(str(value.value))))


def _supposes(text: str, case: Case, example: Envelope, language: Language | None, cues: Sequence[Cue]) -> bool:
    """Tell whether an answer that asks also gives one: a value that the document does not state."""
    if example.value is None or isinstance(example.value, (list, dict)):
        return False
    if _ISO.fullmatch(str(example.value)):
        told = {d.iso for d in find_dates(_told(case), language)}
        return any(d.iso not in told for d in find_dates(text, language))
    if to_number(example.value) is None:
        return False
    told_numbers = _told_numbers(case, language)
    fresh = [q for q in quantities_in(text, language) if q.value not in told_numbers and (_fits(q, example) or not (example.unit or example.currency))]
    return bool(fresh)


def _asked(case: Case) -> str:
    return case.messages[0]["content"] if case.messages else ""


def _told(case: Case) -> str:
    return "\n".join([*(m.get("content", "") for m in case.messages), case.text])


def _told_numbers(case: Case, language: Language | None) -> frozenset[Fraction]:
    return frozenset(n.value for n in numbers_in(_told(case), language))


def _value(text: str, case: Case, example: Envelope, language: Language | None, labels: Sequence[str]) -> tuple[Envelope | None, str]:
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
    if isinstance(example.value, str) and _ISO.fullmatch(example.value):
        made, why = _date(text, case, language, timed="T" in example.value)
        return (Envelope(value=made.value, label=label), "") if made else (None, why)
    if isinstance(example.value, str) and _CLOCK.fullmatch(example.value):
        hours = list(dict.fromkeys(t.text for t in times_in(text)))
        return (Envelope(value=hours[0], label=label), "") if len(hours) == 1 else (None, f"{len(hours)} times in the answer")
    if to_number(example.value) is not None:
        made, why = _number(text, case, example, language)
        return (Envelope(value=made.value, unit=made.unit, currency=made.currency, label=label), "") if made else (None, why)
    if isinstance(example.value, str) and label is not None:
        codes = [c for c in (example.value, *listed_in(_asked(case))) if c not in labels_of(case, labels)]
        code = label_in(text, list(dict.fromkeys(codes)), language)
        return (Envelope(value=code, label=label), "") if code else (None, "no value beside the label")
    if isinstance(example.value, str):
        return Envelope(value=text.strip("\"'. *`")), ""
    return None, "no structured answer"


def _date(text: str, case: Case, language: Language | None, *, timed: bool = False) -> tuple[Envelope | None, str]:
    found = find_dates(text, language)
    told = {d.iso for d in find_dates(_told(case), language)}
    chosen = choose(text, [Candidate(d.start, d.end, d.iso, True) for d in found[:MOST]], language, told)
    if chosen is None:
        return None, f"{len({d.iso for d in found})} dates in the answer"
    if not timed:
        return Envelope(value=str(chosen.key)), ""
    hours = times_in(text)
    near = [t for t in hours if 0 <= t.start - chosen.end <= 24] or (hours if len({t.text for t in hours}) == 1 else [])
    return (Envelope(value=f"{chosen.key}T{near[0].text}"), "") if near else (None, "no time of day with the date")


def _fits(quantity: Quantity, example: Envelope) -> bool:
    """Tell whether a quantity is measured as the asked one."""
    if example.currency:
        return quantity.currency == example.currency
    if not example.unit or not quantity.unit:
        return False
    return normal_unit(quantity.unit) == normal_unit(example.unit) or convert(quantity.value, quantity.unit, example.unit) is not None


def _number(text: str, case: Case, example: Envelope, language: Language | None) -> tuple[Envelope | None, str]:
    steps = [m.span() for m in _STEP.finditer(text)]
    dated = [(d.start, d.end) for d in find_dates(text, language)]
    found = [
        q
        for q in quantities_in(text, language)
        if not any(s <= q.start < e for s, e in (*steps, *dated)) and (q.value not in EMERGENCY or q.unit or q.currency or len(text) < 12)
    ]
    if not found:
        return None, "no number in the answer"
    measured = bool(example.unit or example.currency)
    candidates = [Candidate(q.start, q.end, (q.value, q.unit, q.currency), _fits(q, example)) for q in found[:MOST]]
    if measured and any(c.fits for c in candidates):
        candidates = [c for c, q in zip(candidates, found, strict=False) if c.fits or q.unit or q.currency or _bare(text, q)]
    told = _told_numbers(case, language)
    known = {c.key for c, q in zip([Candidate(q.start, q.end, (q.value, q.unit, q.currency)) for q in found[:MOST]], found, strict=False) if q.value in told}
    merged = _merged(candidates)
    chosen = choose(text, merged, language, known)
    if chosen is None:
        return None, f"{len({q.value for q in found})} numbers in the answer"
    quantity = next(q for q in found if q.start == chosen.start)
    return Envelope(value=canonical(quantity.value), unit=quantity.unit or None, currency=quantity.currency or None), ""


def _bare(text: str, quantity: Quantity) -> bool:
    """Tell whether a number stands alone in its line or behind a sign, so that it may be the answer without a unit."""
    return bool(regex.search(r"(?:[=:≈：]|^|\n)\W*$", text[max(0, quantity.start - 4) : quantity.start])) and bool(
        regex.match(r"\W*(?:\n|$)", text[quantity.end :])
    )


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


def _list(text: str, case: Case, language: Language | None) -> tuple[Envelope | None, str]:
    codes = listed_in(_asked(case))
    if len(codes) >= 2:
        named = labels_in(text, codes, language)
        return (Envelope(value=named), "") if named else (None, "no item of the set is named")
    items = [b.strip(" .;,*`\"'") for b in _BULLET.findall(text)]
    if not items:
        body = regex.split(r"[:：]\s", text)[-1]
        items = [i.strip(" .。;*`\"'") for i in regex.split(r"\s*[,;、，؛،\n]\s*", body)]
    items = [i for i in items if i]
    return (Envelope(value=items), "") if items else (None, "no list in the answer")
