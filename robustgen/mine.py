"""Learning how real users write, as counts only: no text of a log is kept.

A word that neither the language nor a pack knows, one slip away from one that they know and that the log writes right elsewhere, is a slip of that kind,
unless it comes more often than slips of that word could; the kinds bear the names of the perturbations that make them.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from math import exp
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import msgspec

from robustgen.core.draw import RandomDraw, seed_of
from robustgen.core.language import Language
from robustgen.core.plugins import PERTURBATIONS
from robustgen.errors import UsageError
from robustgen.generate.free_text import Variant, perturb_text
from robustgen.generate.habits import CASES, DATES, HABITS, LEAST, NUMBERS, case_of, shortened
from robustgen.generate.profiled import GRAIN, ONE_PLACE, WHOLE, places
from robustgen.packs.language import load_language
from robustgen.packs.vocabulary import every_pack, known_words, words_of

__all__ = ["Habits", "Proposed", "follow", "mine", "propose", "read_profile", "write_profile"]

SCHEMA = "robustgen.profile/1"
ROUNDS = 25
WAYS = {"neighbour_key": 5, "extra_letter": 5}
"""Forms that a slip at one place can make, where it is more than one."""
MOST = 0.2
"""No more of a word's places are slips of one kind: a form that comes more often than that lets expect is a word that nobody listed."""
RARE = 0.001
ENOUGH = 10
"""So many dates, numbers or words at least before a habit is called one."""
SHARED = 5
"""A word that fewer texts share is not proposed: it may be somebody's name."""


class Habits(msgspec.Struct, kw_only=True):
    """What was counted in the texts of one language."""

    texts: int = 0
    words: int = 0
    known: dict[str, int] = {}
    slips: dict[str, int] = {}
    casing: dict[str, int] = {}
    shorthand: dict[str, int] = {}
    foreign: int = 0
    numbers: dict[str, int] = {}
    dates: dict[str, int] = {}
    unknown: int = 0
    length_median: int = 0
    length_p90: int = 0

    def rates(self) -> dict[str, Decimal]:
        """Return the share of the words that could bear a slip of a kind and do."""
        made = {}
        for name, slips in self.slips.items():
            places = self.known.get(name, 0) + sum(self.slips.values())
            made[name] = (Decimal(slips) / places).quantize(Decimal("0.000001")) if places else Decimal(0)
        made["shorthand"] = _share(self.shorthand, "short", ("long",))
        for name, habit in HABITS.items():
            made[name] = _share(self.dates if habit.table == "dates" else self.numbers, habit.name, habit.others)
        for case, name in CASES.items():
            made[name] = _share(self.casing, case, [c for c in self.casing if c != case])
        return {name: rate for name, rate in made.items() if rate or name in self.slips or (name == "shorthand" and self.shorthand)}


def _share(counts: Mapping[str, int], name: str, others: Iterable[str]) -> Decimal:
    """Return the share of one count among some, nothing where they are too few to tell."""
    total = counts.get(name, 0) + sum(counts.get(o, 0) for o in others)
    return (Decimal(counts.get(name, 0)) / total).quantize(Decimal("0.000001")) if total >= ENOUGH else Decimal(0)


