"""What perturbations share: the words and places that may be changed, and picking how many and which, count first.

A text is analysed once: its free words, what each may become and its protected letters are kept by text, so that a thousand variants
of one text cost a thousand draws and no new analysis. Choice 0 always changes nothing; fifteen draws of sixteen change something.
"""

# long: the ways to pick words, letters, gaps and places share their masks and caches
from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, partial

import regex

from robustgen.core.case import Case, Edit
from robustgen.core.draw import Draw
from robustgen.core.language import Language
from robustgen.core.plugins import NotApplicable, Proposal, Tools, perturbation

__all__ = [
    "Become",
    "adversarial",
    "around_fact",
    "avoided",
    "become_words",
    "change_gaps",
    "change_letters",
    "change_words",
    "covering",
    "fact_places",
    "free_places",
    "free_words",
    "gate",
    "how_many",
    "insertions",
    "linked",
    "named_places",
    "noisy",
    "pick",
    "put_at",
    "replace_places",
    "rewrite_found",
    "sentence_ends",
    "texts",
    "whole_places",
    "word_gaps",
    "wrap_lines",
]

_WORD = regex.compile(r"[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*")
_PIECE = regex.compile(r"[\p{L}\p{M}]+")
"""A word or, of one with an apostrophe, each side of it."""
_GRAIN = 16
_TRIES = 12
Word = tuple[int, int, str]
Guard = tuple[tuple[int, int], ...]
Become = Callable[[str, Language], Sequence[str]]
"""What a word may become, simplest first; a function of a module, so that its results are kept."""

noisy = partial(perturbation, effect="preserves", kinds=["noisy"])
"""A perturbation that keeps what the text says and belongs to the noise."""
adversarial = partial(perturbation, effect="preserves", kinds=["adversarial"], strength=1.0)
"""A perturbation that an attacker or a careless copyist brings in; it only adds text."""


# --- picking: the count first, then which -----------------------------------------------------------------------------


def how_many(draw: Draw, places: int, strength: float) -> int:
    """Draw how many places to change: 0 for choice 0, else 1 to strength × places, at least one possible."""
    most = max(1, round(places * strength)) if strength > 0 and places > 0 else 0
    return (draw.below(_GRAIN * most) + _GRAIN - 1) // _GRAIN if most else 0


def gate(draw: Draw) -> bool:
    """Draw whether to change anything at all; choice 0 does not."""
    return draw.below(_GRAIN) > 0


def pick(draw: Draw, count: int, size: int) -> list[int]:
    """Return ``count`` different indices below ``size`` in ascending order; one choice each."""
    if count == 1:
        return [draw.below(size)]
    moved: dict[int, int] = {}
    taken = []
    for at in range(min(count, size)):
        j = at + draw.below(size - at)
        taken.append(moved.get(j, j))
        moved[j] = moved.get(at, at)
    taken.sort()
    return taken


def texts(tools: Tools, resource: str, column: str = "text") -> list[str]:
    """Return one column of a language's resource: the lines that name nothing of the pack, all where there is no such line."""
    found = [row[column] for row in tools.language.rows(resource) if row.get(column)]
    return [t for t in found if not tools.names(t)] or found


# --- protected text ---------------------------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def _mask(size: int, guard: Guard) -> bytes:
    mask = bytearray(size)
    for start, end in guard:
        mask[start:end] = b"\x01" * (end - start)
    return bytes(mask)


def free_places(case: Case, tools: Tools, places: Iterable[int], *, insert: bool = False) -> list[int]:
    """Return the places whose letter (``insert``: whose gap between two letters) no protected span covers."""
    mask = _mask(len(case.text), tuple(tools.protected()))
    if insert:
        size = len(mask)
        return [i for i in places if not (0 < i < size and mask[i - 1] and mask[i])]
    return [i for i in places if not mask[i]]


@lru_cache(maxsize=16)
def _ascii_words(least: int) -> re.Pattern[str]:
    """Return the pattern of words in a text of plain letters, hidden ones among them, for which the plainer engine is many times faster."""
    return re.compile(rf"(?=[A-Za-z'\0]{{{least}}})[A-Za-z\0]+(?:'[A-Za-z\0]+)*")


