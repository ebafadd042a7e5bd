"""From a response to an envelope: structured data as it is, JSON wherever it stands, else free text; ``unsure`` rather than a guess."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from robustgen.answers.compare import to_number
from robustgen.answers.numbers import Found, numbers_in
from robustgen.answers.status import status_of
from robustgen.answers.units import normal_unit
from robustgen.core.case import Case, Envelope, canonical
from robustgen.core.language import Language
from robustgen.core.verdict import Reply, Response

__all__ = ["read_answer"]

STATUSES = ("answer", "ask", "both", "escalate", "refuse")
MAX_TEXT = 200_000
EMERGENCY = (112, 911, 999, 15, 61, 108, 118, 119, 120, 123, 192)
"""Emergency numbers (EU, US, UK, FR, ES, IN, IT, JP, CN, EG, BR): in a sentence that escalates they are no answer."""
_FENCE = re.compile(r"```(?:json)?\s*(.*?)```", re.DOTALL)


def read_answer(case: Case, response: Response, language: Language | None = None) -> Reply:
    """Return what a response says; never raises for what a target sends."""
    if response.error:
        return Reply(response=response, unsure="no answer")
    if isinstance(response.data, Mapping):
        return Reply(response=response, envelope=_from_mapping(response.data, case))
    text = response.text[:MAX_TEXT]
    found = _json_in(text)
    if found is not None:
        return Reply(response=response, envelope=_from_mapping(found, case))
    envelope, why = _from_text(text, case, language)
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


def _json_in(text: str) -> Mapping[str, Any] | None:
    """Return the last JSON object of a text that looks like an envelope."""
    candidates = [*_FENCE.findall(text), text]
    for candidate in candidates:
        for match in reversed(list(re.finditer(r"\{", candidate))[:200]):
            try:
                made, _ = json.JSONDecoder().raw_decode(candidate, match.start())
            except (ValueError, RecursionError):
                continue
            if isinstance(made, dict) and {"status", "value", "label", "answer"} & set(made):
                return made
    return None


def _from_text(text: str, case: Case, language: Language | None) -> tuple[Envelope | None, str]:
    stripped = text.strip()
    if not stripped:
        return None, "empty"
    wanted = case.expected.accept[0]
    if stripped == case.text.strip():
        return None, "the answer repeats the document"
    status = status_of(stripped, language)
    labels = _labels(case)
    if labels:
        found = _label_in(stripped, labels)
        if found:
            return Envelope(label=found), ""
        return (Envelope(status=status), "") if status else (None, "no label of the set is named, or several are")
    numbers = numbers_in(stripped, language)
    if status == "escalate":
        numbers = [n for n in numbers if n.value not in EMERGENCY]
    if status in {"ask", "refuse", "both"} or (status and not numbers):
        return Envelope(status=status), ""
    example = wanted if wanted.value is not None else next((r.expected.accept[0] for r in case.readings if r.expected.accept), wanted)
    if isinstance(example.value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}.*", example.value):
        from robustgen.answers.dates import dates_in

        dates = dates_in(stripped, language)
        return (Envelope(value=dates[-1]), "") if len(set(dates)) == 1 else (None, f"{len(set(dates))} dates in the answer")
    if to_number(example.value) is not None or wanted.status != "answer":
        return _number(stripped, [n for n in numbers if not _denied(n, language)] or numbers, example)
    if isinstance(example.value, str):
        return Envelope(value=stripped.strip("\"'. ")), ""
    return None, "no structured answer"


def _labels(case: Case) -> list[str]:
    """Return the labels that the question itself lists, and those of the readings."""
    named = [e.label for r in case.readings for e in r.expected.accept if e.label]
    named += [e.label for e in case.expected.accept if e.label]
    if not named:
        return []
    asked = case.messages[0]["content"] if case.messages else ""
    listed = re.findall(r"\b[a-z]+(?:_[a-z]+)+\b", asked)
    return list(dict.fromkeys([*named, *listed, *(w for w in re.findall(r"[a-z_]{2,}", asked.rpartition(":")[2]) if ":" in asked)]))


def _label_in(text: str, labels: list[str]) -> str | None:
    folded = re.sub(r"[\s_-]+", " ", text.casefold())
    hits = []
    for label in labels:
        plain = re.escape(re.sub(r"[\s_-]+", " ", label.casefold()))
        if re.search(rf"(?<!\w)(?<!not )(?<!isn't ){plain}(?!\w)", folded):
            hits.append(label)
    longest = [h for h in hits if not any(h != o and h.casefold() in o.casefold() for o in hits)]
    return longest[0] if len(longest) == 1 else None


_FINAL = re.compile(r"(?:answer|total|result|therefore|thus|so|equals|is|=|:)\W{0,12}$", re.IGNORECASE)
_CORRECTION = re.compile(r"\b(?:sorry|correction|no,|rather|i mean|actually|wait)\b", re.IGNORECASE)


def _number(text: str, numbers: list[Found], example: Envelope) -> tuple[Envelope | None, str]:
    if not numbers:
        return None, "no number in the answer"
    chosen = numbers[0] if len({n.value for n in numbers}) == 1 else None
    if chosen is None:
        cut = max((m.end() for m in _CORRECTION.finditer(text)), default=-1)
        after = [n for n in numbers if cut >= 0 and n.start >= cut]
        fitting = [n for n in numbers if example.unit and _unit(n) and normal_unit(_unit(n)) == normal_unit(example.unit)]
        final = [n for n in numbers if _FINAL.search(text[max(0, n.start - 24) : n.start])]
        for group in (after, final[-1:], fitting):
            if len({n.value for n in group}) == 1:
                chosen = group[-1]
                break
    if chosen is None:
        return None, f"{len({n.value for n in numbers})} numbers in the answer"
    return Envelope(value=canonical(chosen.value), unit=_unit(chosen) or None), ""


def _denied(found: Found, language: Language | None) -> bool:
    """Tell whether a number stands right behind a negation: "not 15000 mg" is no answer."""
    if language is None:
        return False
    before = found.before.rstrip(" \"'(*").casefold()
    words = (row["text"].casefold() for row in language.rows("negations") if row.get("text"))
    return any(before.endswith(w) and (not language.spaced or not before[: -len(w)][-1:].isalpha()) for w in words)


def _unit(found: Found) -> str:
    """Return the unit that follows a number, where it is a known one."""
    from robustgen.answers.units import SCALES

    match = re.match(r"\s?([A-Za-zµμ°%]+(?:/[A-Za-z]+)?)", found.after)
    return match[1] if match and normal_unit(match[1]) in SCALES else ""
