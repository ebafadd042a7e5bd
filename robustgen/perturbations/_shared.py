"""What perturbations share: the words that may be changed, and picking how many and which, count first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import regex

from robustgen.core.case import Case, Edit
from robustgen.core.draw import Draw
from robustgen.core.plugins import NotApplicable, Proposal, Tools

__all__ = ["change_words", "free_words", "how_many"]

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
