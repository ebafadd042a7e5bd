"""Spelling as people write it: frequent mistakes, marks left out, letters that stand for others, regional spelling."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from robustgen.core.case import Case
from robustgen.core.draw import Draw
from robustgen.core.language import Language
from robustgen.core.plugins import Example, NotApplicable, Proposal, Tools
from robustgen.perturbations._shared import become_words, change_letters, noisy
from robustgen.perturbations._words import listed

__all__ = ["ascii_spelling", "common_misspelling", "dropped_apostrophe", "letter_variants", "lost_accents", "phonetic_spelling", "regional_spelling"]


def _misspelt(word: str, language: Language) -> Sequence[str]:
    return listed(word, language.mapping("misspellings", "form", "typo"))


@noisy(
    needs=["misspellings"],
    strength=1.0,
    mirrors="many people spell these words wrongly: recieve, definately",
    examples=[Example(before="Please confirm.", after="Plase confirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def common_misspelling(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Spell words as they are often misspelt."""
    return become_words(case, draw, tools, _misspelt)


def _ascii(word: str, language: Language) -> Sequence[str]:
    table = language.mapping("ascii", "from", "to")
    made = "".join(table[c][0] if c in table else c for c in word)
    return [made] if made != word else []


@noisy(
    needs=["ascii"],
    strength=1.0,
    mirrors="old systems and foreign keyboards know no special letters: Strasse, coeur",
    examples=[Example(before="500 mg", after=None)],
)
def ascii_spelling(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write special letters with plain ones, as the language's own rule has it."""
    return become_words(case, draw, tools, _ascii)


def _plain(word: str, language: Language) -> Sequence[str]:
    if not word.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFD", word) if not "\u0300" <= c <= "\u036f")
        return [plain] if len(plain) == len(word) and plain != word else []
    return []


@noisy(
    strength=0.5,
    mirrors="phones and poor scans lose the marks of accented letters",
    examples=[Example(before="a well-known café", after="a well-known cafe", choices=[1]), Example(before="500 mg", after=None)],
)
def lost_accents(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write accented letters without their accents."""
    return become_words(case, draw, tools, _plain)


@noisy(
    needs=["letter_variants"],
    strength=0.3,
    mirrors="everyday writing leaves out hamza, nukta, chandrabindu and other small signs",
    examples=[Example(before="500 mg", after=None)],
)
def letter_variants(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write letters in their everyday variant."""
    return change_letters(case, draw, tools, tools.language.mapping("letter_variants", "from", "to"), "no letter with a variant")


def _sounds(word: str, language: Language) -> Sequence[str]:
    found = []
    for row in language.rows("phonetic"):
        at = word.lower().find(row["from"])
        if at > 0:
            found.append(word[:at] + row["to"] + word[at + len(row["from"]) :])
    return found


@noisy(
    needs=["phonetic"],
    strength=0.15,
    mirrors="learners and children write as it sounds: fone, wikend",
    examples=[Example(before="Please confirm.", after="Pleese confirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def phonetic_spelling(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Spell a word as it sounds."""
    return become_words(case, draw, tools, _sounds, least=4)


def _unmarked(word: str, language: Language) -> Sequence[str]:
    return [word.replace("'", "").replace("’", "")] if any(c in "'’" for c in word[1:-1]) else []


@noisy(
    strength=1.0,
    mirrors="phone typing leaves the apostrophe out: its, Im",
    examples=[Example(before="I'm here.", after="Im here.", choices=[1]), Example(before="500 mg", after=None)],
)
def dropped_apostrophe(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Leave apostrophes inside words out."""
    return become_words(case, draw, tools, _unmarked)


def _regional(word: str, language: Language) -> Sequence[str]:
    return listed(word, language.mapping("regional", "form", "other"))


@noisy(
    needs=["regional"],
    strength=1.0,
    mirrors="the writer grew up with the other spelling: colour, color",
    examples=[Example(before="the colour", after="the color", choices=[1]), Example(before="500 mg", after=None)],
)
def regional_spelling(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Spell words as another region does."""
    return become_words(case, draw, tools, _regional, known=True)
