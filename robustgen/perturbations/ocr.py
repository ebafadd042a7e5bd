"""What scanning does to words: look-alike letters, ligatures, lost and invented spaces, broken words, specks, look-alike digits."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from robustgen.core.case import Case
from robustgen.core.draw import Draw
from robustgen.core.language import Language
from robustgen.core.plugins import Example, NotApplicable, Proposal, Tools
from robustgen.perturbations._shared import avoided, become_words, noisy, put_at, replace_places, rewrite_found, word_gaps

__all__ = ["hyphen_break", "joined_words", "ligatures", "look_alike_digits", "missing_letters", "ocr_letters", "specks", "split_word", "wide_set_word"]


def _read_as(word: str, language: Language) -> Sequence[str]:
    table = language.mapping("ocr", "from", "to")
    return [word[:i] + new + word[i + len(old) :] for old, found in table.items() for i in range(1, len(word)) if word.startswith(old, i) for new in found]


@noisy(
    needs=["ocr"],
    strength=0.1,
    rate_source="one character in 50 wrong hits some 10 % of words; the rate, from memory after the tests of OCR accuracy by Rice et al. 1996, is to be reviewed",
    mirrors="a faxed page reads rn as m",
    examples=[Example(before="Please confirm.", after="Please confirrn.", choices=[1]), Example(before="500 mg", after=None)],
)
def ocr_letters(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Replace letters by what recognition takes them for."""
    return become_words(case, draw, tools, _read_as, least=4)


_LIGATURES = {"ffi": "\ufb03", "ff": "\ufb00", "fi": "\ufb01", "fl": "\ufb02"}


def _ligated(word: str, language: Language) -> Sequence[str]:
    return next(([word.replace(old, new, 1)] for old, new in _LIGATURES.items() if old in word), [])


@noisy(
    strength=0.5,
    mirrors="typeset PDF text keeps ligature characters",
    examples=[Example(before="Please confirm.", after="Please conﬁrm.", choices=[1]), Example(before="500 mg", after=None)],
)
def ligatures(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Turn ff, fi, fl into ligature characters."""
    return become_words(case, draw, tools, _ligated)


@noisy(
    strength=0.1,
    mirrors="recognition loses the space between two words",
    examples=[Example(before="Please confirm.", after="Pleaseconfirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def joined_words(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Leave out the space between two words that make no other word together."""
    text, avoid = case.text, avoided(tools.language)
    places = [i for i in word_gaps(case, tools) if _around(text, i) not in avoid]
    return replace_places(case, draw, tools, places, "", "no space between two free words")


def _around(text: str, at: int) -> str:
    """Return the words on both sides of a space as one."""
    start, end = at, at + 1
    while start and text[start - 1].isalpha():
        start -= 1
    while end < len(text) and text[end].isalpha():
        end += 1
    return (text[start:at] + text[at + 1 : end]).casefold()


def _split(word: str, language: Language) -> Sequence[str]:
    return [f"{word[:at]} {word[at:]}" for at in range(3, len(word) - 2)]


@noisy(
    strength=0.1,
    mirrors="recognition splits a wide-set word",
    examples=[Example(before="Please confirm.", after="Please conf irm.", choices=[1]), Example(before="500 mg", after=None)],
)
def split_word(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a space inside a longer word."""
    return become_words(case, draw, tools, _split, least=7)


def _broken(word: str, language: Language) -> Sequence[str]:
    return [f"{word[:at]}-\n{word[at:]}" for at in range(3, len(word) - 2)]


@noisy(
    strength=0.1,
    mirrors="columns of print break words at the end of the line",
    examples=[Example(before="Please confirm.", after="Please conf-\nirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def hyphen_break(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Break a longer word with a hyphen and a new line."""
    return become_words(case, draw, tools, _broken, least=7)


def _spaced(word: str, language: Language) -> Sequence[str]:
    return [" ".join(word)]


@noisy(
    strength=0.05,
    mirrors="headings set wide come out as single letters: T O T A L",
    examples=[Example(before="Please confirm.", after="P l e a s e confirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def wide_set_word(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a space between all letters of a word."""
    return become_words(case, draw, tools, _spaced, least=4)


def _faint(word: str, language: Language) -> Sequence[str]:
    return [f"{word[:at]}{mark}{word[at + 1 :]}" for mark in "_." for at in range(1, len(word) - 1)]


@noisy(
    strength=0.1,
    mirrors="faint thermal print leaves holes in words",
    examples=[Example(before="Please confirm.", after="Pl_ase confirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def missing_letters(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Leave a hole where a letter was."""
    return become_words(case, draw, tools, _faint, least=5)


@noisy(
    strength=0.1,
    mirrors="dust on the glass becomes dots and strokes",
    examples=[Example(before="Please confirm.", after="Please · confirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def specks(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put stray marks between words."""
    marks = (" ·", " '", " `", " _", " ¦", " ~")
    return put_at(draw, tools, word_gaps(case, tools), marks, "no space between two free words")


_NUMBER = regex.compile(r"(?<![\w.,:/-])(?=\d*0)\d{2,}(?![\w:/]|[.,-]\d)")


@noisy(
    strength=0.5,
    mirrors="recognition reads a nought as the letter O: 5OO ml, 1O units",
    examples=[Example(before="Take 500 mg.", after="Take 5OO mg.", choices=[1]), Example(before="12", after=None)],
)
def look_alike_digits(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write the noughts of a whole number as the letter O; other digits around them keep it a number."""

    def write(match: regex.Match[str]) -> str | None:
        return match[0].replace("0", "O") if match[0][0] != "0" else None

    return rewrite_found(case, draw, tools, _NUMBER, write, "no whole number with a nought")
