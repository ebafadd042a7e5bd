"""Learning how real users write, as counts only: no text of a log is kept.

A word that the language does not know, one slip away from one that it knows, is a slip of that kind; the kinds bear the names of the perturbations that make them.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any

import msgspec
import regex

from robustgen.core.draw import RandomDraw, seed_of
from robustgen.core.language import Language
from robustgen.errors import UsageError
from robustgen.generate.free_text import Variant, perturb_text
from robustgen.generate.profiled import GRAIN, LEAST, ONE_PLACE
from robustgen.packs.language import load_language

__all__ = ["Habits", "follow", "mine", "read_profile", "write_profile"]

SCHEMA = "robustgen.profile/1"
ROUNDS = 25
WAYS = {"neighbour_key": 5, "extra_letter": 5}
"""Forms that a slip at one place can make, where it is more than one."""
_WORD = regex.compile(r"\p{L}[\p{L}\p{M}'’]*")
_DATES = {
    "iso": regex.compile(r"\b\d{4}-\d\d-\d\d\b"),
    "slashed": regex.compile(r"\b\d{1,2}/\d{1,2}/\d{2,4}\b"),
    "dotted": regex.compile(r"\b\d{1,2}\.\d{1,2}\.\d{2,4}\b"),
}
_NUMBERS = {
    "grouped_comma": regex.compile(r"\b\d{1,3}(?:,\d{3})+\b"),
    "decimal_comma": regex.compile(r"\b\d+,\d{1,2}\b"),
    "decimal_point": regex.compile(r"\b\d+\.\d{1,2}\b(?!\.)"),
    "plain": regex.compile(r"(?<![\d.,/-])\d+(?![\d.,/-])"),
}


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
        places = sum(self.shorthand.values())
        if places:
            made["shorthand"] = (Decimal(self.shorthand.get("short", 0)) / places).quantize(Decimal("0.000001"))
        return made


class _Counter:
    """Counts the texts of one language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        own = {r["form"] for r in language.rows("misspellings")} | {w for form in language.mapping("shorthand", "form", "short") for w in form.split()}
        self.known = {r["text"].casefold() for r in language.rows("commonwords")} | {w.casefold() for w in own}
        self.keys = language.mapping("keyboard", "char", "neighbours")
        forms = language.mapping("shorthand", "form", "short")
        self.long = {f for f in forms if " " not in f}
        self.short = {s.casefold() for f in self.long for s in forms[f]} - self.known
        self.foreign = {w for r in language.rows("codeswitch") for w in r["other"].casefold().split("|")} - self.known
        self.seen: Counter[str] = Counter()
        self.slipped: Counter[str] = Counter()
        self._made: dict[str, Counter[tuple[str, str]]] = {}

    def bases(self, word: str) -> Counter[tuple[str, str]]:
        """Return (slip, known word) to the number of ways in which the word comes from it, empty for a word that is no slip."""
        if word not in self._made:
            every = Counter(b for b in _bases(word, self.keys) if b[1] in self.known and len(b[1]) >= LEAST[b[0]])
            self._made[word] = every
        return self._made[word]

    def slips(self) -> dict[str, int]:
        """Return how many slips of each kind there were.

        A form that may be several slips is shared among them by how common each kind and word is in this log, until the shares stay; slips that make another
        known word cannot be seen, and are added by how often that happens to the words of this log.
        """
        weights = dict.fromkeys(LEAST, 1.0)
        for _ in range(ROUNDS):
            found = dict.fromkeys(LEAST, 0.0)
            for form, count in self.slipped.items():
                shares = {b: ways * weights[b[0]] * (self.seen[b[1]] + 0.01) / (len(b[1]) * WAYS.get(b[0], 1)) for b, ways in self.bases(form).items()}
                total = sum(shares.values())
                for (name, _base), share in shares.items():
                    found[name] += count * share / total if total else 0.0
            weights = {n: v + 1e-9 for n, v in found.items()}
        return {n: round(v / self._visible(n)) for n, v in found.items() if round(v)}

    def _visible(self, name: str) -> float:
        """Return the share of the slips of a kind that make no known word."""
        seen = total = 0.0
        for word, count in self.seen.items():
            made = [m for m in _slipped(name, word, self.keys) if m != word] if len(word) >= LEAST[name] else []
            total += count if made else 0
            seen += count * sum(m not in self.known for m in made) / len(made) if made else 0.0
        return seen / total if seen else 1.0

    def count(self, texts: Iterable[str]) -> Habits:
        """Count texts; nothing of them is kept but numbers."""
        names = ("known", "casing", "shorthand", "numbers", "dates")
        counts: dict[str, Counter[str]] = {n: Counter() for n in names}
        lengths: Counter[int] = Counter()
        made = Habits()
        for text in texts:
            lengths[len(text)] += 1
            counts["casing"]["lower" if text == text.lower() else "upper" if text == text.upper() else "mixed"] += 1
            for table, patterns in (("numbers", _NUMBERS), ("dates", _DATES)):
                counts[table].update({n: k for n, p in patterns.items() if (k := len(p.findall(text)))})
            for match in _WORD.finditer(text):
                made.words += 1
                self._word(match[0].casefold(), counts, made)
        made.texts = lengths.total()
        every = sorted(lengths.elements())
        made.length_median, made.length_p90 = int(median(every or [0])), every[len(every) * 9 // 10] if every else 0
        for name in names:
            setattr(made, name, dict(sorted(counts[name].items())))
        made.slips = self.slips()
        return made

    def _word(self, word: str, counts: Mapping[str, Counter[str]], made: Habits) -> None:
        if word in self.short or word in self.long:
            counts["shorthand"]["short" if word in self.short else "long"] += 1
        if word in self.known:
            self.seen[word] += 1
            counts["known"].update(n for n, least in LEAST.items() if len(word) >= least)
        elif word in self.foreign:
            made.foreign += 1
        elif word not in self.short:
            self.slipped.update([word] if self.bases(word) else [])
            made.unknown += not self.bases(word)


def _bases(word: str, keys: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    """Yield (slip, word that it may have been), once for each way in which it comes from it."""
    for at in range(len(word) - 1):
        yield "swap_letters", word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    for at in range(1, len(word)):
        if word[at] == word[at - 1]:
            yield "double_letter", word[:at] + word[at + 1 :]
    for at in range(1, len(word)):
        yield from (("neighbour_key", word[:at] + key + word[at + 1 :]) for key in keys.get(word[at], ()))
    for at in range(1, len(word)):
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
    return _Counter(load_language(tag)).count(texts)


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
    counter = _Counter(load_language(language))
    words = [w.casefold() for w in _WORD.findall(text)]
    draw = RandomDraw(seed_of(seed, text))
    now, trail, guarantee = text, [], "checked"
    for name, rate in sorted(rates.items()):
        places = sum(w in counter.long for w in words) if name not in LEAST else sum(w in counter.known and len(w) >= LEAST[name] for w in words)
        for _ in range(sum(draw.below(GRAIN) < rate * GRAIN for _ in range(places))):
            made = perturb_text(now, language=language, perturbations=[name], strength=ONE_PLACE, seed=draw.below(GRAIN), keep=list(keep))
            if made:
                now, guarantee = made[0].text, made[0].guarantee
                trail += made[0].trail
    return Variant(text=now, base_text=text, trail=trail, guarantee=guarantee, language=language)
