"""What two texts say differently: numbers, quantities, dates, negations, modals, lexicon entries, words that became others."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import regex as re

from robustgen.safety.extract import Habit, atoms, identifiers, is_currency, normal, unmarked, without_dates
from robustgen.safety.outline import Outline
from robustgen.safety.words import became

__all__ = ["Vocabulary", "differences"]

_EDGE = (r"(?<![\p{L}\p{M}\p{N}])", r"(?![\p{L}\p{M}\p{N}])")
"""Borders of a word; marks belong to it, as in Devanagari."""
_JOINED = re.compile(r"([A-Za-z]*[a-z]{3})(\d+)")
"""A word with small letters and a number behind it; codes have capitals or few letters."""
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
        negations, modals = list(negations), list(modals)
        self._negations = _word_pattern(negations, spaced=spaced)
        self._modals = _word_pattern(modals, spaced=spaced)
        meanings = entries if isinstance(entries, Mapping) else {e: frozenset((e,)) for e in entries}
        self.meanings: dict[str, frozenset[object]] = {}
        for entry, senses in meanings.items():
            form = _spoken(entry)  # a currency's sign may hold a mark of direction, which no text is compared with
            if len(form) > 1 or (form and not form.isalnum()):
                self.meanings[form] = self.meanings.get(form, frozenset()) | senses
        self.entries = set(self.meanings)
        self._entry = _phrases(self.entries, spaced=spaced)
        self.opposites = {frozenset((a.casefold(), b.casefold())) for a, b in opposites}
        self.real = (
            {w.casefold() for w in real if len(w) > 2} | {w for pair in self.opposites for w in pair} | {e for e in self.entries if " " not in e and len(e) > 2}
        )
        self.outline = Outline(habit, (*negations, *modals, *self.meanings)) if spaced else None
        self.harmless = {(x, y) for a, b in harmless for x in a.casefold().split() for y in b.casefold().split()}

    def negations(self, text: str) -> Counter[str]:
        """Count the negations of a text."""
        return _count(self._negations, without_dates(text, self.habit))

    def modals(self, text: str) -> Counter[str]:
        """Count the modal words of a text."""
        return _count(self._modals, without_dates(text, self.habit))

    def known(self, text: str) -> Counter[str]:
        """Count the lexicon entries of a text, the longest first (spaced languages: as whole words; others: anywhere)."""
        return Counter(_entries_of(self._entry, without_dates(text, self.habit, romanised=False)))


class _Phrases(NamedTuple):
    """Phrases that begin with a whole word, found where their first word stands, and those that may begin anywhere."""

    starts: frozenset[str]
    whole: re.Pattern[str]
    anywhere: re.Pattern[str]


_RUN = re.compile(r"[\p{L}\p{M}\p{N}]+")


def _phrases(entries: Iterable[str], *, spaced: bool) -> _Phrases:
    """Return how phrases are found, the longest first; a word at a phrase's border must be whole."""
    listed = sorted(entries)
    signs = [_whole(e, spaced=spaced) for e in listed if _sign(e)]
    words = [e for e in listed if not _sign(e)]
    whole = [e for e in words if spaced and e[0].isalnum()]
    latin = [] if spaced else [e for e in words if e[0].isascii() and e[0].isalnum()]
    anywhere = sorted(set(words).difference(whole, latin))
    ways = [_tree(anywhere, _EDGE[1] if spaced else "")] if anywhere else []
    for border in ("(?![A-Za-z0-9])", ""):  # behind a last letter of another script a figure may follow
        some = [e for e in latin if e[-1].isascii() == bool(border)]
        ways += [f"(?<![A-Za-z0-9]){_tree(some, border)}"] if some else []
    starts = frozenset(run[0] for e in whole if (run := _RUN.match(e)))
    return _Phrases(starts, re.compile(_tree(whole, _EDGE[1]) if whole else r"(?!)"), re.compile("|".join([*ways, *signs]) or r"(?!)"))


