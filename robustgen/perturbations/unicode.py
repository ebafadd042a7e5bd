"""Characters that look the same, or like nothing: confusable letters, zero-width characters, other spaces."""

from __future__ import annotations

from robustgen.core.case import Case, Edit
from robustgen.core.draw import Draw
from robustgen.core.plugins import NotApplicable, Proposal, Tools, perturbation
from robustgen.perturbations._shared import change_words, how_many

__all__ = ["confusable", "no_break_spaces", "zero_width"]


@perturbation(
    effect="preserves",
    kinds=["noisy"],
    needs=["confusables"],
    strength=0.1,
    mirrors="text pasted from elsewhere carries letters of another script (Unicode TR39)",
)
def confusable(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Replace a letter by one of another script that looks the same."""
    table = tools.language.mapping("confusables", "char", "looks_like")

    def change(word: str, draw: Draw) -> str:
        places = [i for i, c in enumerate(word) if c in table]
        if not places:
            return word
        at = places[draw.below(len(places))]
        return word[:at] + table[word[at]][0] + word[at + 1 :]

    return change_words(case, draw, tools, change)


@perturbation(effect="preserves", kinds=["noisy"], strength=0.1, mirrors="web pages leave zero-width spaces inside words")
def zero_width(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a zero-width space inside a word."""

    def change(word: str, draw: Draw) -> str:
        at = 1 + draw.below(len(word) - 1)
        return f"{word[:at]}\u200b{word[at:]}"

    return change_words(case, draw, tools, change)


@perturbation(effect="preserves", kinds=["noisy"], strength=0.2, mirrors="word processors turn spaces into no-break spaces")
def no_break_spaces(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Turn spaces between words into no-break spaces."""
    guard = tools.protected()
    places = [i for i, c in enumerate(case.text) if c == " " and not any(s <= i < e for s, e in guard)]
    if not places:
        return NotApplicable("no space that may be changed")
    chosen = {places[draw.below(len(places))] for _ in range(how_many(draw, len(places), tools.strength))}
    return Proposal(edits=[Edit(i, i + 1, " ", "\u00a0") for i in sorted(chosen)])
