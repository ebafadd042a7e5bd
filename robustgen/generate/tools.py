"""What a perturbation may ask for, filled from a pack: the protocol ``Tools`` of the core."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from robustgen.core.case import Case, Facts, Span, joined
from robustgen.core.draw import Draw, ReplayDraw
from robustgen.core.language import Language
from robustgen.core.plugins import Field, Form, Realised
from robustgen.errors import GrammarError, RobustgenError
from robustgen.generate.guard import found_spans
from robustgen.generate.pack_words import PackWords, pack_words
from robustgen.grammar import schema as abstract
from robustgen.grammar.formats import habits_of
from robustgen.grammar.leaf import Leaves
from robustgen.grammar.lexicon import Words, value_key
from robustgen.grammar.read import read_text
from robustgen.grammar.schema import RecordType, View, at_path
from robustgen.packs.language import load_language
from robustgen.packs.locate import corpora
from robustgen.packs.pack import Pack
from robustgen.packs.tasks import Task

__all__ = ["CaseTools", "TextTools"]


class TextTools:
    """Tools for text that no pack generated: the language's resources and what can be found in the text."""

    clock = None

    def __init__(self, text: str, language: Language, strength: float, protected: Sequence[Span] = ()) -> None:
        """Keep the text and what the user wants kept."""
        self.text, self.language, self.strength = text, language, strength
        self._kept = protected
        self._guard: Sequence[Span] | None = None

    def _guarded(self) -> Sequence[Span]:
        return joined([*self._kept, *found_spans(self.text, self.language)])

    def lang(self, tag: str) -> Language | None:
        """Return another language's resources, if present."""
        try:
            return load_language(tag)
        except RobustgenError:
            return None

    def languages(self) -> Sequence[str]:
        """Return the tags of all languages that have resources."""
        return [t for t in corpora() if "-" not in t]

    def tags(self) -> Sequence[str]:
        """Return no tags: nothing is known of the facts."""
        return ()

    def protected(self) -> Sequence[Span]:
        """Return the spans that no edit may touch."""
        if self._guard is None:
            self._guard = self._guarded()
        return self._guard

    def field(self, path: str) -> Field | None:
        """Return nothing: no facts are known."""
        return None

    def forms(self, path: str) -> Sequence[Form]:
        """Return nothing: no facts are known."""
        return ()

    def shared(self, path: str, text: str) -> Sequence[Any]:
        """Return nothing: no facts are known."""
        return ()

    def render(self, path: str, style: str, tag: str = "") -> str | None:
        """Return nothing: no facts are known."""
        return None

    def say(self, facts: Facts, tag: str, draw: Draw) -> Realised | None:
        """Return nothing: no grammar covers the text."""
        return None

    def part(self, path: str, tag: str, draw: Draw) -> Realised | None:
        """Return nothing: no grammar covers the text."""
        return None

    def read(self, text: str) -> Sequence[Facts] | None:
        """Return nothing: no grammar covers the text."""
        return None

    def with_value(self, path: str, value: Any) -> Facts | None:
        """Return nothing: no facts are known."""
        return None

    def render_value(self, path: str, facts: Facts, style: str) -> str | None:
        """Return nothing: no facts are known."""
        return None

    def differs(self, path: str, facts: Facts) -> bool:
        """Return False: no facts are known."""
        return False

    def typical(self, path: str, draw: Draw) -> Any:
        """Return nothing: no facts are known."""
        return None

    def names(self, text: str) -> bool:
        """Return False: no pack has words for anything."""
        return False


