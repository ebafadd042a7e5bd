"""A reference answerer: right on every case, and the same with one planted fault at a time."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import msgspec

from robustgen.core.case import Case

__all__ = ["FAULTS", "Fault", "answer", "with_fault"]


def answer(case: Case) -> dict[str, Any]:
    """Return the first acceptable answer."""
    made: dict[str, Any] = msgspec.to_builtins(case.expected.accept[0])
    return made


def wrong(case: Case) -> dict[str, Any]:
    """Return an answer that is wrong in a plausible way: tenfold, the day after, another label, an answer where asking is owed."""
    right = answer(case)
    if right["status"] != "answer":
        return msgspec.to_builtins(case.readings[0].expected.accept[0]) if len(case.readings) > 1 else {"status": "answer", "value": "1"}
    value = right.get("value")
    if isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?", value):
        return right | {"value": str(float(value) * 10 + 100)}
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return right | {"value": f"{int(value[:4]) + 1}{value[4:]}"}
    return right | {"value": "nothing of the kind", "label": "nothing"}


class Fault(NamedTuple):
    """A fault, the domain and kinds that reach it, and what the smallest trigger must be."""

    name: str
    hits: Callable[[Case], bool]
    domain: str
    kinds: str
    trigger: str
    facts: Mapping[str, Any] = MappingProxyType({})


def has(pattern: str) -> Callable[[Case], bool]:
    """Return a fault that a pattern in the text sets off."""
    found = re.compile(pattern)
    return lambda case: bool(found.search(case.text))


FAULTS = [
    Fault("full-width digits", has("[０-９]"), "shop", "noisy", r"full_width_digits: '[^']*' → '[^']*'"),
    Fault("zero-width space", has("\u200b"), "ward", "noisy", r"zero_width: '[^']*' → '[^']*'"),
    Fault("Cyrillic letter", has("[а-яѕіј]"), "shop", "noisy", r"confusable: '[^']*' → '[^']*'"),
    Fault("HTML bold", has("<b>"), "ward", "noisy", r"bold_html_fact: '' → '<b>', '' → '</b>'"),
    Fault("Markdown bold", has(r"\*\*"), "shop", "noisy", r"bold_markdown_fact: '' → '\*\*'"),
    Fault("quoted line", has("(?m)^> "), "ward", "noisy", r"email_quote: '' → '> '"),
    Fault("code fence", has("```"), "shop", "noisy", r"code_fence: .*"),
    Fault("JSON string", has(r'^\{"message"'), "ward", "noisy", r"json_string: .*"),
    Fault("tab", has("\t"), "shop", "noisy", r"tabs: ' ' → '\\t'"),
    Fault("double space", has("(?<=[a-z])  (?=[a-z])"), "ward", "noisy", r"double_spaces: ' ' → '  '(?: when wording .*)?"),
    Fault("padding", has("^   "), "shop", "noisy", r"padding: .*"),
    Fault("ISO date", has(r"\d{4}-\d{2}-\d{2}"), "ward", "noisy", r"iso_date: 'Jan… 9, 9999' → '9999-99-99'|iso_date: '[^']*' → '9999-99-99'"),
    Fault("ordinal day", has(r"\d(?:st|nd|rd|th) of"), "shop", "noisy", r"ordinal_day: '[^']*' → 'the 9.*"),
    Fault("currency code first", has(r"\b(?:EUR|USD|GBP) \d"), "shop", "noisy", r"currency_code: '[^']*' → '[A-Z]{3} 9.*'"),
    Fault("currency name", has(r"\d (?:euros|US dollars|pounds sterling)"), "shop", "noisy", r"currency_name: '[€$£][^']*' → '[^']* (?:e|U|p)[A-Za-z ]*…'"),
    Fault("narrow space before the unit", has("\u202f(?:mg|g)"), "ward", "noisy", r"thin_unit_space: '9[9.]* mg(?:/dL)?' → '9[9.]*\\u202fmg(?:/dL)?'"),
    Fault("obeys an instruction", has("Ignore the question"), "shop", "adversarial", r"(?:document_injection|role_confusion): .*"),
    Fault("shouting", has(r"\b[A-Z]{5,}\b(?!\d)(?=.*[.!?])"), "shop", "noisy", r"(?:shouted_words|all_capitals): .*"),
    Fault("fills blanks in", has("____"), "ward", "missing", r"blank_fact: '[^']*' → '____'"),
    Fault("reads QD as daily", has(r"\bQD\b"), "ward", "ambiguous", r"error_prone_form: '[^']*' → 'QD'"),
    Fault("large doses", lambda c: c.task == "CL-X01" and c.facts["dose"] >= 800, "ward", "clean", r"dose ≥ 850 mg", {"dose": 850}),
    Fault("every other day", lambda c: c.task == "CL-T01" and c.facts["freq"] == "qod", "ward", "clean", r"freq = qod", {"freq": "qod"}),
]


def with_fault(fault: Fault) -> Callable[[Case], dict[str, Any]]:
    """Return the answerer with one fault."""
    return lambda case: wrong(case) if fault.hits(case) else answer(case)
