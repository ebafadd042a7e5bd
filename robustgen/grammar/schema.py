"""Abstract syntax: record types whose values are drawn, checked, repaired and typed from JSON.

Everything follows declaration order: a field may refer to earlier ones. The value drawn from choice 0 is the simplest.
"""

# long: a field is drawn, kept, typed and bounded by tables that stand next to each other, one line a kind

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property, lru_cache, partial
from typing import Any

from robustgen.core.case import Facts
from robustgen.core.draw import LETTERS, Draw, RandomDraw, ReplayDraw, weighted
from robustgen.errors import GrammarError, PackError
from robustgen.grammar.expr import Expression, compile_expression
from robustgen.grammar.fields import FieldSpec, number, parse_field
from robustgen.grammar.notation import Text, fail, only_keys
from robustgen.grammar.quick import compile_fill
from robustgen.grammar.tables import RowKey, Table

__all__ = ["Field", "RecordType", "Schema", "View", "at_path", "walk_paths"]

TRIES = 200
KEPT = 4096
UNDECIDED = (AttributeError, TypeError, ValueError, LookupError, ArithmeticError)
"""What an expression raises on a value that is absent or of another kind."""
Pools = Callable[[str], Sequence[str]]


class View:
    """A record as expressions and rules see it: attributes, rows that know their columns, inner records as views."""

    __slots__ = ("_data", "_type")

    def __init__(self, data: Facts, type_: RecordType) -> None:
        """Wrap a record of a type; a field that is not there yet raises ``KeyError``."""
        self._data, self._type = data, type_

    def __getattr__(self, name: str) -> Any:
        """Return a field's value, dressed."""
        if name.startswith("__"):
            raise AttributeError(name)
        field = self._type.fields.get(name)
        if field is None:
            raise GrammarError(f"type '{self._type.name}' has no field '{name}'")
        value = self._data[name]
        return value if field.plain or value is None else field.dress(value)

    def __repr__(self) -> str:
        """Show the record."""
        return f"{self._type.name}({self._data!r})"

    def raw(self, name: str) -> Any:
        """Return a field's value as it is stored, None where there is none."""
        return self._data.get(name)

    def get(self, name: str, default: Any = None) -> Any:
        """Return a field's value, or ``default`` where the type has no such field or the value is absent."""
        if name not in self._type.fields or self._data.get(name) is None:
            return default
        return getattr(self, name)

    def __contains__(self, name: str) -> bool:
        """Tell whether a field is present."""
        return self._data.get(name) is not None


