"""Surface forms: ``words.csv`` of a pack's language, and the words of units."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import msgspec

from robustgen.core.case import canonical
from robustgen.core.draw import Draw, weighted
from robustgen.core.plugins import Form
from robustgen.errors import PackError
from robustgen.grammar.coverage import TRACE
from robustgen.grammar.tables import read_csv

__all__ = ["Entry", "Lexicon", "Words", "load_words"]

COLUMNS = ("of", "value", "form", "as", "register", "weight", "mark", "class")
SPREAD = 256
"""Weights of a value's forms that are spread out as a table."""
SAFE_MARKS = ("", "brand", "abbreviation", "synonym")


class Entry(msgspec.Struct, frozen=True):
    """One surface form of one value."""

    value: str
    form: str
    variant: str = ""
    register: str = ""
    weight: int = 1
    mark: str = ""
    cls: str = ""

    @property
    def safe(self) -> bool:
        """Whether the form may stand in clean text."""
        return self.mark in SAFE_MARKS


class Words:
    """The forms of one lexicon set (a table or an enumerated field) in one language."""

    def __init__(self, entries: Iterable[Entry], name: str = "") -> None:
        """Index by value, and by form for reading."""
        self.name = name
        self.by_value: dict[str, list[Entry]] = {}
        self.by_form: dict[str, list[Entry]] = {}
        for e in entries:
            self.by_value.setdefault(e.value, []).append(e)
            self.by_form.setdefault(e.form, []).append(e)
        self._lengths = sorted({len(f) for f in self.by_form}, reverse=True)
        self._starts = {f[0] for f in self.by_form if f}
        self._cache: dict[tuple[str, str, str], tuple[list[str], list[int]]] = {}
        self._spread: dict[tuple[str, str], dict[str, list[str]]] = {}

    @cached_property
    def capital(self) -> Words:
        """The same forms with a capital letter, as at the head of a sentence; a word like pH, whose capital stands second, keeps its shape."""
        every = (e for entries in self.by_value.values() for e in entries)
        return Words((e if e.form[1:2].isupper() else msgspec.structs.replace(e, form=e.form[:1].upper() + e.form[1:]) for e in every), self.name)

    def pick(self, value: str, variant: str, register: str, draw: Draw) -> str | None:
        """Draw a form of a value, None when the language misses it."""
        key = (value, variant, register)
        found = self._cache.get(key)
        if found is None:
            found = self._cache[key] = self._eligible(value, variant, register)
        forms, bounds = found
        if not forms:
            return None
        form = forms[0] if len(forms) == 1 else forms[weighted(draw, bounds)]
        if TRACE.on:
            TRACE.form(self.name, form)
        return form

    def spread(self, variant: str, register: str) -> Mapping[str, Sequence[str]]:
        """Return value to its forms, each as often as it weighs: a choice among them is the one that ``pick`` makes."""
        key = (variant, register)
        if key not in self._spread:
            made = {}
            for value in self.by_value:
                forms, bounds = self._eligible(value, variant, register)
                if len(forms) == 1:
                    made[value] = forms
                elif forms and bounds[-1] <= SPREAD:
                    made[value] = [f for f, low, high in zip(forms, [0, *bounds], bounds, strict=False) for _ in range(high - low)]
            self._spread[key] = made
        return self._spread[key]

    def _eligible(self, value: str, variant: str, register: str) -> tuple[list[str], list[int]]:
        safe = [e for e in self.by_value.get(value, ()) if e.safe]
        chosen = [e for e in safe if e.variant == variant] or safe
        fitting = [e for e in chosen if e.register in {"", register}] or chosen
        return [e.form for e in fitting], list(itertools.accumulate(e.weight for e in fitting))

    def read(self, text: str, at: int) -> list[tuple[int, str]]:
        """Return (end, value) for every form, longest first, that starts at a position."""
        if at >= len(text) or text[at] not in self._starts:
            return []
        found: list[tuple[int, str]] = []
        for length in self._lengths:
            for e in self.by_form.get(text[at : at + length], ()):
                if (at + length, e.value) not in found and len(text) >= at + length:
                    found.append((at + length, e.value))
        return found

    def cls(self, value: str) -> str:
        """Return the grammatical class of a value."""
        return next((e.cls for e in self.by_value.get(value, ()) if e.cls), "")


class Lexicon:
    """All sets of a language by name."""

    def __init__(self, sets: Mapping[str, Words]) -> None:
        """Keep the sets."""
        self.sets = dict(sets)

    def words(self, *names: str) -> Words | None:
        """Return the first set that exists."""
        return next((self.sets[n] for n in names if n in self.sets), None)

    def forms(self, words: Words, value: Any) -> list[Form]:
        """Return every form of a value."""
        entries = words.by_value.get(value_key(value), ())
        return [Form(text=e.form, value=value, mark=e.mark, register=e.register, variant=e.variant) for e in entries]


def value_key(value: Any) -> str:
    """Return a value as it is written in ``words.csv``."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(canonical(value))


def load_words(source: str, file: str) -> dict[str, list[Entry]]:
    """Return set name to entries; raises ``PackError`` for bad rows."""
    found: dict[str, list[Entry]] = {}
    for line, row in read_csv(source, file, COLUMNS[:3]):
        weight = row.get("weight", "").strip() or "1"
        form = row["form"]
        if not row["of"].strip() or not row["value"].strip() or not form.strip():
            raise PackError("'of', 'value' and 'form' must not be empty", file=file, line=line)
        if not weight.isdigit():
            raise PackError(f"weight '{weight}' is not a whole number", file=file, line=line)
        mark = row.get("mark", "").strip()
        if mark not in SAFE_MARKS and not mark.startswith("error-prone"):
            raise PackError(f"unknown mark '{mark}'", file=file, line=line, mend="use: blank, brand, abbreviation, synonym, error-prone [ID]")
        entry = Entry(
            row["value"].strip(),
            form.strip(),
            row.get("as", "").strip(),
            row.get("register", "").strip(),
            max(int(weight), 1),
            mark,
            row.get("class", "").strip(),
        )
        found.setdefault(row["of"].strip(), []).append(entry)
    return found
