"""Checking files: every record against its format, rows against each other, files against each other."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

from robustgen.core.identify import identified
from robustgen.datasets._base import FORMATS, Format
from robustgen.datasets._lines import Flaw, read

__all__ = ["Checked", "validate"]

WARNINGS = frozenset({"duplicate_row", "contradiction", "keys_differ", "turn_keys_differ", "other_language"})
FIRST, EACH = 200, 100
"""Rows from the first on whose language is identified, and then one in so many: identification takes some milliseconds a text."""
HOW_MANY = 3
"""Flaws of one code between rows that are told; the rest are counted."""


class Checked:
    """What was found in one file."""

    def __init__(self, file: Path) -> None:
        """Start with nothing found."""
        self.file, self.rows = file, 0
        self.flaws: list[Flaw] = []
        self.languages: Counter[str] = Counter()
        """How many of the answers looked at are in each language; those too short to tell are under ''."""

    @property
    def errors(self) -> int:
        """How many flaws consumers do not put up with."""
        return sum(not f.warning for f in self.flaws)


class _Between:
    """What only shows when rows are compared."""

    def __init__(self) -> None:
        self._kinds: dict[str, tuple[str, int]] = {}
        self._nulls: dict[str, int] = {}
        self._keys: tuple[frozenset[str], int] | None = None
        self._turn_keys: tuple[frozenset[str], int] | None = None
        self._rows: dict[bytes, int] = {}
        self._prompts: dict[bytes, tuple[bytes, int]] = {}
        self._told: Counter[str] = Counter()

    def look(self, record: Any, number: int) -> Iterator[Flaw]:
        for code, what in self._found(record, number):
            self._told[code] += 1
            if self._told[code] <= HOW_MANY:
                yield Flaw(number, code, what, warning=code in WARNINGS)

    def _found(self, record: Any, number: int) -> Iterator[tuple[str, str]]:
        if not isinstance(record, dict):
            return
        for key, value in record.items():
            yield from self._typed(key, value, number)
        if self._keys is None:
            self._keys = (frozenset(record), number)
        elif frozenset(record) != self._keys[0]:
            yield (
                "keys_differ",
                f"other keys than line {self._keys[1]}: {', '.join(sorted(set(record) ^ self._keys[0]))}; columnar readers fill the gaps with null",
            )
        yield from self._turns(record, number)
        yield from self._again(record, number)

    def _typed(self, key: str, value: Any, number: int) -> Iterator[tuple[str, str]]:
        if value is None:
            if key not in self._kinds:
                self._nulls.setdefault(key, number)
            return
        kind = {bool: "truth value", int: "number", float: "number", str: "text", list: "list", dict: "object"}.get(type(value), "")
        if key in self._nulls:
            yield "null_first", f"'{key}' is null from line {self._nulls.pop(key)} on and {kind} here: readers fix a column's type at its first rows"
        known = self._kinds.setdefault(key, (kind, number))
        if known[0] != kind:
            yield "type_changes", f"'{key}' is {kind} here and {known[0]} in line {known[1]}"

    def _turns(self, record: dict[str, Any], number: int) -> Iterator[tuple[str, str]]:
        turns: list[Any] = next((record[k] for k in ("messages", "conversations", "prompt") if isinstance(record.get(k), list)), [])
        keys = frozenset(k for t in turns if isinstance(t, dict) for k in t)
        if keys and self._turn_keys is None:
            self._turn_keys = (keys, number)
        elif keys and self._turn_keys and keys != self._turn_keys[0]:
            yield (
                "turn_keys_differ",
                f"turns have other keys than in line {self._turn_keys[1]}: {', '.join(sorted(keys ^ self._turn_keys[0]))}; Arrow joins them",
            )

    def _again(self, record: dict[str, Any], number: int) -> Iterator[tuple[str, str]]:
        whole = _digest(record)
        before = self._rows.setdefault(whole, number)
        if before != number:
            yield "duplicate_row", f"the same as line {before}"
            return
        parts = asked(record)
        if parts is not None:
            prompt, answer = _digest(parts[0]), _digest(parts[1])
            known = self._prompts.setdefault(prompt, (answer, number))
            if known[1] != number and known[0] != answer and "label" not in record and "rejected" not in record and "non_preferred_output" not in record:
                yield "contradiction", f"the prompt of line {known[1]} with another answer"


def _digest(value: Any) -> bytes:
    return blake2b(json.dumps(value, ensure_ascii=True, sort_keys=True, default=str).encode(), digest_size=10).digest()


def asked(record: dict[str, Any]) -> tuple[Any, Any] | None:
    """Return (prompt, answer) of a record of any format, None where it has none."""
    for key in ("messages", "conversations", "contents"):
        if isinstance(record.get(key), list) and len(record[key]) > 1:
            return [record.get("system"), record.get("systemInstruction"), record[key][:-1]], record[key][-1]
    for names, answer in ((("prompt",), "completion"), (("prompt",), "chosen"), (("instruction", "input"), "output"), (("system", "document"), "answer")):
        if all(n in record for n in names) and answer in record:
            return [record[n] for n in names], record[answer]
    if "input" in record:
        return record["input"], record.get("target", record.get("expected_output", record.get("preferred_output")))
    return (record["vars"], record.get("assert")) if "vars" in record else None


def _words(value: Any) -> str:
    """Return the text of a turn or of an answer, empty for data."""
    if isinstance(value, dict):
        value = next((value[k] for k in ("content", "value", "parts", "text") if k in value), "")
    if isinstance(value, list):
        return " ".join(_words(v) for v in value)
    return value if isinstance(value, str) and not value.lstrip().startswith(("{", "[")) else ""


def _spoken(record: Any, number: int, checked: Checked, wanted: frozenset[str]) -> Iterator[Flaw]:
    """Yield answers that are surely in another language than the row, or the caller, says; count what they are in."""
    parts = asked(record) if isinstance(record, dict) else None
    if parts is None or not (wanted or number <= FIRST or number % EACH == 0):
        return
    code = identified(_words(parts[1]))
    checked.languages[code] += 1
    stated = record.get("language")
    if code and wanted and code not in wanted:
        yield Flaw(number, "unwanted_language", f"the answer is in '{code}', wanted: {', '.join(sorted(wanted))}")
    elif code and isinstance(stated, str) and stated.split("-")[0].casefold() != code:
        yield Flaw(number, "other_language", f"the answer is in '{code}', the row says '{stated}'", warning=True)


def validate(files: Sequence[Path], name: str, languages: Sequence[str] = ()) -> Iterator[Checked]:
    """Yield what is wrong in each file; rows that stand in two files are leaks, and so are families, where provenance is known.

    With ``languages`` every answer of some length must be in one of them; without, a part of the rows is looked at and counted.
    """
    wanted = frozenset(tag.split("-")[0].casefold() for tag in languages)
    form = FORMATS.get(name)
    prompts: dict[bytes, tuple[Path, int]] = {}
    families: dict[str, tuple[Path, int]] = {}
    for file in files:
        checked = Checked(file)
        between = _Between()
        told: Counter[str] = Counter()
        for line in read(file, form):
            checked.flaws += line.flaws
            if not line.usable:
                continue
            checked.rows += 1
            checked.flaws += [Flaw(line.number, code, what) for code, what in form.check(line.record)]
            checked.flaws += between.look(line.record, line.number)
            checked.flaws += _spoken(line.record, line.number, checked, wanted)
            for flaw in _leaks(line.record, line.number, file, prompts, families):
                told[flaw.code] += 1
                if told[flaw.code] <= HOW_MANY:
                    checked.flaws.append(flaw)
        checked.flaws += _siblings(file, families, form)
        if not checked.rows and not checked.flaws:
            checked.flaws.append(Flaw(0, "empty_file", "there is no record in it"))
        yield checked


def _leaks(record: Any, number: int, file: Path, prompts: dict[bytes, tuple[Path, int]], families: dict[str, tuple[Path, int]]) -> Iterator[Flaw]:
    if not isinstance(record, dict):
        return
    parts = asked(record)
    if parts is not None:
        known = prompts.setdefault(_digest(parts[0]), (file, number))
        if known[0] != file:
            yield Flaw(number, "leak", f"the same prompt as {known[0].name}:{known[1]}")
    if isinstance(record.get("family"), str):
        home = families.setdefault(record["family"], (file, number))
        if home[0] != file:
            yield Flaw(number, "sibling_leak", f"family {record['family']} stands in {home[0].name}:{home[1]} too")


def _siblings(file: Path, families: dict[str, tuple[Path, int]], form: Format) -> Iterator[Flaw]:
    """Yield families of other files, from the provenance beside a file, where there is one."""
    beside = file.parent / "provenance" / f"{file.stem}.jsonl"
    if form.shape not in {"lines", "array"} or not beside.is_file():
        return
    told = 0
    for number, raw in enumerate(beside.read_bytes().splitlines(), 1):
        try:
            family = json.loads(raw).get("family")
        except (ValueError, AttributeError):
            continue
        home = families.setdefault(str(family), (file, number))
        if home[0] != file and told < HOW_MANY:
            told += 1
            yield Flaw(number, "sibling_leak", f"family {family} stands in {home[0].name}:{home[1]} too")