class Field:
    """A field with meaning: how it is drawn, dressed for expressions, typed from JSON, and its boundaries."""

    def __init__(self, spec: FieldSpec, schema: Schema, owner: RecordType) -> None:
        """Compile the specification's expressions against the fields before it."""
        self.spec, self.schema, self.owner = spec, schema, owner
        self.name, self.kind = spec.name, spec.kind
        self.item = Field(spec.item, schema, owner) if spec.item else None
        self.plain = spec.kind not in {"row", "record", "list"}
        self.always = not spec.when and not spec.absent
        self.drawer = _DRAW[spec.kind]
        self.unit_field = spec.unit[1:].strip() if spec.unit.startswith("=") else ""
        self.unit = "" if self.unit_field else spec.unit
        self._rows: list[str] | None = None
        self.usual: frozenset[str] = frozenset()
        self._bounds = list(itertools.accumulate(spec.weights))

    def compile(self) -> None:
        """Compile expressions once all types are known; raises ``PackError`` with the field's place."""
        spec = self.spec
        if self.kind == "record" and spec.of not in self.schema.types:
            raise GrammarError(f"field '{self.name}': unknown type '{spec.of}'")
        if self.kind == "row":
            self.table = self.schema.table(spec.of)
            often = self._expression(spec.usual, any_name=True)
            self.usual = frozenset(str(r) for r in self.table if often and often(_Both(r, None)))
        if spec.by and spec.by not in self.owner.fields:
            raise GrammarError(f"field '{self.name}': there is no field '{spec.by}'", mend=f"fields: {', '.join(self.owner.fields)}")
        self._when = self._expression(spec.when)
        self._value = self._expression(spec.expression)
        self._where = self._expression(spec.where, any_name=True)
        if self.kind in {"int", "decimal", "date", "time", "datetime", "list"}:
            self._low, self._high = self._bound(spec.low), self._bound(spec.high)
            self._least = self._bound(spec.least) if spec.least else self._low
            self._most = self._bound(spec.most) if spec.most else self._high
        if self.item:
            self.item.compile()
        if self.kind == "row" and self._where and not self._depends_on_record():
            self._rows = [str(r) for r in self.table if self._where(_Both(r, None))]
            if not self._rows:
                raise GrammarError(f"field '{self.name}': no row of '{spec.of}' fits '{spec.where}'")

    def _depends_on_record(self) -> bool:
        try:
            for row in self.table:
                assert self._where is not None
                self._where(_Both(row, None))
        except (KeyError, GrammarError, AttributeError):
            return True
        return False

    def _expression(self, source: str, *, any_name: bool = False) -> Expression | None:
        if not source:
            return None
        return compile_expression(source, None if any_name else self.owner.fields, self.schema.functions)

    def _bound(self, text: str) -> Callable[[View], Any]:
        constant = _literal(self.kind, text)
        if constant is not None:
            return lambda _: constant
        made = self._expression(text)
        assert made is not None
        return made

    # --- drawing -----------------------------------------------------------------------------------------------------

    def draw(self, draw: Draw, view: View) -> Any:
        """Draw a value, None when absent."""
        if self._when is not None and not self._when(view):
            return None
        if self.spec.absent and draw.below(100) < self.spec.absent:
            return None
        return self.draw_present(draw, view)

    def draw_present(self, draw: Draw, view: View) -> Any:
        """Draw a value that is there."""
        return self.drawer(self, draw, view)

    def keep_or_draw(self, value: Any, draw: Draw, view: View) -> Any:
        """Keep a value that still fits, else draw one; absent where ``when`` says so."""
        if self._when is not None:
            if not self._when(view):
                return None
            if value is None:
                return None if self.spec.absent else self.draw_present(draw, view)
        if value is None:
            return None if self.spec.absent else self.draw(draw, view)
        return value if self.fits(value, view) else self.draw_present(draw, view)

    @cached_property
    def pool(self) -> Sequence[str]:
        """The frozen values of a ``faker`` field."""
        return self.schema.pools(self.spec.of)

    def pool_of(self, view: View) -> Sequence[str]:
        """Return the values that fit the field which ``by`` names (names of women, say), else the whole pool."""
        kind = view.raw(self.spec.by) if self.spec.by else None
        return (self.schema.pools(f"{kind}_{self.spec.of}") if kind else ()) or self.pool

    @cached_property
    def _constant(self) -> tuple[Any, Any, int] | None:
        """Lowest value, step and number of values, where they are the same for all records."""
        low, high, step = _literal(self.kind, self.spec.low), _literal(self.kind, self.spec.high), self.step()
        if low is None or high is None or self.kind == "time" or self.spec.hours or high < low:
            return None
        return low, step, int((high - low) // step) + 1

    def rows(self, view: View) -> Sequence[str]:
        """Return the keys that may stand here."""
        if self._rows is not None or self._where is None:
            return self.every_row()
        key = tuple(repr(view.raw(name)) for name in self._asked)
        found = self._by_key.get(key)
        if found is None:
            found = [str(r) for r in self.table if self._where(_Both(r, view))]
            if len(self._by_key) < KEPT:
                self._by_key[key] = found
        return found

    def every_row(self) -> Sequence[str]:
        """Return the keys that may stand here in any record, where that does not depend on the record."""
        if self._rows is None:
            self._rows = [str(r) for r in self.table]
        return self._rows

    @cached_property
    def _asked(self) -> tuple[str, ...]:
        """The fields of the record that ``where`` names: rows that fit one record fit every other with the same values there."""
        words = set(re.findall(r"[A-Za-z_]\w*", self.spec.where))
        return tuple(self.owner.fields) if "_" in words else tuple(n for n in self.owner.fields if n in words)

    @cached_property
    def _by_key(self) -> dict[tuple[str, ...], list[str]]:
        return {}

    def options(self, view: View) -> Sequence[Any]:
        """Return the values a ``pick`` offers."""
        assert self._value is not None
        found = self._value(view)
        return tuple(found) if isinstance(found, (tuple, list, set)) else (found,)

    def limits(self, view: View) -> tuple[Any, Any]:
        """Return the lowest and highest value that is drawn for a ranged field."""
        return self._whole(self._low(view), self._high(view))

    def outer(self, view: View) -> tuple[Any, Any]:
        """Return how far edge cases of a ranged field go: its ``edge`` range, else what is drawn."""
        low, high = self.limits(view)
        if not self.spec.least:
            return low, high
        least, most = self._whole(self._least(view), self._most(view))
        return min(low, least), max(high, most)

    def _whole(self, low: Any, high: Any) -> tuple[Any, Any]:
        return (int(-((-low) // 1)), int(high // 1)) if self.kind in {"int", "list"} else (low, high)

    def step(self) -> Any:
        """Return the distance between neighbouring values."""
        if self.kind == "decimal":
            return Decimal(self.spec.step or _finest(self.spec.low, self.spec.high))
        if self.kind in {"time", "datetime"}:
            return timedelta(minutes=int(self.spec.step or 1))
        return timedelta(days=int(self.spec.step or 1)) if self.kind == "date" else int(self.spec.step or 1)

    def fits(self, value: Any, view: View) -> bool:
        """Tell whether a present value may stand here in this record."""
        return _FITS.get(self.kind, _always)(self, value, view)

    # --- views and JSON ----------------------------------------------------------------------------------------------

    def dress(self, value: Any) -> Any:
        """Return a value as expressions see it."""
        if value is None:
            return None
        if self.kind == "row":
            return self.table.by_key.get(value) or self.table.row(value)
        if self.kind == "record":
            return View(value, self.schema.types[self.spec.of])
        if self.kind == "list":
            assert self.item is not None
            return [self.item.dress(v) for v in value]
        return value

    def typed(self, value: Any) -> Any:
        """Return a JSON value with this field's type; raises ``GrammarError`` when it does not fit."""
        if value is None:
            return None
        try:
            return _TYPED.get(self.kind, _same)(self, value)
        except (ValueError, TypeError, ArithmeticError, AttributeError):
            raise GrammarError(f"field '{self.name}' ({self.kind}) cannot be {value!r}") from None

    def boundaries(self, view: View) -> list[Any]:
        """Return the values at and next to the limits of a field: just outside and extreme ones where its ``edge`` range allows them,
        zero, leap days and year ends; for a list the shortest and the longest.
        """
        if self.kind == "list":
            return self._list_boundaries(view)
        if self.kind not in {"int", "decimal", "date"}:
            return []
        (low, high), (least, most) = self.limits(view), self.outer(view)
        step = self.step()
        found = [low, high, low + step, high - step, low - step, high + step, least, most]
        if self.kind == "date":
            found += [date(y, m, d) for y in range(low.year, high.year + 1) for m, d in ((2, 28), (2, 29), (12, 31)) if _is_day(y, m, d)]
        else:
            found.append(type(low)(0))
        return [v for v in dict.fromkeys(found) if least <= v <= most]

    def _list_boundaries(self, view: View) -> list[Any]:
        items = view.raw(self.name) or []
        low, high = self.limits(view)
        found = [items[:low]] if len(items) > low else []
        item = self.item
        if len(items) < high and item is not None and not self.spec.unique:
            more = [item.draw_present(ReplayDraw([i]), view) for i in range(high - len(items))]
            found.append([*items, *more])
        return found


class _Both:
    """A table row whose columns come first, then the fields of the record."""

    __slots__ = ("_row", "_view")

    def __init__(self, row: RowKey, view: View | None) -> None:
        self._row, self._view = row, view

    def __getattr__(self, name: str) -> Any:
        if name in self._row.cells:
            return self._row.cells[name]
        if self._view is None:
            raise KeyError(name)
        return getattr(self._view, name)


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _finest(*texts: str) -> str:
    places = max((len(t.partition(".")[2]) for t in texts if t.replace(".", "", 1).lstrip("-").isdigit()), default=0)
    return f"0.{'0' * (places - 1)}1" if places else "1"


def _literal(kind: str, text: str) -> Any:
    """Return a written limit, None when it is an expression."""
    try:
        if kind == "date":
            return date.fromisoformat(text)
        if kind == "datetime":
            return datetime.fromisoformat(text)
        if kind == "time":
            return time.fromisoformat(text)
        return number(text) if kind != "decimal" else Decimal(text)
    except (ValueError, ArithmeticError):
        return None


def _draw_int(f: Field, draw: Draw, view: View) -> Any:
    constant = f._constant
    if constant is not None:
        return constant[0] + constant[1] * draw.below(constant[2])
    low, high = f.limits(view)
    step = f.step()
    if high < low:
        raise _Retry(f"field '{f.name}': {low}..{high} is empty")
    return low + step * draw.below((high - low) // step + 1)


def _draw_decimal(f: Field, draw: Draw, view: View) -> Any:
    constant = f._constant
    if constant is not None:
        return constant[0] + constant[1] * draw.below(constant[2])
    low, high = f.limits(view)
    low, step = Decimal(low), f.step()
    if high < low:
        raise _Retry(f"field '{f.name}': {low}..{high} is empty")
    return low + step * draw.below(int((Decimal(high) - low) / step) + 1)


def _draw_date(f: Field, draw: Draw, view: View) -> Any:
    constant = f._constant
    if constant is not None:
        return constant[0] + constant[1] * draw.below(constant[2])
    low, high = f.limits(view)
    step = f.step()
    if high < low:
        raise _Retry(f"field '{f.name}': {low}..{high} is empty")
    return _by_day(f, low + step * draw.below((high - low) // step + 1))


def _by_day(f: Field, value: Any) -> Any:
    """Move a moment into the hours that its field names, where it names any."""
    if not f.spec.hours:
        return value
    first, last = map(int, f.spec.hours.split(".."))
    return value if first <= value.hour <= last else value.replace(hour=first + value.hour % (last - first + 1))


def _draw_time(f: Field, draw: Draw, view: View) -> Any:
    low, high = f.limits(view)
    step = int(f.spec.step or 1)
    first, last = low.hour * 60 + low.minute, high.hour * 60 + high.minute
    if last < first:
        raise _Retry(f"field '{f.name}': {low}..{high} is empty")
    minute = first + step * draw.below((last - first) // step + 1)
    return time(minute // 60, minute % 60)


def _draw_one(f: Field, draw: Draw, view: View) -> Any:
    option = f.spec.options[weighted(draw, f._bounds)]
    return number(option) if f.spec.numeric else option


def _draw_row(f: Field, draw: Draw, view: View) -> Any:
    rows = f.rows(view)
    if not rows:
        raise _Retry(f"field '{f.name}': no row of '{f.spec.of}' fits '{f.spec.where}'")
    if f.usual and draw.below(4):
        rows = [r for r in rows if r in f.usual] or rows
    return rows[draw.below(len(rows))]


def _draw_pick(f: Field, draw: Draw, view: View) -> Any:
    options = f.options(view)
    if not options or options == (None,):
        raise _Retry(f"field '{f.name}': '{f.spec.expression}' offers nothing")
    chosen = options[draw.below(len(options))]
    return str(chosen) if isinstance(chosen, RowKey) else chosen


def _draw_bool(f: Field, draw: Draw, view: View) -> Any:
    return draw.below(100) >= 100 - f.spec.chance


def _draw_faker(f: Field, draw: Draw, view: View) -> Any:
    pool = f.pool_of(view)
    if not pool:
        raise GrammarError(f"field '{f.name}': there is no pool '{f.spec.of}'", mend="run: make pools")
    return pool[draw.below(len(pool))]


def _draw_id(f: Field, draw: Draw, view: View) -> Any:
    out = []
    for c in f.spec.of:
        out.append(str(draw.below(10)) if c == "#" else LETTERS[draw.below(24)] if c == "A" else c)
    return "".join(out)


def _draw_list(f: Field, draw: Draw, view: View) -> Any:
    item = f.item
    assert item is not None
    low, high = f.limits(view)
    count = low + draw.below(high - low + 1)
    items: list[Any] = []
    seen: set[Any] = set()
    for i in range(count):
        for attempt in range(TRIES):
            name = f"{f.name}[{i}]~{attempt}" if attempt else f"{f.name}[{i}]"
            made = draw.group(name, lambda: item.draw_present(draw, view))
            key = made.get(f.spec.unique) if isinstance(made, dict) and f.spec.unique not in {"", "_"} else str(made)
            if not f.spec.unique or key not in seen:
                seen.add(key)
                items.append(made)
                break
        else:
            break
    if len(items) < low:
        raise _Retry(f"field '{f.name}': no {low} different items")
    return items


def _draw_record(f: Field, draw: Draw, view: View) -> Any:
    return f.schema.types[f.spec.of].draw(draw)


def _draw_derived(f: Field, draw: Draw, view: View) -> Any:
    assert f._value is not None
    value = f._value(view)
    return str(value) if isinstance(value, RowKey) else value


class _Retry(GrammarError):
    """This draw cannot go on; another may."""


_DRAW: dict[str, Callable[[Field, Draw, View], Any]] = {
    "int": _draw_int, "decimal": _draw_decimal, "date": _draw_date, "datetime": _draw_date, "time": _draw_time, "one": _draw_one,
    "row": _draw_row, "pick": _draw_pick, "bool": _draw_bool, "faker": _draw_faker, "id": _draw_id, "list": _draw_list,
    "record": _draw_record, "derived": _draw_derived,
}  # fmt: skip


def _always(f: Field, value: Any, view: View) -> bool:
    return True


def _in_range(f: Field, value: Any, view: View) -> bool:
    low, high = f.outer(view)
    return bool(low <= value <= high)


_FITS: dict[str, Callable[[Field, Any, View], bool]] = {
    "int": _in_range, "decimal": _in_range, "date": _in_range, "datetime": _in_range, "time": _in_range,
    "one": lambda f, v, _: str(v) in f.spec.options,
    "faker": lambda f, v, view: not f.spec.by or v in f.pool_of(view) or v not in f.pool,
    "row": lambda f, v, view: v in f.rows(view),
    "pick": lambda f, v, view: v in f.options(view),
    "list": lambda f, v, view: f.limits(view)[0] <= len(v) <= f.limits(view)[1],
}  # fmt: skip


def _same(f: Field, value: Any) -> Any:
    return value


def _typed_list(f: Field, value: Any) -> Any:
    assert f.item is not None
    if not isinstance(value, (list, tuple)):
        raise TypeError
    return [f.item.typed(v) for v in value]


def _typed_loose(f: Field, value: Any) -> Any:
    """Type a picked or derived value by what it looks like."""
    if isinstance(value, str):
        for kind in ("int", "date", "datetime"):
            made = _literal(kind, value)
            if made is not None:
                return made
    return value


def _typed_bool(f: Field, value: Any) -> bool:
    if value in (True, False):
        return bool(value)
    return {"true": True, "false": False}[str(value).lower()]


_TYPED: dict[str, Callable[[Field, Any], Any]] = {
    "int": lambda f, v: v if type(v) is int else int(str(v)),
    "decimal": lambda f, v: Decimal(str(v)),
    "one": lambda f, v: number(str(v)) if f.spec.numeric else str(v),
    "date": lambda f, v: v if isinstance(v, date) else date.fromisoformat(v),
    "datetime": lambda f, v: v if isinstance(v, datetime) else datetime.fromisoformat(v),
    "time": lambda f, v: v if isinstance(v, time) else time.fromisoformat(v),
    "row": lambda f, v: str(f.table.row(str(v))),
    "bool": _typed_bool,
    "list": _typed_list,
    "record": lambda f, v: f.schema.types[f.spec.of].typed(v),
    "pick": _typed_loose,
    "derived": _typed_loose,
    "faker": lambda f, v: str(v),
    "id": lambda f, v: str(v),
}


class RecordType:
    """A record type: its fields in order, constraints, and don't-care conditions."""

    def __init__(self, name: str, schema: Schema) -> None:
        """Start an empty type; ``Schema`` fills it."""
        self.name, self.schema = name, schema
        self.fields: dict[str, Field] = {}
        self.require: list[tuple[str, Expression]] = []
        self.same_when: dict[str, Expression] = {}

    def draw(self, draw: Draw) -> Facts:
        """Draw a record that meets the constraints; raises ``GrammarError`` naming the rule that never held."""
        why = ""
        for attempt in range(TRIES):
            try:
                if not attempt:
                    facts = self._fill(draw)
                else:
                    facts = draw.group(f"~{attempt}", lambda: self._fill(draw))
            except _Retry as retry:
                why = retry.what
                continue
            why = self.broken(facts)
            if not why:
                return facts
        raise GrammarError(f"type '{self.name}': {TRIES} draws failed: {why}", mend="widen the ranges or loosen 'require'")

    @cached_property
    def _quick(self) -> Callable[[RandomDraw], Facts]:
        """``_fill`` for pseudo-random choices, as one function."""
        return compile_fill(self, View)

    def _fill(self, draw: Draw) -> Facts:
        if type(draw) is RandomDraw:
            return self._quick(draw)
        facts: Facts = {}
        view = View(facts, self)
        for name, field in self.fields.items():
            facts[name] = field.drawer(field, draw, view) if field.always else field.draw(draw, view)
        return facts

    def broken(self, facts: Facts) -> str:
        """Return the first constraint that does not hold, empty when all do."""
        if self.require:
            view = View(facts, self)
            for source, holds in self.require:
                try:
                    if not holds(view):
                        return f"'{source}' does not hold"
                except UNDECIDED as error:
                    return f"'{source}' cannot be decided: {error}"
        return ""

    def repair(self, facts: Facts, draw: Draw, keep: Mapping[str, Any]) -> Facts:
        """Return the record with the values of ``keep`` set and everything that depends on them made right.

        Derived fields are computed anew; a value that no longer fits is drawn. Raises ``GrammarError`` when a kept value or a
        constraint does not hold.
        """
        made: Facts = {}
        view = View(made, self)
        for name, field in self.fields.items():
            if name in keep and field.kind != "derived":
                made[name] = keep[name]
                continue
            if field.kind == "derived":
                made[name] = field.draw_present(draw, view)
                continue
            made[name] = field.keep_or_draw(facts.get(name), draw, view)
        why = self.broken(made)
        if why:
            raise GrammarError(f"type '{self.name}': {why}")
        return made

    def with_value(self, facts: Facts, path: str, value: Any, draw: Draw) -> Facts:
        """Return the facts with the value at ``a.b[0].c`` set and everything that depends on it made right."""
        return self._with(facts, _steps(path), value, draw)

    def _with(self, facts: Facts, steps: tuple[str | int, ...], value: Any, draw: Draw) -> Facts:
        name = steps[0]
        if not isinstance(name, str) or name not in self.fields:
            raise GrammarError(f"type '{self.name}' has no field '{name}'", mend=f"fields: {', '.join(self.fields)}")
        field, made = self.fields[name], value
        if len(steps) > 1 and field.kind == "list":
            made = list(facts[name])
            index = steps[1]
            assert field.item is not None
            inner = self.schema.types.get(field.item.spec.of)
            if not isinstance(index, int) or index >= len(made):
                raise GrammarError(f"'{name}' has no item {index}")
            made[index] = inner._with(made[index], steps[2:], value, draw) if inner and len(steps) > 2 else value
        elif len(steps) > 1:
            made = self.schema.types[field.spec.of]._with(facts[name], steps[1:], value, draw)
        return self.repair(facts, draw, {name: made})

    def typed(self, data: Mapping[str, Any]) -> Facts:
        """Return facts from JSON with every field typed; unknown fields are errors, derived ones computed when left out."""
        if not isinstance(data, Mapping):
            raise GrammarError(f"facts of type '{self.name}' must be an object")
        for name in data:
            if name not in self.fields:
                near = ", ".join(self.fields)
                raise GrammarError(f"type '{self.name}' has no field '{name}'", mend=f"fields: {near}")
        made: Facts = {}
        view = View(made, self)
        for name, field in self.fields.items():
            if field.kind == "derived":
                made[name] = field.draw_present(ReplayDraw(), view)
            else:
                made[name] = field.typed(data.get(name))
        return made

    def view(self, facts: Facts) -> View:
        """Return the record as expressions see it."""
        return View(facts, self)


class Schema:
    """All record types of a domain."""

    def __init__(self, tables: Mapping[str, Table], functions: Mapping[str, Any], pools: Pools, known: Pools | None = None) -> None:
        """Start without types; ``load`` adds them. Names are drawn from ``pools``; ``known`` has all that a text may hold."""
        self.tables, self.functions, self.pools, self.known = tables, functions, pools, known or pools
        self.types: dict[str, RecordType] = {}

    def table(self, name: str) -> Table:
        """Return a table; raises ``GrammarError`` naming the known ones."""
        if name not in self.tables:
            raise GrammarError(f"unknown table '{name}'", mend=f"tables: {', '.join(sorted(self.tables)) or f'none yet; write tables/{name}.csv'}")
        return self.tables[name]

    def load(self, tree: Any) -> None:
        """Read the tree of ``facts.yaml``; raises ``PackError`` with the place of a mistake."""
        only_keys(tree, ("types", "require", "same_when"), "facts.yaml")
        for type_name, fields in tree.get("types", {}).items():
            made = self.types[str(type_name)] = RecordType(str(type_name), self)
            if not isinstance(fields, Mapping):
                fail(type_name, f"type '{type_name}' must list its fields")
            for name, text in fields.items():
                if not isinstance(text, Text):
                    fail(name, f"field '{name}' must be one line of text")
                made.fields[str(name)] = Field(parse_field(str(name), text), self, made)
        self._compile(tree)

    def _compile(self, tree: Any) -> None:
        for type_name, fields in tree.get("types", {}).items():
            for name, text in fields.items():
                _placed(text, self.types[type_name].fields[name].compile)
        for section in ("require", "same_when"):
            for type_name, rules in tree.get(section, {}).items():
                if type_name not in self.types:
                    fail(type_name, f"{section}: unknown type '{type_name}'", f"types: {', '.join(self.types)}")
                made = self.types[type_name]
                for rule in rules:
                    text = rule if section == "require" else rules[rule]
                    holds = _placed(text, partial(compile_expression, text, made.fields, self.functions))
                    if section == "require":
                        made.require.append((str(text), holds))
                    else:
                        made.same_when[str(rule)] = holds

    def simplest(self, type_name: str) -> Facts:
        """Return the simplest record of a type."""
        return self.types[type_name].draw(ReplayDraw())


def _placed(at: object, fn: Callable[[], Any]) -> Any:
    """Run ``fn``; a ``GrammarError`` becomes a ``PackError`` at that place."""
    try:
        return fn()
    except PackError:
        raise
    except GrammarError as error:
        fail(at, error.what, error.mend)


@lru_cache(maxsize=8192)
def _steps(path: str) -> tuple[str | int, ...]:
    """Return the names and indices of ``a.b[0].c``."""
    return tuple(int(part) if part.isdigit() else part for part in path.replace("]", "").replace("[", ".").split("."))


def at_path(facts: Any, path: str) -> Any:
    """Return the value at ``a.b[0].c``; raises ``KeyError`` when there is none."""
    for step in _steps(path):
        try:
            facts = facts[step]
        except (IndexError, TypeError):
            raise KeyError(path) from None
    return facts


def walk_paths(facts: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every leaf of a record as (path, value)."""
    if isinstance(facts, dict):
        for name, value in facts.items():
            yield from walk_paths(value, f"{prefix}.{name}" if prefix else name)
    elif isinstance(facts, list):
        for i, value in enumerate(facts):
            yield from walk_paths(value, f"{prefix}[{i}]")
    else:
        yield prefix, facts
