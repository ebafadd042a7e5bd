"""Answers in words: an envelope becomes what a good assistant would say, in the case's language, from that language's own phrases."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from robustgen.core.case import Case, Envelope
from robustgen.core.language import Language
from robustgen.scale.named import in_words

__all__ = ["STYLES", "quotes_of", "short", "worded"]

STYLES = ("short", "explained", "json")
FALLBACK = "en"
MOST_QUOTES = 6
LONGEST_QUOTE = 120
FIELDS = ("status", "value", "unit", "currency", "label", "missing")


@lru_cache(maxsize=64)
def _phrases(language: Language) -> Mapping[str, str]:
    return {row["key"]: row["text"] for row in language.rows("answers")}


def _fill(phrase: str, **given: str) -> str:
    for key, value in given.items():
        phrase = phrase.replace("{" + key + "}", value)
    return phrase


def _plain(value: Any) -> str:
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def short(envelope: Envelope) -> str:
    """Return the answer itself, as the question asks for it: value with unit or currency, label, or both; several values as JSON."""
    if isinstance(envelope.value, dict) and envelope.label:
        return json.dumps({"value": envelope.value, "label": envelope.label}, ensure_ascii=False)
    parts = []
    if envelope.label:
        parts.append(envelope.label)
    if envelope.value is not None:
        beside = [x for x in (envelope.unit, envelope.currency) if x and not isinstance(envelope.value, (dict, list))]
        parts.append(" ".join([_plain(envelope.value), *beside]))
    return ", ".join(parts)


def quotes_of(case: Case, depends: Sequence[str], phrases: Mapping[str, str]) -> list[str]:
    """Return what the document says of the facts on which the answer depends, in the order in which it says it."""
    places = sorted({tuple(case.spans[p][0]) for p in _stated(case, depends) if case.spans.get(p)})
    made: list[str] = []
    for start, end in places:
        said = " ".join(case.text[start:end].split())
        if said and len(said) <= LONGEST_QUOTE and not any(said in m for m in made):
            made.append(_fill(phrases["quote"], text=said))
    return made[:MOST_QUOTES]


def _stated(case: Case, depends: Sequence[str]) -> list[str]:
    """Return the span paths at or below the facts that are asked for."""
    return [p for p in case.spans if any(p == d or p.startswith((f"{d}.", f"{d}[")) for d in depends)]


def as_json(envelope: Envelope) -> str:
    """Return the envelope as the prompt of the tests asks for it, every field there."""
    return json.dumps({k: getattr(envelope, k) for k in FIELDS}, ensure_ascii=False)


def worded(envelope: Envelope, case: Case, language: Language, fallback: Language, style: str, depends: Sequence[str] = ()) -> str:
    """Return an envelope as an answer: a value, a question back, both readings, a refusal, a handing over."""
    if style == "json":
        return as_json(envelope)
    phrases = _phrases(language) or _phrases(fallback)
    if envelope.status == "answer":
        answer = short(envelope)
        if style == "short":
            return answer
        quotes = quotes_of(case, depends, phrases)
        said = _fill(phrases["because"], quotes=phrases["and"].join(quotes)) + " " if quotes else ""
        return said + _fill(phrases["answer"], answer=answer)
    return _other(envelope, case, phrases)


def _other(envelope: Envelope, case: Case, phrases: Mapping[str, str]) -> str:
    named = (in_words(field, case.domain, case.task, case.tag) for field in envelope.missing)
    missing = phrases["and"].join(dict.fromkeys(named))
    if envelope.status == "ask":
        key = "ask" if not missing else "ask_unclear" if len(case.readings) > 1 else "ask_missing"
        return _fill(phrases[key], missing=missing)
    if envelope.status == "both":
        found = dict.fromkeys(short(e) for r in case.readings for e in r.expected.accept[:1] if e.status == "answer")
        options = [o for o in found if o]
        return _fill(phrases["both"], options=phrases["or"].join(options)) if options else _fill(phrases["ask"])
    key = envelope.status if envelope.status in {"refuse", "escalate"} else "refuse"
    answer = short(envelope)
    return _fill(phrases[key if answer else f"{key}_plain"], answer=answer, label=answer)
