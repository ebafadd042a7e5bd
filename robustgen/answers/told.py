"""What a case asks and tells, and whether an answer only repeats it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

import regex

from robustgen.answers.acts import sentences_of
from robustgen.answers.numbers import numbers_in
from robustgen.answers.prose import without_thoughts
from robustgen.core.case import Case, Envelope
from robustgen.core.language import Language

__all__ = [
    "EMERGENCY",
    "ISO",
    "LEAD",
    "NEAR",
    "OTHER",
    "asked_in",
    "copies",
    "echoed_in",
    "echoes",
    "example_of",
    "plain_question",
    "retells",
    "runs_on",
    "told_in",
    "told_numbers",
]

RETOLD = 14
"""Words from which an answer may be a retelling of the document."""
REPEATED = 4
"""Words from which a sentence said again is a text that runs on."""
NEAR = 30
"""Characters from the start or the end of a text within which a figure is what it says first or last."""
EMERGENCY = (112, 911, 999, 15, 17, 18, 61, 100, 102, 108, 110, 118, 119, 120, 123, 192, 193, 997)
"""Emergency numbers (EU, US, UK, FR, ES, IN, IT, JP, CN, EG, BR, SA): in a sentence that escalates they are no answer."""
ISO = regex.compile(r"\d{4}-\d{2}-\d{2}.*")
"""A date, with whatever follows it."""
LEAD = regex.compile(r"[^\n:：]{2,40}[:：]\s*[\"“«「\n]")
"""A few words and a colon before what is said."""
OTHER = regex.compile(r"\W+")
"""Everything but letters and digits."""
_SPACES, _WORD = regex.compile(r"\s+"), regex.compile(r"[\p{L}\p{M}\p{Nd}]+")
_ROLE = regex.compile(r"(?m)^[ \t]*(Q|A|User|Assistant|Human|System)[ \t]*:", regex.IGNORECASE)
_OPTION = regex.compile(r"(?m)^[ \t]*B[ \t]*:")
_OPEN = regex.compile(r"\{\s*\"")
_SENTENCE = regex.compile(r"[.?!。？！؟।]")


def example_of(case: Case) -> Envelope:
    """Return an answer of the asked shape: the expected one, or that of a reading."""
    answers = [*case.expected.accept, *(e for r in case.readings for e in r.expected.accept)]
    return next((e for e in answers if e.value is not None or e.label is not None), answers[0] if answers else Envelope())


def asked_in(case: Case) -> str:
    """Return the question of a case, as its first message puts it."""
    return case.messages[0]["content"] if case.messages else ""


def told_in(case: Case) -> str:
    """Return all that a target was told: messages and document."""
    return "\n".join([*(m.get("content", "") for m in case.messages), case.text])


def told_numbers(case: Case, language: Language | None) -> frozenset[Fraction]:
    """Return the numbers that the question and the document state."""
    return _values(told_in(case), language)


@lru_cache(maxsize=64)
def _values(text: str, language: Language | None) -> frozenset[Fraction]:
    return frozenset(n.value for n in numbers_in(text, language))


@lru_cache(maxsize=64)
def _squeezed(text: str) -> str:
    """Return a text with single spaces; a document is asked for again with each answer."""
    return _SPACES.sub(" ", without_thoughts(text)).strip()


@lru_cache(maxsize=64)
def _spaced(text: str) -> str:
    """Return the words of a document, each between spaces."""
    return f" {' '.join(_WORD.findall(text.casefold()))} "


def _known(said: Sequence[str], length: int, told: str) -> int:
    """Return how many runs of so many words stand in a document."""
    return sum(f" {' '.join(said[i : i + length])} " in told for i in range(len(said) - length + 1))


def echoes(text: str, case: Case) -> bool:
    """Tell whether a text repeats the document, or nothing but its larger part."""
    said, told = _squeezed(text), _squeezed(case.text)
    return bool(told) and (said == told or (len(told) >= 20 and len(said) >= 0.6 * len(told) and said in told))


def retells(text: str, case: Case) -> bool:
    """Tell whether most of a longer answer are runs of four words of the document."""
    said = _WORD.findall(text.casefold())
    if len(said) < RETOLD:
        return False
    return 5 * _known(said, 4, _spaced(case.text)) >= 3 * (len(said) - 3)


def copies(text: str, case: Case) -> bool:
    """Tell whether a text is two sentences or more, and all of them the document's."""
    said = [s for s in sentences_of(text) if len(_WORD.findall(text[s[0] : s[1]])) >= REPEATED]
    return len(said) >= 2 and set(said) <= set(echoed_in(text, case, least=REPEATED))


def runs_on(text: str) -> bool:
    """Tell whether a text is no finished answer: sentences said thrice or twice in a row, a talk with itself, an object that never closes."""
    said = [p for s, e in sentences_of(text) if len(_WORD.findall(text[s:e])) >= REPEATED and (p := OTHER.sub("", text[s:e]).casefold())]
    again = any(a == b for a, b in pairwise(said)) or any(said.count(s) >= 3 for s in set(said))
    roles = [m[1].casefold() for m in _ROLE.finditer(text) if m.start()]
    talks = bool(set(roles) - {"a"}) or ("a" in roles and not _OPTION.search(text))
    return again or talks or (bool(_OPEN.search(text)) and text.count("{") > text.count("}"))


def echoed_in(text: str, case: Case, least: int = 5) -> list[tuple[int, int]]:
    """Return where an answer repeats the question or the document: sentences of five words or more of which four fifths stand there in runs."""
    sentences = [(s, e, said) for s, e in sentences_of(text) if len(said := _WORD.findall(text[s:e].casefold())) >= least]
    if not sentences:
        return []
    told = _spaced(told_in(case))
    made = []
    for start, end, said in sentences:
        if 5 * _known(said, 3, told) >= 4 * (len(said) - 2):
            made.append((start, end))
    return made


@lru_cache(maxsize=512)
def plain_question(asked: str) -> tuple[str, list[str]]:
    """Return a question's letters and digits, whole and by sentence."""
    return OTHER.sub("", asked).casefold(), [p for p in (OTHER.sub("", s).casefold() for s in _SENTENCE.split(asked)) if len(p) >= 8]
