"""Making a part: a chunk of cases becomes rows in one file, written aside and renamed, so that it is there whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from robustgen.core.case import Case, exact_text
from robustgen.datasets._base import FORMATS, Row
from robustgen.datasets._table import packed, unpacked
from robustgen.errors import UsageError
from robustgen.generate import Generator
from robustgen.scale.job import CHUNK, Chunk, Job, Part, Ready, split_of
from robustgen.scale.near import bands_of, digest_of, overlap, sketch
from robustgen.scale.rows import Unusable, row_of, still_wrong

__all__ = ["Spec", "chunks_of", "make_part", "read_part", "read_table"]

Spec = tuple[Job, Chunk, str]
"""What a worker gets: the job, the chunk, and the folder for parts, which all workers see."""
_GENERATORS: dict[str, Generator] = {}


def chunks_of(job: Job) -> Iterator[Chunk]:
    """Yield the chunks of a job; a file is read once to see where its chunks begin."""
    if job.selection is not None:
        for number, start in enumerate(range(job.start, job.start + job.count, CHUNK)):
            yield Chunk(number, start, min(CHUNK, job.start + job.count - start))
        return
    with Path(job.cases).open("rb") as file:
        number, line, offset = 0, 0, 0
        while block := list(islice(file, CHUNK)):
            yield Chunk(number, line + 1, len(block), offset)
            number, line, offset = number + 1, line + len(block), offset + sum(map(len, block))


def make_part(spec: Spec) -> Part:
    """Make one part, or take the one that is there; the same spec gives the same bytes wherever and however often it runs."""
    job, chunk, folder = spec
    place = Path(folder) / f"{chunk.number:08d}.part"
    if (known := _whole(place, chunk.number)) is not None:
        return known
    dropped: Counter[str] = Counter()
    encode = msgspec.json.Encoder().encode
    cells: list[dict[str, Any]] | None = [] if FORMATS.get(job.to).shape == "parquet" else None
    lines = [encode(ready) + b"\n" for ready in _ready(job, chunk, dropped, cells)]
    table = b"" if cells is None else packed(cells)
    body = b"".join((table, *lines))
    left_out = dict(sorted(dropped.items()))
    end = {"digest": blake2b(body, digest_size=16).hexdigest(), "rows": len(lines), "dropped": left_out, "table": len(table)}
    _commit(place, body + b"\n" + encode(end) + b"\n")
    return Part(chunk.number, str(place), len(lines), left_out, len(table))


def _commit(place: Path, body: bytes) -> None:
    """Write beside, flush to disk, rename: a reader sees the whole file or none; the second of two workers changes nothing."""
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{place.name}.", dir=place.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(place)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _whole(place: Path, number: int) -> Part | None:
    """Return a part that is on disk and undamaged."""
    if not place.is_file():
        return None
    body = place.read_bytes()
    cut = body.rfind(b"\n", 0, len(body) - 1) + 1
    try:
        end = msgspec.json.decode(body[cut:])
        if end["digest"] == blake2b(body[: cut - 1], digest_size=16).hexdigest():
            return Part(number, str(place), end["rows"], end["dropped"], end["table"])
    except (msgspec.DecodeError, KeyError, TypeError):
        return None
    return None


def read_part(part: Part) -> Iterator[Ready]:
    """Yield the rows of a part."""
    decode = msgspec.json.Decoder(Ready).decode
    with Path(part.file).open("rb") as file:
        file.seek(part.table)
        for line in islice(file, part.rows):
            yield decode(line)


def read_table(part: Part) -> Any:
    """Return the table of a part, a row of it for every row."""
    with Path(part.file).open("rb") as file:
        return unpacked(file.read(part.table))


def _ready(job: Job, chunk: Chunk, dropped: Counter[str], cells: list[dict[str, Any]] | None) -> Iterator[Ready]:
    """Yield the rows of a chunk; records of a table go to ``cells`` instead."""
    form = FORMATS.get(job.to)
    encode = msgspec.json.Encoder(enc_hook=exact_text).encode
    for case, answered in _cases(job, chunk):
        try:
            row = row_of(case, job.style, job.pairs, answered if answered and still_wrong(case, answered) else "")
        except Unusable as why:
            dropped[str(why)] += 1
            continue
        if form.pairs and not row.rejected:
            dropped["no_wrong_answer"] += 1
            continue
        text = "\n".join(t["content"] for t in row.turns)
        if job.against and overlap(text, job.against) >= job.overlap:
            dropped["contaminated"] += 1
            continue
        records = list(form.records(row))
        if cells is not None:
            cells += records
        answer, drawn = digest_of(row.answer), sketch(text) if job.near else b""
        yield Ready(
            split=split_of(row.family, job.splits, job.salt),
            prompt=digest_of(row.system, *(t["content"] for t in row.turns)),
            answer=answer,
            family=digest_of(row.family),
            sketch=drawn.hex(),
            bands=bands_of(drawn, digest_of(row.task, row.language, str(answer))) if drawn else [],
            factors=_factors(row),
            count=len(records),
            records=[msgspec.Raw(encode(r)) for r in records] if cells is None else [],
            provenance=[msgspec.Raw(encode(p)) for p in _sources(row, len(records), pairs=form.pairs)] if form.sources else [],
        )


def _factors(row: Row) -> dict[str, str]:
    made = {"domain": row.domain, "task": row.task, "language": row.language, "kind": row.kinds[0] if row.kinds else "", "effect": row.effect}
    return made | {
        "status": row.status,
        **({"pack": str(row.provenance.get("pack_version", ""))} if row.provenance.get("pack") else {}),
        "perturbation": row.perturbations[0] if row.perturbations else "none",
        **({"rejected": row.rejected[0].why} if row.rejected else {}),
    }


def _sources(row: Row, count: int, *, pairs: bool) -> list[dict[str, Any]]:
    """Return where each record of a row comes from."""
    whys = [w.why for w in row.rejected]
    whys = ["", *whys] if count > len(whys) else whys
    known = {"id": row.id, "family": row.family, "domain": row.domain, "task": row.task, "language": row.language, "kinds": list(row.kinds), **row.provenance}
    return [{**known, "rejected": whys[i]} if pairs else known for i in range(count)]


def _cases(job: Job, chunk: Chunk) -> Iterator[tuple[Case, str]]:
    if job.selection is None:
        yield from _read(job, chunk)
        return
    key = job.digest
    if key not in _GENERATORS:
        _GENERATORS.clear()
        _GENERATORS[key] = Generator(job.selection, job.seed, job.given)
    for case in _GENERATORS[key].cases(chunk.start, chunk.count):
        yield case, ""


def _read(job: Job, chunk: Chunk) -> Iterator[tuple[Case, str]]:
    """Yield the cases of a chunk of a file; raises ``UsageError`` naming the line."""
    with Path(job.cases).open("rb") as file:
        file.seek(chunk.offset)
        for number, line in enumerate(islice(file, chunk.count), chunk.start):
            if not line.strip():
                continue
            try:
                if line.startswith(b'{"case":'):
                    pair = msgspec.json.decode(line, type=_Answered)
                    yield pair.case, pair.answered
                else:
                    yield msgspec.json.decode(line, type=Case), ""
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise UsageError(f"{job.cases}:{number}: no case: {error}", mend="make cases with: robustgen generate DOMAIN -n 1000 -o cases.jsonl") from None


class _Answered(msgspec.Struct):
    """A case with the answer that a system gave."""

    case: Case
    answered: str = ""