@lru_cache(maxsize=512)
def _entries_of(phrases: _Phrases, text: str) -> tuple[str, ...]:
    text = _spoken(text)
    found, at = phrases.anywhere.findall(text), 0
    for run in _RUN.finditer(text):
        if run.start() >= at and run[0] in phrases.starts:
            here = phrases.whole.match(text, run.start())
            if here is not None:
                found.append(here[0])
                at = here.end()
    return tuple(found)


def _spoken(text: str) -> str:
    """Return a text as it would be read aloud: no tags, small letters, one blank where lines break or blanks are doubled."""
    return " ".join(unmarked(normal(text)).casefold().replace("\u2019", "'").split())


def _tree(words: Iterable[str], border: str) -> str:
    """Return the pattern of words as a tree of letters, the longest first; behind a letter or digit stands a border."""
    tree: dict[str, Any] = {}
    for word in words:
        node = tree
        for c in word:
            node = node.setdefault(c, {})
        node[""] = border if word[-1].isalnum() else ""
    return _branch(tree)


def _branch(node: dict[str, Any]) -> str:
    ways = [re.escape(c) + _branch(below) for c, below in node.items() if c]
    if "" in node:
        ways.append(str(node[""]))
    return ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})"


def _sign(phrase: str) -> bool:
    """Tell whether a phrase is a currency's sign, which counts only beside a number."""
    return all(unicodedata.category(c) == "Sc" for c in phrase)


def _whole(phrase: str, *, spaced: bool) -> str:
    if _sign(phrase):
        sign = re.escape(phrase)
        return rf"(?<![\p{{Latin}}\p{{Sc}}]){sign}(?=[ \u00a0]?[-+]?\d)|(?<=\d|\d[ \u00a0]){sign}(?!\p{{Sc}})"
    first, last = (_EDGE[0] if phrase[0].isalnum() else "", _EDGE[1] if phrase[-1].isalnum() else "") if spaced else ("", "")
    return f"{first}{re.escape(phrase)}{last}"


def _word_pattern(words: Iterable[str], *, spaced: bool) -> re.Pattern[str] | None:
    listed = sorted({w.casefold().strip() for w in words if w.strip()})
    if not listed:
        return None
    return re.compile(f"{_EDGE[0]}(?:{_tree(listed, '')}){_EDGE[1]}" if spaced else _tree(listed, ""))


def _count(pattern: re.Pattern[str] | None, text: str) -> Counter[str]:
    return Counter(_found(pattern, text)) if pattern else Counter()


@lru_cache(maxsize=512)
def _found(pattern: re.Pattern[str], text: str) -> tuple[str, ...]:
    return tuple(pattern.findall(normal(text).casefold().replace("\u2019", "'")))


def differences(before: str, after: str, vocabulary: Vocabulary) -> list[str]:
    """Return what the second text says that the first does not, and the reverse; empty when they say the same."""
    if before.strip() and len(after) > 2 * len(before) and not after.replace(before, "").strip() and after.count(before) == 2:
        return []  # the same said twice
    outline = vocabulary.outline
    first, second = (outline.of(before), outline.of(after)) if outline is not None else (None, None)
    found = _codes(before, after)
    if first is None or second is None:
        return found + _compared(before, after, (before, after), vocabulary)
    if first == second:
        return found + became(*_changed(before, after), vocabulary.real, vocabulary.opposites, vocabulary.harmless)
    return found + _compared(first, second, (before, after), vocabulary)


def _codes(before: str, after: str) -> list[str]:
    """Return the identifiers that came or went."""
    first, second = identifiers(before), identifiers(after)
    if first == second:
        return []
    was, now = Counter(first), Counter(second)
    lost, gained = ([w for w in some if not _apart(w, other)] for some, other in ((was - now, after), (now - was, before)))
    return [f"lost identifier '{w}'" for w in lost] + [f"gained identifier '{w}'" for w in gained]


def _apart(code: str, text: str) -> bool:
    """Tell whether a word and a number, written together as if they were a code, stand in a text with a blank between them: doxycycline 100."""
    return (parts := _JOINED.fullmatch(code)) is not None and re.search(rf"{_EDGE[0]}{parts[1]}[ \u00a0\u202f]{parts[2]}{_EDGE[1]}", normal(text)) is not None


