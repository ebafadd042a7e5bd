"""Leaves of the grammar: how the value of one field is written in a format, and read back from a text.

A leaf reads to ``(end, ((field, value), ...))``: an amount of money also states its currency, a quantity its unit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any, Protocol

from robustgen.core.draw import Draw
from robustgen.core.language import Language
from robustgen.errors import GrammarError
from robustgen.grammar.formats import DATE_STYLES, NUMBER_STYLES, Habits, habits_of
from robustgen.grammar.lexicon import Entry, Lexicon, Words, value_key
from robustgen.grammar.schema import Field

__all__ = ["Binding", "Leaf", "Leaves"]

Binding = tuple[tuple[str, Any], ...]
Readings = list[tuple[int, Binding]]


class Leaf(Protocol):
    """One slot's way with its field."""

    @property
    def drawn_from(self) -> tuple[Words, str, str] | None:
        """The words it draws one of, with their variant and register; None where it draws nothing."""

    def say(self, value: Any, record: dict[str, Any], draw: Draw) -> str:
        """Return the text of a value."""

    def read(self, text: str, at: int) -> Readings:
        """Return all that a text can mean at a position."""


class Leaves:
    """Makes the leaves of one language."""

    def __init__(self, language: Language, lexicon: Lexicon) -> None:
        """Keep the language's habits and the pack's words."""
        self.language, self.lexicon = language, lexicon
        self.habits = habits_of(language)
        self._made: dict[tuple[int, str, str, tuple[Any, Any] | None], Leaf] = {}

    @cached_property
    def units(self) -> Words:
        """The words of units, from the language's ``units`` resource."""
        return Words(Entry(r["code"], r["form"], r.get("as", "") or "", "", 1, "", r.get("class", "") or "") for r in self.language.rows("units"))

    def make(self, field: Field, style: str, register: str, limits: tuple[Any, Any] | None) -> Leaf:
        """Return the leaf of a field in a format; raises ``GrammarError`` when the format does not fit the field."""
        key = (id(field), style, register, limits)
        if key not in self._made:
            self._made[key] = self._make(field, style, register, limits)
        return self._made[key]

    def _make(self, field: Field, style: str, register: str, limits: tuple[Any, Any] | None) -> Leaf:
        words = self.words_of(field)
        if words and style == "cap":
            return _WordLeaf(field, words.capital, "", register)
        if words and style not in NUMBER_STYLES and style not in DATE_STYLES:
            return _WordLeaf(field, words, style, register)
        kind = field.kind
        known = NUMBER_STYLES if kind in {"int", "decimal"} else DATE_STYLES if kind in {"date", "datetime", "time"} else (*NUMBER_STYLES, *DATE_STYLES)
        if style and style not in known:
            raise GrammarError(f"format '{style}' does not fit field '{field.name}' ({kind})", mend=f"formats: {', '.join(known)}")
        if kind in {"int", "decimal"} or (kind == "one" and field.spec.numeric) or style in NUMBER_STYLES:
            return _NumberLeaf(field, style or "number", self, limits)
        if kind in {"date", "datetime", "time"} or style in DATE_STYLES:
            return _DateLeaf(field, style or "long", self.habits, limits)
        if style:
            raise GrammarError(f"format '{style}' does not fit field '{field.name}' ({kind})")
        if kind == "id":
            return _IdLeaf(field)
        if kind in {"derived", "pick"} and not self.closed(field):
            return _LooseLeaf(field, self)
        if kind in {"list", "record", "bool"}:
            raise GrammarError(f"field '{field.name}' ({kind}) has no words of its own", mend=_word_hint(field))
        return _VerbatimLeaf(field, self.closed(field))

    def words_of(self, field: Field) -> Words | None:
        """Return the word set of a field: ``Type.field``, else its table's or column's."""
        own = f"{field.owner.name}.{field.name}"
        if field.kind == "row":
            return self.lexicon.words(own, field.spec.of)
        column = self._column(field)
        return self.lexicon.words(own, *column)

    def _column(self, field: Field) -> tuple[str, ...]:
        """Return the names a picked column's words may have: ``table.column`` and ``column``."""
        found = re.fullmatch(r"(\w+)\.(\w+)", field.spec.expression) if field.kind == "pick" else None
        source = field.owner.fields.get(found[1]) if found else None
        return (f"{source.spec.of}.{found[2]}", found[2]) if found and source and source.kind == "row" else ()

    def closed(self, field: Field) -> tuple[str, ...]:
        """Return the closed set of texts a field can hold, empty when it is open; ``f(row.column, ...)`` chooses among those of the column."""
        if field.kind == "one":
            return field.spec.options
        if field.kind == "row":
            return tuple(str(r) for r in field.table)
        if field.kind == "faker":
            return tuple(field.schema.known(field.spec.of))
        found = re.fullmatch(r"(?:\w+\()?(\w+)\.(\w+)(?:,[^()]*\))?", field.spec.expression) if field.kind in {"pick", "derived"} else None
        source = field.owner.fields.get(found[1]) if found else None
        if found and source and source.kind == "row":
            cells = [row.cells.get(found[2]) for row in source.table]
            items = [i for c in cells for i in (c if isinstance(c, tuple) else (c,)) if i is not None]
            if items and all(isinstance(i, str) for i in items):
                return tuple(dict.fromkeys(items))
        return ()


