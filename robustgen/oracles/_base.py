"""What oracles share: the outcomes that need no thought, verdicts with their name, bounds, and the running text of an answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from robustgen.answers.prose import prose_of
from robustgen.core.case import Case, Envelope, Severity, canonical
from robustgen.core.verdict import Bound, Outcome, Reply, Trial, Verdict

__all__ = ["Say", "answering", "bounds_of", "expected_leaves", "known_text", "leaves", "owed", "owner", "prose", "saying", "words_before"]

Say = Callable[..., Verdict]
KEYS = ("status", "value", "unit", "currency", "missing")
"""Fields of the envelope that are data, not prose."""
REASONS = 64
"""Reasons for a skip that are remembered for an oracle; one that quotes figures has more."""


@lru_cache(maxsize=256)
def saying(oracle: str, severity: Severity) -> Say:
    """Return a maker of verdicts of one oracle; a skip, which most verdicts are, is made once for its reason."""
    skips: dict[str, Verdict] = {}

    def say(outcome: Outcome, why: str, **evidence: Any) -> Verdict:
        if outcome is not Outcome.skip or evidence:
            return Verdict(oracle=oracle, outcome=outcome, severity=severity, why=why, evidence=evidence)
        made = skips.get(why)
        if made is None:
            made = Verdict(oracle=oracle, outcome=outcome, severity=severity, why=why)
            if len(skips) < REASONS:
                skips[why] = made
        return made

    return say


def answering(trial: Trial, say: Say) -> Envelope | Verdict:
    """Return the answer's envelope, or the verdict where there is none: an error, or unsure."""
    response = trial.reply.response
    if response.error:
        return say(Outcome.error, f"{response.error}: {response.detail}".rstrip(": "), error=response.error)
    if trial.reply.envelope is None:
        return say(Outcome.unsure, trial.reply.unsure or "nothing could be read")
    return trial.reply.envelope


def bounds_of(trial: Trial, oracle: str) -> tuple[Bound, ...]:
    """Return what the pack and the user ask of an oracle for this case."""
    return tuple(trial.bounds.get(oracle, ()))


def leaves(value: Any) -> Iterator[str]:
    """Yield the texts inside a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, Mapping)):
        for item in value.values():
            yield from leaves(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from leaves(item)


def prose(reply: Reply) -> str:
    """Return the running text of an answer: free text without its JSON, or the texts of a structured answer that are no data of it."""
    known, text = _LAST[0]
    if known is not reply:
        data = reply.response.data
        if isinstance(data, Mapping):
            text = "\n".join(text for key, item in data.items() if key not in KEYS for text in leaves(item))
        else:
            text = prose_of(reply.response.text)
        _LAST[0] = (reply, text)
    return text


_LAST: list[tuple[Reply | None, str]] = [(None, "")]
"""The reply judged last with its running text, which several oracles read."""


def known_text(case: Case) -> str:
    """Return everything that the answerer was told: the messages and the document, all in one."""
    told = [m.get("content", "") for m in case.messages]
    return "\n".join([*told, case.text, case.base_text])


def expected_leaves(case: Case) -> list[str]:
    """Return every text of the facts and of what would be right, as data."""
    found = list(leaves(canonical(case.facts)))
    for expected in (case.expected, *(r.expected for r in case.readings)):
        for envelope in expected.accept:
            found += [*leaves(envelope.value), *leaves(envelope.evidence), envelope.label or ""]
    return found


def owner(case: Case) -> str:
    """Return which oracle a case's expected status belongs to: ``value``, ``clarification``, ``must-escalate`` or ``must-refuse``."""
    first = case.expected.accept[0].status if case.expected.accept else ""
    if first in {"ask", "both"}:
        return "clarification"
    if len(case.readings) < 2:
        for e in case.expected.accept:
            if e.status == "answer" and (e.value is not None or e.label is not None):
                return "value"
    return {"escalate": "must-escalate", "refuse": "must-refuse"}.get(first, "clarification")


def owed(trial: Trial, say: Say, name: str, can: set[str], thing: str) -> Envelope | Verdict:
    """Return the answer where a case owes what an oracle judges and the target can express it; else the verdict that says why not."""
    if owner(trial.case) != name:
        return say(Outcome.skip, f"no {thing} is owed")
    if not can & trial.can:
        return say(Outcome.skip, f"the target cannot give a {thing}")
    return answering(trial, say)


def words_before(text: str, at: int, reach: int = 24) -> str:
    """Return the text before a place, within its sentence, folded."""
    return re.split(r"[.!?;\n。！？；।؟]", text[max(0, at - reach) : at])[-1].casefold()
