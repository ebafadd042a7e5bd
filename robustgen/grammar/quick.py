"""Drawing a record by one function written for its type: the same choices and the same values as field by field, several times faster.

Where choices are independent of the record (numbers and days between constant limits, options, rows of a whole table, names of a
pool, patterns) the arithmetic of ``RandomDraw`` stands in the function itself and the value comes from a table made once. Every other field is
asked as ever, with the stream handed over and taken back; so it is before anything that may fail.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from robustgen.core.case import Facts
from robustgen.core.draw import LETTERS, RandomDraw
from robustgen.grammar.source import WIDEST, Source
from robustgen.grammar.tables import RowKey

__all__ = ["compile_fill"]

MOST = 4096
"""Values of a field that are kept as a table."""
Field = Any
"""A field of a record type; its module uses this one."""
RecordType = Any
_COLUMN = re.compile(r"(\w+)\.(\w+)")


def compile_fill(type_: RecordType, view: Callable[[Facts, RecordType], Any]) -> Callable[[RandomDraw], Facts]:
    """Return the function that draws the fields of a type in order; ``view`` makes of a record what expressions see."""
    out = Source()
    out.names |= {"view_of": view, "type_": type_}
    out.add(0, "def fill(draw):")
    out.add(1, "s, chosen, facts = draw._state, draw._here.append, {}", "view = view_of(facts, type_)")
    for name, field in type_.fields.items():
        _field(out, name, field)
    out.add(1, "draw._state = s", "return facts")
    return out.made("fill")


def _field(out: Source, name: str, field: Field) -> None:
    """Add the lines of one field."""
    target, depth = f"facts[{name!r}]", 1
    if field._when is not None:
        out.add(depth, "draw._state = s", f"if not {out.keep(field._when)}(view):", f"    {target} = None", "else:")
        depth += 1
    if field.spec.absent:
        out.choose(depth, 100)
        out.add(depth, f"if k < {field.spec.absent}:", f"    {target} = None", "else:")
        depth += 1
    plain = _PLAIN.get(field.kind)
    if plain is None or not plain(out, depth, target, field):
        out.add(depth, "draw._state = s", f"{target} = {out.keep(field.drawer)}({out.keep(field)}, draw, view)", "s = draw._state")


def _from_table(out: Source, depth: int, target: str, values: Sequence[Any]) -> bool:
    if not 0 < len(values) <= WIDEST:
        return False
    out.add(depth, f"{target} = {out.choose_from(depth, values)}")
    return True


def _ranged(out: Source, depth: int, target: str, field: Field) -> bool:
    constant = field._constant
    if constant is None or constant[2] > WIDEST:
        return False
    low, step, count = constant
    if count <= MOST:
        return _from_table(out, depth, target, [low + step * i for i in range(count)])
    out.choose(depth, count)
    out.add(depth, f"{target} = {out.keep(low)} + {out.keep(step)} * k")
    return True


def _one(out: Source, depth: int, target: str, field: Field) -> bool:
    if sum(field.spec.weights) > MOST:
        return False
    each = [field.typed(o) for o in field.spec.options]
    return _from_table(out, depth, target, [v for v, weight in zip(each, field.spec.weights, strict=True) for _ in range(weight)])


def _bool(out: Source, depth: int, target: str, field: Field) -> bool:
    out.choose(depth, 100)
    out.add(depth, f"{target} = k >= {100 - field.spec.chance}")
    return True


def _row(out: Source, depth: int, target: str, field: Field) -> bool:
    if field.usual or (field._rows is None and field._where is not None):
        return False
    return _from_table(out, depth, target, field.every_row())


def _faker(out: Source, depth: int, target: str, field: Field) -> bool:
    return not field.spec.by and _from_table(out, depth, target, field.pool)


def _id(out: Source, depth: int, target: str, field: Field) -> bool:
    parts = []
    for i, c in enumerate(field.spec.of):
        signs = {"#": "0123456789", "A": LETTERS}.get(c)
        if signs is None:
            parts.append(repr(c))
            continue
        out.choose(depth, len(signs))
        out.add(depth, f"c{i} = {signs!r}[k]")
        parts.append(f"c{i}")
    out.add(depth, f"{target} = {' + '.join(parts)}")
    return True


def _column(field: Field) -> Mapping[str, Any] | None:
    """Return what a column of an earlier row holds, by key, where that is all a field's expression asks."""
    found = _COLUMN.fullmatch(field.spec.expression.strip())
    source = field.owner.fields.get(found[1]) if found else None
    if found is None or source is None or source.kind != "row" or not source.always:
        return None
    cells = {str(row): row.cells.get(found[2]) for row in source.table}
    return cells if all(c is not None and not isinstance(c, RowKey) for c in cells.values()) else None


def _pick(out: Source, depth: int, target: str, field: Field) -> bool:
    cells = _column(field)
    if cells is None:
        return False
    options = {key: tuple(c) if isinstance(c, (tuple, list, set)) else (c,) for key, c in cells.items()}
    if not all(options.values()) or any(isinstance(o, RowKey) for every in options.values() for o in every):
        return False
    out.add(depth, f"every, n = {out.keep({key: (every, len(every)) for key, every in options.items()})}[{_source(field)}]")
    out.choose(depth, "n")
    out.add(depth, f"{target} = every[k]")
    return True


def _derived(out: Source, depth: int, target: str, field: Field) -> bool:
    cells = _column(field)
    if cells is not None:
        out.add(depth, f"{target} = {out.keep(cells)}[{_source(field)}]")
    else:
        out.add(depth, "draw._state = s", f"{target} = {out.keep(field.drawer)}({out.keep(field)}, draw, view)")
    return True


def _source(field: Field) -> str:
    """Return the expression of the row that a field's value comes from."""
    return f"facts[{field.spec.expression.strip().partition('.')[0]!r}]"


_PLAIN: dict[str, Callable[[Source, int, str, Field], bool]] = {
    "int": _ranged, "decimal": _ranged, "date": _ranged, "datetime": _ranged, "one": _one, "row": _row, "pick": _pick, "bool": _bool,
    "faker": _faker, "id": _id, "derived": _derived,
}  # fmt: skip