class _Counter:
    """Counts the texts of one language."""

    def __init__(self, language: Language, known: Collection[str]) -> None:
        self.language, self.known = language, known
        self.keys = language.mapping("keyboard", "char", "neighbours")
        self.foreign = {w for r in language.rows("codeswitch") for w in r["other"].casefold().split("|")} - set(known)
        self.seen: Counter[str] = Counter()
        self.others: Counter[str] = Counter()
        self.spread: Counter[str] = Counter()

    @cached_property
    def slipped(self) -> dict[str, Counter[tuple[str, str]]]:
        """Forms that are slips, each with (slip, known word) to the number of ways in which it comes from it; asked when all texts are counted."""
        found = {form: Counter(b for b in _bases(form, self.keys) if self.seen[b[1]] and len(b[1]) >= LEAST[b[0]]) for form in self.others}
        return {form: bases for form, bases in found.items() if bases and self._may_be(form, bases)}

    def _may_be(self, form: str, bases: Mapping[tuple[str, str], int]) -> bool:
        """Tell whether a form comes no more often than slips of these words could."""
        expected = MOST * sum(self.seen[word] * ways / (len(word) * WAYS.get(name, 1)) for (name, word), ways in bases.items())
        term = left = exp(-expected)
        for k in range(1, self.others[form]):  # the chance that fewer come, term by term
            term *= expected / k
            left += term
        return 1 - left >= RARE

    def slips(self) -> dict[str, int]:
        """Return how many slips of each kind there were.

        A form that may be several slips is shared among them by how common each kind and word is in this log, until the shares stay. Slips that make another
        known word, or stand for a word that comes only once, cannot be seen, and are added by how often that happens to the words of this log.
        """
        weights = dict.fromkeys(LEAST, 1.0)
        for _ in range(ROUNDS):
            found = dict.fromkeys(LEAST, 0.0)
            for form, bases in self.slipped.items():
                shares = {b: ways * weights[b[0]] * self.seen[b[1]] / (len(b[1]) * WAYS.get(b[0], 1)) for b, ways in bases.items()}
                total = sum(shares.values())
                for (name, _base), share in shares.items():
                    found[name] += self.others[form] * share / total if total else 0.0
            weights = {n: v + 1e-9 for n, v in found.items()}
        return {n: round(v / self._visible(n)) for n, v in found.items() if round(v)}

    def _visible(self, name: str) -> float:
        """Return the share of the slips of a kind that can be seen."""
        seen = total = once = 0.0
        for word, count in self.seen.items():
            made = [m for m in _slipped(name, word, self.keys) if m != word] if len(word) >= LEAST[name] else []
            total += count if made else 0
            once += count == 1 and bool(made)
            seen += count * sum(m not in self.known for m in made) / len(made) if made else 0.0
        return seen / total * (1 - once / total / 2) if seen else 1.0

    def count(self, texts: Iterable[str]) -> Habits:
        """Count texts; nothing of them is kept but numbers."""
        names = ("known", "casing", "shorthand", "numbers", "dates")
        counts: dict[str, Counter[str]] = {n: Counter() for n in names}
        lengths: Counter[int] = Counter()
        made = Habits()
        for text in texts:
            lengths[len(text)] += 1
            counts["casing"].update([case_of(text) or "none"])
            for table, patterns in (("numbers", NUMBERS), ("dates", DATES)):
                counts[table].update({n: k for n, p in patterns.items() if (k := len(p.findall(text)))})
            counts["shorthand"].update({n: k for n, k in shortened(text, self.language).items() if k})
            words = words_of(text)
            made.words += len(words)
            for word in words:
                self._word(word, counts["known"], made)
            self.spread.update({w for w in words if w in self.others})
        made.texts = lengths.total()
        every = sorted(lengths.elements())
        made.length_median, made.length_p90 = int(median(every or [0])), every[len(every) * 9 // 10] if every else 0
        for name in names:
            setattr(made, name, dict(sorted(counts[name].items())))
        made.unknown = self.others.total() - sum(self.others[form] for form in self.slipped)
        made.slips = self.slips()
        return made

    def _word(self, word: str, known: Counter[str], made: Habits) -> None:
        if word in self.known:
            self.seen[word] += 1
            known.update(n for n, least in LEAST.items() if len(word) >= least)
        elif word in self.foreign:
            made.foreign += 1
        else:
            self.others[word] += 1


def _bases(word: str, keys: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    """Yield (slip, word that it may have been), once for each way in which the perturbation of that name makes it.

    An ending with a letter more (changed, shoes) is therefore no slip.
    """
    for at in range(1, len(word) - 1):
        yield "swap_letters", word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    for at in range(1, len(word)):
        if word[at] == word[at - 1]:
            yield "double_letter", word[:at] + word[at + 1 :]
    for at in range(2, len(word)):
        yield from (("neighbour_key", word[:at] + key + word[at + 1 :]) for key in keys.get(word[at], ()))
    for at in range(2, len(word) - 1):
        if word[at] in keys.get(word[at - 1], ()):
            yield "extra_letter", word[:at] + word[at + 1 :]
    for at in range(1, len(word)):
        yield from (("drop_letter", word[:at] + letter + word[at:]) for letter in keys)


def _slipped(name: str, word: str, keys: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return what a slip of a kind can make of a word."""
    inner = range(1, len(word) - 1)
    if name == "swap_letters":
        return [word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in inner]
    if name == "drop_letter":
        return [word[:i] + word[i + 1 :] for i in inner]
    if name == "double_letter":
        return [word[: i + 1] + word[i:] for i in range(len(word))]
    if name == "extra_letter":
        return [word[: i + 1] + key + word[i + 1 :] for i in inner for key in keys.get(word[i], ())]
    return [word[:i] + key + word[i + 1 :] for i in range(2, len(word)) for key in keys.get(word[i], ())]


def mine(texts: Iterable[str], tag: str = "en") -> Habits:
    """Return the habits of texts in a language."""
    return _Counter(load_language(tag), known_words(tag, every_pack(tag))).count(texts)


class Proposed(NamedTuple):
    """A word that a language's tables or a pack may want: ``table`` it would go to, ``of`` the word that it is written for, ``texts`` it stands in."""

    table: str
    word: str
    of: str
    texts: int


def propose(texts: Iterable[str], tag: str = "en", least: int = SHARED) -> list[Proposed]:
    """Return misspellings that recur and words that no table lists, each in so many texts at least, the most common first."""
    counter = _Counter(load_language(tag), known_words(tag, every_pack(tag)))
    counter.count(texts)
    made = []
    for word, count in counter.spread.items():
        bases = counter.slipped.get(word)
        if count >= least and len(word) > 1:
            of = max(bases, key=lambda b: (counter.seen[b[1]], b[1]))[1] if bases else ""
            made.append(Proposed("misspellings" if of else "words", word, of, count))
    return sorted(made, key=lambda p: (p.table, -p.texts, p.word))


def write_profile(habits: Mapping[str, Habits]) -> str:
    """Return a profile as TOML: by language counts, and the rates that generation follows."""
    lines = [f'schema = "{SCHEMA}"', "# counts and rates only: no text of the log is in here"]
    for tag, found in sorted(habits.items()):
        flat = {k: v for k, v in msgspec.to_builtins(found).items() if not isinstance(v, dict)}
        lines += ["", f'[language."{tag}"]', *(f"{k} = {v}" for k, v in flat.items()), "", f'[language."{tag}".rates]']
        lines += [f"{k} = {v}" for k, v in found.rates().items()]
        for table in ("known", "slips", "casing", "shorthand", "numbers", "dates"):
            lines += ["", f'[language."{tag}".{table}]', *(f"{k} = {v}" for k, v in getattr(found, table).items())]
    return "\n".join(lines) + "\n"


def read_profile(path: Path) -> dict[str, dict[str, Decimal]]:
    """Return the rates of a profile, by language and perturbation; raises ``UsageError`` for another file."""
    try:
        data: dict[str, Any] = tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path}: cannot be read as a profile: {error}", mend="write one with: robustgen mine LOGS -o FILE") from None
    if data.get("schema") != SCHEMA:
        raise UsageError(f"{path}: no profile of robustgen", mend="write one with: robustgen mine LOGS -o FILE")
    made = {tag: {k: Decimal(v) for k, v in table.get("rates", {}).items()} for tag, table in data.get("language", {}).items()}
    for tag, rates in made.items():
        for name, rate in rates.items():
            if not 0 <= rate <= 1:
                raise UsageError(f"{path}: the rate of '{name}' in '{tag}' is {rate}, outside 0..1", mend="mine the log again")
    return made


def follow(text: str, rates: Mapping[str, Decimal], *, language: str = "en", seed: int = 0, keep: Iterable[str] = ()) -> Variant:
    """Return the text with as many slips of each kind as the rates let expect of a text with so many words; it may come back unchanged."""
    spoken, known = load_language(language), known_words(language, ())
    draw = RandomDraw(seed_of(seed, text))
    now, trail, guarantee = text, [], "checked"
    for name, rate in sorted(rates.items(), key=lambda r: (r[0] in WHOLE, r[0])):
        if PERTURBATIONS.get(name).over_facts:  # only a case has facts to write in another shape
            continue
        for _ in range(sum(draw.below(GRAIN) < rate * GRAIN for _ in range(places(name, text, spoken, known)))):
            strength = 1.0 if name in WHOLE else ONE_PLACE
            made = perturb_text(now, language=language, perturbations=[name], strength=strength, seed=draw.below(GRAIN), keep=list(keep))
            if made:
                now, guarantee = made[0].text, made[0].guarantee
                trail += made[0].trail
    return Variant(text=now, base_text=text, trail=trail, guarantee=guarantee, language=language)