def _word_hint(field: Field) -> str:
    return f"add rows '{field.owner.name}.{field.name},<value>,<form>,...' to words.csv"


class _WordLeaf:
    """Words from the lexicon."""

    def __init__(self, field: Field, words: Words, style: str, register: str) -> None:
        self.name, self.field, self.words = field.name, field, words
        self.variant = style.removeprefix("as-")
        self.register = register

    @property
    def drawn_from(self) -> tuple[Words, str, str] | None:
        """The words of the field."""
        return self.words, self.variant, self.register

    def say(self, value: Any, record: dict[str, Any], draw: Draw) -> str:
        key = value if type(value) is str else value_key(value)
        text = self.words.pick(key, self.variant, self.register, draw)
        if text is None:
            raise GrammarError(f"value '{key}' of field '{self.name}' has no word", mend=_word_hint(self.field))
        return text

    def read(self, text: str, at: int) -> Readings:
        return [(end, ((self.name, _back(self.field, value)),)) for end, value in self.words.read(text, at)]


def _back(field: Field, value: str) -> Any:
    """Return a word's value with the field's type."""
    try:
        return field.typed(value)
    except GrammarError:
        return value


class _Undrawn:
    """A leaf whose text follows from the value alone."""

    drawn_from: tuple[Words, str, str] | None = None


