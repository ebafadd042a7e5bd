"""Other wordings of a value that the pack's lexicon lists: brand, generic, abbreviation, synonym."""

from __future__ import annotations

from collections.abc import Callable

import regex

from robustgen.core.case import Case
from robustgen.core.draw import Draw
from robustgen.core.plugins import Form, NotApplicable, Proposal, Tools
from robustgen.perturbations._shared import noisy
from robustgen.perturbations._values import rerender

__all__ = ["abbreviation", "brand_name", "plain_name", "synonym"]

_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
STEM = 4
"""Letters in which two forms of one word agree."""
SHORT = 30
"""Letters of a term at most, a fifth of it in scripts without spaces."""
KINDS = ("one", "row", "text", "bool", "int", "decimal")


def _worded(
    case: Case, draw: Draw, tools: Tools, fits: Callable[[Form, Form], bool], may: Callable[[str], bool] = lambda path: True
) -> Proposal | NotApplicable:
    """Write a value in another wording that stands for this value alone; ``fits`` compares the new wording with the old, ``may`` asks about the path."""

    def write(path: str, old: str) -> str | None:
        if not may(path):
            return None
        forms = [f for f in tools.forms(path) if not f.mark.startswith("error-prone")]
        standing = next((f for f in forms if f.text.casefold() == old.casefold()), None)
        if standing is None:
            return None
        for form in forms:
            if form.text.casefold() != old.casefold() and fits(form, standing) and len(tools.shared(path, form.text)) == 1:
                return form.text[:1].upper() + form.text[1:] if old[:1].isupper() and not standing.text[:1].isupper() else form.text
        return None

    return rerender(case, draw, tools, write, KINDS)


@noisy(over_facts=True, strength=1.0, mirrors="patients know the brand on the box")
def brand_name(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Name a thing by its brand."""
    return _worded(case, draw, tools, lambda new, old: new.mark == "brand")


@noisy(over_facts=True, strength=1.0, mirrors="records name the substance, not the brand; formal texts spell abbreviations out")
def plain_name(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Name a thing by its first, plain name instead of brand or abbreviation."""

    def standing(path: str, old: str) -> bool:
        return any(f.text.casefold() == old.casefold() and f.mark in {"brand", "abbreviation"} for f in tools.forms(path))

    def write(path: str, old: str) -> str | None:
        if not standing(path, old):
            return None
        most = SHORT if tools.language.spaced else SHORT // 5
        plain = [f for f in tools.forms(path) if not f.mark and len(f.text) <= most and len(tools.shared(path, f.text)) == 1]
        return plain[0].text if plain and len(plain[0].text) >= len(old) // 2 else None

    return rerender(case, draw, tools, write, KINDS)


@noisy(over_facts=True, strength=1.0, mirrors="notes abbreviate: BID, PO, VAT")
def abbreviation(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write a value in its unambiguous abbreviation."""
    return _worded(case, draw, tools, lambda new, old: new.mark == "abbreviation")


@noisy(over_facts=True, strength=1.0, mirrors="every writer has another word for it")
def synonym(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write a value in another of its plain wordings; statements, and wordings that say more or less than another, stay."""
    most = SHORT if tools.language.spaced else SHORT // 5

    def equal(new: Form, old: Form) -> bool:
        plain = {new.mark, old.mark} <= {"", "synonym"} and max(len(new.text), len(old.text)) <= most
        return plain and not _narrower(new.text.casefold(), old.text.casefold(), spaced=tools.language.spaced)

    def stands(path: str) -> bool:
        field = tools.field(path)
        return field is not None and not field.loose

    return _worded(case, draw, tools, equal, stands)


def _narrower(new: str, old: str, *, spaced: bool) -> bool:
    """Tell whether one wording is a part of the other, which says more, or the same words in another case or form."""
    if not spaced:
        return new in old or old in new
    a, b = _WORD.findall(new), _WORD.findall(old)
    return set(a) <= set(b) or set(b) <= set(a) or (len(a) == len(b) and all(x[:STEM] == y[:STEM] for x, y in zip(a, b, strict=True)))
