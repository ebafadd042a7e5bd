"""The same words in another script or language: romanised, in the local script, mixed as bilingual speakers mix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from robustgen.core.case import Case
from robustgen.core.draw import Draw
from robustgen.core.language import Language
from robustgen.core.plugins import Example, NotApplicable, Proposal, Tools, perturbation
from robustgen.perturbations._shared import avoided, become_words
from robustgen.perturbations._words import listed, places_of, replace_listed

__all__ = ["code_switched_words", "loanwords_in_script", "romanised_phrase", "romanised_words"]


@lru_cache(maxsize=32)
def _signs(language: Language) -> Mapping[str, tuple[str, str]]:
    """Return sign to (Latin letters, role)."""
    return {row["from"]: (row["to"], row["role"]) for row in language.rows("transliteration")}


def _roman(word: str, language: Language) -> Sequence[str]:
    """Return a word in Latin letters; a consonant of an abugida carries its own vowel unless a sign follows it."""
    signs = _signs(language)
    longest = max(map(len, signs), default=1)
    made, at, open_ = "", 0, False
    while at < len(word):
        size = next((n for n in range(longest, 0, -1) if word[at : at + n] in signs), 0)
        if not size:
            return []
        latin, role = signs[word[at : at + size]]
        if open_ and role not in {"sign", "end"}:
            made += "a"
        made, at, open_ = made + latin, at + size, role == "consonant" or (role == "mark" and open_)
    return [] if _quantity(made, language) or made.casefold() in avoided(language) else [made]


def _quantity(word: str, language: Language) -> bool:
    """Tell whether letters written as digits make a word look like a number with a unit, or like m3."""
    rest = word.lstrip("0123456789")
    if word.isalpha():
        return False
    return sum(map(str.isalpha, word)) < 2 or (rest != word and any(rest == row["form"] for row in language.rows("units")))


@perturbation(
    effect="preserves",
    kinds=["multilingual"],
    needs=["transliteration"],
    strength=0.5,
    mirrors="phones without the script: 3andi waja3, dawai kal se, wo de",
    examples=[Example(before="500 mg", after=None)],
)
def romanised_words(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write words in Latin letters as people type them in chats."""
    return become_words(case, draw, tools, _roman, least=2, known=True)


@perturbation(
    effect="preserves",
    kinds=["multilingual"],
    needs=["romanised"],
    strength=1.0,
    mirrors="learners type the sound without tone marks: xiexie, arigatou",
    examples=[Example(before="500 mg", after=None)],
)
def romanised_phrase(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write listed phrases by their sound in Latin letters, without tones."""
    return replace_listed(case, draw, tools, places_of(case, tools, "romanised", "form", "latin"), "no phrase with a listed sound")


def _other(word: str, language: Language) -> Sequence[str]:
    return listed(word, language.mapping("codeswitch", "form", "other"))


@perturbation(
    effect="preserves",
    kinds=["multilingual"],
    needs=["codeswitch"],
    strength=1.0,
    mirrors="bilingual speakers mix words: mi appointment, meine order",
    examples=[Example(before="Please confirm.", after="Por favor confirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def code_switched_words(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Say words in the other language of a bilingual speaker."""
    if tools.language.spaced:
        return become_words(case, draw, tools, _other, least=2, known=True)
    return replace_listed(case, draw, tools, places_of(case, tools, "codeswitch", "form", "other"), "no word with a listed switch")


@perturbation(
    effect="preserves",
    kinds=["multilingual"],
    needs=["loanwords"],
    strength=1.0,
    mirrors="English terms are written in the local script",
    examples=[Example(before="500 mg", after=None)],
)
def loanwords_in_script(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write words as the loanword that speakers use for them."""
    return replace_listed(case, draw, tools, places_of(case, tools, "loanwords", "form", "other"), "no word with a listed loanword")
