"""What scanning does to words: look-alike letters, ligatures, lost and invented spaces, broken words, specks."""

from __future__ import annotations

from robustgen.core.case import Case, Edit
from robustgen.core.draw import Draw
from robustgen.core.plugins import NotApplicable, Proposal, Tools, perturbation
from robustgen.perturbations._shared import change_gaps, change_words, how_many, word_gaps

__all__ = ["hyphen_break", "joined_words", "ligatures", "lost_accents", "ocr_letters", "specks", "split_word"]


@perturbation(effect="preserves", kinds=["noisy"], needs=["ocr"], strength=0.1, mirrors="a faxed page reads rn as m")
def ocr_letters(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Replace letters by what recognition takes them for."""
    table = tools.language.mapping("ocr", "from", "to")

    def change(word: str, draw: Draw) -> str:
        places = [(i, f) for f in table for i in range(1, len(word)) if word.startswith(f, i)]
        if not places:
            return word
        at, old = places[draw.below(len(places))]
        options = table[old]
        return word[:at] + options[draw.below(len(options))] + word[at + len(old) :]

    return change_words(case, draw, tools, change, least=4)


@perturbation(effect="preserves", kinds=["noisy"], strength=0.5, mirrors="typeset PDF text keeps ligature characters")
def ligatures(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Turn ff, fi, fl into ligature characters."""
    table = {"ffi": "\ufb03", "ff": "\ufb00", "fi": "\ufb01", "fl": "\ufb02"}

    def change(word: str, draw: Draw) -> str:
        for old, new in table.items():
            if old in word:
                return word.replace(old, new, 1)
        return word

    return change_words(case, draw, tools, change, fits=lambda w: any(f in w for f in table))


@perturbation(effect="preserves", kinds=["noisy"], strength=0.1, mirrors="recognition loses the space between two words")
def joined_words(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Leave out the space between two words."""
    return change_gaps(case, draw, tools, "")


@perturbation(effect="preserves", kinds=["noisy"], strength=0.1, mirrors="recognition splits a wide-set word")
def split_word(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a space inside a longer word."""

    def change(word: str, draw: Draw) -> str:
        at = 3 + draw.below(len(word) - 5)
        return f"{word[:at]} {word[at:]}"

    return change_words(case, draw, tools, change, least=7)


@perturbation(effect="preserves", kinds=["noisy"], strength=0.1, mirrors="columns of print break words at the end of the line")
def hyphen_break(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Break a longer word with a hyphen and a new line."""

    def change(word: str, draw: Draw) -> str:
        at = 3 + draw.below(len(word) - 5)
        return f"{word[:at]}-\n{word[at:]}"

    return change_words(case, draw, tools, change, least=7)


@perturbation(effect="preserves", kinds=["noisy"], strength=0.1, mirrors="dust on the glass becomes dots and strokes")
def specks(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put stray marks between words."""
    places = word_gaps(case, tools)
    if not places:
        return NotApplicable("no space between two free words")
    marks = ("·", "'", "`", "_", "¦", "~")
    chosen = {places[draw.below(len(places))]: marks[draw.below(len(marks))] for _ in range(how_many(draw, len(places), tools.strength))}
    return Proposal(edits=[Edit(i, i, "", f" {chosen[i]}") for i in sorted(chosen)])


@perturbation(effect="preserves", kinds=["noisy"], strength=0.1, mirrors="poor contrast drops the dots and strokes of accents")
def lost_accents(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write accented letters without their accents."""
    import unicodedata

    def change(word: str, draw: Draw) -> str:
        plain = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
        return plain if len(plain) == len(word) else word

    return change_words(case, draw, tools, change, fits=lambda w: not w.isascii())
