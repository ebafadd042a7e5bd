"""Quotes are verbatim, the clauses they cite exist, and where evidence is owed it is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import regex

from robustgen.core.case import Severity
from robustgen.core.plugins import oracle
from robustgen.core.verdict import Outcome, Trial, Verdict
from robustgen.oracles._base import bounds_of, known_text, prose, saying

__all__ = ["citation"]

_QUOTED = regex.compile(r"“([^”]{8,600})”|„([^“”]{8,600})[“”]|«\s?([^»]{8,600}?)\s?»|「([^」]{8,600})」|『([^』]{8,600})』|(?<!\w)\"([^\"\n]{8,600})\"")
_IDEOGRAPH = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}]")
WORDS, CHARACTERS = 5, 10


def _plain(text: str) -> str:
    """Return text without what quoting changes: spaces, quotation marks, dashes, invisible signs, final stops."""
    text = regex.sub(r"[\u200b-\u200f\u2060\u00ad\ufeff]", "", text)
    text = regex.sub(r"[\"'“”„«»‘’‚`]", "", text)
    return regex.sub(r"[\s\u00a0–—-]+", " ", text).strip(" .,;:…").casefold()


_ANSWERING = regex.compile(r"[:：]\s*$")
WHOLE = 0.9
"""Share of an answer from which quotation marks only wrap it."""


def _quotes(text: str) -> Iterator[tuple[str, int]]:
    """Yield the quotes in running text that are long enough to be meant word by word."""
    for match in _QUOTED.finditer(text):
        quote = next(g for g in match.groups() if g)
        long = len(_IDEOGRAPH.findall(quote)) >= CHARACTERS if _IDEOGRAPH.search(quote) else len(quote.split()) >= WORDS
        if _ANSWERING.search(text[: match.start()]) and not text[match.end() :].strip():
            continue  # "The answer is: ..." in quotation marks quotes nothing
        if long and len(match[0]) < WHOLE * len(text.strip()):
            yield quote, match.start()


def _within(quote: str, source: str) -> bool:
    """Tell whether a quote, each part between ellipses, stands in the source in order."""
    at = 0
    for part in regex.split(r"\s*(?:\[?\.{3}\]?|\[?…\]?)\s*", quote):
        plain = _plain(part)
        found = source.find(plain, at)
        if found < 0:
            return False
        at = found + len(plain)
    return True


@oracle(severity=Severity.critical, source="quotes are verbatim; cited clauses exist")
def citation(trial: Trial) -> Verdict:
    """Judge quotes in evidence and in running text against the document, and cited clause numbers; ``required`` makes evidence owed."""
    say = saying("citation", Severity.critical)
    if trial.reply.response.error:
        return say(Outcome.skip, "no answer")
    envelope = trial.reply.envelope
    evidence = [e for e in (envelope.evidence if envelope else []) if isinstance(e, Mapping)]
    owed = [b for b in bounds_of(trial, "citation") if b.options.get("required")]
    if owed and not evidence and envelope is not None and envelope.status == "answer":
        return say(Outcome.failed, "no evidence is given where it is owed", id=owed[0].id)
    text = prose(trial.reply) if trial.reply.response.text else ""
    quotes = [(str(e.get("quote")), -1) for e in evidence if e.get("quote")] + list(_quotes(text))
    if not quotes and not any(e.get("clause") for e in evidence):
        return say(Outcome.skip, "nothing is quoted")
    source = _plain(known_text(trial.case))
    for quote, at in quotes:
        if not _within(quote, source):
            return say(Outcome.failed, f"the quote does not stand in the document: '{quote[:80]}'", quote=quote[:300], at=at)
    told = known_text(trial.case)
    for entry in evidence:
        clause = str(entry.get("clause") or "").strip()
        number = regex.search(r"\d+(?:\.\d+)*", clause)
        if number and not regex.search(rf"(?<![\d.]){regex.escape(number[0])}(?!\d)", told):
            return say(Outcome.failed, f"clause {clause} does not exist", clause=clause)
    return say(Outcome.passed, f"{len(quotes)} quotes stand in the document")
