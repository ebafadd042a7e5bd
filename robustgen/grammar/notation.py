"""Strict YAML 1.2 for pack files: every scalar is text that knows its line; doubles, anchors and tags are errors.

``no`` stays "no", ``012`` stays "012"; the declared field decides the type later.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, NoReturn

from robustgen.errors import PackError

__all__ = ["Text", "fail", "load_yaml", "only_keys", "place_of"]


class Text(str):
    """A scalar with the place it came from."""

    __slots__ = ("column", "file", "line")
    file: str
    line: int
    column: int

    @classmethod
    def at(cls, value: str, file: str, line: int, column: int) -> Text:
        """Make a scalar that knows its place."""
        text = cls(value)
        text.file, text.line, text.column = file, line, column
        return text


def place_of(value: object) -> tuple[str, int, int]:
    """Return file, line and column of a scalar, or of the first scalar inside a tree."""
    if isinstance(value, Text):
        return value.file, value.line, value.column
    inner: Iterator[object] = iter(())
    if isinstance(value, Mapping) or (isinstance(value, Sequence) and not isinstance(value, str)):
        inner = iter(value)
    for item in inner:
        return place_of(item)
    return "", 0, 0


def fail(at: object, what: str, mend: str = "") -> NoReturn:
    """Raise a ``PackError`` at the place of a scalar or tree."""
    file, line, column = place_of(at)
    raise PackError(what, file=file, line=line, column=column, mend=mend)


def only_keys(node: Any, known: Sequence[str], what: str) -> None:
    """Refuse keys that are not known, with the nearest one."""
    if not isinstance(node, Mapping):
        fail(node, f"{what} must be a mapping")
    for key in node:
        if key not in known:
            near = get_close_matches(key, known, n=1)
            fail(key, f"unknown key '{key}' in {what}", f"did you mean '{near[0]}'?" if near else f"known: {', '.join(known)}")


def load_yaml(source: str, file: str) -> Any:
    """Return the tree of one YAML document: dicts, lists and ``Text``; raises ``PackError`` with the place."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        events = YAML(typ="safe", pure=True).parse(source)
        return _Builder(file).document(events)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        raise PackError(f"not valid YAML: {error.problem or error.context}", file=file, line=line, column=column, mend=_yaml_hint(error)) from None
    except YAMLError as error:
        found = re.search(r"line (\d+)", str(error))
        raise PackError(f"not valid YAML: {error}", file=file, line=int(found[1]) if found else 0) from None


def _yaml_hint(error: Any) -> str:
    """Return a mend for the commonest YAML slips."""
    problem = f"{error.problem} {error.context}"
    if "mapping values are not allowed" in problem:
        return "a text that holds ': ' must stand in quotes"
    if "tab" in problem or "\\t" in problem:
        return "indent with spaces, not tabs"
    if "could not find expected" in problem or "expected <block end>" in problem:
        return "check the indentation and the quotes of the lines before"
    return "put the text in double quotes"


class _Builder:
    """Turns YAML events into a tree of dicts, lists and placed text."""

    def __init__(self, file: str) -> None:
        self.file = file

    def document(self, events: Iterator[Any]) -> Any:
        """Return the only document's tree, an empty dict for an empty file."""
        tree: Any = {}
        seen = 0
        for event in events:
            kind = type(event).__name__
            if kind == "DocumentStartEvent":
                seen += 1
                if seen > 1:
                    self._stop(event, "more than one document in the file")
            elif kind not in {"StreamStartEvent", "StreamEndEvent", "DocumentEndEvent"}:
                tree = self._node(event, events)
        return {} if isinstance(tree, str) and not tree else tree

    def _stop(self, event: Any, what: str, mend: str = "") -> NoReturn:
        mark = event.start_mark
        raise PackError(what, file=self.file, line=mark.line + 1, column=mark.column + 1, mend=mend)

    def _node(self, event: Any, events: Iterator[Any]) -> Any:
        kind = type(event).__name__
        if kind == "AliasEvent" or getattr(event, "anchor", None):
            self._stop(event, "anchors and aliases are not allowed", "write the text out, or put it in quotes")
        if getattr(event, "tag", None):
            self._stop(event, "tags are not allowed", "put the text in quotes")
        if kind == "ScalarEvent":
            return Text.at(event.value, self.file, event.start_mark.line + 1, event.start_mark.column + 1)
        if kind == "SequenceStartEvent":
            return self._sequence(events)
        return self._mapping(events)

    def _sequence(self, events: Iterator[Any]) -> list[Any]:
        items = []
        for event in events:
            if type(event).__name__ == "SequenceEndEvent":
                break
            items.append(self._node(event, events))
        return items

    def _mapping(self, events: Iterator[Any]) -> dict[Text, Any]:
        found: dict[Text, Any] = {}
        for event in events:
            if type(event).__name__ == "MappingEndEvent":
                break
            key = self._node(event, events)
            if not isinstance(key, Text):
                self._stop(event, "a key must be plain text")
            if key in found:
                self._stop(event, f"'{key}' stands twice in the same mapping", "remove or rename one of the two")
            found[key] = self._node(next(events), events)
        return found