class CaseTools(TextTools):
    """Tools for a case of a pack."""

    def __init__(self, pack: Pack, task: Task, case: Case, strength: float) -> None:
        """Keep the case; everything else is made on first use."""
        super().__init__(case.text, load_language(case.tag), strength)
        self.pack, self.task, self.case, self.tag = pack, task, case, case.tag
        self._say = pack.say(self.tag)
        self._type: RecordType = pack.schema(self.tag).types[task.type.name]
        self._fields: dict[str, Field | None] = {}

    def _guarded(self) -> Sequence[Span]:
        facts = [s for path, places in self.case.spans.items() if self._is_leaf(path) for s in places]
        return joined([*facts, *found_spans(self.text, self.language)])

    def _is_leaf(self, path: str) -> bool:
        try:
            return not isinstance(at_path(self.case.facts, path), (dict, list))
        except KeyError:
            return True

    def tags(self) -> Sequence[str]:
        """Return the tags in which the task is spoken, this case's own left out."""
        return [t for t in self.pack.tags if t != self.tag and self.pack.speaks(t, self.task.name)]

    def _resolve(self, path: str) -> tuple[RecordType, abstract.Field] | None:
        try:
            return self._say.owner_of(self._type, path)
        except GrammarError:
            return None

    def _owner(self, path: str) -> Any:
        head = path.rpartition(".")[0]
        return at_path(self.case.facts, head) if head else self.case.facts

    def field(self, path: str) -> Field | None:
        """Return what the pack knows of the value at a path."""
        if path not in self._fields:
            self._fields[path] = self._field(path)
        return self._fields[path]

    def _field(self, path: str) -> Field | None:
        found = self._resolve(path)
        if found is None:
            return None
        owner, field = found
        try:
            value = at_path(self.case.facts, path)
        except KeyError:
            return None
        if isinstance(value, (dict, list)):
            return None
        unit = field.unit
        if field.unit_field:
            unit = str(self._owner(path).get(field.unit_field) or "")
        plain = "".join(c for c in path if not c.isdigit()).replace("[]", "")
        depends = any(plain == d or plain.startswith(f"{d}.") or d.startswith(f"{plain}.") for d in self.task.depends)
        kind = {"pick": _kind_of(value), "derived": _kind_of(value), "faker": "text"}.get(field.kind, field.kind)
        if field.kind == "one" and field.spec.numeric:
            kind = _kind_of(value)
        table = field.spec.of if field.kind == "row" else ""
        loose = (table or f"{owner.name}.{field.name}") in self.pack.meta.get("examples", ())
        return Field(path=path, kind=kind, value=value, unit=unit, table=table, depends=depends, loose=loose)

    def _words(self, path: str) -> Words | None:
        found = self._resolve(path)
        return self._say.leaves.words_of(found[1]) if found else None

    def forms(self, path: str) -> Sequence[Form]:
        """Return every wording of the value at a path, error-prone ones too."""
        words = self._words(path)
        if words is None:
            return ()
        return self._say.lexicon.forms(words, at_path(self.case.facts, path))

    def shared(self, path: str, text: str) -> Sequence[Any]:
        """Return all values that ``text`` can stand for at this path."""
        words, found = self._words(path), self._resolve(path)
        if words is None or found is None:
            return ()
        values = dict.fromkeys(e.value for e in words.by_form.get(text, ()))
        return [found[1].typed(v) for v in values]

    def render(self, path: str, style: str, tag: str = "") -> str | None:
        """Return the value at a path in a format, None when it does not fit."""
        found = self._resolve(path)
        if found is None:
            return None
        leaves = self._say.leaves if not tag else Leaves(load_language(tag), self.pack.say(tag if tag in self.pack.tags else "en").lexicon)
        try:
            leaf = leaves.make(found[1], style, "", None)
            return leaf.say(at_path(self.case.facts, path), self._owner(path), ReplayDraw())
        except (GrammarError, KeyError, TypeError, ValueError, ArithmeticError, AttributeError):
            return None

    def render_value(self, path: str, facts: Facts, style: str) -> str | None:
        """Return the value that other facts have at a path in a format."""
        found = self._resolve(path)
        if found is None:
            return None
        head = path.rpartition(".")[0]
        try:
            leaf = self._say.leaves.make(found[1], style, "", None)
            return leaf.say(at_path(facts, path), at_path(facts, head) if head else facts, ReplayDraw())
        except (GrammarError, KeyError, TypeError, ValueError, ArithmeticError, AttributeError):
            return None

    def differs(self, path: str, facts: Facts) -> bool:
        """Tell whether other facts have another value at a path."""
        try:
            return bool(at_path(facts, path) != at_path(self.case.facts, path))
        except KeyError:
            return True

    def say(self, facts: Facts, tag: str, draw: Draw) -> Realised | None:
        """Return facts as a document of the same task in a language."""
        if tag not in self.pack.tags or not self.pack.speaks(tag, self.task.name):
            return None
        say = self.pack.say(tag)
        try:
            return say.realise(say.alternatives("documents", self.task.name), say.schema.types[self._type.name], facts, draw)[0]
        except GrammarError:
            return None

    def part(self, path: str, tag: str, draw: Draw) -> Realised | None:
        """Return the record at a path as its own text in a language."""
        found = self._resolve(path)
        if found is None or tag not in self.pack.tags:
            return None
        name = found[1].spec.of
        say = self.pack.say(tag)
        if name not in say.symbols or name not in say.schema.types:
            return None
        try:
            return say.realise(say.symbols[name], say.schema.types[name], at_path(self.case.facts, path), draw)[0]
        except (GrammarError, KeyError):
            return None

    def read(self, text: str) -> Sequence[Facts] | None:
        """Return what a text states as a document of this task, None where the reader does not cover it."""
        found = read_text(self._say, self._say.alternatives("documents", self.task.name), self._type, text)
        return [dict(r) for r in found] or None

    def with_value(self, path: str, value: Any) -> Facts | None:
        """Return the facts with one value changed, None when the constraints forbid it."""
        try:
            return self._type.with_value(self.case.facts, path, value, ReplayDraw())
        except (GrammarError, KeyError, TypeError):
            return None

    def typical(self, path: str, draw: Draw) -> Any:
        """Return another plausible value for a path."""
        found = self._resolve(path)
        if found is None:
            return None
        owner, field = found
        try:
            return field.draw_present(draw, View(self._owner(path), owner))
        except (GrammarError, KeyError):
            return None

    @cached_property
    def words(self) -> PackWords:
        """The pack's words in the case's language."""
        return pack_words(self.pack.name, self.tag)

    def names(self, text: str) -> bool:
        """Tell whether a text that is put beside the document names anything that the pack has words for."""
        return self.words.names(text)


def _kind_of(value: Any) -> str:
    name = type(value).__name__
    return {"int": "int", "Decimal": "decimal", "date": "date", "datetime": "datetime", "time": "time", "bool": "bool"}.get(name, "text")


__all__ += ["habits_of", "value_key"]