_HIDDEN = bytes(39 if i == 39 else 0 if chr(i).isalpha() and i < 128 else 32 for i in range(256))
"""Letters of protected text as no letters that belong to a word all the same, everything else as a blank."""


_LETTERS_ONLY = bytes(i if i == 0 or chr(i).isalpha() else 32 for i in range(128)) + bytes(128)


def _hidden(text: str, guard: Guard) -> bytes:
    """Return a text of plain letters with its protected letters hidden: words that hold hidden letters are not free."""
    hidden = bytearray(text.encode())
    for start, end in guard:
        hidden[start:end] = hidden[start:end].translate(_HIDDEN)
    return bytes(hidden)


def _plain(text: str) -> bool:
    """Tell whether a text has plain letters only, none of them a sign for hidden ones."""
    return text.isascii() and "\0" not in text


@lru_cache(maxsize=1024)
def _words(text: str, guard: Guard, least: int) -> tuple[Word, ...]:
    if _plain(text):
        found = _ascii_words(least).finditer(_hidden(text, guard).decode())
        return tuple([(m.start(), m.end(), w) for m in found if "\0" not in (w := m[0]) and len(w) >= least])
    every = [(m.start(), m.end(), m[0]) for m in _WORD.finditer(text)]
    if not guard:
        return tuple([w for w in every if w[1] - w[0] >= least])
    protected = _mask(len(text), guard).find
    return tuple([w for w in every if w[1] - w[0] >= least and protected(1, w[0], w[1]) < 0])


def free_words(text: str, tools: Tools, least: int = 3) -> Sequence[Word]:
    """Return the words of at least so many letters that no protected span touches."""
    return _words(text, tuple(tools.protected()), least)


@lru_cache(maxsize=64)
def avoided(language: Language) -> frozenset[str]:
    """Return the words of a language that no slip may bring in: they would say something else."""
    names = ("negations", "modals", "commonwords", "numberwords")
    listed = {row["text"] for name in names for row in language.rows(name) if row.get("text")}
    pairs = {row[c] for row in language.rows("opposites") for c in ("word", "other")}
    codes = {row["code"] for row in language.rows("currencies")}
    return frozenset(w.casefold() for w in listed | pairs | codes.union(_CODES))


_CODES = ("aud", "aed", "brl", "cad", "chf", "cny", "dkk", "egp", "eur", "gbp", "hkd", "inr", "jpy", "mxn", "nok", "nzd", "pln", "sar", "sek", "sgd", "usd")
"""Codes of currencies, which no piece of a word may become."""


# --- words that become others -----------------------------------------------------------------------------------------


def _any_of(words: Iterable[str]) -> regex.Pattern[str]:
    """Return the pattern that finds words wherever they stand, those inside others too."""
    return regex.compile(rf"(?=({'|'.join(map(regex.escape, sorted(words, key=lambda w: (-len(w), w))))}))")


class _Options(dict[str, tuple[tuple[str, ...], frozenset[str], tuple[tuple[str, ...], ...]]]):
    """What a word may become, with all words that this brings in and those of each: kept by word, for texts share most of them."""

    def __init__(self, language: Language, become: Become, *, known: bool) -> None:
        super().__init__()
        self._language, self._become, self._known_too, self._avoid = language, become, known, avoided(language)
        self._pieces = None if language.spaced or known else _any_of(self._avoid)

    def __missing__(self, word: str) -> tuple[tuple[str, ...], frozenset[str], tuple[tuple[str, ...], ...]]:
        same, every, brought = word.casefold(), [], []
        old = frozenset(_PIECE.findall(same))
        for new in self._become(word, self._language):
            if new == word:
                continue
            low = new.casefold()
            parts = () if self._known_too or low == same else (low,) if low.isalpha() else (*_WORD.findall(low), *_PIECE.findall(low))
            if not any(p not in old and p != same and p in self._avoid for p in parts) and not self._gains(same, low):
                every.append(new)
                brought.append(parts)
        if len(self) > _KEPT:
            self.clear()
        found = self[word] = (tuple(every), frozenset(p for parts in brought for p in parts), tuple(brought))
        return found

    def _gains(self, old: str, new: str) -> bool:
        """Tell whether a run of letters, where words have no borders, comes to hold what says something else."""
        return self._pieces is not None and new != old and not set(self._pieces.findall(new)) <= set(self._pieces.findall(old))


