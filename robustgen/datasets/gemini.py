"""Gemini on Vertex AI."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from robustgen.datasets._base import Problem, Record, Row, alternating, data_format
from robustgen.datasets._checks import alternate, keys, last_is, text

__all__ = ["records"]


def _check(record: Any) -> Iterator[Problem]:
    yield from keys(record, ("contents",), ("systemInstruction", "tools", "generationConfig", "labels"), closed=True)
    if not isinstance(record, dict):
        return
    if "systemInstruction" in record:
        yield from _content(record["systemInstruction"], "systemInstruction", ("system", "user", None))
    contents = record.get("contents")
    if "contents" in record and (not isinstance(contents, list) or not contents):
        yield "missing_messages_list", "'contents' must be a list of turns that is not empty"
    elif isinstance(contents, list):
        for number, turn in enumerate(contents):
            yield from _content(turn, f"contents[{number}]", ("user", "model", "function"))
        yield from alternate(contents, "contents", "user", "model")
        yield from last_is(contents, "model", "contents")


def _content(turn: Any, at: str, roles: tuple[str | None, ...]) -> Iterator[Problem]:
    yield from keys(turn, ("parts",), ("role",), closed=True, where=at)
    if not isinstance(turn, dict):
        return
    if turn.get("role") not in roles:
        yield "unrecognized_role", f"{at}: role {turn.get('role')!r} is none of {', '.join(r for r in roles if r)}"
    parts = turn.get("parts")
    if "parts" in turn and (not isinstance(parts, list) or not parts):
        yield "parts_type", f"{at}.parts must be a list that is not empty"
    for part in parts if isinstance(parts, list) else ():
        if not isinstance(part, dict):
            yield "parts_type", f"{at}.parts must hold objects such as {{'text': ...}}"
        else:
            yield from text(part, "text", where=f"{at}.parts")


def _turn(role: str, content: str) -> Record:
    return {"role": role, "parts": [{"text": content}]}


@data_format(_check)
def records(row: Row) -> Iterator[Record]:
    """Gemini: ``systemInstruction`` and ``contents``, the model last."""
    made: Record = {"systemInstruction": _turn("system", row.system)} if row.system else {}
    said = [_turn("model" if t["role"] == "assistant" else "user", t["content"]) for t in alternating(row)]
    yield {**made, "contents": [*said, _turn("model", row.answer)]}
