"""Where JSON stands in an answer, and the running text around it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

__all__ = ["Block", "json_in", "objects_in", "prose_of"]

_FENCE = re.compile(r"```[\w+-]*\s*\n?(.*?)```", re.DOTALL)
_THOUGHTS = re.compile(r"<(think|thinking|reasoning|scratchpad)>.*?(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE)
_COMMAS = re.compile(r",\s*([}\]])")
_WORDS = re.compile(r"\\(?:text|mathrm|mathbf|textbf|operatorname)\s*\{([^{}]*)\}")
_SIGNS = {"\\times": "×", "\\cdot": "·", "\\approx": "≈", "\\div": "÷", "\\%": "%", "\\$": "$", "\\,": " ", "\\;": " ", "\\ ": " ", "\\quad": " "}
TRIES = 200


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


def without_thoughts(text: str) -> str:
    """Return a text without the reasoning that some models put before the answer, and with LaTeX's text commands undone."""
    text = _THOUGHTS.sub("", text) if "<" in text else text
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
