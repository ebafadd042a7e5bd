"""Findings in words: what was done, what came of it, and which findings have one cause."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from hashlib import blake2b

from robustgen.core.case import Severity
from robustgen.core.plugins import PERTURBATIONS
from robustgen.core.report import Cluster, visible, worst_first
from robustgen.core.verdict import Finding

__all__ = ["cause_words", "clusters", "effect_words"]

MANY = 3
"""Needs beyond which a cause is no longer spelled out: the smallest case tells more."""
_STATUS = {
    "ask": "asks although the answer is stated",
    "both": "gives two answers although one is right",
    "refuse": "refuses a harmless question",
    "escalate": "escalates without need",
}
_ORACLE = {
    "injection": "obeys an instruction that stands in the document",
    "language": "answers in another language",
    "safe-reading": "picks one of several readings without asking",
    "clarification": "answers although asking is owed",
    "invariance": "answers otherwise than for the clean text",
    "length": "is longer or shorter than asked",
    "latency": "takes longer than asked",
    "patterns": "says what is forbidden, or leaves out what is owed",
    "schema": "does not have the shape that is asked for",
    "leak": "gives away what it must not",
    "invention": "brings in what the document does not say",
    "citation": "quotes what is not there, or gives no evidence",
    "disclaimer": "points to no professional",
}
_ANSWERS = ("value", "safe-reading", "must-escalate", "must-refuse", "direction", "fairness", "units", "reconciliation", "stability")
"""Oracles of the answer as such: their findings are told from the answer; those of any other, such as a user's own, in its words."""
_FACTORS = {
    Decimal(10): "ten times too much", Decimal(100): "a hundred times too much", Decimal(1000): "a thousand times too much",
    Decimal("0.1"): "a tenth of what is right", Decimal("0.01"): "a hundredth of what is right", Decimal("0.001"): "a thousandth of what is right",
    Decimal(2): "twice what is right", Decimal("0.5"): "half of what is right", Decimal(-1): "the wrong sign",
}  # fmt: skip


def effect_words(finding: Finding) -> str:
    """Return what the target does wrong, as far as its answer tells."""
    if finding.response.error:
        return f"gives no answer ({visible(finding.response.error)})"
    wanted, got = finding.case.expected.accept[0], str(finding.verdict.evidence.get("got", ""))
    first = got.split(" ", 1)[0].rstrip(",")
    if finding.verdict.oracle in {"value", "invariance"} and first in _STATUS and wanted.status == "answer":
        return _STATUS[first]
    if finding.verdict.oracle in _ORACLE:
        return _ORACLE[finding.verdict.oracle]
    if finding.verdict.oracle not in _ANSWERS and finding.verdict.why:
        return visible(finding.verdict.why)[:60]
    if wanted.status != "answer" and got:
        return f"answers where it must {'ask' if wanted.status in {'ask', 'both'} else wanted.status}"
    if wanted.label and wanted.value is None and got:
        return f"takes {wanted.label} for {visible(got)[:40]}"
    return _number_words(wanted.value, got) or "answers wrongly"


def _number_words(wanted: object, got: str) -> str:
    numbers = re.findall(r"-?\d+(?:\.\d+)?", got)
    try:
        right, answered = Decimal(str(wanted)), Decimal(numbers[0])
    except (InvalidOperation, IndexError):
        return "gives another date" if re.match(r"\d{4}-\d{2}-\d{2}", str(wanted)) and re.match(r"\d{4}-\d{2}-\d{2}", got) else ""
    if right and answered / right in _FACTORS:
        return f"answers {_FACTORS[answered / right]}"
    return "answers another number"


def cause_words(finding: Finding) -> str:
    """Return what brings the failure about: the perturbations in words, the catalogue entry, or the facts needed."""
    if finding.case.trail:
        known = dict(PERTURBATIONS.items())
        names = dict.fromkeys(s.perturbation for s in finding.case.trail)
        return " + ".join(_said(known[n].doc) if n in known else n for n in names)
    if len(finding.needs) > MANY:
        return f"{finding.case.task} with {len(finding.needs)} particulars"
    return finding.cause or " and ".join(map(_need, finding.needs)) or "clean text"


def _need(words: str) -> str:
    """Return a need with its language by name: "in de" is "in German"."""
    from babel import Locale, UnknownLocaleError

    tag = words.removeprefix("in ")
    try:
        return f"in {Locale.parse(tag, sep='-').get_display_name('en') or tag}" if tag != words and " " not in tag else words
    except (ValueError, UnknownLocaleError):
        return words


def _said(doc: str) -> str:
    """Return the first sentence of a description, without its full stop."""
    return doc.split("\n", 1)[0].strip().rstrip(".")


def clusters(findings: Sequence[Finding]) -> list[Cluster]:
    """Return findings of one oracle and cause as one cluster, those that matter most first."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in worst_first(findings):
        groups.setdefault((finding.verdict.oracle, cause_words(finding)), []).append(finding)
    made = [_cluster(oracle, cause, members) for (oracle, cause), members in groups.items()]
    return sorted(made, key=lambda c: (Severity(c.severity).rank, -c.count, c.id))


def _cluster(oracle: str, cause: str, members: Sequence[Finding]) -> Cluster:
    effects = Counter[str]()
    for finding in members:
        effects[effect_words(finding)] += finding.count
    effect = min(effects, key=lambda e: (-effects[e], e))
    return Cluster(
        id=blake2b(f"{oracle}\x1f{cause}".encode("utf-8", "surrogatepass"), digest_size=6).hexdigest(),
        title=f"{visible(cause)}: {effect}",
        cause=visible(cause),
        effect=effect,
        severity=min((f.verdict.severity for f in members), key=lambda s: s.rank).value,
        oracle=oracle,
        count=sum(f.count for f in members),
        findings=[f.id for f in members],
        tasks=sorted({f.case.task for f in members}),
        languages=sorted({f.case.tag for f in members}),
    )
