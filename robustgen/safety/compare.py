"""What two texts say differently: numbers, quantities, dates, negations, modals, lexicon entries, words that became others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache

import regex as re

from robustgen.safety.extract import Habit, atoms, normal, without_dates
from robustgen.safety.words import became

__all__ = ["Vocabulary", "differences"]

_EDGE = (r"(?<![\p{L}\p{M}\p{N}])", r"(?![\p{L}\p{M}\p{N}])")
"""Borders of a word; marks belong to it, as in Devanagari."""
_WORDS = re.compile(r"[\p{L}\p{M}\p{N}]+(?:[-'\u2019.][\p{L}\p{M}\p{N}]+)*")
Pairs = Iterable[tuple[str, str]]


class Vocabulary:
    """The words whose gain or loss changes the meaning, and the language's number habits."""

    def __init__(
        self,
        habit: Habit,
        *,
        negations: Iterable[str] = (),
        modals: Iterable[str] = (),
        entries: Iterable[str] | Mapping[str, frozenset[object]] = (),
        real: Iterable[str] = (),
        opposites: Pairs = (),
        harmless: Pairs = (),
        spaced: bool = True,
    ) -> None:
        """``entries`` are surface forms of the domain's lexicon, or such forms to all that they stand for: a text must not gain one
        unless it loses another that stands for the same. ``real`` are words that a slip must not make of another; ``opposites``
        pairs that must never replace each other, ``harmless`` pairs that may.
        """
        self.habit, self.spaced = habit, spaced
        self._negations = _word_pattern(negations, spaced=spaced)
        self._modals = _word_pattern(modals, spaced=spaced)
        meanings = entries if isinstance(entries, Mapping) else {e: frozenset((e,)) for e in entries}
        self.meanings: dict[str, frozenset[object]] = {e.casefold(): m for e, m in meanings.items() if len(e) > 1 or not e.isalnum()}
        self.entries = set(self.meanings)
        self._entry = _phrases(self.entries, spaced=spaced)
        self.opposites = {frozenset((a.casefold(), b.casefold())) for a, b in opposites}
        self.real = (
            {w.casefold() for w in real if len(w) > 2} | {w for pair in self.opposites for w in pair} | {e for e in self.entries if " " not in e and len(e) > 2}
        )
        self.harmless = {(x, y) for a, b in harmless for x in a.casefold().split() for y in b.casefold().split()}

    def negations(self, text: str) -> Counter[str]:
        """Count the negations of a text."""
        return _count(self._negations, without_dates(text, self.habit))

    def modals(self, text: str) -> Counter[str]:
        """Count the modal words of a text."""
        return _count(self._modals, without_dates(text, self.habit))

    def known(self, text: str) -> Counter[str]:
        """Count the lexicon entries of a text, the longest first (spaced languages: as whole words; others: anywhere)."""
        return _count(self._entry, without_dates(text, self.habit))


def _phrases(entries: Iterable[str], *, spaced: bool) -> re.Pattern[str] | None:
    """Return the pattern of phrases, the longest first; a word at a phrase's border must be whole."""
    ordered = sorted(entries, key=lambda e: (-len(e), e))
    if not ordered:
        return None
    listed = "|".join(_whole(e, spaced=spaced) for e in ordered)
    return re.compile(listed)


def _whole(phrase: str, *, spaced: bool) -> str:
    first, last = (_EDGE[0] if phrase[0].isalnum() else "", _EDGE[1] if phrase[-1].isalnum() else "") if spaced else ("", "")
    return f"{first}{re.escape(phrase)}{last}"


def _word_pattern(words: Iterable[str], *, spaced: bool) -> re.Pattern[str] | None:
    ordered = sorted({w.casefold().strip() for w in words if w.strip()}, key=lambda w: (-len(w), w))
    if not ordered:
        return None
    listed = "|".join(map(re.escape, ordered))
    return re.compile(rf"{_EDGE[0]}(?:{listed}){_EDGE[1]}" if spaced else listed)


def _count(pattern: re.Pattern[str] | None, text: str) -> Counter[str]:
    return Counter(_found(pattern, text)) if pattern else Counter()


@lru_cache(maxsize=512)
def _found(pattern: re.Pattern[str], text: str) -> tuple[str, ...]:
    return tuple(pattern.findall(normal(text).casefold().replace("\u2019", "'")))


def differences(before: str, after: str, vocabulary: Vocabulary) -> list[str]:
    """Return what the second text says that the first does not, and the reverse; empty when they say the same."""
    if before.strip() and len(after) > 2 * len(before) and not after.replace(before, "").strip() and after.count(before) == 2:
        return []  # the same said twice
    gained, same = _entries(before, after, vocabulary)
    old, new = _without(before, same, vocabulary), _without(after, same, vocabulary)
    found = _numeric(old, new, vocabulary.habit)
    for name, count in (("negation", vocabulary.negations), ("modal", vocabulary.modals)):
        a, b = count(old), count(new)
        found += [f"lost {name} '{w}'" for w in (a - b)] + [f"gained {name} '{w}'" for w in (b - a)]
    return found + gained + became(old, new, vocabulary.real, vocabulary.opposites, vocabulary.harmless, spaced=vocabulary.spaced)


def _numeric(before: str, after: str, habit: Habit) -> list[str]:
    """Return the numbers, quantities, dates and times that came, went or changed places."""
    first, second = atoms(before, habit), atoms(after, habit)
    if first == second:
        return []
    was, now = Counter(first), Counter(second)
    found = [f"lost {kind} {value}" for kind, value in (was - now)] + [f"gained {kind} {value}" for kind, value in (now - was)]
    if not found and _by_line(before, habit) != _by_line(after, habit):
        found = ["numbers stand in another order"]
    return found


def _by_line(text: str, habit: Habit) -> list[tuple[tuple[str, str], ...]]:
    """Return what each line says in numbers, in no order: whole lines may change places."""
    return sorted(found for line in text.splitlines() if (found := atoms(line, habit)))


def _entries(before: str, after: str, vocabulary: Vocabulary) -> tuple[list[str], list[str]]:
    """Return the lexicon entries that came without another of the same meaning going, and those that changed places."""
    was, now = vocabulary.known(before), vocabulary.known(after)
    lost = list((was - now).elements())
    found, same = [], []
    for word in (now - was).elements():
        match = next((i for i, old in enumerate(lost) if vocabulary.meanings[old] & vocabulary.meanings[word]), None)
        if match is not None:
            same += [word, lost.pop(match)]
        elif len(word) > 2:
            found.append(f"gained lexicon entry '{word}'")
    return found, same


def _without(text: str, words: list[str], vocabulary: Vocabulary) -> str:
    """Return a text without some wordings, so that what stands inside them is not compared."""
    for word in sorted(set(words), key=len, reverse=True):
        text = re.sub(_whole(word, spaced=vocabulary.spaced), " ", text, flags=re.IGNORECASE)
    return text
