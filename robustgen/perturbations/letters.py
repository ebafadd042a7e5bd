"""Letters in another guise: full width, mathematical bold, decomposed, combining marks, direction marks, alternating case."""

from __future__ import annotations

import unicodedata

from robustgen.core.case import Case, Edit
from robustgen.core.draw import Draw
from robustgen.core.plugins import NotApplicable, Proposal, Tools, perturbation
from robustgen.perturbations._shared import change_words, free_words, how_many

__all__ = [
    "alternating_case",
    "bold_letters",
    "combining_marks",
    "decomposed",
    "direction_marks",
    "full_width_letters",
    "stretched_letters",
    "title_case",
    "word_joiner",
]


@perturbation(effect="preserves", kinds=["noisy"], strength=0.2, mirrors="East Asian input methods type Latin letters in full width")
def full_width_letters(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write words in full-width letters."""
    return change_words(case, draw, tools, lambda w, d: "".join(chr(ord(c) + 0xFEE0) for c in w), fits=lambda w: w.isascii() and w.isalpha())


@perturbation(effect="preserves", kinds=["noisy"], strength=0.2, mirrors="social media fakes bold type with mathematical letters")
def bold_letters(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write words in mathematical bold letters."""

    def bold(c: str) -> str:
        return chr((0x1D41A if c.islower() else 0x1D400) + ord(c.lower()) - ord("a"))

    return change_words(case, draw, tools, lambda w, d: "".join(map(bold, w)), fits=lambda w: w.isascii() and w.isalpha())


@perturbation(effect="preserves", kinds=["noisy"], strength=0.5, mirrors="files from macOS hold letters and accents apart (NFD)")
def decomposed(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Decompose letters with accents (Unicode NFD)."""
    return change_words(case, draw, tools, lambda w, d: unicodedata.normalize("NFD", w), fits=lambda w: unicodedata.normalize("NFD", w) != w)


@perturbation(effect="preserves", kinds=["noisy"], strength=0.1, mirrors="decorated text underlines with combining marks")
def combining_marks(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Underline a word with combining marks."""
    return change_words(case, draw, tools, lambda w, d: "".join(f"{c}\u0332" for c in w))


@perturbation(effect="preserves", kinds=["noisy"], strength=0.1, mirrors="editors of right-to-left text leave direction marks")
def direction_marks(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put left-to-right or right-to-left marks behind words."""
    words = free_words(case.text, tools)
    if not words:
        return NotApplicable("no free word")
    chosen = {words[draw.below(len(words))][1] for _ in range(how_many(draw, len(words), tools.strength))}
    mark = "\u200f" if tools.language.rtl else "\u200e"
    return Proposal(edits=[Edit(i, i, "", mark) for i in sorted(chosen)])


@perturbation(effect="preserves", kinds=["noisy"], strength=0.1, mirrors="word processors put word joiners around dashes and words")
def word_joiner(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put an invisible word joiner inside a word."""

    def change(word: str, draw: Draw) -> str:
        at = 1 + draw.below(len(word) - 1)
        return f"{word[:at]}\u2060{word[at:]}"

    return change_words(case, draw, tools, change)


@perturbation(effect="preserves", kinds=["noisy"], strength=0.1, mirrors="mocking posts alternate the case of letters")
def alternating_case(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Alternate the case of a word's letters."""

    def change(word: str, draw: Draw) -> str:
        return "".join(c.upper() if i % 2 else c.lower() for i, c in enumerate(word))

    return change_words(case, draw, tools, change, least=4, fits=lambda w: w.upper() != w.lower())


@perturbation(effect="preserves", kinds=["noisy"], strength=0.5, mirrors="headline style capitalises every word")
def title_case(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Capitalise words."""
    return change_words(case, draw, tools, lambda w, d: w[0].upper() + w[1:], fits=lambda w: w[0].islower() and len(w[0].upper()) == 1)


@perturbation(effect="preserves", kinds=["noisy"], strength=0.1, mirrors="chat stretches words: pleaaase")
def stretched_letters(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Stretch a vowel of a word."""

    def change(word: str, draw: Draw) -> str:
        places = [i for i, c in enumerate(word) if c.lower() in "aeiou"]
        if not places:
            return word
        at = places[draw.below(len(places))]
        return word[:at] + word[at] * 3 + word[at + 1 :]

    return change_words(case, draw, tools, change, least=4)
