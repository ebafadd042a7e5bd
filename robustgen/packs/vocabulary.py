"""The words that are known to be words: those of a language's own tables, and those that the packs of that language say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

import msgspec
import regex

from robustgen.grammar.template import Literal
from robustgen.packs.language import load_language
from robustgen.packs.locate import pack_names
from robustgen.packs.pack import load_pack
from robustgen.packs.pools import PROVIDERS

__all__ = ["every_pack", "known_words", "listed_words", "words_of"]

_WORD = regex.compile(r"\p{L}[\p{L}\p{M}'’]*")
TABLES = (
    "answer_cues", "commonwords", "connectives", "contractions", "corrections", "disclaimers", "distractors", "elsewhere", "emoji_words", "fillers",
    "greetings", "homophones", "injections", "labels", "misspellings", "modals", "negations", "numberwords", "opposites", "page_furniture", "pronouns",
    "record_labels", "regional", "scale_words", "shorthand", "signatures", "sounds", "spoken", "titles", "units", "unknown",
)  # fmt: skip
"""Tables of a language that hold words as they are spelled."""
COLUMNS = ("text", "form", "word", "label", "phrase")


def words_of(text: str) -> list[str]:
    """Return the words of a text in small letters."""
    return [w.casefold() for w in _WORD.findall(text)]


@lru_cache(maxsize=32)
def listed_words(tag: str) -> frozenset[str]:
    """Return the words of a language's tables and its pools of names."""
    language = load_language(tag)
    pools = (text for provider in PROVIDERS for text in language.pool(provider))
    tables = (row[c] for name in TABLES for row in language.rows(name) for c in COLUMNS if row.get(c))
    return _words([*pools, *tables])


@lru_cache(maxsize=32)
def known_words(tag: str, packs: tuple[str, ...]) -> frozenset[str]:
    """Return the words of a language, and those that some packs say in it."""
    return listed_words(tag).union(*(_pack_words(name, tag) for name in packs))


def every_pack(tag: str) -> tuple[str, ...]:
    """Return the packs that speak a language."""
    return tuple(name for name in pack_names() if tag in load_pack(name).tags)


@lru_cache(maxsize=64)
def _pack_words(name: str, tag: str) -> frozenset[str]:
    say = load_pack(name).say(tag)
    alternatives = [a for found in (say.symbols, *say.sections.values()) for listed in found.values() for a in listed]
    return _words([*(form for words in say.lexicon.sets.values() for form in words.by_form), *_literals([a.nodes for a in alternatives])])


def _literals(node: Any) -> Iterator[str]:
    """Yield the texts that stand in templates."""
    if isinstance(node, Literal):
        yield node.text
    elif isinstance(node, (list, tuple)):
        for part in node:
            yield from _literals(part)
    elif isinstance(node, msgspec.Struct):
        for field in node.__struct_fields__:
            yield from _literals(getattr(node, field))


def _words(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(w for text in texts for w in words_of(text))
