"""Text to every facts record it can mean: the inverse of writing, with constraints inside.

A reading holds what the text states, as path to value; list lengths stand as ``path#``. Values that the domain declares
irrelevant (``same_when``) are left out, so that two readings differ only where the meaning does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from robustgen.core.case import Facts
from robustgen.core.draw import ReplayDraw
from robustgen.errors import GrammarError
from robustgen.grammar.say import ABSENT, PRESENT, Alternative, Context, Say, flatten
from robustgen.grammar.schema import Field, RecordType, Schema, View, at_path

__all__ = ["Stated", "agrees", "read_text", "state_of"]

Stated = Mapping[str, Any]
"""What a text states: fact path to value."""


def read_text(say: Say, alternatives: Iterable[Alternative], type_: RecordType, text: str) -> list[Stated]:
    """Return the different readings of a text as one of the wordings; raises ``TooAmbiguous`` beyond the bound."""
    found: dict[frozenset[tuple[str, Any]], Stated] = {}
    context = Context(text)
    for alternative in alternatives:
        if not text.startswith(alternative.start):
            continue
        for end, tail in say.compiled(alternative, type_, alternative.register).read(context, 0, None):
            if end != len(text):
                continue
            stated = _settle(flatten(tail))
            if stated is None or not _allowed(say.schema, type_, stated):
                continue
            kept = _canonical(say.schema, type_, stated)
            found.setdefault(frozenset(kept.items()), kept)
    return [r for r in found.values() if not _weaker(r, found.values())]


def _weaker(reading: Stated, all_readings: Iterable[Stated]) -> bool:
    """Tell whether another reading states the same and more (an optional part that says nothing)."""
    return any(len(o) > len(reading) and all(k in o and o[k] == v for k, v in reading.items()) for o in all_readings)


def _settle(bindings: list[tuple[str, Any]]) -> dict[str, Any] | None:
    """Merge what was stated; None when two statements contradict."""
    stated: dict[str, Any] = {}
    for path, value in bindings:
        if path not in stated or stated[path] is PRESENT:
            if stated.get(path) is PRESENT and (value is ABSENT or not value):
                return None
            stated[path] = value
        elif value is PRESENT:
            if stated[path] is ABSENT or not stated[path]:
                return None
        elif value is ABSENT:
            if stated[path] is not ABSENT and stated[path]:
                return None
        elif stated[path] is ABSENT:
            if value:
                return None
            stated[path] = value
        elif stated[path] != value:
            return None
    return stated


def _nested(stated: Stated) -> Facts:
    """Return the stated values as a partial record."""
    root: Facts = {}
    for path, value in stated.items():
        if path.endswith("#") or value is PRESENT:
            continue
        here: Any = root
        parts = path.replace("]", "").replace("[", ".").split(".")
        for part in parts[:-1]:
            here = here.setdefault(part, {})
            if not isinstance(here, dict):
                break
        else:
            here[parts[-1]] = None if value is ABSENT else value
    listed: Facts = _listed(root)
    return listed


def _listed(node: Any) -> Any:
    """Turn dictionaries keyed by 0, 1, 2 ... into lists."""
    if not isinstance(node, dict):
        return node
    if node and all(k.isdigit() for k in node):
        return [_listed(node[k]) for k in sorted(node, key=int)]
    return {k: _listed(v) for k, v in node.items()}


def _allowed(schema: Schema, type_: RecordType, stated: Stated) -> bool:
    """Tell whether ranges, constraints and derived fields hold, as far as they can be decided."""
    return _record_allowed(schema, type_, _nested(stated))


def _record_allowed(schema: Schema, type_: RecordType, record: Any) -> bool:
    if not isinstance(record, dict):
        return True
    view = View(record, type_)
    for _, holds in type_.require:
        if _decide(holds, view) is False:
            return False
    return all(_field_allowed(schema, type_.fields[name], value, view) for name, value in record.items() if name in type_.fields)


def _field_allowed(schema: Schema, field: Field, value: Any, view: View) -> bool:
    if value is None:
        return True
    if field.kind == "record":
        return _record_allowed(schema, schema.types[field.spec.of], value)
    if field.kind == "list":
        item = field.item
        if item is not None and item.kind == "record" and isinstance(value, list):
            return all(_record_allowed(schema, schema.types[item.spec.of], v) for v in value)
        return True
    if field.kind == "derived":
        known = _decide(lambda v: field.draw_present(ReplayDraw(), v), view)
        return known is None or known == value or str(known) == str(value)
    return _decide(lambda v: field.fits(value, v), view) is not False


def _decide(fn: Any, view: View) -> Any:
    """Evaluate on a partial record; None where it cannot be decided."""
    try:
        return fn(view)
    except (KeyError, GrammarError, AttributeError, TypeError, ValueError, ArithmeticError, IndexError):
        return None


def _canonical(schema: Schema, type_: RecordType, stated: dict[str, Any]) -> dict[str, Any]:
    """Leave out what does not matter."""
    record = _nested(stated)
    drop = set(_irrelevant(schema, type_, record, ""))
    return {p: v for p, v in stated.items() if p not in drop and v is not PRESENT}


def _irrelevant(schema: Schema, type_: RecordType, record: Any, prefix: str) -> Iterable[str]:
    if not isinstance(record, dict):
        return
    view = View(record, type_)
    for name, same in type_.same_when.items():
        if _decide(same, view):
            yield prefix + name
    for name, value in record.items():
        field = type_.fields.get(name)
        if field and field.kind == "record":
            yield from _irrelevant(schema, schema.types[field.spec.of], value, f"{prefix}{name}.")
        if field and field.kind == "list" and field.item and field.item.kind == "record" and isinstance(value, list):
            for i, item in enumerate(value):
                yield from _irrelevant(schema, schema.types[field.item.spec.of], item, f"{prefix}{name}[{i}].")


def agrees(stated: Stated, facts: Facts) -> str:
    """Return the first path where a reading and the facts differ, empty when they agree."""
    for path, value in stated.items():
        if path.endswith("#"):
            found = _value(facts, path[:-1])
            if len(found or ()) != value:
                return path[:-1]
            continue
        found = _value(facts, path)
        if value is ABSENT:
            if found:
                return path
        elif found != value and str(found) != str(value):
            return path
    return ""


def _value(facts: Facts, path: str) -> Any:
    try:
        return at_path(facts, path)
    except KeyError:
        return None


def state_of(stated: Stated) -> dict[str, Any]:
    """Return a reading as plain data."""
    return {p: (None if v is ABSENT else v) for p, v in stated.items()}
