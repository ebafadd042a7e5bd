"""The same number in another spelling: grouped, plain, in words, in another script's digits; computed from the facts."""

from __future__ import annotations

import regex

from robustgen.core.case import Case
from robustgen.core.draw import Draw
from robustgen.core.plugins import NotApplicable, Proposal, Tools, perturbation
from robustgen.perturbations._values import rerender

__all__ = [
    "apostrophe_groups",
    "currency_code",
    "currency_code_behind",
    "currency_name",
    "long_unit",
    "money_sign_gap",
    "no_empty_cents",
    "number_words",
    "plain_digits",
    "thin_space_groups",
    "thin_unit_space",
    "unit_joined",
]


@perturbation(effect="preserves", kinds=["noisy"], over_facts=True, strength=0.5, mirrors="exports drop the grouping marks: 1,299.00 becomes 1299.00")
def plain_digits(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write numbers without grouping marks."""
    group = tools.language.settings.get("group", ",")

    def write(path: str, old: str) -> str | None:
        return old.replace(group, "") if group.strip() and group in old else None

    return rerender(case, draw, tools, write, ("int", "decimal"))


@perturbation(effect="preserves", kinds=["noisy"], over_facts=True, strength=0.5, mirrors="people write small numbers out in words")
def number_words(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Spell a whole number out."""

    def write(path: str, old: str) -> str | None:
        field = tools.field(path)
        if field is None or not old.isdigit() or field.value != int(field.value) or not 1 < field.value <= 999:
            return None
        return tools.render(path, "words")

    return rerender(case, draw, tools, write, ("int", "decimal"))


@perturbation(effect="preserves", kinds=["noisy"], over_facts=True, strength=0.5, mirrors="tickets and chats name the currency by its ISO 4217 code")
def currency_code(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write an amount of money with its ISO 4217 code in front."""

    def write(path: str, old: str) -> str | None:
        field = tools.field(path)
        money = field is not None and len(field.unit) == 3 and field.unit.isupper() and not old[0].isalpha() and not _bare(old)
        return tools.render(path, "code") if money else None

    return rerender(case, draw, tools, write, ("int", "decimal"))


@perturbation(effect="preserves", kinds=["noisy"], over_facts=True, strength=0.5, mirrors="the code stands behind the amount in many exports")
def currency_code_behind(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write an amount of money with its ISO 4217 code behind."""

    def write(path: str, old: str) -> str | None:
        field = tools.field(path)
        if field is None or len(field.unit) != 3 or not field.unit.isupper() or old[0].isalpha() or _bare(old):
            return None
        made = tools.render(path, "code")
        return f"{made[4:]} {made[:3]}" if made else None

    return rerender(case, draw, tools, write, ("int", "decimal"))


@perturbation(effect="preserves", kinds=["noisy"], over_facts=True, strength=0.5, mirrors="a space slips between sign and amount")
def money_sign_gap(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a no-break space between currency sign and amount."""

    def write(path: str, old: str) -> str | None:
        return f"{old[0]}\u00a0{old[1:]}" if len(old) > 1 and not old[0].isalnum() and old[1].isdigit() and old[0] not in "-+(" else None

    return rerender(case, draw, tools, write, ("int", "decimal"))


@perturbation(effect="preserves", kinds=["noisy"], over_facts=True, strength=0.5, mirrors="patients and letters spell units out")
def long_unit(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Spell the unit of a quantity out."""

    def write(path: str, old: str) -> str | None:
        field = tools.field(path)
        return tools.render(path, "long-qty") if field and field.unit and not old[-1].isdigit() and old[:1].isdigit() and field.unit in old else None

    return rerender(case, draw, tools, write, ("int", "decimal"))


@perturbation(effect="preserves", kinds=["noisy"], over_facts=True, strength=0.5, mirrors="notes leave out the space before the unit")
def unit_joined(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Leave out the space between number and unit."""

    def write(path: str, old: str) -> str | None:
        head, space, tail = old.partition(" ")
        return head + tail if space and head[-1:].isdigit() and tail[:1].isalpha() and " " not in tail else None

    return rerender(case, draw, tools, write, ("int", "decimal"))


@perturbation(effect="preserves", kinds=["noisy"], over_facts=True, strength=0.5, mirrors="price lists drop the empty cents")
def no_empty_cents(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Leave out decimals that are all zero."""
    mark = tools.language.settings.get("decimal", ".")

    def write(path: str, old: str) -> str | None:
        return old.replace(f"{mark}00", "", 1) if old.endswith(f"{mark}00") or f"{mark}00\u00a0" in old else None

    return rerender(case, draw, tools, write, ("int", "decimal"))


@perturbation(
    effect="preserves", kinds=["noisy"], languages=["en"], over_facts=True, strength=0.5, mirrors="people write the currency's name behind the amount"
)
def currency_name(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write the currency's name behind the amount: 15.00 dollars."""
    names = {"USD": "US dollars", "EUR": "euros", "GBP": "pounds sterling", "CHF": "Swiss francs", "CAD": "Canadian dollars", "AUD": "Australian dollars"}

    def write(path: str, old: str) -> str | None:
        field = tools.field(path)
        code = tools.render(path, "code") if field is not None and field.unit in names and not _bare(old) else None
        return f"{code[4:]} {names[field.unit]}" if code and field is not None else None

    return rerender(case, draw, tools, write, ("int", "decimal"))


@perturbation(effect="preserves", kinds=["noisy"], over_facts=True, strength=0.5, mirrors="typesetting puts thin or no-break spaces between number and unit")
def thin_unit_space(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a narrow no-break space between number and unit."""

    def write(path: str, old: str) -> str | None:
        head, space, tail = old.partition(" ")
        return f"{head}\u202f{tail}" if space and head[-1:].isdigit() else None

    return rerender(case, draw, tools, write, ("int", "decimal"))


@perturbation(effect="preserves", kinds=["noisy"], over_facts=True, strength=0.5, mirrors="SI style groups thousands with a thin space")
def thin_space_groups(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Group thousands with a narrow no-break space instead of the language's mark."""
    group = tools.language.settings.get("group", ",")

    def write(path: str, old: str) -> str | None:
        number = regex.search(r"\p{Nd}[^\p{L}\p{Sc}%]*\p{Nd}", old)
        if (
            number is None
            or group == "\u202f"
            or not regex.fullmatch(rf"\p{{Nd}}{{1,3}}(?:{regex.escape(group)}\p{{Nd}}{{3}})+(?:\D\p{{Nd}}{{1,2}})?", number[0])
        ):
            return None  # other groups than by thousands keep their marks
        return old.replace(group, "\u202f")

    return rerender(case, draw, tools, write, ("int", "decimal"))


@perturbation(effect="preserves", kinds=["noisy"], over_facts=True, strength=0.5, mirrors="Swiss price lists group thousands with an apostrophe")
def apostrophe_groups(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Group thousands with an apostrophe."""
    group = tools.language.settings.get("group", ",")

    def write(path: str, old: str) -> str | None:
        return old.replace(group, "\u2019") if group in old else None

    return rerender(case, draw, tools, write, ("int", "decimal"))


def _bare(old: str) -> bool:
    """Tell whether an amount stands without its currency, which is stated elsewhere and must not be stated again."""
    return regex.search(r"\p{Sc}|\p{L}", old) is None
