"""Slips of the fingers: neighbouring, swapped, doubled and dropped letters, the space bar, the wrong layout."""

from __future__ import annotations

from collections.abc import Sequence

from robustgen.core.case import Case, Edit
from robustgen.core.draw import Draw
from robustgen.core.language import Language
from robustgen.core.plugins import Example, NotApplicable, Proposal, Tools
from robustgen.perturbations._shared import avoided, become_words, change_gaps, how_many, noisy, pick, word_gaps

__all__ = ["double_letter", "drop_letter", "extra_letter", "missed_space", "neighbour_key", "other_layout", "slipped_space", "swap_letters"]

RATE = "Palin et al., How do People Type on Mobile Devices?, MobileHCI 2019: 2.3 % of characters wrong and left so, hence one word of 4 or 5 letters in ten"


def _near(word: str, language: Language) -> Sequence[str]:
    keys = language.mapping("keyboard", "char", "neighbours")
    found = []
    for at in range(2, len(word)):
        for new in keys.get(word[at].lower(), ()):
            found.append(word[:at] + (new.upper() if word[at].isupper() else new) + word[at + 1 :])
    return found


@noisy(
    needs=["keyboard"],
    strength=0.1,
    rate_source=RATE,
    mirrors="a hurried typist hits the key beside",
    examples=[Example(before="Please confirm.", after="Pldase confirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def neighbour_key(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Replace a letter inside a word by a neighbouring key's."""
    return become_words(case, draw, tools, _near, least=4)


def _struck_twice(word: str, language: Language) -> Sequence[str]:
    keys = language.mapping("keyboard", "char", "neighbours")
    return [word[: at + 1] + new + word[at + 1 :] for at in range(1, len(word) - 1) for new in keys.get(word[at].lower(), ())]


@noisy(
    needs=["keyboard"],
    strength=0.1,
    rate_source=RATE,
    mirrors="a broad thumb strikes two keys at once",
    examples=[Example(before="Please confirm.", after="Plkease confirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def extra_letter(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Type the neighbouring key's letter as well."""
    return become_words(case, draw, tools, _struck_twice, least=4)


def _swapped(word: str, language: Language) -> Sequence[str]:
    return [word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(1, len(word) - 1)]


@noisy(
    strength=0.1,
    rate_source=RATE,
    mirrors="two fingers strike in the wrong order",
    examples=[Example(before="Please confirm.", after="Pelase confirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def swap_letters(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Swap two neighbouring letters inside a word."""
    return become_words(case, draw, tools, _swapped, least=4)


def _doubled(word: str, language: Language) -> Sequence[str]:
    return [word[: at + 1] + word[at:] for at in range(len(word))]


@noisy(
    strength=0.1,
    rate_source=RATE,
    mirrors="a key bounces",
    examples=[Example(before="Please confirm.", after="PPlease confirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def double_letter(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Type a letter twice."""
    return become_words(case, draw, tools, _doubled, least=4)


def _dropped(word: str, language: Language) -> Sequence[str]:
    return [word[:at] + word[at + 1 :] for at in range(1, len(word) - 1)]


@noisy(
    strength=0.1,
    rate_source=RATE,
    mirrors="a key is not pressed hard enough",
    examples=[Example(before="Please confirm.", after="Pease confirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def drop_letter(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Leave a letter inside a longer word out."""
    return become_words(case, draw, tools, _dropped, least=5)


def _may_slip(text: str, at: int, avoid: frozenset[str]) -> bool:
    """Tell whether the space between two longer words may move by a letter without making other words."""
    start = at
    while start and text[start - 1].isalpha():
        start -= 1
    end = at + 1
    while end < len(text) and text[end].isalpha():
        end += 1
    before, after = text[start:at], text[at + 1 : end]
    return len(before) > 2 and len(after) > 3 and not {(before + after[0]).casefold(), after[1:].casefold()} & avoid


@noisy(
    strength=0.1,
    mirrors="the thumb comes a moment too late: 'fulls top'",
    examples=[Example(before="Please confirm.", after="Pleasec onfirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def slipped_space(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Move the space between two words by one letter."""
    text = case.text
    places = [i for i in word_gaps(case, tools) if _may_slip(text, i, avoided(tools.language))]
    if not places:
        return NotApplicable("no two longer words side by side")
    chosen: list[int] = []
    for index in pick(draw, how_many(draw, len(places), tools.strength), len(places)):
        if not chosen or places[index] > chosen[-1] + 2:
            chosen.append(places[index])
    return Proposal(edits=[Edit(i, i + 2, text[i : i + 2], text[i + 1] + " ") for i in chosen])


@noisy(
    needs=["keyboard"],
    strength=0.05,
    mirrors="a thumb aims at the space bar and hits the row above it",
    examples=[Example(before="Please confirm.", after="Pleasevconfirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def missed_space(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Type a letter of the lowest row instead of a space."""
    row = [r["char"] for r in tools.language.rows("keyboard")][-4:]
    return change_gaps(case, draw, tools, row)


def _typed(word: str, language: Language) -> Sequence[str]:
    keys = language.mapping("layouts", "char", "typed")
    made = "".join(keys.get(c, (c,))[0] if c in keys else keys.get(c.lower(), (c,))[0] for c in word)
    return [made] if made != word and len(word) == len(made) else []


@noisy(
    needs=["layouts"],
    strength=0.3,
    mirrors="the keyboard was still set to another layout: ыгку for sure, zou for you",
    examples=[Example(before="Please confirm.", after="здуфыу confirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def other_layout(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Type words with the keyboard set to another layout."""
    return become_words(case, draw, tools, _typed)
