"""Letters in another guise: full width, mathematical bold, circled, decomposed, underlined, stretched, shortened."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from robustgen.core.case import Case
from robustgen.core.draw import Draw
from robustgen.core.language import Language
from robustgen.core.plugins import Example, NotApplicable, Proposal, Tools
from robustgen.perturbations._shared import become_words, noisy

__all__ = ["bold_letters", "circled_letters", "combining_marks", "decomposed", "full_width_letters", "stacked_marks", "stretched_letters"]


def _wide(word: str, language: Language) -> Sequence[str]:
    return ["".join(chr(ord(c) + 0xFEE0) for c in word)] if word.isascii() else []


@noisy(
    strength=0.2,
    mirrors="East Asian input methods type Latin letters in full width",
    examples=[Example(before="Please confirm.", after="Ｐｌｅａｓｅ confirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def full_width_letters(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write words in full-width letters."""
    return become_words(case, draw, tools, _wide)


def _bold(word: str, language: Language) -> Sequence[str]:
    return ["".join(chr((0x1D41A if c.islower() else 0x1D400) + ord(c.lower()) - ord("a")) for c in word)] if word.isascii() and word.isalpha() else []


@noisy(
    strength=0.2,
    mirrors="social media fakes bold type with mathematical letters",
    examples=[Example(before="Please confirm.", after="𝐏𝐥𝐞𝐚𝐬𝐞 confirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def bold_letters(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write words in mathematical bold letters."""
    return become_words(case, draw, tools, _bold)


def _circled(word: str, language: Language) -> Sequence[str]:
    return ["".join(chr((0x24D0 if c.islower() else 0x24B6) + ord(c.lower()) - ord("a")) for c in word)] if word.isascii() and word.isalpha() else []


@noisy(
    strength=0.1,
    mirrors="decorated posts circle every letter",
    examples=[Example(before="Please confirm.", after="Ⓟⓛⓔⓐⓢⓔ confirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def circled_letters(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write words in circled letters."""
    return become_words(case, draw, tools, _circled)


def _apart(word: str, language: Language) -> Sequence[str]:
    return [unicodedata.normalize("NFD", word)]


@noisy(
    strength=0.5,
    mirrors="files from macOS hold letters and accents apart (NFD)",
    examples=[Example(before="a well-known café", after="a well-known café", choices=[1]), Example(before="500 mg", after=None)],
)
def decomposed(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Decompose letters with accents (Unicode NFD)."""
    return become_words(case, draw, tools, _apart)


def _underlined(word: str, language: Language) -> Sequence[str]:
    return ["".join(f"{c}\u0332" for c in word)]


@noisy(
    strength=0.1,
    mirrors="decorated text underlines with combining marks",
    examples=[Example(before="Please confirm.", after="P̲l̲e̲a̲s̲e̲ confirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def combining_marks(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Underline a word with combining marks."""
    return become_words(case, draw, tools, _underlined)


def _stacked(word: str, language: Language) -> Sequence[str]:
    return [word[:at] + "\u0334\u0323\u0307\u0331\u0306" + word[at:] for at in range(1, len(word))]


@noisy(
    strength=0.1,
    mirrors="joke text piles marks on letters until it spills over the line",
    examples=[Example(before="Please confirm.", after="Ṗ̴̣̱̆lease confirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def stacked_marks(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Pile combining marks on a letter."""
    return become_words(case, draw, tools, _stacked)


def _stretched(word: str, language: Language) -> Sequence[str]:
    return [word[:at] + c * 3 + word[at + 1 :] for at, c in enumerate(word) if c.lower() in "aeiou"]


@noisy(
    strength=0.1,
    mirrors="chat stretches words: pleaaase",
    examples=[Example(before="Please confirm.", after="Pleeease confirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def stretched_letters(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Stretch a vowel of a word."""
    return become_words(case, draw, tools, _stretched, least=4)
