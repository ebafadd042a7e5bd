"""The proof of a ``preserves`` variant: the independent checker finds no difference, and where the reader covers the text it reads the same."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from itertools import combinations

from robustgen.core.case import Case, Effect, Kind
from robustgen.core.language import Language
from robustgen.errors import RobustgenError, TooAmbiguous
from robustgen.generate.cldr import DURATIONS, calendar_names, unit_forms
from robustgen.grammar.read import agrees, read_text
from robustgen.packs.language import load_language
from robustgen.packs.pack import load_pack
from robustgen.safety import Vocabulary, differences
from robustgen.safety.extract import Habit

__all__ = ["prove", "said_otherwise", "vocabulary_for", "vocabulary_of"]


@lru_cache(maxsize=128)
def vocabulary_of(domain: str, tag: str) -> Vocabulary:
    """Return the checker's vocabulary of a pack in a language."""
    meanings: dict[str, frozenset[object]] = {}
    for name, words in load_pack(domain).say(tag).lexicon.sets.items():
        for form, senses in words.by_form.items():
            values = frozenset(str(sense.value) for sense in senses)
            meanings[form] = meanings.get(form, frozenset()) | {(name, values)} | {("currency", code) for code in values.intersection(_CODES)}
    language = load_language(tag)
    return _vocabulary(
        language,
        {form: meanings.get(form, frozenset()) | senses for form, senses in (dict.fromkeys(meanings, frozenset[object]()) | _currencies(language)).items()},
    )


@lru_cache(maxsize=128)
def vocabulary_for(language: Language) -> Vocabulary:
    """Return the checker's vocabulary of a language: only its data, none of the engine."""
    return _vocabulary(language, _currencies(language))


_CODES = ("USD", "EUR", "GBP", "JPY", "CNY", "INR", "BRL", "CHF", "CAD", "AUD", "MXN", "AED", "SAR", "EGP", "NZD", "HKD", "SGD", "SEK", "NOK", "DKK", "PLN")
_DOLLARS = ("USD", "CAD", "AUD", "NZD", "HKD", "SGD", "MXN")
_SIGNS = {"$": _DOLLARS, "€": ("EUR",), "£": ("GBP", "EGP"), "¥": ("JPY", "CNY"), "₹": ("INR",), "円": ("JPY",), "元": ("CNY",)}


def _currencies(language: Language) -> dict[str, frozenset[object]]:
    """Return the signs, codes and CLDR names of currencies with what each may stand for."""
    from babel.numbers import get_currency_name, get_currency_symbol

    found: dict[str, set[object]] = {sign: {("currency", code) for code in codes} for sign, codes in _SIGNS.items()}
    for code in _CODES:
        names = {get_currency_name(code, count=n, locale=language.locale) for n in (1, 2, 5)}
        for form in {code, get_currency_symbol(code, locale=language.locale), *names}:
            found.setdefault(form, set()).add(("currency", code))
    return {form: frozenset(senses) for form, senses in found.items()}


def _weekdays(language: Language) -> list[str]:
    """Return what tells each day of the week from the others: its name, of compounds the first word."""
    return sorted({name.split("-")[0] for name in calendar_names(language.locale)[1]})


def _units(language: Language) -> dict[str, str]:
    """Return the written forms of units to their codes: those of the language's table and, of time, those of CLDR."""
    listed = {r["form"]: r["code"] for r in language.rows("units")}
    times = {form: code for form, code in unit_forms(language.locale, spaced=language.spaced).items() if code in DURATIONS.values()}
    return {**times, **listed}


_HARMLESS = (("homophones", "form", "other"), ("regional", "form", "other"), ("shorthand", "form", "short"), ("contractions", "form", "short"),
             ("pronouns", "form", "neutral"), ("codeswitch", "form", "other"), ("loanwords", "form", "other"))  # fmt: skip
"""Resources whose second column may stand for the first: it is read as the same."""


