"""Files that grow row by row and appear under their names only when they are whole."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import msgspec

from robustgen.datasets._base import COLUMNS, Format
from robustgen.datasets._table import REPEATED, packed, schema, unpacked
from robustgen.errors import MissingExtra

__all__ = ["Split", "digest_of_file", "jsonl_safe"]

BATCH = 5000


def jsonl_safe(body: bytes) -> bytes:
    """Return JSON whose line separators inside of texts are escaped: some readers split lines at them."""
    if b"\xe2\x80\xa8" in body or b"\xe2\x80\xa9" in body or b"\xc2\x85" in body:
        return body.replace(b"\xe2\x80\xa8", b"\\u2028").replace(b"\xe2\x80\xa9", b"\\u2029").replace(b"\xc2\x85", b"\\u0085")
    return body


class _Sink(Protocol):
    def add(self, record: bytes) -> None: ...
    def close(self) -> None: ...


class _Lines:
    """One JSON object a line."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def add(self, record: bytes) -> None:
        self._file.write(jsonl_safe(record) + b"\n")

    def close(self) -> None:
        self._file.close()


class _Array:
    """One JSON array, an object a line."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._before = file, b"[\n"

    def add(self, record: bytes) -> None:
        self._file.write(self._before + jsonl_safe(record))
        self._before = b",\n"

    def close(self) -> None:
        self._file.write(b"\n]\n" if self._before == b",\n" else b"[]\n")
        self._file.close()


class _Csv:
    """RFC 4180 with a header; lists and turns as JSON text."""

    def __init__(self, file: BinaryIO) -> None:
        self._text = io.TextIOWrapper(file, encoding="utf-8", newline="")
        self._csv = csv.writer(self._text, lineterminator="\n")
        self._csv.writerow(COLUMNS)

    def add(self, record: bytes) -> None:
        row = msgspec.json.decode(record)
        self._csv.writerow([json.dumps(v, ensure_ascii=False) if isinstance(v := row[c], (list, dict)) else v for c in COLUMNS])

    def close(self) -> None:
        self._text.close()


class _Parquet:
    """Parquet with a fixed schema, written a batch at a time."""

    def __init__(self, file: BinaryIO) -> None:
        try:
            import pyarrow as pa
            import pyarrow.parquet as pq
        except ImportError:
            raise MissingExtra("Parquet", "parquet") from None
        self._pa, self._file, self._schema = pa, file, schema()
        self._waiting: list[Any] = []
        self._rows = 0
        self._writer = pq.ParquetWriter(file, self._schema, compression="zstd", use_dictionary=list(REPEATED))

    def add(self, record: bytes) -> None:
        self.add_table(unpacked(packed([msgspec.json.decode(record)])))

    def add_table(self, table: Any) -> None:
        self._waiting.append(table)
        self._rows += table.num_rows
        if self._rows >= BATCH:
            self._flush(self._rows - self._rows % BATCH)

    def _flush(self, most: int) -> None:
        """Write so many of the waiting rows in groups of one size, whatever the sizes in which they came."""
        if most:
            whole = self._pa.concat_tables(self._waiting)
            self._writer.write_table(whole.slice(0, most), row_group_size=BATCH)
            self._waiting, self._rows = [whole.slice(most)], self._rows - most

    def close(self) -> None:
        self._flush(self._rows)
        self._writer.close()
        self._file.close()


SINKS: dict[str, type[Any]] = {"lines": _Lines, "array": _Array, "csv": _Csv, "parquet": _Parquet}


class Split:
    """The files of one split, with where each record comes from beside them."""

    def __init__(self, out: Path, form: Format, name: str, most: int, *, sources: bool) -> None:
        """``most`` is how many records go into one file, nought for all."""
        self._out, self._form, self.name, self._most = out, form, name, most
        self._folder = out / form.folder if form.folder else out
        self._folder.mkdir(parents=True, exist_ok=True)
        self._sink: _Sink | None = None
        self._open: list[Path] = []
        self.rows: list[int] = []
        self._sources: BinaryIO | None = None
        if sources:
            (out / "provenance").mkdir(exist_ok=True)
            self._sources = (out / "provenance" / f".{name}.tmp").open("wb")

    def add_all(self, records: Iterable[msgspec.Raw], sources: Iterable[msgspec.Raw]) -> None:
        """Write the records of a row."""
        for record in records:
            self._room().add(bytes(record))
            self.rows[-1] += 1
        if self._sources is not None:
            for source in sources:
                self._sources.write(jsonl_safe(bytes(source)) + b"\n")

    def add_table(self, table: Any) -> None:
        """Write the rows of a table."""
        done = 0
        while done < table.num_rows:
            sink = self._room()
            fits = min(table.num_rows - done, self._most - self.rows[-1] if self._most else table.num_rows)
            sink.add_table(table.slice(done, fits))
            self.rows[-1] += fits
            done += fits

    def _room(self) -> Any:
        """Return a sink that takes one more record at least."""
        if self._sink is None or (self._most and self.rows[-1] >= self._most):
            self._next()
        return self._sink

    def _next(self) -> None:
        if self._sink is not None:
            self._sink.close()
        place = self._folder / f".{self.name}-{len(self._open):05d}.tmp"
        self._open.append(place)
        self.rows.append(0)
        self._sink = SINKS[self._form.shape](place.open("wb"))

    def abandon(self) -> None:
        """Close and remove what is unfinished."""
        if self._sink is not None:
            self._sink.close()
        for place in self._open:
            place.unlink(missing_ok=True)
        if self._sources is not None:
            self._sources.close()

    def close(self) -> list[str]:
        """Finish and rename; returns the files' names below the folder that was asked for."""
        if self._sink is None:
            self._next()
        assert self._sink is not None
        self._sink.close()
        names, total = [], len(self._open)
        for number, place in enumerate(self._open):
            plain = total == 1 and not self._form.folder
            name = f"{self.name}{self._form.suffix}" if plain else f"{self.name}-{number:05d}-of-{total:05d}{self._form.suffix}"
            place.replace(self._folder / name)
            names.append(f"{self._form.folder}/{name}" if self._form.folder else name)
        if self._sources is not None:
            self._sources.close()
            (self._out / "provenance" / f".{self.name}.tmp").replace(self._out / "provenance" / f"{self.name}.jsonl")
        return names


def digest_of_file(file: Path) -> str:
    """Return the SHA-256 of a file, read in pieces."""
    made = sha256()
    with file.open("rb") as opened:
        while piece := opened.read(1 << 20):
            made.update(piece)
    return made.hexdigest()
