"""The outline of a text: what its words may say in numbers, negations, modals and entries, with every word that says nothing of the kind as one sign.

Two texts of one outline say the same in all of these, for every rule of extraction looks at a word only to see whether it is one of those
that it knows, and at its neighbours only to see whether they are letters. Most variants differ from their text by words that no rule knows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from robustgen.safety.extract import Habit, normal

__all__ = ["Outline"]

_SIGN, _OTHER, _CODE = "\u0270", "\u1401", "\u0271"
"""What stands for a word that no rule knows, in Latin letters and in those of another script; what follows three capitals, as of a currency."""
_PART = re.compile("([^\\s!-/:-@\\[-^`{-~\u00ab\u00bb\u00bf\u00a1\u2013\u2014\u2018\u2019\u201c\u201d\u201e\u20ac\u00a3]+)")
_UNSAFE = re.compile("[&=\\\\<>\\[\\]*{}|\u0270\u0271\u1401]|''")
"""Escapes and tags, which are read across words: texts that hold them have no outline."""
_CAPITALS = re.compile(r"(?<![A-Za-z])[A-Z]{3}$")
_RUN = re.compile(f"{_SIGN}(?:[ \\t,;.!?:\"()'\u2019-]+{_SIGN})+")
_CODED = re.compile(f"([^\\W\\d_]+){_CODE}(?=\\s?[-+]?[.,]?\\d)")
_SAID = "de of del am pm i ii iii iv v vi vii viii ix x xi xii st nd rd th er"
"""Words that dates and times are written with, besides the names of months."""
_KEPT = 65536


class Outline(dict[str, str]):
    """What stands in an outline for each word of a text; found once for every word."""

    def __init__(self, habit: Habit, phrases: Iterable[str]) -> None:
        """``phrases`` are those that count beside the numbers: negations, modals, entries."""
        super().__init__()
        after_numbers = (*habit.units, *habit.scales, *habit.percents)
        self._cased = {w.lower() for w in _words((*after_numbers, *habit.furniture))}
        self._known = {form for w in _words((*phrases, *habit.words, *habit.months, _SAID)) for form in (w.lower(), w.casefold())}
        self._within = tuple(form.strip().lower() for form in habit.percents)
        self._begins = tuple(
            {form.strip() for form in after_numbers if not form.isascii()} | {_PART.findall(f)[-1] for f in habit.furniture if f[-1].isalpha()}
        )
        self._ends = tuple({_PART.findall(f)[0].lower() for f in (*habit.months, *habit.furniture) if f[0].isalpha()})
        self._latin, self._runs = not habit.digits_as_letters, not habit.lunar

    def __missing__(self, part: str) -> str:
        if len(self) > _KEPT:
            self.clear()
        found = self[part] = self._stands(part)
        return found

    def _stands(self, part: str) -> str:
        """Return what stands for a word: itself where a rule may know it or where it is more than letters."""
        plain = normal(part)
        if not all(c.isalpha() or unicodedata.category(c)[0] == "M" for c in plain):
            return part  # blanks and signs between words, numbers, codes
        low = plain.lower()
        if len(plain) < 2 or low in self._cased or plain.startswith(self._begins) or low.endswith(self._ends) or any(w in low for w in self._within):
            return plain
        code = _CODE if _CAPITALS.search(plain) else ""
        if low in self._known or plain.casefold() in self._known:
            return low + code
        if plain.isalpha() and all(c < "\u0250" for c in plain):
            return _SIGN + code if self._latin else plain
        other = plain[0].isalpha() and all("\u036f" < c < "\u2e80" for c in plain)
        return plain if not other else _OTHER if plain[-1].isalpha() else _OTHER + plain[-1]

    def of(self, text: str) -> str | None:
        """Return the outline of a text, however many words that say nothing stand side by side; None for a text with marks that are read across words."""
        if _UNSAFE.search(text):
            return None
        found = "".join(map(self.__getitem__, _PART.split(text)))
        if _CODE in found:  # before a number it is one, elsewhere a word in capitals
            found = _CODED.sub(lambda m: m[1].upper() if m[1] != _SIGN else "QZQ", found).replace(_CODE, "")
        return _RUN.sub(_SIGN, found) if self._runs else found


def _words(forms: Iterable[str]) -> set[str]:
    return {word for form in forms for word in _PART.findall(normal(form))}
