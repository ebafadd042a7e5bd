"""Field specifications: the small text notation of ``facts.yaml``, e.g. ``decimal 0.5..20 step 0.5 unit mg``.

A ``FieldSpec`` is only what was written; ``schema`` gives it meaning.
"""

from __future__ import annotations

import re
from decimal import Decimal

import msgspec

from robustgen.grammar.notation import Text, fail

__all__ = ["KINDS", "FieldSpec", "parse_field"]

KINDS = ("int", "decimal", "one", "row", "pick", "bool", "date", "time", "datetime", "faker", "id", "list", "record", "derived")
_RANGED = ("int", "decimal", "date", "time", "datetime")
_NUMBER = re.compile(r"-?\d+(\.\d+)?\Z")


class FieldSpec(msgspec.Struct, frozen=True, kw_only=True):
    """One field as written; unused parts are empty."""

    name: str
    kind: str
    source: str = ""
    low: str = ""
    high: str = ""
    step: str = ""
    least: str = ""
    most: str = ""
    unit: str = ""
    when: str = ""
    where: str = ""
    usual: str = ""
    hours: str = ""
    of: str = ""
    options: tuple[str, ...] = ()
    weights: tuple[int, ...] = ()
    numeric: bool = False
    chance: int = 0
    absent: int = 0
    unique: str = ""
    item: FieldSpec | None = None
    expression: str = ""
    by: str = ""


def parse_field(name: str, text: Text | str) -> FieldSpec:
    """Return the specification that a text writes; raises ``PackError`` with its place."""
    source = text.strip()
    if source.startswith("="):
        return FieldSpec(name=name, kind="derived", source=source, expression=source[1:].strip())
    source, when = _tail(source, "when")
    absent = 0
    optional = re.match(r"optional\s+(\d+)\s*%\s+(.*)", source, re.DOTALL)
    if optional:
        absent, source = 100 - int(optional[1]), optional[2].strip()
    made = _bare(name, source, text)
    return msgspec.structs.replace(made, source=str(text), when=when, absent=absent)


def _tail(source: str, word: str) -> tuple[str, str]:
    """Cut ``... word rest`` outside quotes and parentheses."""
    depth = 0
    quote = ""
    for i, c in enumerate(source):
        if quote:
            quote = "" if c == quote else quote
        elif c in "'\"":
            quote = c
        elif c in "([":
            depth += 1
        elif c in ")]":
            depth -= 1
        elif depth == 0 and source.startswith(f" {word} ", i):
            return source[:i].strip(), source[i + len(word) + 2 :].strip()
    return source, ""


def _bare(name: str, source: str, text: Text | str) -> FieldSpec:
    word, _, rest = source.partition(" ")
    rest = rest.strip()
    if word in _RANGED:
        return _ranged(name, word, rest, text)
    if word == "one" and rest.startswith("of "):
        return _one(name, rest[3:], text)
    if word == "row":
        rest, usual = _tail(rest, "usual")
        rest, where = _tail(f"{rest} ", "where")
        return FieldSpec(name=name, kind="row", of=rest.strip(), where=where, usual=usual)
    if word == "pick":
        rest, unit = _tail(rest, "unit")
        return FieldSpec(name=name, kind="pick", expression=rest, unit=unit)
    if word == "bool":
        percent = re.fullmatch(r"(\d+)\s*%", rest) if rest else None
        if rest and not percent:
            fail(text, f"cannot read '{source}' for field '{name}'", "write: bool 20%")
        return FieldSpec(name=name, kind="bool", chance=int(percent[1]) if percent else 50)
    if word == "faker" and rest:
        of, by = _tail(rest, "by")
        return FieldSpec(name=name, kind="faker", of=of, by=by)
    if word == "id" and rest:
        return FieldSpec(name=name, kind="id", of=rest.strip("\"'"))
    if word == "list" and rest.startswith("of "):
        return _list(name, rest[3:].strip(), text)
    if re.fullmatch(r"[A-Z]\w*", source):
        return FieldSpec(name=name, kind="record", of=source)
    fail(text, f"cannot read '{source}' for field '{name}'", f"a field starts with one of: {', '.join(KINDS[:12])}, a TypeName or '='")
    return None


def _ranged(name: str, kind: str, rest: str, text: Text | str) -> FieldSpec:
    rest, unit = _tail(rest, "unit")
    rest, hours = _tail(rest, "hours")
    if hours and (kind != "datetime" or not re.fullmatch(r"\d{1,2}\.\.\d{1,2}", hours)):
        fail(text, f"field '{name}': cannot read the hours '{hours}'", "write: datetime 2026-01-05T08:00..2026-12-31T21:59 hours 8..20")
    rest, edge = _tail(rest, "edge")
    rest, step = _tail(rest, "step")
    low, dots, high = _split_range(rest)
    if not dots or not low or not high:
        fail(text, f"field '{name}': a range is written low..high, found '{rest}'", f"write: {kind} 1..10")
    least, dots, most = _split_range(edge)
    if edge and not (dots and least and most):
        fail(text, f"field '{name}': how far edge cases go is written low..high, found '{edge}'", f"write: {kind} 1..10 edge 0..1000")
    return FieldSpec(name=name, kind=kind, low=low, high=high, step=step, least=least, most=most, unit=unit, hours=hours)


def _split_range(text: str) -> tuple[str, str, str]:
    depth = 0
    for i, c in enumerate(text):
        depth += (c in "([") - (c in ")]")
        if depth == 0 and text.startswith("..", i):
            return text[:i].strip(), "..", text[i + 2 :].strip()
    return text, "", ""


def _one(name: str, rest: str, text: Text | str) -> FieldSpec:
    rest, unit = _tail(rest, "unit")
    options, weights = [], []
    for part in rest.split(","):
        value, star, weight = part.strip().partition("*")
        if not value.strip() or (star and not weight.strip().isdigit()):
            fail(text, f"field '{name}': cannot read the option '{part.strip()}'", "write: one of a*3, b, c")
        options.append(value.strip())
        weights.append(int(weight) if star else 1)
    if len(set(options)) != len(options):
        fail(text, f"field '{name}': an option stands twice")
    numeric = all(_NUMBER.match(o) for o in options)
    return FieldSpec(name=name, kind="one", options=tuple(options), weights=tuple(weights), numeric=numeric, unit=unit)


def _list(name: str, rest: str, text: Text | str) -> FieldSpec:
    rest, unique = _tail(f"{rest} ", "unique")
    rest = rest.removesuffix(" unique").strip()
    if not unique and re.search(r"\bunique\s*$", str(text).strip()):
        unique = "_"
    if rest.startswith("("):
        inner, _, counts = rest[1:].rpartition(")")
    else:
        inner, _, counts = rest.partition(" ")
    low, dots, high = _split_range(counts.strip())
    if not dots:
        fail(text, f"field '{name}': a list is written 'list of Type 1..4', found '{rest}'")
    return FieldSpec(name=name, kind="list", low=low, high=high, unique=unique, item=parse_field(name, inner.strip()))


def number(text: str) -> int | Decimal:
    """Return a written number exactly."""
    return Decimal(text) if "." in text else int(text)
