"""HumanEval: JSON Lines of programming tasks; only the prose of a prompt's docstring is varied, never code."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from robustgen.suites._base import Link, Place, Suite, Variation, suite_format
from robustgen.suites._lines import JsonLines, is_json_lines

__all__ = ["open_humaneval"]

_DOC = re.compile(r'("""|\'\'\')(.*?)\1', re.DOTALL)
_EXAMPLE = re.compile(r"^\s*(>>>|For example|Example|Note)|==|->|=>", re.MULTILINE | re.IGNORECASE)
_KEEP = [r"`[^`]*`", r"'[^'\n]*'", r'"[^"\n]*"', r"\w*_\w*", r"\b\w+\([^)]*\)", r"\[[^\]]*\]"]


class _Tasks(JsonLines):
    """Programming tasks."""

    def place(self, row: dict[str, Any], number: int, field: str) -> Place | None:
        """Return the prose that opens the last docstring, up to its examples."""
        name = field or "prompt"
        docs = list(_DOC.finditer(str(row.get(name, ""))))
        if not docs:
            return None
        start, body = docs[-1].start(2), docs[-1][2]
        example = _EXAMPLE.search(body)
        stop = body.rfind("\n", 0, example.start() + 1) if example else len(body)
        lead = len(body) - len(body.lstrip())
        prose = body[lead : max(stop, 0)].rstrip()
        if not re.search(r"\w", prose):
            return None
        code = {w for w in re.findall(r"\w+", str(row[name])[:start]) if len(w) > 1 or w.islower()}
        keep = [*_KEEP, *(rf"\b{re.escape(w)}\b" for w in sorted(code)), r"\n\s*"]
        return Place(row=number, id=str(row.get("task_id", number + 1)), field=name, text=prose, keep=keep, where=start + lead)

    def write(self, row: dict[str, Any], place: Place, variation: Variation) -> None:
        """Put prose back into the prompt."""
        prompt = row[place.field]
        row[place.field] = prompt[: place.where] + variation.text + prompt[place.where + len(place.text) :]

    def add(self, place: Place, variation: Variation, link: Link) -> None:
        """Add a task, unless its docstring would end early."""
        if '"""' not in variation.text and "'''" not in variation.text and "\\" not in variation.text:
            super().add(place, variation, link)


def _fits(text: str, path: Path) -> int:
    row = is_json_lines(text)
    return 90 if row is not None and {"task_id", "prompt", "entry_point", "test"} <= row.keys() else 0


@suite_format(fits=_fits)
def open_humaneval(text: str, path: Path) -> Suite:
    """HumanEval: the prose of docstrings is varied; names, code, quotations and examples stay."""
    return _Tasks(text, path)
