"""Checks that several formats share. A check takes what was decoded and yields (code, what is wrong)."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

__all__ = ["Problem", "alternate", "answers", "keys", "last_is", "pair", "text", "tools", "turns"]

Problem = tuple[str, str]
CHAT = ("system", "developer", "user", "assistant", "tool", "function")


def keys(record: Any, required: Collection[str], optional: Collection[str] = (), *, closed: bool = False, where: str = "") -> Iterator[Problem]:
    """Check that a record is an object with the required keys, and with no others where the format is closed."""
    at = f"{where}: " if where else ""
    if not isinstance(record, Mapping):
        yield "data_type", f"{at}an object is expected, this is {_kind(record)}"
        return
    for key in required:
        if key not in record:
            yield "missing_key", f"{at}'{key}' is missing"
    if closed:
        for key in record:
            if key not in required and key not in optional:
                yield "unrecognized_key", f"{at}'{key}' is not part of this format"


def text(record: Mapping[str, Any], key: str, *, where: str = "", empty: bool = False) -> Iterator[Problem]:
    """Check that a key, where it is there, holds text that is not blank."""
    if key not in record:
        return
    at, value = f"{where}.{key}" if where else key, record[key]
    if not isinstance(value, str):
        yield "not_text", f"'{at}' must be text, it is {_kind(value)}"
    elif not empty and not value.strip():
        yield "empty_text", f"'{at}' is empty"


def turns(
    value: Any,
    where: str,
    roles: Collection[str] = CHAT,
    *,
    role: str = "role",
    content: str = "content",
    optional: Collection[str] = ("name", "tool_calls", "tool_call_id", "weight", "function_call", "refusal", "audio", "thinking"),
    closed: bool = True,
) -> Iterator[Problem]:
    """Check a list of turns: roles, texts, no other keys, weights of 0 or 1, tool calls."""
    if not isinstance(value, list):
        yield "missing_messages_list", f"'{where}' must be a list of turns, it is {_kind(value)}"
        return
    if not value:
        yield "missing_messages_list", f"'{where}' is an empty list"
    for number, turn in enumerate(value):
        at = f"{where}[{number}]"
        called = isinstance(turn, Mapping) and bool(turn.get("tool_calls") or turn.get("function_call"))
        for code, what in keys(turn, (role,) if called else (role, content), (content, *optional), closed=closed, where=at):
            yield {"missing_key": "message_missing_key", "unrecognized_key": "message_unrecognized_key"}.get(code, code), what
        if not isinstance(turn, Mapping):
            continue
        if role in turn and turn[role] not in roles:
            yield "unrecognized_role", f"{at}: role {turn[role]!r} is none of {', '.join(sorted(roles))}"
        if content in turn and not (called and turn[content] is None):
            for code, what in text(turn, content, where=at):
                yield {"empty_text": "missing_content", "not_text": "content_type"}[code], what
        if "weight" in turn and (isinstance(turn["weight"], bool) or turn["weight"] not in (0, 1)):
            yield "bad_weight", f"{at}: weight must be 0 or 1"
        yield from _calls(turn.get("tool_calls"), at)


def _calls(calls: Any, at: str) -> Iterator[Problem]:
    """Check tool calls: arguments are JSON text, because objects of changing keys break columnar readers."""
    if calls is None:
        return
    if not isinstance(calls, list):
        yield "tool_calls_type", f"{at}: tool_calls must be a list"
        return
    for call in calls:
        made = call.get("function", call) if isinstance(call, Mapping) else {}
        arguments = made.get("arguments") if isinstance(made, Mapping) else None
        if not isinstance(made, Mapping) or "name" not in made:
            yield "tool_call_name", f"{at}: a tool call has no function name"
        if not isinstance(arguments, str):
            yield "tool_arguments", f"{at}: arguments of a tool call must be JSON text, this is {_kind(arguments)}"
        else:
            try:
                json.loads(arguments)
            except ValueError:
                yield "tool_arguments", f"{at}: arguments of a tool call are no valid JSON"


def tools(record: Mapping[str, Any]) -> Iterator[Problem]:
    """Check the list of tools, where there is one."""
    if record.get("tools") is None:
        return
    if not isinstance(record["tools"], list):
        yield "tools_type", "'tools' must be a list"
        return
    for tool in record["tools"]:
        if not isinstance(tool, Mapping) or not ("name" in tool or isinstance(tool.get("function"), Mapping)):
            yield "tools_type", "a tool has neither a name nor a function"


def last_is(value: Any, wanted: str, where: str, role: str = "role") -> Iterator[Problem]:
    """Check who speaks last."""
    if isinstance(value, list) and value and isinstance(value[-1], Mapping) and value[-1].get(role) != wanted:
        yield "last_turn", f"'{where}' must end with the {wanted}, it ends with {value[-1].get(role)!r}"


def answers(value: Any, where: str, wanted: str = "assistant", role: str = "role") -> Iterator[Problem]:
    """Check that somebody answers at all."""
    if isinstance(value, list) and value and not any(isinstance(t, Mapping) and t.get(role) == wanted for t in value):
        yield "example_missing_assistant_message", f"'{where}' has no turn of the {wanted}"


def alternate(value: Any, where: str, first: str, second: str, role: str = "role") -> Iterator[Problem]:
    """Check strict alternation; a leading system turn is left out."""
    if not isinstance(value, list):
        return
    said = [t.get(role) for t in value if isinstance(t, Mapping)]
    if said and said[0] == "system":
        said = said[1:]
    for number, who in enumerate(said):
        if who != (first, second)[number % 2]:
            yield "alternation", f"'{where}': {first} and {second} must take turns, turn {number + 1} is {who!r}"
            return


def pair(chosen: Any, rejected: Any) -> Iterator[Problem]:
    """Check that what is preferred differs from what is not."""
    if chosen == rejected and chosen is not None:
        yield "chosen_equals_rejected", "the preferred and the other answer are the same"


def same_kind(record: Mapping[str, Any], names: Sequence[str]) -> Iterator[Problem]:
    """Check that all of these are texts or all lists: readers look at any one of them to tell which."""
    found = {n: type(record[n]) for n in names if n in record}
    if len(set(found.values())) > 1:
        yield "mixed_kinds", f"{', '.join(found)} must all be text or all be lists of turns: " + ", ".join(f"{n} is {_kind(record[n])}" for n in found)


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "text", bool: "a truth value", int: "a number", float: "a number", type(None): "null"}
    return names.get(type(value), type(value).__name__)