_KEPT = 65536


@lru_cache(maxsize=512)
def _options(language: Language, become: Become, known: bool) -> _Options:  # noqa: FBT001 - keyed by position
    return _Options(language, become, known=known)


_NO_WORDS: tuple[Word, ...] = ()


class _Able(dict[str, bool]):
    """Whether a word has the letters needed and may become another; kept by word."""

    def __init__(self, every: _Options, least: int) -> None:
        super().__init__()
        self.every, self.least = every, least

    def __missing__(self, word: str) -> bool:
        if len(self) > _KEPT:
            self.clear()
        found = self[word] = len(word) >= self.least and "\0" not in word and bool(self.every[word][0])
        return found


@lru_cache(maxsize=512)
def _able(language: Language, become: Become, least: int, known: bool) -> _Able:  # noqa: FBT001 - keyed by position
    return _Able(_options(language, become, known), least)


class _Table:
    """The free words of one text with what each may become; places and edits are found once and on first use."""

    __slots__ = ("_at", "_blank", "_chosen", "_counted", "_edits", "_every", "_found", "_least", "_places", "_shifted", "_text", "size")

    def __init__(self, text: str, guard: Guard, able: _Able, counted: regex.Pattern[str] | None) -> None:
        self._every, self._text, self._counted, self._least = able.every, text, counted, able.least
        self._blank, self._places = "", _NO_WORDS
        if "'" not in text and _plain(text):
            self._blank = _hidden(text, guard).translate(_LETTERS_ONLY).decode()
            self._found = self._blank.split()
        else:
            self._places = _words(text, guard, able.least)
            self._found = [w[2] for w in self._places]
        self._at = [i for i, w in enumerate(self._found) if able[w]]
        self.size = len(self._at)
        self._shifted: list[str] | None = None
        self._chosen: dict[int, Sequence[str]] = {}
        self._edits: dict[tuple[int, int], Edit] = {}

    def _start(self, at: int) -> int:
        """Return where a word stands."""
        return len(self._blank) - len(self._blank.split(None, at)[at]) if self._blank else self._places[at][0]

    def _others(self, parts: frozenset[str]) -> frozenset[str]:
        """Return those words of the text, free and long enough, that are among some in small letters."""
        if self._shifted is None:
            self._shifted = [w.casefold() for w in self._found if not w.islower()]
        if parts.isdisjoint(self._found) and parts.isdisjoint(self._shifted):
            return frozenset()
        return parts.intersection([w.casefold() for w in self._found if len(w) >= self._least])

    def options(self, index: int) -> Sequence[str]:
        """Return what a word may become: none that would make of it another word of the text."""
        made = self._chosen.get(index)
        if made is None:
            at = self._at[index]
            word = self._found[at]
            made, parts, brought = self._every[word]
            others = self._others(parts) - {word.casefold()} if parts else parts
            if others:
                made = [new for new, p in zip(made, brought, strict=True) if others.isdisjoint(p)]
            if self._counted:
                start = self._start(at)
                if self._text[max(start - 3, 0) : start].rstrip()[-1:].isdigit():
                    made = [new for new in made if not self._counted.match(new)]
            self._chosen[index] = made
        return made

    def edit(self, index: int, option: int) -> Edit:
        """Return the edit that makes of a word one of its options."""
        made = self._edits.get((index, option))
        if made is None:
            at = self._at[index]
            word, start = self._found[at], self._start(at)
            made = self._edits[index, option] = Edit(start, start + len(word), word, self.options(index)[option])
        return made


@lru_cache(maxsize=64)
def _units(language: Language) -> regex.Pattern[str] | None:
    """Return what must not come to stand behind a number: a unit, in Latin letters also where letters of another script follow it."""
    forms = sorted({row["form"] for row in language.rows("units") if row.get("form")}, key=lambda f: (-len(f), f))
    return regex.compile(rf"(?:{'|'.join(map(regex.escape, forms))})(?!\p{{Latin}}|\p{{M}})", regex.IGNORECASE) if forms else None


