"""Suites that are one JSON document: written back in the style in which it was read."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from robustgen.suites._base import cannot_read

__all__ = ["Document", "json_of"]


def json_of(text: str, path: Path) -> Any:
    """Return a document; raises ``UsageError`` with the line."""
    try:
        return json.loads(text.lstrip("\ufeff"))
    except ValueError as error:
        raise cannot_read(path, f"not valid JSON: {error}", getattr(error, "lineno", 0)) from None


class Document:
    """A document that knows its own style: indent, separators, letters, last line end."""

    forbidden = ""

    def __init__(self, text: str, path: Path) -> None:
        """Read the document."""
        self.source, self.data, self.changed = text, json_of(text, path), False
        indent = re.search(r"^[\[{]\r?\n([ \t]+)", text.lstrip("\ufeff"))
        self.indent = indent[1] if indent else None
        self.tight = '":"' in text or re.search(r'":[\[{\d]', text) is not None
        body = text.lstrip("\ufeff")
        between = re.search(r"\}(,[ \t]*\r?\n[ \t]*)\{", body) if self.indent is None and isinstance(self.data, list) else None
        self.between = between[1] if between else ""
        """What stands between the items of a list that has one of them in each line."""
        self.open, self.close = (re.match(r"\[\s*", body) or ["["])[0], (re.search(r"\s*\]\s*\Z", body) or ["]"])[0]
        self.ascii, self.tail = text.isascii(), text[len(text.rstrip()) :]

    def render(self) -> str:
        """Return the document; unchanged it is what was read."""
        if not self.changed:
            return self.source
        colon = ":" if self.tight else ": "
        if self.between:
            items = [json.dumps(item, ensure_ascii=self.ascii, separators=("," if self.tight else ", ", colon)) for item in self.data]
            return self.source[: self.source[:1] == "\ufeff"] + self.open + self.between.join(items) + self.close
        separators = (",", colon) if self.indent is not None or self.tight else (", ", colon)
        return (
            self.source[: self.source[:1] == "\ufeff"] + json.dumps(self.data, ensure_ascii=self.ascii, indent=self.indent, separators=separators) + self.tail
        )
