"""What two texts say differently: numbers, quantities, dates, negations, modals, lexicon entries."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from robustgen.safety.extract import Habit, atoms, normal

__all__ = ["Vocabulary", "differences"]


class Vocabulary:
    """The words whose gain or loss changes the meaning, and the language's number habits."""

    def __init__(self, habit: Habit, *, negations: Iterable[str] = (), modals: Iterable[str] = (), entries: Iterable[str] = (), spaced: bool = True) -> None:
        """``entries`` are surface forms of the domain's lexicon: a text must not gain one."""
        self.habit, self.spaced = habit, spaced
        self._negations = _word_pattern(negations, spaced=spaced)
        self._modals = _word_pattern(modals, spaced=spaced)
        self.entries = {e.casefold() for e in entries if len(e) > 2}
        self.longest = max((len(e.split()) for e in self.entries), default=1)

    def negations(self, text: str) -> Counter[str]:
        """Count the negations of a text."""
        return _count(self._negations, text)

    def modals(self, text: str) -> Counter[str]:
        """Count the modal words of a text."""
        return _count(self._modals, text)

    def known(self, text: str) -> Counter[str]:
        """Count the lexicon entries of a text (spaced languages: as whole words; others: anywhere)."""
        lower = normal(text).casefold()
        if not self.spaced:
            return Counter({e: lower.count(e) for e in self.entries if e in lower})
        words = re.findall(r"[^\W_]+(?:[-'\u2019.][^\W_]+)*", lower)
        found: Counter[str] = Counter()
        for size in range(1, min(self.longest, 5) + 1):
            for i in range(len(words) - size + 1):
                phrase = " ".join(words[i : i + size])
                if phrase in self.entries:
                    found[phrase] += 1
        return found


def _word_pattern(words: Iterable[str], *, spaced: bool) -> re.Pattern[str] | None:
    ordered = sorted({w.casefold().strip() for w in words if w.strip()}, key=lambda w: (-len(w), w))
    if not ordered:
        return None
    listed = "|".join(map(re.escape, ordered))
    return re.compile(rf"(?<![^\W_])(?:{listed})(?![^\W_])" if spaced else listed)


def _count(pattern: re.Pattern[str] | None, text: str) -> Counter[str]:
    return Counter(pattern.findall(normal(text).casefold().replace("\u2019", "'"))) if pattern else Counter()


def differences(before: str, after: str, vocabulary: Vocabulary) -> list[str]:
    """Return what the second text says that the first does not, and the reverse; empty when they say the same."""
    found = []
    was, now = Counter(atoms(before, vocabulary.habit)), Counter(atoms(after, vocabulary.habit))
    found += [f"lost {kind} {value}" for kind, value in (was - now)]
    found += [f"gained {kind} {value}" for kind, value in (now - was)]
    for name, count in (("negation", vocabulary.negations), ("modal", vocabulary.modals)):
        a, b = count(before), count(after)
        if sum(a.values()) != sum(b.values()):
            found += [f"lost {name} '{w}'" for w in (a - b)] + [f"gained {name} '{w}'" for w in (b - a)]
    gained = vocabulary.known(after) - vocabulary.known(before)
    found += [f"gained lexicon entry '{w}'" for w in gained]
    return found
