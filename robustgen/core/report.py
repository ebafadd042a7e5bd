"""The one model behind every report: console, HTML, JUnit, SARIF, Markdown, CSV and JSON show the same figures."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from robustgen.core.case import Case, Envelope, exact_text
from robustgen.core.verdict import Finding, Response

__all__ = [
    "Cell",
    "Cluster",
    "Duty",
    "Group",
    "Influence",
    "Mark",
    "Point",
    "Report",
    "compared",
    "expected_text",
    "marks",
    "one_line",
    "readable",
    "setting_words",
    "visible",
    "worst_first",
]


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """One level of one factor: how many were judged and how many failed, with a 95 % Wilson interval of the failure rate."""

    factor: str
    level: str
    judged: int
    failed: int
    low: float
    high: float


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """One field of the heat map: judged and failed cases of a domain, kind, language and perturbation (``none`` for clean text)."""

    domain: str
    kind: str
    language: str
    perturbation: str
    judged: int
    failed: int


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """One point of a strength curve: cases of a family of perturbations in which at most this share of the text was changed."""

    family: str
    changed: float
    judged: int
    failed: int
    low: float
    high: float


class Cluster(msgspec.Struct, frozen=True, kw_only=True):
    """Findings with one cause, whatever the task and language, named in words."""

    id: str
    title: str
    cause: str
    effect: str
    severity: str
    oracle: str
    count: int
    findings: list[str]
    tasks: list[str]
    languages: list[str]


class Influence(msgspec.Struct, frozen=True, kw_only=True):
    """What one level of one factor does to the odds of failing, the other factors held equal, with a 95 % interval; ``q`` is the p-value
    under control of false discoveries.
    """

    factor: str
    level: str
    odds: float
    low: float
    high: float
    q: float
    judged: int
    failed: int


class Duty(msgspec.Struct, frozen=True, kw_only=True):
    """A regulation or standard with the cases that concern it and the findings against it."""

    id: str
    title: str = ""
    domains: list[str] = []
    passed: int = 0
    failed: int = 0
    undecided: int = 0
    findings: list[str] = []


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a report shows of a run.

    ``judges`` says of each model that judged how far it agrees with the exact comparison, ``leaks`` counts the answers searched for secrets and those that held one, ``titles`` names the tasks, ``triage`` is the file of marks.
    """

    run: str
    target: str
    config: Mapping[str, Any]
    made_with: Mapping[str, str]
    totals: Mapping[str, int]
    by_oracle: Mapping[str, Mapping[str, int]]
    findings: Sequence[Finding]
    groups: Sequence[Group] = ()
    latency: Mapping[str, float] = {}
    errors: Mapping[str, int] = {}
    answered: float = 0.0
    requests: int = 0
    why: str = "done"
    titles: Mapping[str, str] = {}
    regions: Sequence[Mapping[str, Any]] = ()
    windows: Sequence[Mapping[str, Any]] = ()
    spend: Mapping[str, Any] = {}
    cells: Sequence[Cell] = ()
    curves: Sequence[Point] = ()
    clusters: Sequence[Cluster] = ()
    influences: Sequence[Influence] = ()
    duties: Sequence[Duty] = ()
    leaks: Mapping[str, int] = {}
    judges: Mapping[str, Mapping[str, float]] = {}
    triage: str = ""


class Mark(msgspec.Struct, frozen=True):
    """A piece of text: ``same``, ``old`` (removed) or ``new`` (inserted)."""

    kind: str
    text: str


def marks(base: str, case: Case) -> list[Mark]:
    """Return the case's text in pieces, with what the trail changed against the base; several steps are compared as a whole."""
    if len(case.trail) == 1:
        pieces, at = [], 0
        for edit in sorted(case.trail[0].edits, key=lambda e: (e.start, e.end)):
            pieces += [Mark("same", base[at : edit.start]), Mark("old", edit.old), Mark("new", edit.new)]
            at = edit.end
        pieces.append(Mark("same", base[at:]))
        return [p for p in pieces if p.text]
    return compared(base, case.text)


_TOKENS = re.compile(r"[^\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+|\s+|.", re.DOTALL)


def compared(before: str, after: str) -> list[Mark]:
    """Return a text in pieces against another one, word by word; in scripts without spaces character by character."""
    from difflib import SequenceMatcher

    old, new = _TOKENS.findall(before), _TOKENS.findall(after)
    pieces = []
    for tag, a, b, c, d in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Mark("same", "".join(old[a:b])))
        else:
            pieces += [Mark("old", "".join(old[a:b])), Mark("new", "".join(new[c:d]))]
    return [p for p in pieces if p.text]


def worst_first(findings: Sequence[Finding]) -> list[Finding]:
    """Return findings in the order in which people should see them: those without a triage mark first, the worst first."""
    return sorted(findings, key=lambda f: (f.mark is not None, f.verdict.severity.rank, -f.count, f.id))


def setting_words(finding: Finding) -> str:
    """Return what an oracle needs to speak of a failure, which is no cause of it; empty where it needs nothing."""
    return f"{finding.verdict.oracle} speaks of it when {' and '.join(finding.setting)}" if finding.setting else ""


def readable(response: Response) -> str:
    """Return a response as text for readers, inert."""
    if response.error:
        return f"error: {visible(response.error)} {visible(response.detail)}".strip()
    return visible(response.text or msgspec.json.encode(response.data, enc_hook=exact_text).decode("utf-8", "replace"))


_NAMED = {0x200B: "ZWSP", 0x200C: "ZWNJ", 0x200D: "ZWJ", 0x2060: "WJ", 0xAD: "SHY", 0xFEFF: "BOM", 0xA0: "NBSP", 0x202F: "NNBSP"}


def visible(text: str) -> str:
    """Return text in which control, bidi, zero-width and lone surrogate characters are shown instead of obeyed."""
    out = []
    for c in text:
        code = ord(c)
        if code in _NAMED and code not in {0xA0, 0x202F}:
            out.append(f"⟨{_NAMED[code]}⟩")
        elif code in {0x200E, 0x200F, 0x61C} or 0x202A <= code <= 0x202E or 0x2066 <= code <= 0x2069 or code & 0xFFFE == 0xFFFE:
            out.append(f"⟨U+{code:04X}⟩")
        elif (code < 32 and c not in "\n\t") or 0x7F <= code < 0xA0 or 0xD800 <= code <= 0xDFFF:
            out.append(f"⟨{code:02X}⟩")
        else:
            out.append(c)
    return "".join(out)


def expected_text(envelopes: Sequence[Envelope]) -> str:
    """Return the acceptable answers in one line."""
    return " or ".join(dict.fromkeys(one_line(e) for e in envelopes))


def one_line(envelope: Envelope) -> str:
    """Return an answer in one line."""
    if envelope.status != "answer":
        return envelope.status + (f" ({', '.join(envelope.missing)})" if envelope.missing else "")
    parts = []
    if envelope.label:
        parts.append(envelope.label)
    if envelope.value is not None:
        parts.append(envelope.value if isinstance(envelope.value, str) else msgspec.json.encode(envelope.value).decode())
    return " ".join(str(p) for p in (*parts, envelope.currency or envelope.unit) if p) or "nothing"