def _vocabulary(language: Language, entries: dict[str, frozenset[object]]) -> Vocabulary:
    spoken = language.rows("spoken")
    habit = Habit(
        decimal=language.settings.get("decimal", "."),
        date_order=language.settings.get("date_order", "dmy"),
        locale=language.locale,
        units=_units(language),
        words=_number_words(language.settings.get("num2words", language.base)),
        scales={r["form"]: Fraction(r["factor"]) for r in language.rows("scale_words")},
        percents=[r["word"] for r in spoken if r["kind"] == "sign"],
        eras={r["name"]: int(r["start"][:4]) - 1 for r in language.rows("eras")},
        furniture=[r["text"] for r in language.rows("page_furniture")],
        letter_digits=language.settings.get("letter_digits", ""),
        spaced=language.spaced,
        lunar=[r["text"] for r in language.rows("hijri")],
    )
    texts = {name: [r["text"] for r in language.rows(name) if r.get("text")] for name in ("negations", "modals", "commonwords")}
    return Vocabulary(
        habit,
        negations=texts["negations"],
        modals=texts["modals"],
        entries=entries,
        real=texts["commonwords"],
        opposites=[*((r["word"], r["other"]) for r in language.rows("opposites")), *combinations(_weekdays(language), 2)],
        harmless=[*((r[a], other) for name, a, b in _HARMLESS for r in language.rows(name) for other in r[b].split("|")), *_unit_pairs(language)],
        spaced=language.spaced,
    )


def _unit_pairs(language: Language) -> list[tuple[str, str]]:
    """Return the spellings of each unit and of its metric neighbours in pairs; quantities are compared by value elsewhere."""
    by_code: dict[str, list[str]] = {}
    for form, code in _units(language).items():
        by_code.setdefault(code, []).append(form)
    same = [*by_code.values(), *([form for code in step for form in by_code.get(code, ())] for step in _METRIC)]
    return [(a, b) for forms in same for a in forms for b in forms if a != b]


_METRIC = (("mcg", "mg", "g", "kg"), ("mL", "dL", "L"), ("mm", "cm", "m", "km"))


@lru_cache(maxsize=32)
def _number_words(code: str) -> dict[str, int]:
    from num2words import num2words

    try:
        return {str(num2words(n, lang=code)): n for n in range(2, 1000)}
    except (NotImplementedError, KeyError):  # num2words lacks the language: its spelled-out numbers are not compared
        return {}


def prove(base: Case, case: Case) -> list[str]:
    """Return what breaks the promise of a variant; empty when it holds or promises nothing of the kind."""
    if not case.trail or any(s.effect is not Effect.preserves for s in case.trail):
        return []
    return said_otherwise(base, case) or _reads_other(case)


def said_otherwise(base: Case, case: Case) -> list[str]:
    """Return what the independent checker finds that a variant says and its base does not, and the reverse."""
    if case.language != base.language:
        return []
    found = differences(base.text, case.text, vocabulary_of(case.domain, case.tag))
    if Kind.adversarial in case.kinds and all(not e.old for s in case.trail for e in s.edits):
        return [f for f in found if f.startswith("lost")]  # what an attacker adds is no statement of the document
    return found


def _reads_other(case: Case) -> list[str]:
    """Return where the text reads back to other facts; what the reader does not cover proves nothing."""
    if not isinstance(case.language, str):
        return []
    pack = load_pack(case.domain)
    try:
        say = pack.say(case.language)
        type_ = pack.schema(case.language).types[pack.task(case.task).type.name]
        readings = read_text(say, say.alternatives("documents", case.task), type_, case.text)
    except TooAmbiguous:
        return []
    except RobustgenError as error:
        return [error.what]
    wrong = [path for r in readings if (path := agrees(r, case.facts))]
    return [f"reads back another {wrong[0]}"] if wrong and len(wrong) == len(readings) else []
