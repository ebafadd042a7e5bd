"""Letter case: shouted words, lower-case text, caps lock, sticky shift, other languages' rules of case."""

from __future__ import annotations

from collections.abc import Sequence

from robustgen.core.case import Case, Edit
from robustgen.core.draw import Draw
from robustgen.core.language import Language
from robustgen.core.plugins import Example, NotApplicable, Proposal, Tools
from robustgen.perturbations._shared import become_words, free_words, gate, noisy

__all__ = ["all_capitals", "alternating_case", "caps_lock", "lower_words", "shouted_words", "small_capitals", "sticky_shift", "title_case", "turkish_case"]


def _loud(word: str, language: Language) -> Sequence[str]:
    return [word.upper()] if len(word.upper()) == len(word) else []


@noisy(
    strength=0.4,
    mirrors="an angry or hurried writer shouts",
    examples=[Example(before="Please confirm.", after="PLEASE confirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def shouted_words(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write words in capitals."""
    return become_words(case, draw, tools, _loud)


@noisy(
    strength=1.0,
    mirrors="old terminals and labels print capitals only",
    examples=[Example(before="Please confirm.", after="PLEASE CONFIRM.", choices=[1]), Example(before="500 mg", after=None)],
)
def all_capitals(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write every free word in capitals."""
    edits = [Edit(s, e, w, w.upper()) for s, e, w in free_words(case.text, tools, 1) if w.upper() != w]
    if not edits:
        return NotApplicable("no letter that has a capital")
    return Proposal(edits=edits if gate(draw) else [])


def _low(word: str, language: Language) -> Sequence[str]:
    return [word.lower()]


@noisy(
    strength=0.8,
    mirrors="phone typing without shift",
    examples=[Example(before="Please confirm.", after="please confirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def lower_words(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write capitalised words in lower case."""
    return become_words(case, draw, tools, _low, least=2)


def _turned(word: str, language: Language) -> Sequence[str]:
    return [word.swapcase()] if len(word.swapcase()) == len(word) and not word.isupper() else []


@noisy(
    strength=0.3,
    mirrors="caps lock was on: pLEASE",
    examples=[Example(before="Please confirm.", after="pLEASE confirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def caps_lock(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Turn the case of all letters of a word round."""
    return become_words(case, draw, tools, _turned, least=2)


def _stuck(word: str, language: Language) -> Sequence[str]:
    return [word[:2].upper() + word[2:]] if word[0].isupper() and word[1].islower() and len(word[1].upper()) == 1 else []


@noisy(
    strength=0.5,
    mirrors="the shift key is let go too late: PLease",
    examples=[Example(before="Please confirm.", after="PLease confirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def sticky_shift(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write the second letter of a capitalised word as a capital too."""
    return become_words(case, draw, tools, _stuck)


def _turkish(word: str, language: Language) -> Sequence[str]:
    return [word.replace("i", "ı").replace("I", "ı")] if "i" in word.lower() and word.isascii() else []


@noisy(
    strength=0.3,
    mirrors="software with Turkish rules of case turns I into ı: ınvoice",
    examples=[Example(before="Please confirm.", after="Please confırm.", choices=[1]), Example(before="500 mg", after=None)],
)
def turkish_case(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write the letter i without its dot, as Turkish rules of case do."""
    return become_words(case, draw, tools, _turkish)


def _zigzag(word: str, language: Language) -> Sequence[str]:
    return ["".join(c.upper() if i % 2 else c.lower() for i, c in enumerate(word))] if len(word.upper()) == len(word) else []


@noisy(
    strength=0.1,
    mirrors="mocking posts alternate the case of letters",
    examples=[Example(before="Please confirm.", after="pLeAsE confirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def alternating_case(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Alternate the case of a word's letters."""
    return become_words(case, draw, tools, _zigzag, least=4)


def _headed(word: str, language: Language) -> Sequence[str]:
    return [word[0].upper() + word[1:]] if word[0].islower() and len(word[0].upper()) == 1 else []


@noisy(
    strength=0.5,
    mirrors="headline style capitalises every word",
    examples=[Example(before="Please confirm.", after="Please Confirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def title_case(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Capitalise words."""
    return become_words(case, draw, tools, _headed)


_SMALL = dict(zip("abcdefghijklmnopqrstuvwyz", "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢ", strict=True))


def _small(word: str, language: Language) -> Sequence[str]:
    return ["".join(_SMALL.get(c, c) for c in word)] if word.isascii() else []


@noisy(
    strength=0.1,
    mirrors="profile texts are styled with small-capital letters",
    examples=[Example(before="Please confirm.", after="Pʟᴇᴀꜱᴇ confirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def small_capitals(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write words in small-capital letters."""
    return become_words(case, draw, tools, _small)
