"""Words that became others: a token gone and a real word come that is a slip away, or the opposite of one that went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from functools import lru_cache

import regex

from robustgen.safety.extract import normal, unmarked

__all__ = ["became", "slips"]

_TOKEN = regex.compile(r"[\p{L}\p{M}]+(?:['\u2019][\p{L}\p{M}]+)*")


def became(
    before: str, after: str, real: Collection[str], opposites: Collection[frozenset[str]], harmless: Collection[tuple[str, str]], *, spaced: bool = True
) -> list[str]:
    """Return the words of a text that another real word or an opposite has replaced."""
    if before == after:
        return []
    if not spaced:
        return _turned(before, after, opposites)
    was, now = _tokens(before), _tokens(after)
    lost, gained = was - now, now - was
    found = []
    for new in list(gained):  # a word that stands for one that went explains it, and that one explains no other
        for old in [o for o in lost if (o, new) in harmless]:
            both = min(lost[old], gained[new])
            lost -= Counter({old: both})
            gained -= Counter({new: both})
    for new in gained:
        if new not in real:
            continue
        for old in lost:
            if (old, new) not in harmless and (frozenset((old, new)) in opposites or _near(old, new)):
                found.append(f"'{old}' became '{new}'")
                break
    return found


@lru_cache(maxsize=256)
def _tokens(text: str) -> Counter[str]:
    return Counter(t.replace("\u2019", "'") for t in _TOKEN.findall(unmarked(normal(text)).casefold()))


def _turned(before: str, after: str, opposites: Collection[frozenset[str]]) -> list[str]:
    """Return the pairs of opposites of which one went and the other came, in text without spaces."""
    first, second = normal(before).casefold(), normal(after).casefold()
    found = []
    for pair in opposites:
        for old in pair:
            for new in pair - {old}:
                if second.count(old) < first.count(old) and second.count(new) > first.count(new):
                    found.append(f"'{old}' became '{new}'")
    return found


def _near(old: str, new: str) -> bool:
    """Tell whether one slip (two in longer words) leads from one word to the other."""
    most = 1 if min(len(old), len(new)) < 6 else 2
    return abs(len(old) - len(new)) <= most and slips(old, new, most) <= most


def slips(a: str, b: str, most: int) -> int:
    """Return the number of letters dropped, added, replaced or swapped between two words, ``most + 1`` when there are more."""
    previous, current = list(range(len(b) + 1)), [0] * (len(b) + 1)
    older = previous
    for i, c in enumerate(a, 1):
        current = [i] + [0] * len(b)
        for j, d in enumerate(b, 1):
            current[j] = min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (c != d))
            if i > 1 and j > 1 and c == b[j - 2] and a[i - 2] == d:
                current[j] = min(current[j], older[j - 2] + 1)
        if min(current) > most:
            return most + 1
        older, previous = previous, current
    return previous[-1]
