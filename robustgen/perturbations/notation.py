"""Texts with two readings: error-prone notation, orders of dates, alternatives, tracked changes, contradictions, crossed values."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import regex

from robustgen.core.case import Case, Edit, Expected, Facts, Reading
from robustgen.core.draw import Draw
from robustgen.core.plugins import Field, NotApplicable, Proposal, Tools, perturbation
from robustgen.perturbations._shared import gate
from robustgen.perturbations._values import depended, style_of

__all__ = ["ambiguous_date", "contradiction", "crossed_values", "either_or", "error_prone_form", "margin_correction", "tracked_change"]

KINDS = ("int", "decimal", "date", "one", "row")


@perturbation(
    effect="splits",
    kinds=["ambiguous"],
    over_facts=True,
    strength=1.0,
    mirrors="handwritten QD read as QID, U read as zero (ISMP list of error-prone abbreviations)",
)
def error_prone_form(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write a value in a form that stands for another value too."""
    found = []
    for path, spans in sorted(case.spans.items()):
        if len(spans) != 1 or tools.field(path) is None:
            continue
        for form in tools.forms(path):
            values = tools.shared(path, form.text) if form.mark.startswith("error-prone") else ()
            if len(values) > 1:
                found.append((path, spans[0], form, values))
    if not found:
        return NotApplicable("no value with an error-prone form")
    if not gate(draw):
        return Proposal()
    path, (start, end), form, values = found[draw.below(len(found))]
    readings = []
    for value in values:
        facts = tools.with_value(path, value)
        if facts is not None:
            readings.append(Reading(facts, Expected(accept=[])))
    if len(readings) < 2:
        return NotApplicable("only one reading is possible")
    tags = [t for t in form.mark.split()[1:] if t]
    return Proposal(edits=[Edit(start, end, case.text[start:end], form.text)], readings=readings, tags=tags)


Write = Callable[[str, str, int, int], list[Edit]]
"""Old text, text of the other value, start and end of the place, to edits."""


def _two(case: Case, draw: Draw, tools: Tools, paths: list[str], other: Callable[[Field], Any], write: Write) -> Proposal | NotApplicable:
    """Make a text that can mean the value that stands there, or another one."""
    paths = [p for p in paths if len(case.spans[p]) == 1]
    if not paths:
        return NotApplicable("no fact of the kind that stands in one place")
    if not gate(draw):
        return Proposal()
    first, why = draw.below(len(paths)), "no other value fits the record"
    for n in range(len(paths)):
        path = paths[(first + n) % len(paths)]
        field = tools.field(path)
        value = other(field) if field is not None else None
        facts = tools.with_value(path, value) if value is not None else None
        if facts is None or any(p != path and tools.field(p) is not None and tools.differs(p, facts) for p in case.spans if case.spans[p]):
            continue
        start, end = case.spans[path][0]
        old = case.text[start:end]
        new = _in_style(tools, path, facts, old)
        if new is not None and new != old:
            return Proposal(edits=write(old, new, start, end), readings=[Reading(case.facts, Expected(accept=[])), Reading(facts, Expected(accept=[]))])
        why = "the place cannot be written anew"
    return NotApplicable(why)


def _in_style(tools: Tools, path: str, facts: Facts, old: str) -> str | None:
    style = style_of(tools, path, old)
    return tools.render_value(path, facts, style) if style is not None else None


def _or(tools: Tools) -> str:
    return tools.language.rows("connectives")[0]["or"]


@perturbation(
    effect="splits", kinds=["ambiguous"], needs=["connectives"], over_facts=True, strength=1.0, mirrors="the writer was not sure: 500 mg or 850 mg (?)"
)
def either_or(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """State two values of one fact as alternatives."""
    gap = " " if tools.language.spaced else ""

    def write(old: str, new: str, start: int, end: int) -> list[Edit]:
        return [Edit(end, end, "", f"{gap}{_or(tools)}{gap}{new} (?)")]

    return _two(case, draw, tools, depended(case, tools, KINDS), lambda f: tools.typical(f.path, draw), write)


@perturbation(effect="splits", kinds=["ambiguous"], over_facts=True, strength=1.0, mirrors="tracked changes are flattened: old and new figure side by side")
def tracked_change(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Leave the old and the new value side by side without a mark which is which."""

    def write(old: str, new: str, start: int, end: int) -> list[Edit]:
        return [Edit(end, end, "", f" {new}")]

    return _two(case, draw, tools, depended(case, tools, KINDS), lambda f: tools.typical(f.path, draw), write)


@perturbation(effect="splits", kinds=["ambiguous"], over_facts=True, strength=1.0, mirrors="an uninitialled figure in the margin")
def margin_correction(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put another value into square brackets behind the first, as a margin note is read in."""

    def write(old: str, new: str, start: int, end: int) -> list[Edit]:
        return [Edit(end, end, "", f" [{new}]")]

    return _two(case, draw, tools, depended(case, tools, KINDS), lambda f: tools.typical(f.path, draw), write)


_END = regex.compile(r"(?<=\p{L}[.!?])(?=\s|$)|(?<=[.!?])$|\n|(?<=[。！？।])|$")


@perturbation(
    effect="splits", kinds=["ambiguous"], over_facts=True, strength=1.0, mirrors="two statements of one fact differ: copy-forward beside the new entry"
)
def contradiction(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """State the same sentence again with another value."""
    text = case.text

    def write(old: str, new: str, start: int, end: int) -> list[Edit]:
        begin = max((m.end() for m in _END.finditer(text, 0, start) if m.end() <= start and m.end() < len(text)), default=0)
        found = _END.search(text, end)
        stop = found.start() if found else len(text)
        while begin < start and text[begin].isspace():
            begin += 1
        gap = "\n" if "\n" in text else " "
        return [Edit(stop, stop, "", f"{gap}{text[begin:start]}{new}{text[end:stop]}")]

    return _two(case, draw, tools, depended(case, tools, KINDS), lambda f: tools.typical(f.path, draw), write)


@perturbation(
    effect="splits", kinds=["ambiguous"], languages=["en"], over_facts=True, strength=1.0, mirrors="03/04/2026: 3 April in London, March 4 in New York"
)
def ambiguous_date(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write a date by numbers so that day and month may be swapped."""
    paths = []
    for path in depended(case, tools, ("date",)):
        field = tools.field(path)
        if field is not None and isinstance(field.value, date) and field.value.day <= 12 and field.value.day != field.value.month:
            paths.append(path)

    def write(old: str, new: str, start: int, end: int) -> list[Edit]:
        return [Edit(start, end, old, numeric[0])]

    numeric = [""]

    def other(field: Field) -> date:
        day: date = field.value
        numeric[0] = f"{day.month:02d}/{day.day:02d}/{day.year}"
        return day.replace(month=day.day, day=day.month)

    return _two(case, draw, tools, paths, other, write)


@perturbation(effect="splits", kinds=["ambiguous"], over_facts=True, strength=1.0, mirrors="a column slipped: which figure belongs to which label?")
def crossed_values(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """State a value of the record with the value of another field of its kind behind it, as columns that slipped."""
    paths = depended(case, tools, ("int", "decimal"))

    def other(field: Field) -> Any:
        for path in paths:
            found = tools.field(path)
            if found is not None and path != field.path and found.kind == field.kind and found.unit == field.unit and found.value != field.value:
                return found.value
        return None

    def write(old: str, new: str, start: int, end: int) -> list[Edit]:
        return [Edit(start, end, old, f"{old} | {new}")]

    return _two(case, draw, tools, paths, other, write)
