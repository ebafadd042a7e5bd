"""Configurations of promptfoo: new tests are written between the tests that are there; no other byte changes."""

from __future__ import annotations

import re
from copy import deepcopy
from io import StringIO
from pathlib import Path
from typing import Any

from robustgen.suites._base import TEXTS, Link, Place, Suite, Variation, cannot_read, first_of, suite_format, texts_in

__all__ = ["open_promptfoo"]

_OLD_YAML = re.compile(r"(?i:y|n|yes|no|on|off)|0[0-7]+|[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.\d*)?|[-+]?\d+(?:_\d+)+")
"""Texts that readers of YAML 1.1 take for truth values and numbers where they stand bare."""


class _Tests:
    """The tests of a YAML file, found by their lines."""

    forbidden = ""

    def __init__(self, text: str, path: Path) -> None:
        """Read the file with the lines of its tests."""
        from ruamel.yaml import YAML
        from ruamel.yaml.comments import CommentedSeq
        from ruamel.yaml.error import YAMLError

        self.lines = text.splitlines(keepends=True)
        self.end = "\r\n" if "\r\n" in text else "\n"
        try:
            data = YAML().load(text)
        except YAMLError as error:
            line = getattr(getattr(error, "problem_mark", None), "line", -1) + 1
            raise cannot_read(path, f"not valid YAML: {getattr(error, 'problem', error)}", line) from None
        tests = data.get("tests") if isinstance(data, dict) else data
        if not isinstance(tests, CommentedSeq) or not tests or tests.fa.flow_style():
            raise cannot_read(path, "no list of 'tests' in block style in it")
        self.tests = [_plain(t) for t in tests]
        self.starts: list[int] = [tests.lc.item(i)[0] for i in range(len(tests))]
        dash = self.lines[self.starts[0]]
        self.indent = dash[: len(dash) - len(dash.lstrip(" "))]
        self.added: dict[int, list[str]] = {}

    def places(self, field: str) -> list[Place]:
        """Return the usual or the first text among the vars of every test."""
        made = []
        for i, test in enumerate(self.tests):
            values = test.get("vars") if isinstance(test, dict) else None
            if not isinstance(values, dict):
                continue
            texts = [k for k, v in values.items() if isinstance(v, str) and v.strip() and not v.startswith(("file://", "http://", "https://", "package:"))]
            name = field if field in texts else "" if field else first_of(TEXTS, {k: values[k] for k in texts}) or next(iter(texts), "")
            if name:
                expected = texts_in([a.get("value") for a in test.get("assert") or [] if isinstance(a, dict)])
                made.append(Place(row=i, id=str(test.get("description") or i + 1), field=name, text=values[name], expected=expected))
        return made

    def add(self, place: Place, variation: Variation, link: Link) -> None:
        """Add a test behind its base, its assertions carried, the link in its metadata."""
        test = deepcopy(self.tests[place.row])
        test["vars"][place.field] = variation.text
        test["description"] = link.id if test.get("description") else f"test {link.id}"
        test["metadata"] = {**(test.get("metadata") or {}), "robustgen": link.short()}
        self.added.setdefault(place.row, []).append(self._written(test))

    def _written(self, test: dict[str, Any]) -> str:
        from ruamel.yaml import YAML

        out, yaml = StringIO(), YAML()
        yaml.width, yaml.default_flow_style, yaml.allow_unicode = 1 << 30, False, True
        yaml.indent(mapping=2, sequence=4, offset=2)
        yaml.dump([_quoted(test)], out)
        # the writer sets its own list two spaces in
        written = (self.indent + line.removeprefix("  ") if line.strip() else "" for line in out.getvalue().split("\n")[:-1])
        return "".join(line + self.end for line in written)

    def render(self) -> str:
        """Return the file with the new tests between the old ones."""
        pieces, at = [], 0
        for number in sorted(self.added):
            end = self._end(number)
            pieces += self.lines[at:end]
            if pieces and not pieces[-1].endswith("\n"):
                pieces.append(self.end)
            pieces += self.added[number]
            at = end
        return "".join(pieces + self.lines[at:])

    def _end(self, number: int) -> int:
        """Return the line behind a test: where the next begins, or where the list's indentation ends; blank lines and comments go to what follows."""
        limit: int = self.starts[number + 1] if number + 1 < len(self.starts) else len(self.lines)
        end: int = self.starts[number] + 1
        deep = len(self.indent)
        for at in range(self.starts[number] + 1, limit):
            line = self.lines[at]
            inner = len(line) - len(line.lstrip(" "))
            if not line.strip() or (line.lstrip().startswith("#") and inner <= deep):
                continue
            if inner <= deep:
                break
            end = at + 1
        return end


def _plain(value: Any) -> Any:
    """Return YAML's own containers and texts as plain ones."""
    if isinstance(value, dict):
        return {_plain(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    return str(value) if isinstance(value, str) else value


def _quoted(value: Any) -> Any:
    """Return a value whose texts every reader of YAML takes for texts."""
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString

    if isinstance(value, dict):
        return {k: _quoted(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_quoted(v) for v in value]
    return DoubleQuotedScalarString(value) if isinstance(value, str) and _OLD_YAML.fullmatch(value) else value


def _fits(text: str, path: Path) -> int:
    if path.suffix not in {".yaml", ".yml"}:
        return 0
    return 80 if re.search(r"^tests:", text, re.MULTILINE) else 40 if re.search(r"^- ", text, re.MULTILINE) and "vars:" in text else 0


@suite_format(fits=_fits)
def open_promptfoo(text: str, path: Path) -> Suite:
    """promptfoo: YAML with tests of vars and assert; the link stands in metadata, assertions are carried."""
    return _Tests(text, path)
