"""The words of a pack that added text must not bring in: what stands beside a document must not name what the document is about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from functools import lru_cache

import regex

from robustgen.core.case import Edit
from robustgen.packs.language import load_language
from robustgen.packs.pack import load_pack

__all__ = ["PackWords", "pack_words"]

_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
LEAST = 3
"""Letters of the shortest form that counts in a script with spaces."""
REGION = 32


class PackWords:
    """All forms of a pack in a language with what each can stand for."""

    def __init__(self, forms: dict[str, set[Hashable]], *, spaced: bool) -> None:
        """Index the forms by their words, or by their letters where words have no borders."""
        self.spaced = spaced
        self._senses: dict[tuple[str, ...], set[Hashable]] = {}
        for form, senses in forms.items():
            key = self._cut(form)
            if key and len(form) >= LEAST:
                self._senses.setdefault(key, set()).update(senses)
        self._sizes: dict[str, list[int]] = {}
        for size, start in sorted({(len(k), k[0]) for k in self._senses}):
            self._sizes.setdefault(start, []).append(size)
        self._parts = {part for k in self._senses for part in k}
        self._named: dict[str, bool] = {}

    def _cut(self, text: str) -> tuple[str, ...]:
        low = text.casefold()
        return tuple(_WORD.findall(low)) if self.spaced else tuple(low)

    def found(self, text: str) -> Counter[tuple[str, ...]]:
        """Count the forms that stand in a text, those inside others too."""
        return self._among(self._cut(text))

    def _among(self, parts: tuple[str, ...]) -> Counter[tuple[str, ...]]:
        senses = self._senses
        made: Counter[tuple[str, ...]] = Counter()
        for at, part in enumerate(parts):
            for size in self._sizes.get(part, ()):
                key = parts[at : at + size]
                if len(key) == size and key in senses:
                    made[key] += 1
        return made

    def names(self, text: str) -> bool:
        """Tell whether a text, a line of a resource say, holds any form; remembered."""
        known = self._named.get(text)
        if known is None:
            known = self._named[text] = bool(self.found(text))
        return known

    def _looks(self, text: str, edit: Edit) -> bool:
        """Tell whether an edit writes any word or letter that a form holds."""
        if not self.spaced:
            return len(edit.new) > len(edit.old) and not self._parts.isdisjoint(edit.new.casefold())
        whole = text[_word_start(text, edit.start) : edit.start] + edit.new + text[edit.end : _word_end(text, edit.end)]
        return not self._parts.isdisjoint(self._cut(whole))

    def brings(self, text: str, edits: Sequence[Edit]) -> str:
        """Return a form that edits bring into a text without another of the same meaning going; empty when there is none."""
        for edit in edits:
            if edit.new.casefold() == edit.old.casefold() or not self._looks(text, edit):
                continue
            left, right = text[_word_start(text, edit.start - REGION) : edit.start], text[edit.end : _word_end(text, edit.end + REGION)]
            was, now = self._cut(left + edit.old + right), self._cut(left + edit.new + right)
            after = self._among(now) if was != now else None
            if not after:
                continue
            before = self._among(was)
            gone = [self._senses[k] for k in before - after]
            for key in after - before:
                if not any(self._senses[key] & g for g in gone):
                    return (" " if self.spaced else "").join(key)
        return ""


def _word_start(text: str, at: int) -> int:
    at = max(at, 0)
    while at > 0 and text[at - 1].isalnum():
        at -= 1
    return at


def _word_end(text: str, at: int) -> int:
    while at < len(text) and text[at].isalnum():
        at += 1
    return at


@lru_cache(maxsize=128)
def pack_words(domain: str, tag: str) -> PackWords:
    """Return the words of a pack in a language."""
    forms: dict[str, set[Hashable]] = {}
    for name, words in load_pack(domain).say(tag).lexicon.sets.items():
        for form, senses in words.by_form.items():
            forms.setdefault(form, set()).add((name, frozenset(str(s.value) for s in senses)))
    return PackWords(forms, spaced=load_language(tag).spaced)
