"""Input methods and scripts: characters that sound or look alike, vowel signs, dots and joining strokes, kana."""

from __future__ import annotations

from robustgen.core.case import Case
from robustgen.core.draw import Draw
from robustgen.core.plugins import Example, NotApplicable, Proposal, Tools
from robustgen.perturbations._shared import change_letters, free_places, noisy, put_at

__all__ = [
    "half_width_kana",
    "ideographic_gaps",
    "joining_strokes",
    "look_alike_character",
    "lost_dots",
    "other_kana",
    "same_sound_character",
    "traditional_character",
    "vowel_marks",
    "vowel_sign_slip",
]


@noisy(
    needs=["same_sound"],
    strength=0.05,
    mirrors="the input method offered another character of the same sound",
    examples=[Example(before="500 mg", after=None)],
)
def same_sound_character(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write a character of the same sound."""
    return change_letters(case, draw, tools, tools.language.mapping("same_sound", "from", "to"), "no character with one of the same sound")


@noisy(
    needs=["look_alikes"],
    strength=0.05,
    mirrors="recognition takes a character for one that looks like it",
    examples=[Example(before="500 mg", after=None)],
)
def look_alike_character(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write a character that looks like it."""
    return change_letters(case, draw, tools, tools.language.mapping("look_alikes", "from", "to"), "no character with one that looks like it")


@noisy(
    needs=["traditional"],
    strength=0.5,
    mirrors="text from another region uses the other form of the character",
    examples=[Example(before="500 mg", after=None)],
)
def traditional_character(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write characters in the other region's form."""
    return change_letters(case, draw, tools, tools.language.mapping("traditional", "from", "to"), "no character with another regional form")


@noisy(
    needs=["vowel_signs"],
    strength=0.1,
    mirrors="short and long vowel signs are mixed up in hurried typing",
    examples=[Example(before="500 mg", after=None)],
)
def vowel_sign_slip(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write the short vowel sign for the long one, or the reverse."""
    return change_letters(case, draw, tools, tools.language.mapping("vowel_signs", "from", "to"), "no vowel sign that may be changed")


@noisy(
    needs=["dotless"],
    strength=0.1,
    mirrors="scans and filters lose the dots of letters",
    examples=[Example(before="500 mg", after=None)],
)
def lost_dots(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write letters without their dots."""
    return change_letters(case, draw, tools, tools.language.mapping("dotless", "from", "to"), "no letter with dots")


@noisy(
    needs=["joining"],
    strength=0.1,
    mirrors="typesetting stretches the joins between letters",
    examples=[Example(before="500 mg", after=None)],
)
def joining_strokes(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Stretch the join between two letters."""
    table, text = tools.language.mapping("joining", "letter", "stroke"), case.text
    places = [i + 1 for i in range(len(text) - 1) if text[i] in table and text[i + 1].isalpha()]
    strokes = sorted({s for found in table.values() for s in found})
    return put_at(draw, tools, free_places(case, tools, places, insert=True), strokes, "no joined letters")


@noisy(
    needs=["vowel_marks"],
    strength=0.1,
    mirrors="religious and school texts write the vowel marks that others leave out",
    examples=[Example(before="500 mg", after=None)],
)
def vowel_marks(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Add a vowel mark to letters."""
    rows, text = tools.language.rows("vowel_marks"), case.text
    letters = set("".join(r["letters"] for r in rows))
    places = [i + 1 for i in range(1, len(text) - 1) if text[i] in letters and text[i + 1].isalpha()]
    return put_at(draw, tools, free_places(case, tools, places, insert=True), [r["mark"] for r in rows], "no letter that carries a mark")


@noisy(
    needs=["kana"],
    strength=0.1,
    mirrors="forms and telegrams are filled in the other syllabary",
    examples=[Example(before="500 mg", after=None)],
)
def other_kana(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write syllables in the other syllabary."""
    return change_letters(case, draw, tools, tools.language.mapping("kana", "hiragana", "katakana"), "no syllable of the script")


@noisy(
    needs=["kana"],
    strength=1.0,
    mirrors="bank and telecom systems hold half-width syllables only",
    examples=[Example(before="500 mg", after=None)],
)
def half_width_kana(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write syllables in half width."""
    return change_letters(case, draw, tools, tools.language.mapping("kana", "katakana", "half"), "no syllable that has a half-width form")


@noisy(
    strength=0.05,
    mirrors="recognition sets spaces between characters of a script that has none",
    examples=[Example(before="500 mg", after=None)],
)
def ideographic_gaps(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put spaces between characters of a script without spaces."""
    text = case.text
    if tools.language.spaced:
        return NotApplicable("the language sets spaces between words")
    places = [i for i in range(1, len(text)) if ord(text[i - 1]) > 0x3040 and ord(text[i]) > 0x3040 and text[i].isalpha() and text[i - 1].isalpha()]
    return put_at(draw, tools, free_places(case, tools, places, insert=True), " ", "no two such characters side by side")
