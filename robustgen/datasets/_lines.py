"""Reading anyone's file: records with their line numbers, and what is wrong with the bytes before any format is looked at."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from robustgen.datasets._base import COLUMNS, Format
from robustgen.datasets._table import LISTS, NUMBERS, TURNS
from robustgen.errors import MissingExtra, UsageError

__all__ = ["Flaw", "Line", "read"]

SEPARATORS = ("\u2028", "\u2029", "\x85")
_ESCAPED = re.compile(r"\\u(?!d[89ab])[0-9a-f]{4}", re.IGNORECASE)
MOST = 64_000_000
"""Characters of one line beyond which a file is taken to be something else."""


class Flaw(NamedTuple):
    """What is wrong, and where: a line, nought for the file as a whole; ``warning`` when consumers put up with it."""

    line: int
    code: str
    what: str
    warning: bool = False


class Line(NamedTuple):
    """A record with its line and what its text was found to have."""

    number: int
    record: Any
    flaws: list[Flaw]
    usable: bool = True


def read(file: Path, form: Format) -> Iterator[Line]:
    """Yield the records of a file in a format's shape; raises ``UsageError`` when it cannot be opened."""
    if not file.is_file():
        raise UsageError(f"{file}: there is no such file", mend="name a data file, such as out/train.jsonl")
    readers = {"lines": _lines, "array": _array, "csv": _csv, "parquet": _parquet}
    try:
        yield from readers[form.shape](file)
    except OSError as error:
        raise UsageError(f"{file}: cannot be read: {error.strerror}") from None


def _lines(file: Path) -> Iterator[Line]:
    with file.open("rb") as opened:
        for number, whole in enumerate(opened, 1):
            flaws: list[Flaw] = []
            raw = whole.removeprefix(b"\xef\xbb\xbf") if number == 1 else whole
            if raw != whole:
                flaws.append(Flaw(1, "bom", "the file starts with a byte order mark"))
            if raw.startswith((b"\xff\xfe", b"\xfe\xff")) and number == 1:
                yield Line(1, None, [Flaw(1, "utf16", "the file is UTF-16; UTF-8 is expected")], usable=False)
                return
            if raw.endswith(b"\r\n"):
                flaws.append(Flaw(number, "crlf", "the line ends with CR LF; LF alone is expected"))
            if not raw.strip():
                yield Line(number, None, [*flaws, Flaw(number, "blank_line", "the line is blank")], usable=False)
                continue
            if number == 1 and raw.lstrip().startswith(b"["):
                yield Line(1, None, [*flaws, Flaw(1, "array_file", "the file is one JSON array; one object a line is expected")], usable=False)
                return
            yield _decoded(raw.rstrip(b"\r\n"), number, flaws)


def _decoded(raw: bytes, number: int, flaws: list[Flaw]) -> Line:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return Line(number, None, [*flaws, Flaw(number, "invalid_utf8", f"byte {error.start} of the line is no valid UTF-8")], usable=False)
    if any(s in text for s in SEPARATORS):
        flaws.append(Flaw(number, "line_separator", "a bare U+2028, U+2029 or U+0085 stands in the line; some readers split there", warning=True))
    return _parsed(text, number, flaws)


def _parsed(text: str, number: int, flaws: list[Flaw]) -> Line:
    """Decode JSON with an eye on what decoders hide: double keys, NaN, lone surrogates."""

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(found)
        if len(made) != len(found):
            double = next(k for i, (k, _) in enumerate(found) if k in [o for o, _ in found[:i]])
            flaws.append(Flaw(number, "duplicate_key", f"'{double}' stands twice in one object; readers keep either"))
        return made

    def constant(name: str) -> None:
        flaws.append(Flaw(number, "nan", f"{name} is no JSON"))

    try:
        record = json.loads(text, object_pairs_hook=pairs, parse_constant=constant)
    except (ValueError, RecursionError) as error:
        hint = "; an object must stand on one line" if text.strip() in {"{", "}", "},"} else ""
        return Line(number, None, [*flaws, Flaw(number, "invalid_json", f"{error}{hint}")], usable=False)
    if "\\u" in text:
        flaws += _escapes(text, record, number)
    return Line(number, record, flaws)