class _NumberLeaf(_Undrawn):
    """Numbers in every format, with their unit or currency where the format shows it."""

    _CODE = re.compile(r"[^\W\d_]+(?:/[^\W\d_]+)*|%")

    def __init__(self, field: Field, style: str, leaves: Leaves, limits: tuple[Any, Any] | None) -> None:
        self.field, self.name, self.style, self.limits = field, field.name, style, limits
        self.habits, self.leaves = leaves.habits, leaves
        self.whole = field.kind == "int"
        if style in {"money", "code", "qty", "long-qty"} and not (field.unit or field.unit_field):
            raise GrammarError(f"format '{style}' needs a unit for field '{field.name}'", mend="write: decimal 1..9 unit mg")
        self._currencies: tuple[str, ...] = ()
        if style in {"money", "code"}:
            unit = field.owner.fields.get(field.unit_field, None)
            self._currencies = (field.unit,) if field.unit else leaves.closed(unit) if unit else ()

    def _unit(self, record: dict[str, Any]) -> str:
        if self.field.unit:
            return self.field.unit
        value: Any = record
        for part in self.field.unit_field.split("."):
            value = value[part] if isinstance(value, dict) else getattr(value, part)
        if value is None:
            mend = f"write the number alone: {{?{self.field.unit_field}: {{{self.name}:{self.style}}}}}{{!{self.field.unit_field}: {{{self.name}}}}}"
            raise GrammarError(f"field '{self.field.unit_field}', the unit of '{self.name}', is absent here", mend=mend)
        return str(value)

    def say(self, value: Any, record: dict[str, Any], draw: Draw) -> str:
        style, habits = self.style, self.habits
        if value is None:
            raise GrammarError(f"field '{self.name}' is absent here", mend=f"wrap it: {{?{self.name}: ...}}")
        if style == "number":
            return habits.number(value)
        if style == "grouped":
            return habits.number(value, grouped=True)
        if style in {"words", "ordinal"}:
            return habits.words(value, ordinal=style == "ordinal")
        if style == "percent":
            before, after = habits.percent_gap
            return f"{before}{habits.number(value)}{after}"
        unit = self._unit(record)
        if style == "money":
            return habits.money(value, unit)
        if style == "code":
            places = max(habits.minor_units(unit), -int(Decimal(value).as_tuple().exponent))
            return f"{unit} {habits.number(value, grouped=True, places=places)}"
        return habits.number(value) + self._gap(unit) + self._unit_word(unit, value)

    def _gap(self, unit: str) -> str:
        return "" if not self.leaves.language.spaced and self.style == "qty" and self._unit_word(unit, 2)[:1] > "\u2e80" else " "

    def _unit_word(self, unit: str, value: Any) -> str:
        entries = self.leaves.units.by_value.get(unit, ())
        wanted = [e for e in entries if e.variant == ("long" if self.style == "long-qty" else "")] or list(entries)
        if len(wanted) > 1:
            plural = self.habits.plural(value)
            wanted = [e for e in wanted if e.cls == plural] or [e for e in wanted if e.cls in {"", "other"}] or wanted
        return wanted[0].form if wanted else unit

    def read(self, text: str, at: int) -> Readings:
        found: Readings = []
        style = self.style
        if style in {"words", "ordinal"}:
            pairs: Iterable[tuple[int, Any]] = self.habits.read_words(text, at, ordinal=style == "ordinal")
            return [(end, ((self.name, v),)) for end, v in pairs if self._in(v)]
        if style == "money":
            for end, (value, currency) in self.habits.read_money(text, at, self._currencies):
                found += self._bind(end, value, currency)
            return found
        if style == "code":
            for currency in self._currencies:
                if text.startswith(f"{currency} ", at):
                    for end, value in self.habits.read_number(text, at + len(currency) + 1):
                        found += self._bind(end, value, currency)
            return found
        start = at
        if style == "percent":
            before, after = self.habits.percent_gap
            start += len(before)
            pairs = self.habits.read_number(text, start) if text.startswith(before, at) else ()
            return [(e + len(after), ((self.name, v),)) for e, v in pairs if text.startswith(after, e) and self._in(v)]
        for end, value in self.habits.read_number(text, start):
            if style in {"qty", "long-qty"}:
                for stop, unit in self._read_unit(text, end):
                    found += self._bind(stop, value, unit)
            elif self._in(value):
                found.append((end, ((self.name, value),)))
        return found

    def _read_unit(self, text: str, at: int) -> list[tuple[int, str]]:
        start = at + text.startswith((" ", "\u00a0", "\u202f"), at)
        found = self.leaves.units.read(text, start)
        fixed = self.field.unit
        if fixed and not self.leaves.units.by_value.get(fixed) and text.startswith(fixed, start):
            found = [*found, (start + len(fixed), fixed)]
        if not fixed:
            unit = self.field.owner.fields.get(self.field.unit_field)
            codes = self.leaves.closed(unit) if unit else ()
            found = [*found, *((start + len(c), c) for c in codes if text.startswith(c, start))]
            token = self._CODE.match(text, start)
            if not codes and token:
                found.append((token.end(), token[0]))
            found = list(dict.fromkeys(found))
        return [(e, u) for e, u in found if not fixed or u == fixed]

    def _in(self, value: Any) -> bool:
        if self.whole and value != int(value):
            return False
        return self.limits is None or bool(self.limits[0] <= value <= self.limits[1])

    def _bind(self, end: int, value: Any, unit: str) -> Readings:
        if not self._in(value):
            return []
        if self.field.unit_field in self.field.owner.fields:
            return [(end, ((self.name, value), (self.field.unit_field, unit)))]
        return [(end, ((self.name, value),))]


