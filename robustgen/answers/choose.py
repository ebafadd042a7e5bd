"""Which of several candidates is the answer: corrections replace, denials go, final words point, echoes of the question give way."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from typing import NamedTuple

import regex

from robustgen.answers.status import Cue, cues_in
from robustgen.core.language import Language

__all__ = ["Candidate", "choose", "denied"]

_BOXED = regex.compile(r"\\boxed\s*\{((?:[^{}]|\{[^{}]*\})*)\}")
_BOLD = regex.compile(r"\*\*([^*\n]{1,60})\*\*|<b>([^<\n]{1,60})</b>")
_BRACKETS = regex.compile(r"[(\[（【][^()\[\]（）【】\n]*[)\]）】]")
_STOP = regex.compile(r"[.!?](?=\s|$)|[。！？।؟\n]")
NEAR = 40
"""How far a final word may stand from what it points at."""


class Candidate(NamedTuple):
    """Something that could be the answer: its place, what it is, and whether its unit or currency is the one asked for."""

    start: int
    end: int
    key: Hashable
    fits: bool = False


def _denials(language: Language) -> tuple[list[regex.Pattern[str]], list[regex.Pattern[str]]]:
    """Return the patterns of what denies before and after a candidate."""
    rows = language.rows("answer_cues")
    before = [regex.compile(r["cue"], regex.IGNORECASE) for r in rows if r["kind"] == "deny"]
    after = [regex.compile(r["cue"], regex.IGNORECASE) for r in rows if r["kind"] == "denied"]
    return before, after


_KEPT: dict[str, tuple[list[regex.Pattern[str]], list[regex.Pattern[str]]]] = {}


def denied(text: str, start: int, end: int, language: Language | None) -> bool:
    """Tell whether a denial stands right before or after a place: "not 15,000 mg", "15000 mgではなく"."""
    if language is None:
        return False
    if language.tag not in _KEPT:
        _KEPT[language.tag] = _denials(language)
    before, after = _KEPT[language.tag]
    head = regex.sub(r"[€£¥$₹(\"'“„«*`\s]+$", " ", text[max(0, start - 24) : start])
    return any(p.search(head) for p in before) or any(p.match(text[end : end + 24]) for p in after)


def _only(candidates: Sequence[Candidate]) -> Candidate | None:
    """Return the candidate that all agree on, None where they differ."""
    return candidates[-1] if len({c.key for c in candidates}) == 1 else None


def _joined(chosen: Candidate, candidates: Sequence[Candidate], cues: Sequence[Cue], text: str) -> bool:
    """Tell whether another candidate is joined to the chosen one by "or"."""
    ors = [c for c in cues if c.kind == "or"]
    for other in candidates:
        if other.key == chosen.key:
            continue
        low, high = min(other.end, chosen.end), max(other.start, chosen.start)
        if high - low <= NEAR and any(low <= c.start and c.end <= high + 1 for c in ors) and not _STOP.search(text[low:high]):
            return True
    return False


def _pointed(candidates: Sequence[Candidate], cues: Sequence[Cue], text: str) -> list[Candidate]:
    """Return the candidates that a final word points at, each the first behind its word within the sentence."""
    found = []
    for i, candidate in enumerate(candidates):
        low = candidates[i - 1].end if i else 0
        pointing = [c for c in cues if c.kind == "final" and low <= c.start and c.start < candidate.start and candidate.start - c.end <= NEAR]
        if pointing and not _STOP.search(text[pointing[-1].end : candidate.start].strip()):
            found.append(candidate)
    return found


def _inside(candidates: Sequence[Candidate], pattern: regex.Pattern[str], text: str) -> list[Candidate]:
    spans = [m.span() for m in pattern.finditer(text)]
    return [c for c in candidates if any(s <= c.start and c.end <= e for s, e in spans)]


def _same(text: str, first: Candidate, second: Candidate) -> bool:
    """Tell whether one candidate follows another in its sentence."""
    return first.end <= second.start and not _STOP.search(text[first.end : second.start])


def choose(text: str, candidates: Sequence[Candidate], language: Language | None, known: Collection[Hashable] = ()) -> Candidate | None:
    """Return the candidate that a text gives as its answer, None where no rule decides.

    ``known`` are keys that the question or the document states: they count as echoes where anything new is said.
    """
    cues = cues_in(text, language)
    listed = [c for c in candidates if not denied(text, c.start, c.end, language)] or list(candidates)
    boxed = _only(_inside(listed, _BOXED, text)[-1:])
    if boxed is not None:
        return boxed
    cut = max((c.end for c in cues if c.kind == "correct"), default=-1)
    after = [c for c in listed if cut >= 0 and c.start >= cut]
    listed = after or listed
    bracketed = _inside(listed, _BRACKETS, text)
    listed = [c for c in listed if c not in bracketed] or listed
    fresh = [c for c in listed if c.key not in known]
    fitting = [c for c in fresh if c.fits]
    pointed = _pointed(listed, cues, text)
    good = [c for c in pointed if c.fits] or pointed
    if good and good[-1].key in known and any(c.fits and c.key not in known and _same(text, good[-1], c) for c in listed):
        good = []  # "so 500 mg three times are 1500 mg": the word points at what was told, and something new follows
    for group in (listed, good[-1:], _inside(listed, _BOLD, text)[-1:], fresh, fitting):
        chosen = _only(group)
        if chosen is not None:
            return None if _joined(chosen, listed, cues, text) else chosen
    return None
