"""JSON Lines of any shape: one object a line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from robustgen.suites._base import EXPECTED, TEXTS, Place, Suite, first_of, suite_format
from robustgen.suites._lines import JsonLines, is_json_lines

__all__ = ["open_jsonl"]


class _Chats(JsonLines):
    """Objects with a text, or with a list of chat messages."""

    def place(self, row: dict[str, Any], number: int, field: str) -> Place | None:
        """Take the usual field, else the messages, else the longest text."""
        if not field and not first_of(TEXTS, row):
            strings = {k: v for k, v in row.items() if isinstance(v, str) and k not in EXPECTED}
            field = "messages" if "messages" in row else max(strings, key=lambda k: len(strings[k]), default="")
        return super().place(row, number, field) if field or first_of(TEXTS, row) else None


def _fits(text: str, path: Path) -> int:
    return 30 if path.suffix in {".jsonl", ".ndjson"} and is_json_lines(text) is not None else 0


@suite_format(fits=_fits)
def open_jsonl(text: str, path: Path) -> Suite:
    """JSON Lines: a text in input, text, question, prompt ... or messages; the link stands under "robustgen"."""
    return _Chats(text, path)
