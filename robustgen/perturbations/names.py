"""Names of people in other customs: surname first, in capitals, with a title; neutral pronouns."""

from __future__ import annotations

import regex

from robustgen.core.case import Case, Edit
from robustgen.core.draw import Draw
from robustgen.core.plugins import Example, NotApplicable, Proposal, Tools
from robustgen.perturbations._shared import gate, noisy, texts
from robustgen.perturbations._values import rerender
from robustgen.perturbations._words import places_of, replace_listed

__all__ = ["name_in_capitals", "neutral_pronouns", "surname_first", "title_before_name"]

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


@noisy(needs=["titles"], over_facts=True, strength=1.0, mirrors="a title changes how people are served: Ms, Mr, Dr")
def title_before_name(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a title before a person's name."""
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
