"""Words that an answer must not hold, or must: bounds of a pack or a user, as regular expressions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import regex

from robustgen.core.case import Severity
from robustgen.core.language import Language
from robustgen.core.plugins import oracle
from robustgen.core.verdict import Bound, Outcome, Trial, Verdict
from robustgen.oracles._base import bounds_of, known_text, leaves, saying, words_before

__all__ = ["patterns"]


@lru_cache(maxsize=1024)
def _compiled(pattern: str, *, exact: bool) -> regex.Pattern[str]:
    return regex.compile(pattern, 0 if exact else regex.IGNORECASE)


def _listed(given: Any, language: Language | None) -> list[str]:
    """Return the patterns of a list, or of a table by language (``any`` holds for all)."""
    if isinstance(given, str):
        return [given]
    if isinstance(given, Mapping):
        tags = ["any", *((language.base, language.tag) if language else ())]
        return [p for tag in dict.fromkeys(tags) for p in _listed(given.get(tag, []), language)]
    return [str(p) for p in given or []]


class _Rules(NamedTuple):
    """The patterns of one bound in one language; the options themselves are held, so that their identity stays theirs."""

    options: Mapping[str, Any]
    unless: list[regex.Pattern[str]]
    forbid: list[tuple[str, regex.Pattern[str]]]
    require: list[tuple[str, regex.Pattern[str]]]
    any_forbidden: regex.Pattern[str] | None


_RULES: dict[tuple[int, str], _Rules] = {}
KEPT = 512


def _rules(bound: Bound, language: Language | None) -> _Rules:
    """Return the patterns of a bound, compiled once for its options and a language."""
    options = bound.options
    key = (id(options), language.tag if language else "")
    found = _RULES.get(key)
    if found is None:
        exact = bool(options.get("exact"))
        unless, forbid, require = ([(p, _compiled(p, exact=exact)) for p in _listed(options.get(k), language)] for k in ("unless", "forbid", "require"))
        if len(_RULES) >= KEPT:
            _RULES.clear()
        joined = _joined([p for p, _ in forbid], exact=exact)
        found = _RULES[key] = _Rules(options, [compiled for _, compiled in unless], forbid, require, joined)
    return found


_OWN = re.compile(r"\\[1-9]|\(\?[^:=!<]|\(\?<[^=!]|[&~|-]{2}|\(\*|\\[gGKLmMN]")
"""What keeps a pattern from standing beside others in one: groups with numbers, names and flags of their own, and sets of sets."""


def _joined(patterns: Sequence[str], *, exact: bool) -> regex.Pattern[str] | None:
    """Return one pattern that is found where any of several is, None where they cannot stand together."""
    if len(patterns) < 2 or any(_OWN.search(p) for p in patterns):
        return None
    return _compiled("|".join(f"(?:{p})" for p in patterns), exact=exact)


def _negated(text: str, at: int, language: Language | None) -> bool:
    """Tell whether a negation stands shortly before a place: "not risk-free" promises nothing."""
    if language is None:
        return False
    before = words_before(text, at)
    spaced = language.spaced
    words = {row["text"].casefold() for row in language.rows("negations") if row.get("text")}
    return any(regex.search(rf"(?<!\p{{L}}){regex.escape(w)}(?!\p{{L}})" if spaced else regex.escape(w), before) for w in words)


def _own_words(data: Any) -> Any:
    """Return structured data without what quotes the document: the evidence, and the names of what is unclear."""
    return {k: v for k, v in data.items() if k not in {"evidence", "missing"}} if isinstance(data, Mapping) else data


@oracle(severity=Severity.medium, source="asked for by the pack or in [bounds]")
def patterns(trial: Trial) -> Verdict:
    """Judge forbidden and required wording; a forbidden word under a negation, or that the document itself uses where allowed, does not count.

    Options: ``forbid`` and ``require`` (a list, or a table by language), ``unless`` (patterns in the document that allow it),
    ``exact`` (case counts), ``negated`` (true: a negation before it does not excuse).
    """
    say = saying("patterns", Severity.medium)
    asked = bounds_of(trial, "patterns")
    response = trial.reply.response
    if not asked or response.error:
        return say(Outcome.skip, "no pattern is asked for")
    text = response.text or "\n".join(leaves(_own_words(response.data)))
    if not text.strip():
        return say(Outcome.skip, "no text")
    for bound in asked:
        rules = _rules(bound, trial.language)
        told = known_text(trial.case) if rules.unless else ""
        if any(compiled.search(told) for compiled in rules.unless):
            continue
        none = rules.any_forbidden is not None and not rules.any_forbidden.search(text)
        for pattern, compiled in () if none else rules.forbid:
            for match in compiled.finditer(text):
                if rules.options.get("negated") or not _negated(text, match.start(), trial.language):
                    return say(Outcome.failed, f"says '{match[0][:60]}', which {bound.id} forbids", id=bound.id, span=list(match.span()), rule=pattern)
        for pattern, compiled in rules.require:
            if not compiled.search(text):
                return say(Outcome.failed, f"lacks what {bound.id} requires: {pattern}", id=bound.id, rule=pattern)
    return say(Outcome.passed, "nothing forbidden is said and nothing required is missing")