def _escapes(text: str, record: Any, number: int) -> Iterator[Flaw]:
    try:
        plain = json.dumps(record, ensure_ascii=False)
        plain.encode("utf-8")
    except UnicodeEncodeError:
        yield Flaw(number, "lone_surrogate", "half of a surrogate pair stands in a text: it cannot be written as UTF-8")
        return
    if "\\u0000" in text:
        yield Flaw(number, "nul_character", "a text holds U+0000, which many tools cut off or refuse")
    if len(_ESCAPED.findall(text)) * 6 > len(text) / 4:
        yield Flaw(number, "escaped_text", "most of the text is written as \\u escapes; write UTF-8 (ensure_ascii=False)", warning=True)


def _array(file: Path) -> Iterator[Line]:
    """Yield the items of one JSON array with the lines on which they begin."""
    raw = file.read_bytes()
    flaws = [Flaw(1, "bom", "the file starts with a byte order mark")] if raw.startswith(b"\xef\xbb\xbf") else []
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        yield Line(1, None, [Flaw(raw[: error.start].count(b"\n") + 1, "invalid_utf8", "no valid UTF-8")], usable=False)
        return
    if not text.lstrip().startswith("["):
        yield Line(1, None, [*flaws, Flaw(1, "no_array", "one JSON array is expected")], usable=False)
        return
    decoder, at = json.JSONDecoder(), text.index("[") + 1
    while True:
        at = _skip(text, at)
        if text[at : at + 1] in {"]", ""}:
            if not text[at : at + 1]:
                yield Line(text.count("\n") + 1, None, [Flaw(text.count("\n") + 1, "invalid_json", "the array does not end")], usable=False)
            return
        number = text.count("\n", 0, at) + 1
        try:
            _, end = decoder.raw_decode(text, at)
        except ValueError as error:
            yield Line(number, None, [*flaws, Flaw(number, "invalid_json", str(error))], usable=False)
            return
        yield _parsed(text[at:end], number, flaws)
        flaws, at = [], end


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n,":
        at += 1
    return at


def _csv(file: Path) -> Iterator[Line]:
    raw = file.read_bytes()
    flaws = [Flaw(1, "bom", "the file starts with a byte order mark")] if raw.startswith(b"\xef\xbb\xbf") else []
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        yield Line(1, None, [Flaw(raw[: error.start].count(b"\n") + 1, "invalid_utf8", "no valid UTF-8")], usable=False)
        return
    reader, header, before = csv.reader(io.StringIO(text, newline=""), strict=True), list[str](), 0
    csv.field_size_limit(MOST)
    try:
        for cells in reader:
            number, before = before + 1, reader.line_num
            if not header:
                header = cells
                double = sorted({c for c in header if header.count(c) > 1})
                flaws += [Flaw(1, "duplicate_column", f"the column '{c}' stands twice") for c in double]
                continue
            if len(cells) != len(header):
                yield Line(number, None, [Flaw(number, "ragged_row", f"{len(cells)} cells where the header has {len(header)}")], usable=False)
                continue
            yield _cells(dict(zip(header, cells, strict=True)), number, flaws)
            flaws = []
    except csv.Error as error:
        yield Line(before + 1, None, [Flaw(before + 1, "invalid_csv", str(error))], usable=False)


def _cells(record: dict[str, Any], number: int, flaws: list[Flaw]) -> Line:
    flaws = list(flaws)
    for name in (*LISTS, *TURNS):
        if name in record:
            try:
                record[name] = json.loads(record[name])
            except ValueError:
                flaws.append(Flaw(number, "invalid_json", f"'{name}' must hold JSON"))
    return Line(number, record, flaws)


def _parquet(file: Path) -> Iterator[Line]:
    """Yield rows by number from 1; a file that is no Parquet is one flaw."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise MissingExtra("reading Parquet", "parquet") from None
    try:
        opened = pq.ParquetFile(file)
    except (pa.ArrowInvalid, OSError) as error:
        yield Line(0, None, [Flaw(0, "invalid_parquet", str(error).splitlines()[0])], usable=False)
        return
    kinds = {f.name: f.type for f in opened.schema_arrow}
    flaws = [Flaw(0, "null_column", f"the column '{n}' has the type null") for n, k in kinds.items() if pa.types.is_null(k)]
    flaws += [
        Flaw(0, "column_type", f"the column '{n}' is {kinds[n]}, text is expected")
        for n in COLUMNS
        if n in kinds and n not in {*LISTS, *NUMBERS, *TURNS} and not (pa.types.is_string(kinds[n]) or pa.types.is_large_string(kinds[n]))
    ]
    number = 0
    for batch in opened.iter_batches(1000):
        for record in batch.to_pylist():
            number += 1
            yield Line(number, record, flaws)
            flaws = []
    if not number and flaws:
        yield Line(0, None, flaws, usable=False)
