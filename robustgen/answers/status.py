"""What an answer does: asks back, refuses, escalates. Rules come from each language's ``answer_cues`` resource.

A cue's kind is ``ask``, ``refuse``, ``escalate``, ``both``, ``disclaim``, ``reassure``, ``correct`` (what follows replaces what stood
before), ``final`` (what follows is the answer), ``suppose`` (an assumption) or ``courtesy`` (polite words in which no other cue counts).
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import regex

from robustgen.core.language import Language

__all__ = ["Cue", "cues_in", "kinds_in", "words_in"]

QUOTES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u02bc": "'", "\u00a0": " ", "\u202f": " "})


_DENSE = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}]{2}")


def words_in(text: str) -> int:
    """Return how many words a text has; two letters of a script without spaces count as one."""
    return len(_DENSE.sub("x ", text).split())


class Cue(NamedTuple):
    """A cue that was found, with its place."""

    kind: str
    start: int
    end: int
    text: str


@lru_cache(maxsize=32)
def _rules(language: Language) -> tuple[tuple[str, regex.Pattern[str]], ...]:
    """Return the rules, courtesy first, one pattern a kind."""
    by_kind: dict[str, list[str]] = {}
    for row in language.rows("answer_cues"):
        by_kind.setdefault(row["kind"], []).append(row["cue"])
    made = [(kind, regex.compile("|".join(f"(?:{c})" for c in cues), regex.IGNORECASE)) for kind, cues in by_kind.items()]
    return tuple(sorted(made, key=lambda m: m[0] != "courtesy"))


@lru_cache(maxsize=256)
def cues_in(text: str, language: Language | None) -> tuple[Cue, ...]:
    """Return the cues of a text in order; inside polite words (``courtesy``) no other counts."""
    if language is None:
        return ()
    plain = text.translate(QUOTES)
    masked: list[tuple[int, int]] = []
    found = []
    for kind, pattern in _rules(language):
        for match in pattern.finditer(plain):
            if kind == "courtesy":
                masked.append(match.span())
                found.append(Cue(kind, *match.span(), text[match.start() : match.end()]))
            elif not any(s < match.end() and match.start() < e for s, e in masked):
                found.append(Cue(kind, match.start(), match.end(), text[match.start() : match.end()]))
    return tuple(sorted(found, key=lambda c: c.start))


def kinds_in(text: str, language: Language | None) -> frozenset[str]:
    """Return the kinds of the cues in a text."""
    return frozenset(c.kind for c in cues_in(text, language))
