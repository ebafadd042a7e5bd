"""Other facts, other answers: a value misread, mistyped or misheard before the text reached us. The text states the new value, and so does the answer."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from robustgen.core.case import Case
from robustgen.core.draw import Draw
from robustgen.core.plugins import Field, NotApplicable, Proposal, Tools, perturbation
from robustgen.perturbations._shared import gate
from robustgen.perturbations._values import depended, state_anew

__all__ = [
    "another_name",
    "another_value",
    "doubled_digit",
    "foreign_name",
    "lost_decimal_point",
    "misheard_teens",
    "struck_through",
    "transposed_digits",
    "wrong_digit",
]

NUMBERS = ("int", "decimal")


def _shift(case: Case, draw: Draw, tools: Tools, paths: list[str], other: Callable[[Field], Any]) -> Proposal | NotApplicable:
    """State another value of one fact throughout; ``other`` gives it or None."""
    if not paths:
        return NotApplicable("no fact of the kind")
    if not gate(draw):
        return Proposal()
    start, last = draw.below(len(paths)), NotApplicable("no fact offers such another value")
    for n in range(len(paths)):
        path = paths[(start + n) % len(paths)]
        field = tools.field(path)
        value = other(field) if field is not None else None
        if value is None:
            continue
        facts = tools.with_value(path, value)
        edits = state_anew(case, tools, path, facts)
        if not isinstance(edits, NotApplicable):
            return Proposal(edits=edits, facts=facts)
        last = edits
    return last


@perturbation(effect="shifts", kinds=["edge"], over_facts=True, strength=1.0, mirrors="one figure of the record is another today")
def another_value(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Change a number or date that the answer depends on; the answer is computed anew."""
    return _shift(case, draw, tools, depended(case, tools, (*NUMBERS, "date")), lambda f: tools.typical(f.path, draw))


def _names(case: Case, tools: Tools) -> list[str]:
    return [p for p in sorted(case.spans) if case.spans[p] and (f := tools.field(p)) is not None and f.kind == "text" and not f.depends]