@lru_cache(maxsize=512)
def _table(text: str, guard: Guard, language: Language, become: Become, least: int, known: bool) -> _Table:  # noqa: FBT001 - keyed by position
    return _Table(text, guard, _able(language, become, least, known), _units(language))


def become_words(case: Case, draw: Draw, tools: Tools, become: Become, *, least: int = 3, known: bool = False) -> Proposal | NotApplicable:
    """Change some free words to what they may become; a word that would become another one of the text or language stays.

    ``known`` lets words become other words of the language: for wordings that a resource lists as meaning the same.
    """
    table = _table(case.text, tuple(tools.protected()), tools.language, become, least, known)
    size = table.size
    if not size:
        return NotApplicable("no word that may be changed")
    edits = []
    for index in pick(draw, how_many(draw, size, tools.strength), size):
        options = len(table.options(index))
        if options:
            edits.append(table.edit(index, draw.below(options) if options > 1 else 0))
    return Proposal(edits=edits)


def change_words(
    case: Case, draw: Draw, tools: Tools, change: Callable[[str, Draw], str], *, least: int = 3, fits: Callable[[str], bool] = lambda w: True
) -> Proposal | NotApplicable:
    """Change some free words by a function that draws; a word that would become another word of the text or language stays."""
    words = [w for w in free_words(case.text, tools, least) if fits(w[2])]
    if not words:
        return NotApplicable("no word that may be changed")
    taken = {w[2].casefold() for w in words} | avoided(tools.language)
    edits: dict[int, Edit] = {}
    for index in pick(draw, how_many(draw, len(words), tools.strength), len(words)):
        for step in range(min(_TRIES, len(words))):  # a word that stays leaves its turn to the next
            start, end, word = words[(index + step) % len(words)]
            new = change(word, draw) if start not in edits else word
            low = new.casefold()
            pieces = set(_PIECE.findall(low)).difference(_PIECE.findall(word.casefold()))
            if new != word and (low == word.casefold() or taken.isdisjoint((low, *_WORD.findall(low), *pieces))):
                edits[start] = Edit(start, end, word, new)
                break
    return Proposal(edits=[edits[start] for start in sorted(edits)])


# --- places -----------------------------------------------------------------------------------------------------------


def replace_places(case: Case, draw: Draw, tools: Tools, places: Sequence[int], new: Sequence[str] | str, why: str) -> Proposal | NotApplicable:
    """Replace single letters at some places; several ``new`` are drawn from."""
    if not places:
        return NotApplicable(why)
    options = [new] if isinstance(new, str) else new
    edits = []
    for index in pick(draw, how_many(draw, len(places), tools.strength), len(places)):
        at = places[index]
        edits.append(Edit(at, at + 1, case.text[at], options[draw.below(len(options))] if len(options) > 1 else options[0]))
    return Proposal(edits=edits)


def change_letters(
    case: Case, draw: Draw, tools: Tools, table: Mapping[str, Sequence[str]], why: str, fits: Callable[[str, int], bool] = lambda text, at: True
) -> Proposal | NotApplicable:
    """Replace single free letters by what a table offers; for scripts without spaces and for signs inside words."""
    text = case.text
    places = free_places(case, tools, [i for i, c in enumerate(text) if c in table and fits(text, i)])
    if not places:
        return NotApplicable(why)
    edits = []
    for index in pick(draw, how_many(draw, len(places), tools.strength), len(places)):
        at = places[index]
        options = table[text[at]]
        edits.append(Edit(at, at + 1, text[at], options[draw.below(len(options))] if len(options) > 1 else options[0]))
    return Proposal(edits=edits)