class _DateLeaf(_Undrawn):
    """Dates and times."""

    def __init__(self, field: Field, style: str, habits: Habits, limits: tuple[Any, Any] | None) -> None:
        self.name, self.kind, self.style, self.habits, self.limits = field.name, field.kind, style, habits, limits

    def say(self, value: Any, record: dict[str, Any], draw: Draw) -> str:
        if value is None:
            raise GrammarError(f"field '{self.name}' is absent here", mend=f"wrap it: {{?{self.name}: ...}}")
        if isinstance(value, time):
            return self.habits.time(value)
        text = self.habits.date(value, self.style)
        return f"{text} {self.habits.time(value)}" if isinstance(value, datetime) else text

    def read(self, text: str, at: int) -> Readings:
        if self.kind == "time":
            return [(e, ((self.name, v),)) for e, v in self.habits.read_time(text, at) if self._in(v)]
        found: Readings = []
        for end, day in self.habits.read_date(text, at, self.style):
            if self.kind == "date" and self._in(day):
                found.append((end, ((self.name, day),)))
            if self.kind != "date" and text.startswith(" ", end):
                clocks = self.habits.read_time(text, end + 1)
                found += [(e, ((self.name, datetime.combine(day, t)),)) for e, t in clocks if self._in(datetime.combine(day, t))]
            if self.kind in {"derived", "pick"}:
                found.append((end, ((self.name, day),)))
        return found

    def _in(self, value: Any) -> bool:
        return self.limits is None or bool(self.limits[0] <= value <= self.limits[1])


@lru_cache(maxsize=256)
def _verbatim(options: tuple[str, ...]) -> Words:
    """Return texts that stand for themselves; pools of names are large, so every slot shares one."""
    return Words(Entry(o, o) for o in options)


class _VerbatimLeaf(_Undrawn):
    """A closed set of texts written as they are: names from pools, options without words."""

    def __init__(self, field: Field, options: tuple[str, ...]) -> None:
        self.name, self.field = field.name, field
        self._words = _verbatim(options)

    def say(self, value: Any, record: dict[str, Any], draw: Draw) -> str:
        if value is None:
            raise GrammarError(f"field '{self.name}' is absent here", mend=f"wrap it: {{?{self.name}: ...}}")
        return str(value)

    def read(self, text: str, at: int) -> Readings:
        return [(end, ((self.name, value),)) for end, value in self._words.read(text, at)]


class _IdLeaf(_Undrawn):
    """Identifiers by pattern."""

    def __init__(self, field: Field) -> None:
        self.name = field.name
        shape = "".join({"#": r"\d", "A": "[A-Z]"}.get(c, re.escape(c)) for c in field.spec.of)
        self._shape = re.compile(shape)

    def say(self, value: Any, record: dict[str, Any], draw: Draw) -> str:
        return str(value)

    def read(self, text: str, at: int) -> Readings:
        match = self._shape.match(text, at)
        return [(match.end(), ((self.name, match[0]),))] if match else []


class _LooseLeaf(_Undrawn):
    """A derived or picked value, written by what it is and read as number, date or a short text."""

    _WORD = re.compile(r"[^\s.,;:!?()\[\]]+(?:[.,:][^\s.,;:!?()\[\]]+)*")

    def __init__(self, field: Field, leaves: Leaves) -> None:
        self.name, self.habits = field.name, leaves.habits

    def say(self, value: Any, record: dict[str, Any], draw: Draw) -> str:
        writers: list[tuple[type | tuple[type, ...], Callable[[Any], str]]] = [
            ((int, Decimal), self.habits.number),
            (datetime, lambda v: f"{self.habits.date(v)} {self.habits.time(v)}"),
            (date, self.habits.date),
            (time, self.habits.time),
        ]
        for kinds, write in writers:
            if isinstance(value, kinds) and not isinstance(value, bool):
                return write(value)
        if value is None:
            raise GrammarError(f"field '{self.name}' is absent here", mend=f"wrap it: {{?{self.name}: ...}}")
        return str(value)

    def read(self, text: str, at: int) -> Readings:
        found = self.habits.read_date(text, at) or self.habits.read_number(text, at)
        word = self._WORD.match(text, at)
        if not found and word:
            found = [(word.end(), word[0])]
        return [(end, ((self.name, value),)) for end, value in found]
