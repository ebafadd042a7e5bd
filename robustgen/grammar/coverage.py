"""What a grammar can produce and what a run did produce: productions, paths of two and three productions, surface forms.

While a trace is active, every symbol that is written notes its wording under those that include it. The universe is
computed from the templates alone, so that what was never produced can be named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from robustgen.grammar import template as t

__all__ = ["TRACE", "Production", "Seen", "Trace", "forms_of", "paths_of"]

Production = tuple[str, int]
Path = tuple[Production, ...]
Scope = tuple[str, str]
"""Domain and language."""


class Seen:
    """What was written in one language of one domain."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.paths: set[Path] = set()
        self.forms: set[tuple[str, str]] = set()


class Trace:
    """What was written; off unless somebody looks."""

    def __init__(self) -> None:
        """Start switched off."""
        self.on = False
        self.seen: dict[Scope, Seen] = {}
        self._here = Seen()
        self._stack: list[Production] = []

    def start(self) -> None:
        """Forget everything and look from now on."""
        self.on, self.seen, self._here, self._stack = True, {}, Seen(), []

    def stop(self) -> None:
        """Look no longer."""
        self.on = False

    def scope(self, domain: str, tag: str) -> None:
        """Say which domain and language are written from here on."""
        self._here = self.seen.setdefault((domain, tag), Seen())
        self._stack = []

    def form(self, words: str, form: str) -> None:
        """Note a surface form of a lexicon set."""
        self._here.forms.add((words, form))

    def enter(self, symbol: str, wording: int) -> None:
        """Note a wording of a symbol, with the paths that end in it."""
        self._stack.append((symbol, wording))
        for k in (1, 2, 3):
            if len(self._stack) >= k:
                self._here.paths.add(tuple(self._stack[-k:]))

    def leave(self) -> None:
        """Come back from a symbol."""
        if self._stack:
            self._stack.pop()


TRACE = Trace()
"""The one trace of the process; generation in other processes is not seen."""


def _children(node: t.Node | t.Sequence, symbols: Mapping[str, Any]) -> Iterator[str]:
    """Yield the symbols that a node names; a slot that is no symbol names none."""
    if isinstance(node, t.Sequence):
        for inner in node.nodes:
            yield from _children(inner, symbols)
    elif isinstance(node, t.Slot):
        yield from (n for n in (node.part, node.path) if n in symbols)
    elif isinstance(node, t.Choice):
        for option in node.options:
            yield from _children(option, symbols)
    elif isinstance(node, t.If):
        yield from _children(node.body, symbols)
    elif isinstance(node, t.Select):
        for _, body in node.branches:
            yield from _children(body, symbols)
    elif isinstance(node, t.Shuffle):
        yield from (p for p in node.parts if p in symbols)


def paths_of(say: Any, tasks: Mapping[str, Any], k: int) -> set[Path]:
    """Return every path of ``k`` productions that starts anywhere below the tasks' documents."""
    wordings: dict[str, list[Any]] = {f"documents:{n}": say.alternatives("documents", n) for n in tasks}
    wordings |= say.symbols
    following: dict[Production, set[Production]] = {}
    for name, every in wordings.items():
        for i, alternative in enumerate(every):
            inner = set(_children(alternative.nodes, say.symbols)) | set(_typed(alternative.nodes, say))
            following[name, i] = {(c, j) for c in inner for j in range(len(say.symbols[c]))}
    reached = _reached({p for p in following if p[0].startswith("documents:")}, following)
    paths: set[Path] = {(p,) for p in reached}
    for _ in range(k - 1):
        paths = {(*path, p) for path in paths for p in following[path[-1]]}
    return paths


def _typed(node: t.Node | t.Sequence, say: Any) -> Iterator[str]:
    """Yield the type symbols that slots of lists and inner records use."""
    fields = {f.name: f for type_ in say.schema.types.values() for f in type_.fields.values()}
    nodes = node.nodes if isinstance(node, t.Sequence) else (node,)
    for inner in nodes:
        if isinstance(inner, t.Slot) and not inner.part:
            field = fields.get(inner.path.split(".")[-1].split("[")[0])
            item = field.item if field is not None and field.item is not None else field
            if item is not None and item.kind == "record" and item.spec.of in say.symbols:
                yield item.spec.of
        elif isinstance(inner, t.Choice):
            for option in inner.options:
                yield from _typed(option, say)
        elif isinstance(inner, t.If):
            yield from _typed(inner.body, say)
        elif isinstance(inner, t.Select):
            for _, body in inner.branches:
                yield from _typed(body, say)


def _reached(start: set[Production], following: Mapping[Production, set[Production]]) -> set[Production]:
    """Return what can be reached from the documents."""
    found, left = set(start), list(start)
    while left:
        for child in following[left.pop()]:
            if child not in found:
                found.add(child)
                left.append(child)
    return found


def forms_of(say: Any) -> set[tuple[str, str]]:
    """Return every surface form that clean text may hold, with its set."""
    return {(name, e.form) for name, words in say.lexicon.sets.items() for entries in words.by_value.values() for e in entries if e.safe}
