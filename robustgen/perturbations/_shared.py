"""What perturbations share: the words that may be changed, and picking how many and which, count first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import regex

from robustgen.core.case import Case, Edit
from robustgen.core.draw import Draw
from robustgen.core.plugins import NotApplicable, Proposal, Tools

__all__ = ["around_fact", "change_gaps", "change_words", "fact_places", "free_words", "how_many", "insertions", "sentence_ends", "word_gaps", "wrap_lines"]

_WORD = regex.compile(r"[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*")
Word = tuple[int, int, str]


@lru_cache(maxsize=4096)
def _words(text: str, guard: tuple[tuple[int, int], ...], least: int) -> tuple[Word, ...]:
    found, i = [], 0
    for match in _WORD.finditer(text):
        start, end = match.span()
        while i < len(guard) and guard[i][1] <= start:
            i += 1
        if end - start >= least and not (i < len(guard) and guard[i][0] < end):
            found.append((start, end, match[0]))
    return tuple(found)


def free_words(text: str, tools: Tools, least: int = 3) -> Sequence[Word]:
    """Return the words of at least so many letters that no protected span touches."""
    return _words(text, tuple(tools.protected()), least)


def how_many(draw: Draw, places: int, strength: float) -> int:
    """Draw how many places to change: 0 to strength × places, at least one possible."""
    return draw.below(max(1, round(places * strength)) + 1)


def change_words(
    case: Case, draw: Draw, tools: Tools, change: Callable[[str, Draw], str], *, least: int = 3, fits: Callable[[str], bool] = lambda w: True
) -> Proposal | NotApplicable:
    """Change some free words; a word that would become another word of the text or of the language's guarded words stays."""
    words = [w for w in free_words(case.text, tools, least) if fits(w[2])]
    if not words:
        return NotApplicable("no word that may be changed")
    taken = {w[2].casefold() for w in words}
    edits: dict[int, Edit] = {}
    for _ in range(how_many(draw, len(words), tools.strength)):
        start, end, word = words[draw.below(len(words))]
        new = change(word, draw)
        if new != word and new.casefold() not in taken - {word.casefold()}:
            edits[start] = Edit(start, end, word, new)
    return Proposal(edits=[edits[k] for k in sorted(edits)])


def fact_places(case: Case, tools: Tools) -> list[tuple[int, int]]:
    """Return the places of single facts (numbers, dates, words; no records), in order of standing."""
    places = {span for path, spans in case.spans.items() if tools.field(path) is not None for span in spans}
    if not places:
        places = set(tools.protected()) if not case.spans else set()
    return sorted(p for p in places if not any(o != p and o[0] <= p[0] and p[1] <= o[1] for o in places))


def around_fact(case: Case, draw: Draw, tools: Tools, before: str, after: str) -> Proposal | NotApplicable:
    """Put marks around one fact; choice 0 leaves the text."""
    places = fact_places(case, tools)
    if not places:
        return NotApplicable("no fact in the text")
    if not draw.below(2):
        return Proposal()
    start, end = places[draw.below(len(places))]
    return Proposal(edits=[Edit(start, start, "", before), Edit(end, end, "", after)])


def word_gaps(case: Case, tools: Tools) -> list[int]:
    """Return the spaces between two words that no protected span touches."""
    guard, text = tools.protected(), case.text
    places = [i for i in range(1, len(text) - 1) if text[i] == " " and text[i - 1].isalpha() and text[i + 1].isalpha()]
    return [i for i in places if not any(s <= i + 1 and i - 1 < e for s, e in guard)]


def change_gaps(case: Case, draw: Draw, tools: Tools, new: str) -> Proposal | NotApplicable:
    """Write some spaces between free words another way."""
    places = word_gaps(case, tools)
    if not places:
        return NotApplicable("no space between two free words")
    chosen = {places[draw.below(len(places))] for _ in range(how_many(draw, len(places), tools.strength))}
    return Proposal(edits=[Edit(i, i + 1, " ", new) for i in sorted(chosen)])


def insertions(case: Case, draw: Draw, before: str, after: str) -> Proposal | NotApplicable:
    """Put something before and after the whole text; choice 0 leaves it."""
    if not case.text:
        return NotApplicable("an empty text")
    if not draw.below(2):
        return Proposal()
    end = len(case.text)
    return Proposal(edits=[e for e in (Edit(0, 0, "", before), Edit(end, end, "", after)) if e.new])


def wrap_lines(case: Case, draw: Draw, before: str, after: str) -> Proposal | NotApplicable:
    """Put something before and after every line; choice 0 leaves the text."""
    if not case.text:
        return NotApplicable("an empty text")
    if not draw.below(2):
        return Proposal()
    edits, at = [], 0
    for line in case.text.split("\n"):
        edits += [Edit(at, at, "", before), Edit(at + len(line), at + len(line), "", after)]
        at += len(line) + 1
    return Proposal(edits=[e for e in edits if e.new])


def sentence_ends(case: Case, tools: Tools) -> list[int]:
    """Return the places between sentences and lines where another sentence may stand."""
    guard = tools.protected()
    ends = [m.end() for m in _SENTENCE.finditer(case.text)]
    return [e for e in ends if not any(s < e < t for s, t in guard)]


_SENTENCE = regex.compile(r"(?<=[.!?。！？؟।])(?=\s|$)|(?<=\S)(?=\n)|(?<=[。！？])")