def rewrite_found(
    case: Case, draw: Draw, tools: Tools, pattern: regex.Pattern[str], write: Callable[[regex.Match[str]], str | None], why: str
) -> Proposal | NotApplicable:
    """Write some of what a pattern finds another way that has the same value; the protected spans concerned are named in ``allow``."""
    named = named_places(case, tools)
    matches = [m for m in pattern.finditer(case.text) if _rewritable(case, tools, m, named)]
    found = [(m.start(), m.end(), m[0], new) for m in matches if (new := write(m)) and new != m[0]]
    if not found:
        return NotApplicable(why)
    edits = [Edit(*found[i]) for i in pick(draw, how_many(draw, len(found), tools.strength), len(found))]
    return Proposal(edits=edits, allow=covering(tools, edits))


def linked(text: str, start: int, end: int) -> bool:
    """Tell whether a number is a part of a chain such as 1 x 200 or 120/80, or stands in brackets behind its word."""
    bracketed = text[max(start - 1, 0) : start] == "(" and text[end : end + 1] == ")"
    return bracketed or bool(_BEFORE.search(text, max(start - 4, 0), start) or _AFTER.match(text, end))


_BEFORE = regex.compile(r"(?:(?<![\p{L}])[xX]|[×/–-]|(?<=\p{Nd}):)\s?$|[\p{Nd}/][A-Za-z]$|\p{Arabic}$")
_AFTER = regex.compile(r"\s?(?:[xX](?!\p{L})|[×/–-](?=\s?\p{Nd})|:(?=\p{Nd}))|[A-Za-z]\p{Nd}")


def named_places(case: Case, tools: Tools) -> list[tuple[int, int]]:
    """Return the places of facts that are words: what stands in them, figures too, is part of a name or statement."""
    found = []
    for path, spans in case.spans.items():
        field = tools.field(path) if spans else None
        if field is not None and field.kind in {"row", "one", "text", "id", "bool"}:
            found += spans
    return found


def _rewritable(case: Case, tools: Tools, match: regex.Match[str], named: Sequence[tuple[int, int]]) -> bool:
    start, end = match.span()
    if any(s < end and start < e for s, e in named):
        return False
    return not (match[0][-1:].isdigit() and linked(case.text, start, end))


def covering(tools: Tools, edits: Sequence[Edit]) -> list[tuple[int, int]]:
    """Return the protected spans that edits touch: what a rewriting of equal value names in ``allow``."""
    guard = tools.protected()
    starts = [s for s, _ in guard]
    found = []
    for edit in edits:
        at = max(bisect_right(starts, edit.start) - 1, 0)
        while at < len(guard) and guard[at][0] < max(edit.end, edit.start + 1):
            if guard[at][1] > edit.start:
                found.append(guard[at])
            at += 1
    return found


def put_at(draw: Draw, tools: Tools, places: Sequence[int], new: Sequence[str] | str, why: str) -> Proposal | NotApplicable:
    """Insert something at some places; several ``new`` are drawn from."""
    if not places:
        return NotApplicable(why)
    options = [new] if isinstance(new, str) else new
    edits = []
    for index in pick(draw, how_many(draw, len(places), tools.strength), len(places)):
        edits.append(Edit(places[index], places[index], "", options[draw.below(len(options))] if len(options) > 1 else options[0]))
    return Proposal(edits=edits)


def fact_places(case: Case, tools: Tools) -> list[tuple[int, int]]:
    """Return the places of single facts (numbers, dates, words; no records), in order of standing."""
    if not case.spans:
        return sorted(set(tools.protected()))
    places = sorted({span for path, spans in case.spans.items() if tools.field(path) is not None for span in spans})
    return [p for p in places if not any(o != p and o[0] <= p[0] and p[1] <= o[1] for o in places)]


def whole_places(case: Case, tools: Tools) -> list[tuple[int, int]]:
    """Return the places of single facts beside which something may be put: no unit or sign belongs to them from outside."""
    places = [p for p in fact_places(case, tools) if p[0] < p[1] and not (_tied(case.text, *p) or _grown(case.text, *p, tools.language))]
    edges = set(free_places(case, tools, [i for place in places for i in place], insert=True))
    return [p for p in places if p[0] in edges and p[1] in edges]


