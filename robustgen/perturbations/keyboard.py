"""Slips of the fingers: neighbouring key, swapped, doubled and dropped letters."""

from __future__ import annotations

from robustgen.core.case import Case
from robustgen.core.draw import Draw
from robustgen.core.plugins import Example, NotApplicable, Proposal, Tools, perturbation
from robustgen.perturbations._shared import change_words

__all__ = ["double_letter", "drop_letter", "neighbour_key", "swap_letters"]

# 7 % of words in typed e-mail drafts before correction is the order of magnitude found by Baba and Suzuki (ACL 2012)
RATE = "Baba and Suzuki, How Are Spelling Errors Generated and Corrected?, ACL 2012"


@perturbation(
    effect="preserves",
    kinds=["noisy"],
    needs=["keyboard"],
    strength=0.1,
    rate_source=RATE,
    mirrors="a hurried typist hits the key beside",
    examples=[Example(before="please confirm", after="please confirn", choices=[1, 1, 4, 1]), Example(before="12", after=None)],
)
def neighbour_key(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Replace a letter inside a word by a neighbouring key's."""
    keys = tools.language.mapping("keyboard", "char", "neighbours")

    def change(word: str, draw: Draw) -> str:
        at = 2 + draw.below(len(word) - 2)
        near = keys.get(word[at].lower(), ())
        if not near:
            return word
        new = near[draw.below(len(near))]
        return word[:at] + (new.upper() if word[at].isupper() else new) + word[at + 1 :]

    return change_words(case, draw, tools, change, least=4)


@perturbation(effect="preserves", kinds=["noisy"], strength=0.1, rate_source=RATE, mirrors="two fingers strike in the wrong order")
def swap_letters(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Swap two neighbouring letters inside a word."""

    def change(word: str, draw: Draw) -> str:
        at = 1 + draw.below(len(word) - 2)
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]

    return change_words(case, draw, tools, change, least=4)


@perturbation(effect="preserves", kinds=["noisy"], strength=0.1, rate_source=RATE, mirrors="a key bounces")
def double_letter(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Type a letter twice."""

    def change(word: str, draw: Draw) -> str:
        at = draw.below(len(word))
        return word[: at + 1] + word[at:]

    return change_words(case, draw, tools, change, least=4)


@perturbation(effect="preserves", kinds=["noisy"], strength=0.1, rate_source=RATE, mirrors="a key is not pressed hard enough")
def drop_letter(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Leave a letter inside a longer word out."""

    def change(word: str, draw: Draw) -> str:
        at = 1 + draw.below(len(word) - 2)
        return word[:at] + word[at + 1 :]

    return change_words(case, draw, tools, change, least=5)