def _compared(first: str, second: str, whole: tuple[str, str], vocabulary: Vocabulary) -> list[str]:
    """Return what two texts say differently, given their outlines or the texts themselves, and whole."""
    gained, same = _entries(first, second, vocabulary)
    old, new = _without(first, same, vocabulary), _without(second, same, vocabulary)
    found = _numeric(old, new, vocabulary.habit)
    for name, count in (("negation", vocabulary.negations), ("modal", vocabulary.modals)):
        a, b = count(old), count(new)
        found += [f"lost {name} '{w}'" for w in (a - b)] + [f"gained {name} '{w}'" for w in (b - a)]
    if first is not whole[0]:
        old, new = _changed(*(_without(text, same, vocabulary) for text in whole))
    return found + gained + became(old, new, vocabulary.real, vocabulary.opposites, vocabulary.harmless, spaced=vocabulary.spaced)


def _changed(before: str, after: str) -> tuple[str, str]:
    """Return the words of two texts that not both have: what both have explains nothing."""
    first, second = before.split(), after.split()
    if len(first) == len(second):
        pairs = [(a, b) for a, b in zip(first, second, strict=True) if a != b]
        return " ".join([a for a, _ in pairs]), " ".join([b for _, b in pairs])
    was, now = Counter(first), Counter(second)
    return " ".join((was - now).elements()), " ".join((now - was).elements())


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
        match = next(((i, place) for i, old in enumerate(lost) if (place := _stands_for(word, old, after, vocabulary))), None)
        if match is not None:
            same += [match[1], lost.pop(match[0])]
        elif (
            rewritten := next((i for i, old in enumerate(lost) if _counted(old, word, after, vocabulary) or _counted(word, old, before, vocabulary)), -1)
        ) >= 0:
            lost.pop(rewritten)
        elif len(word) > 2 or not word.isalnum():
            found.append(f"gained lexicon entry '{word}'")
    return found, same


def _stands_for(word: str, old: str, after: str, vocabulary: Vocabulary) -> str:
    """Return what in the second text means what an entry that went meant: the one that came, or it and the rest of the old one; empty if nothing does."""
    if vocabulary.meanings[old] & vocabulary.meanings[word]:
        return word
    heads = [head for n in range(1, old.count(" ") + 1) if (head := " ".join(old.split(" ")[:n])) in vocabulary.entries]
    rest = [old[len(head) :] for head in heads if vocabulary.meanings[head] & vocabulary.meanings[word]]
    return next((f"{word}{tail}" for tail in rest if f"{word}{tail}" in _spoken(after)), "")


_NUMERIC = re.compile(r"[ .,]?\d[\d.,]*(?:[ \u00a0]?[^\s\d]{1,4})?")


def _counted(longer: str, head: str, text: str, vocabulary: Vocabulary) -> bool:
    """Tell whether an entry that is another with a number behind it still stands in a text, the number written another way: 325 mg and 325.0 mg."""
    rest = longer[len(head) :]
    if not longer.startswith(head) or not _NUMERIC.fullmatch(rest):
        return False
    said = atoms(rest, vocabulary.habit)
    spoken, at = _spoken(text), -1
    while said and (at := spoken.find(head, at + 1)) >= 0:
        behind = spoken[at + len(head) :][: _REACH + len(rest)]
        if atoms(behind, vocabulary.habit)[: len(said)] == said and atoms(behind.split()[0], vocabulary.habit):
            return True
    return False


_REACH = 24
"""Letters more than those of a number that it may have when it is written another way."""


def _without(text: str, words: list[str], vocabulary: Vocabulary) -> str:
    """Return a text without some wordings, so that what stands inside them is not compared."""
    for word in sorted(set(words), key=len, reverse=True):
        left = "\u00a4" if is_currency(word) else " "  # an amount stays one
        text = re.sub(_whole(word, spaced=vocabulary.spaced).replace(r"\ ", r"\s+"), left, text, flags=re.IGNORECASE)
    return text
