"""Names of people in other customs: surname first, in capitals, with a title; neutral pronouns."""

from __future__ import annotations

import regex

from robustgen.core.case import Case, Edit
from robustgen.core.draw import Draw
from robustgen.core.plugins import Example, NotApplicable, Proposal, Tools, perturbation
from robustgen.perturbations._shared import gate, noisy, texts
from robustgen.perturbations._values import rerender
from robustgen.perturbations._words import places_of, replace_listed

__all__ = ["name_in_capitals", "neutral_pronouns", "other_sex", "surname_first", "title_before_name"]

_NAME = regex.compile(r"(\p{Lu}[\p{L}'’-]+) (\p{Lu}[\p{L}'’-]+)")


def _person(tools: Tools, old: str) -> regex.Match[str] | None:
    """Return given name and surname where the place holds exactly these and a pool of people knows the name."""
    return _NAME.fullmatch(old) if old in set(tools.language.pool("name")) else None


@noisy(over_facts=True, strength=1.0, mirrors="lists and wristbands put the surname first: Hawkins, Casey")
def surname_first(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write a person's name with the surname first."""

    def write(path: str, old: str) -> str | None:
        found = _person(tools, old)
        return f"{found[2]}, {found[1]}" if found else None

    return rerender(case, draw, tools, write, ("text",))


@noisy(over_facts=True, strength=1.0, mirrors="passports and labels set the surname in capitals: Casey HAWKINS")
def name_in_capitals(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write a person's surname in capitals."""

    def write(path: str, old: str) -> str | None:
        found = _person(tools, old)
        return f"{found[1]} {found[2].upper()}" if found else None

    return rerender(case, draw, tools, write, ("text",))


@noisy(needs=["titles"], over_facts=True, strength=1.0, mirrors="a form puts its choice of titles before every name: Mr/Ms Casey Hawkins")
def title_before_name(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a title that tells no sex before a person's name."""
    places = [span for path, spans in sorted(case.spans.items()) if tools.field(path) is not None for span in spans]
    places = sorted(p for p in set(places) if _person(tools, case.text[p[0] : p[1]]))
    if not places:
        return NotApplicable("no name of a person")
    if not gate(draw):
        return Proposal()
    found = texts(tools, "titles")
    start = places[draw.below(len(places))][0]
    return Proposal(edits=[Edit(start, start, "", f"{found[draw.below(len(found))]} ")])


@noisy(
    needs=["pronouns"],
    strength=1.0,
    mirrors="the same text about him, her or them gets another answer",
    examples=[Example(before="his friend", after="their friend", choices=[1]), Example(before="500 mg", after=None)],
)
def neutral_pronouns(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write possessive and object pronouns in the neutral form."""
    return replace_listed(case, draw, tools, places_of(case, tools, "pronouns", "form", "neutral"), "no pronoun with a neutral form")


SEXES = ("sex", "gender")
"""Names of fields that hold a person's sex."""


@perturbation(effect="shifts", kinds=["noisy"], over_facts=True, strength=1.0, mirrors="the same findings in a woman and in a man are rated differently")
def other_sex(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Tell the same case of a person of the other sex: the document is said anew from the facts, the expected answer computed from them."""
    paths = [p for p in sorted(case.spans) if p.rpartition(".")[2] in SEXES and case.spans[p] and tools.field(p) is not None]
    if not paths:
        return NotApplicable("no person's sex is stated")
    if not gate(draw):
        return Proposal()
    path = paths[draw.below(len(paths))]
    facts = next((f for _ in range(_TRIES) if (f := tools.with_value(path, tools.typical(path, draw))) is not None and tools.differs(path, f)), None)
    made = tools.say(facts, case.tag, draw) if facts is not None else None
    if made is None or facts is None:
        return NotApplicable("no other sex fits the record")
    return Proposal(edits=[Edit(0, len(case.text), case.text, made.text)], facts=facts, spans=made.spans, whole=True)


_TRIES = 8