@perturbation(effect="shifts", kinds=["edge"], over_facts=True, strength=1.0, mirrors="the same case under another person's name gets another answer")
def another_name(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Change a person's or company's name throughout; the answer stays."""
    return _shift(case, draw, tools, _names(case, tools), lambda f: tools.typical(f.path, draw))


@perturbation(
    effect="shifts", kinds=["edge", "multilingual"], over_facts=True, strength=1.0, mirrors="a name from another part of the world gets another answer"
)
def foreign_name(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Change a person's name throughout for one of another language; the answer stays."""
    tags = [t for t in tools.languages() if t != case.tag.split("-")[0]]
    people = [p for p in _names(case, tools) if str(getattr(tools.field(p), "value", "")) in set(tools.language.pool("name"))]

    def other(field: Field) -> str | None:
        language = tools.lang(tags[draw.below(len(tags))])
        names = language.pool("name") if language else ()
        return names[draw.below(len(names))] if names else None

    return _shift(case, draw, tools, people, other)


def _digits(field: Field, change: Callable[[str], str | None]) -> Any:
    """Return a number with its digits changed, in the field's type; None when nothing sensible comes out."""
    if isinstance(field.value, bool):
        return None
    made = change(str(field.value))
    if made is None or made == str(field.value) or made.startswith("0") != str(field.value).startswith("0"):
        return None
    return type(field.value)(made) if isinstance(field.value, (int, Decimal)) else None


@perturbation(effect="shifts", kinds=["edge"], over_facts=True, strength=1.0, mirrors="two digits are swapped: 80 for 08, 4813 for 4183")
def transposed_digits(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Swap two neighbouring digits of a value; the answer is computed anew."""

    def other(field: Field) -> Any:
        pairs = [i for i in range(len(str(field.value)) - 1) if str(field.value)[i : i + 2].isdigit() and str(field.value)[i] != str(field.value)[i + 1]]
        if not pairs:
            return None
        i = pairs[draw.below(len(pairs))]
        return _digits(field, lambda t: t[:i] + t[i + 1] + t[i] + t[i + 2 :])

    return _shift(case, draw, tools, depended(case, tools, NUMBERS), other)


_PAD = {"0": "12", "1": "24", "2": "135", "3": "26", "4": "157", "5": "2468", "6": "359", "7": "48", "8": "579", "9": "68"}


@perturbation(effect="shifts", kinds=["edge"], over_facts=True, strength=1.0, mirrors="a finger hits the key beside on the number pad")
def wrong_digit(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Replace a digit of a value by a neighbour on the number pad; the answer is computed anew."""

    def other(field: Field) -> Any:
        places = [i for i, c in enumerate(str(field.value)) if c in _PAD]
        if not places:
            return None
        i = places[draw.below(len(places))]
        near = _PAD[str(field.value)[i]]
        return _digits(field, lambda t: t[:i] + near[draw.below(len(near))] + t[i + 1 :])

    return _shift(case, draw, tools, depended(case, tools, NUMBERS), other)


@perturbation(effect="shifts", kinds=["edge"], over_facts=True, strength=1.0, mirrors="a key bounces: 100 becomes 1000")
def doubled_digit(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Type a digit of a value twice; the answer is computed anew."""

    def other(field: Field) -> Any:
        places = [i for i, c in enumerate(str(field.value).split(".")[0]) if c.isdigit()]  # a sign is no digit
        if not places:
            return None
        i = places[draw.below(len(places))]
        return _digits(field, lambda t: t[: i + 1] + t[i:])

    return _shift(case, draw, tools, depended(case, tools, NUMBERS), other)


@perturbation(effect="shifts", kinds=["edge"], over_facts=True, strength=1.0, mirrors="a scan loses the decimal point: 2.5 mg becomes 25 mg")
def lost_decimal_point(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """State a decimal without its point; the answer is computed anew."""

    def other(field: Field) -> Any:
        return _digits(field, lambda t: t.replace(".", "").lstrip("0") or None if "." in t.rstrip("0").rstrip(".") else None)

    return _shift(case, draw, tools, depended(case, tools, NUMBERS), other)


@perturbation(effect="shifts", kinds=["edge"], over_facts=True, strength=1.0, mirrors="fifteen is heard as fifty")
def misheard_teens(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """State the ten for the teen that sounds like it, or the reverse; the answer is computed anew."""
    table = {n: (n - 10) * 10 for n in range(13, 20)} | {(n - 10) * 10: n for n in range(13, 20)}

    def other(field: Field) -> Any:
        value = field.value
        return type(value)(table[int(value)]) if isinstance(value, (int, Decimal)) and not isinstance(value, bool) and value in table else None

    return _shift(case, draw, tools, depended(case, tools, NUMBERS), other)


@perturbation(
    effect="shifts", kinds=["edge"], over_facts=True, strength=1.0, mirrors="a handwritten correction: the old value struck through, the new one beside it"
)
def struck_through(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Strike the value through and write another beside it; the answer is computed anew."""
    made = another_value(case, draw, tools)
    if isinstance(made, NotApplicable) or not made.edits:
        return made
    edits = [type(e)(e.start, e.end, e.old, f"~~{e.old}~~ {e.new}") for e in made.edits]
    path = next(
        p
        for p in case.spans
        if case.spans[p] and tuple(case.spans[p][0]) == (min(made.edits, key=lambda e: e.start).start, min(made.edits, key=lambda e: e.start).end)
    )
    return Proposal(edits=edits, facts=made.facts, spans={path: _new_places(made, edits)})


def _new_places(made: Proposal, edits: list[Any]) -> list[tuple[int, int]]:
    """Return where the new values stand once the old ones are struck through."""
    places, shift = [], 0
    for plain, struck in sorted(zip(made.edits, edits, strict=True), key=lambda p: p[0].start):
        end = struck.start + shift + len(struck.new)
        places.append((end - len(plain.new), end))
        shift += len(struck.new) - len(struck.old)
    return places
