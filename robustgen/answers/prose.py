"""Where JSON stands in an answer, and the running text around it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

__all__ = ["Block", "asked_by", "is_call", "json_in", "objects_in", "prose_of", "without_thoughts"]

_FENCE = re.compile(r"```[\w+-]*\s*\n?(.*?)```", re.DOTALL)
_THOUGHTS = re.compile(
    r"<(think|thinking|thought|thoughts|reasoning|reflection|scratchpad|analysis|seed:think)>.*?(?:</\1>|\Z)"
    r"|\[THINK\].*?(?:\[/THINK\]|\Z)|◁think▷.*?(?:◁/think▷|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_THOUGHT = re.compile(r"\A.*(?:</(?:think|thinking|thought|reasoning)>|\[/THINK\]|◁/think▷|<\|channel\|>final<\|message\|>)", re.DOTALL | re.IGNORECASE)
_CHANNEL = re.compile(r"\A(?:<\|start\|>assistant)?<\|channel\|>(?:analysis|commentary)<\|message\|>.*\Z", re.DOTALL)
_MARKS = re.compile(r"<\|[a-z_]{2,20}\|>|</?(?:answer|final_answer|response|output)>", re.IGNORECASE)
_COMMAS = re.compile(r",\s*([}\]])")
_WORDS = re.compile(r"\\(?:text|mathrm|mathbf|textbf|operatorname)\s*\{([^{}]*)\}")
_SIGNS = {"\\times": "×", "\\cdot": "·", "\\approx": "≈", "\\div": "÷", "\\%": "%", "\\$": "$", "\\,": " ", "\\;": " ", "\\ ": " ", "\\quad": " "}
TRIES = 200
CALLS = frozenset({"tool_calls", "tool_call", "function_call", "functioncall"})
CALLED = frozenset({"name", "function", "tool", "tool_name", "function_name", "action", "recipient_name"})
ARGUMENTS = frozenset({"arguments", "args", "parameters", "params", "tool_input", "action_input", "input"})
"""Keys by which vendors write a call of a tool; an answer has none of them together."""


class Block(NamedTuple):
    """A JSON value with its place."""

    start: int
    end: int
    data: Any


def objects_in(text: str) -> Iterator[Block]:
    """Yield the outermost JSON objects and arrays of a text in order, with a trailing comma or Python's words forgiven."""
    decoder = json.JSONDecoder()
    at, tries = 0, 0
    while tries < TRIES:
        start = min((i for i in (text.find("{", at), text.find("[", at)) if i >= 0), default=-1)
        if start < 0:
            return
        tries += 1
        try:
            made, end = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            block = _repaired(text, start)
            if block is None:
                at = start + 1
                continue
            made, end = block.data, block.end
        yield Block(start, end, made)
        at = end


def _repaired(text: str, start: int) -> Block | None:
    """Return an object whose only faults are trailing commas or single quotes."""
    end = text.find("}", start)
    if text[start] != "{" or end < 0 or end - start > 4000:
        return None
    for source in (_COMMAS.sub(r"\1", text[start : end + 1]), _COMMAS.sub(r"\1", text[start : end + 1].replace("'", '"').replace("None", "null"))):
        try:
            return Block(start, end + 1, json.loads(source))
        except ValueError:
            continue
    return None


def json_in(text: str) -> Any:
    """Return the whole text as JSON, or the last object in it, or the last array of more than bare brackets; None where there is none."""
    try:
        made = json.loads(text)
    except (ValueError, RecursionError):
        blocks = list(objects_in(text)) if "{" in text or "[" in text else []
        objects = [b.data for b in blocks if isinstance(b.data, Mapping)]
        return objects[-1] if objects else None
    return made if isinstance(made, (dict, list)) else None


def is_call(data: Any) -> bool:
    """Tell whether data is a call of a tool, which answers nothing yet: a name with its arguments."""
    if isinstance(data, list):
        return bool(data) and all(is_call(d) for d in data)
    if not isinstance(data, Mapping):
        return False
    keys = {str(k).casefold() for k in data}
    return bool(keys & CALLS) or bool(keys & CALLED and keys & ARGUMENTS)


def asked_by(data: Any) -> Any:
    """Return the arguments of a call of a tool, read if they are JSON in a text."""
    given = next((v for k, v in data.items() if str(k).casefold() in ARGUMENTS), None) if isinstance(data, Mapping) else None
    if not isinstance(given, str):
        return given
    try:
        return json.loads(given)
    except (ValueError, RecursionError):
        return None


def without_thoughts(text: str) -> str:
    """Return a text without the reasoning that some models put before the answer, and with LaTeX's text commands undone."""
    if any(sign in text for sign in "<[◁"):
        text = _MARKS.sub("", _CHANNEL.sub("", _THOUGHT.sub("", _THOUGHTS.sub("", text))))
    if "\\" not in text:
        return text
    before = ""
    while before != text:  # commands stand inside commands
        before, text = text, _WORDS.sub(r"\1", text)
    text = text.replace("{,}", ",").replace("{.}", ".")
    for command, sign in _SIGNS.items():
        text = text.replace(command, sign)
    return text


def prose_of(text: str) -> str:
    """Return the text without code fences of JSON, JSON objects and marked reasoning."""
    text = without_thoughts(text)
    if "{" not in text:
        return text
    pieces, at = [], 0
    for block in objects_in(text):
        if isinstance(block.data, Mapping):
            pieces.append(text[at : block.start])
            at = block.end
    pieces.append(text[at:])
    return re.sub(r"```(?:json)?\s*```", " ", " ".join(pieces)).strip()