def _grown(text: str, start: int, end: int, language: Language) -> bool:
    """Tell whether a place begins or ends inside a word: a prefix or an ending is written on."""
    inside = _LETTERS if language.spaced else _KATAKANA
    return bool(inside.fullmatch(text, start - 1, start + 1) if start else None) or bool(inside.fullmatch(text, end - 1, end + 1))


_LETTERS = regex.compile(r"\p{L}[\p{L}\p{M}]|\p{M}[\p{L}\p{M}]")
_KATAKANA = regex.compile("[\u30a1-\u30fc]{2}")


def _tied(text: str, start: int, end: int) -> bool:
    """Tell whether a place belongs together with a number or word beside it."""
    signed = text[start] in "-+\u2212\u2013" and text[:start].rstrip()[-1:].isdigit()
    return signed or bool(_TIED_BEFORE.search(text, max(start - 8, 0), start) or _TIED_BEHIND.match(text, end))


_TIED_BEFORE = regex.compile(r"(?:[-+\u2212]|\p{Nd}\s?[/xX×*:\-\u2013]\s?|\p{L}\s?\()$")
_TIED_BEHIND = regex.compile(r"\s?[/xX×*:\-\u2013]\s?\p{Nd}|\s?\(\p{Nd}+\)")
"""A number that is part of a ratio or range, or that stands in words and in digits, is one with what stands beside it."""


def around_fact(case: Case, draw: Draw, tools: Tools, before: str, after: str) -> Proposal | NotApplicable:
    """Put marks around one fact; choice 0 leaves the text."""
    places = whole_places(case, tools)
    if not places:
        return NotApplicable("no fact in the text")
    if not gate(draw):
        return Proposal()
    start, end = places[draw.below(len(places))]
    return Proposal(edits=[e for e in (Edit(start, start, "", before), Edit(end, end, "", after)) if e.new])


@lru_cache(maxsize=256)
def _gaps(text: str, guard: Guard) -> list[int]:
    mask = _mask(len(text), guard)
    places = [i for i in range(1, len(text) - 1) if text[i] == " " and text[i - 1].isalpha() and text[i + 1].isalpha()]
    return [i for i in places if not (mask[i] or mask[i - 1] or mask[i + 1])]


def word_gaps(case: Case, tools: Tools) -> list[int]:
    """Return the spaces between two words that no protected span touches."""
    return _gaps(case.text, tuple(tools.protected()))


def change_gaps(case: Case, draw: Draw, tools: Tools, new: Sequence[str] | str) -> Proposal | NotApplicable:
    """Write some spaces between free words another way."""
    return replace_places(case, draw, tools, word_gaps(case, tools), new, "no space between two free words")


def insertions(case: Case, draw: Draw, before: str, after: str) -> Proposal | NotApplicable:
    """Put something before and after the whole text; choice 0 leaves it."""
    if not case.text:
        return NotApplicable("an empty text")
    if not gate(draw):
        return Proposal()
    end = len(case.text)
    return Proposal(edits=[e for e in (Edit(0, 0, "", before), Edit(end, end, "", after)) if e.new])


def wrap_lines(case: Case, draw: Draw, before: str, after: str) -> Proposal | NotApplicable:
    """Put something before and after every line; choice 0 leaves the text."""
    if not case.text:
        return NotApplicable("an empty text")
    if not gate(draw):
        return Proposal()
    edits, at = [], 0
    for line in case.text.split("\n"):
        edits += [Edit(at, at, "", before), Edit(at + len(line), at + len(line), "", after)]
        at += len(line) + 1
    return Proposal(edits=[e for e in edits if e.new])


_SENTENCE = regex.compile(r"(?<=[\p{L}\p{M}]{3}[.]|[\"'”’)»][.]|[!?؟।])(?=\s+[^\s\p{Ll}\p{Nd}])|(?<=[.!?。！？؟।])$|(?<=\S)(?=\n)|(?<=[。！？])")
"""A stop behind a short word or a figure, or before a small letter or a figure, may be that of an abbreviation or a date."""


def sentence_ends(case: Case, tools: Tools) -> list[int]:
    """Return the places between sentences and lines where another sentence may stand."""
    return free_places(case, tools, sorted({m.end() for m in _SENTENCE.finditer(case.text)}), insert=True)
