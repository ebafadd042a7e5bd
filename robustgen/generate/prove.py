"""The proof of a ``preserves`` variant: the independent checker finds no difference, and where the reader covers the text it reads the same."""

from __future__ import annotations

from functools import lru_cache

from robustgen.core.case import Case, Effect, Kind
from robustgen.core.language import Language
from robustgen.errors import RobustgenError, TooAmbiguous
from robustgen.grammar.read import agrees, read_text
from robustgen.packs.language import load_language
from robustgen.packs.pack import load_pack
from robustgen.safety import Vocabulary, differences
from robustgen.safety.extract import Habit

__all__ = ["prove", "vocabulary_for", "vocabulary_of"]


@lru_cache(maxsize=128)
def vocabulary_of(domain: str, tag: str) -> Vocabulary:
    """Return the checker's vocabulary of a pack in a language."""
    entries = {form for words in load_pack(domain).say(tag).lexicon.sets.values() for form in words.by_form}
    return vocabulary_for(load_language(tag), tuple(sorted(entries)))


@lru_cache(maxsize=128)
def vocabulary_for(language: Language, entries: tuple[str, ...] = ()) -> Vocabulary:
    """Return the checker's vocabulary of a language: only its data, none of the engine."""
    habit = Habit(
        decimal=language.settings.get("decimal", "."),
        date_order=language.settings.get("date_order", "dmy"),
        locale=language.locale,
        units={r["form"]: r["code"] for r in language.rows("units")},
        words=_number_words(language.settings.get("num2words", language.base)),
    )
    texts = {name: [r["text"] for r in language.rows(name) if r.get("text")] for name in ("negations", "modals")}
    return Vocabulary(habit, negations=texts["negations"], modals=texts["modals"], entries=entries, spaced=language.spaced)


@lru_cache(maxsize=32)
def _number_words(code: str) -> dict[str, int]:
    from num2words import num2words

    try:
        return {str(num2words(n, lang=code)): n for n in range(2, 1000)}
    except (NotImplementedError, KeyError):
        return {}


def prove(base: Case, case: Case) -> list[str]:
    """Return what breaks the promise of a variant; empty when it holds or promises nothing of the kind."""
    if not case.trail or any(s.effect is not Effect.preserves for s in case.trail):
        return []
    found = []
    if case.language == base.language:
        found = differences(base.text, case.text, vocabulary_of(case.domain, case.tag))
        if Kind.adversarial in case.kinds and all(not e.old for s in case.trail for e in s.edits):
            found = [f for f in found if f.startswith("lost")]  # what an attacker adds is no statement of the document
    return found or _reads_other(case)


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
