"""Places in a text that a row names by numbers, as entities and answers do: found, and moved with the edits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from robustgen.core.case import Edit, Span, move_spans

__all__ = ["move_offsets", "named_spans"]

BORDERS = (("start", "end"), ("begin", "end"), ("start_char", "end_char"), ("start_offset", "end_offset"), ("char_start", "char_end"))
SAID = ("text", "value", "word", "surface", "quote", "mention", "span")
LABELS = ("label", "labels", "type", "entity", "entity_group", "entity_type", "tag", "category")


class _Offset(NamedTuple):
    """A span with the container and the keys that hold its borders; ``end`` is None where the end is not written."""

    holder: Any
    start: Any
    end: Any
    span: Span


def named_spans(value: Any, text: str) -> list[Span]:
    """Return the spans of a text that a value names."""
    return [o.span for o in _offsets(value, text)]


def move_offsets(value: Any, text: str, edits: Sequence[Edit]) -> None:
    """Write new borders into a value; a span whose text is gone keeps its own."""
    for offset in list(_offsets(value, text)):
        for start, end in move_spans({"": [offset.span]}, edits)[""]:
            offset.holder[offset.start] = start
            if offset.end is not None:
                offset.holder[offset.end] = end


def _offsets(value: Any, text: str) -> Iterator[_Offset]:
    if isinstance(value, Mapping):
        yield from _of_mapping(value, text)
        for inner in value.values():
            yield from _offsets(inner, text)
    elif isinstance(value, list):
        if len(value) == 3 and isinstance(value[2], (str, list)) and _within(value[0], value[1], text):  # [start, end, label]
            yield _Offset(value, 0, 1, (value[0], value[1]))
        for inner in value:
            yield from _offsets(inner, text)


def _of_mapping(value: Mapping[str, Any], text: str) -> Iterator[_Offset]:
    said = next((value[name] for name in SAID if isinstance(value.get(name), (str, list))), None)
    for first, last in BORDERS:
        start, end = value.get(first), value.get(last)
        if (
            start is not None
            and end is not None
            and _within(start, end, text)
            and (text[start:end] == said if isinstance(said, str) else any(name in value for name in LABELS))
        ):
            yield _Offset(value, first, last, (start, end))
    start = value.get("answer_start")
    if isinstance(said, str) and isinstance(start, int) and said and text.startswith(said, start):
        yield _Offset(value, "answer_start", None, (start, start + len(said)))
    elif isinstance(said, list) and isinstance(start, list) and len(said) == len(start):
        yield from (
            _Offset(start, at, None, (s, s + len(t)))
            for at, (s, t) in enumerate(zip(start, said, strict=True))
            if isinstance(s, int) and isinstance(t, str) and t and text.startswith(t, s)
        )


def _within(start: Any, end: Any, text: str) -> bool:
    whole = all(isinstance(n, int) and not isinstance(n, bool) for n in (start, end))
    return whole and 0 <= start < end <= len(text)
