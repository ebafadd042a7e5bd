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
from robustgen.errors import UsageError
from robustgen.generate import Generator
from robustgen.scale.job import CHUNK, Chunk, Job, Part, Ready, split_of
from robustgen.scale.near import digest_of, overlap, sketch
from robustgen.scale.rows import Unusable, row_of, still_wrong

__all__ = ["Spec", "chunks_of", "make_part", "read_part"]

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
    encode, body = msgspec.json.Encoder().encode, bytearray()
    rows = 0
    for ready in _ready(job, chunk, dropped):
        body += encode(ready) + b"\n"
        rows += 1
    left_out = dict(sorted(dropped.items()))
    end = {"digest": blake2b(body, digest_size=16).hexdigest(), "rows": rows, "dropped": left_out}
    _commit(place, bytes(body) + encode(end) + b"\n")
    return Part(chunk.number, str(place), rows, left_out)


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
        if end["digest"] == blake2b(body[:cut], digest_size=16).hexdigest():
            return Part(number, str(place), end["rows"], end["dropped"])
    except (msgspec.DecodeError, KeyError, TypeError):
        return None
    return None


def read_part(part: Part) -> Iterator[Ready]:
    """Yield the rows of a part."""
    decode = msgspec.json.Decoder(Ready).decode
    with Path(part.file).open("rb") as file:
        for line in islice(file, part.rows):
            yield decode(line)


def _ready(job: Job, chunk: Chunk, dropped: Counter[str]) -> Iterator[Ready]:
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
        records = [msgspec.Raw(encode(r)) for r in form.records(row)]
        yield Ready(
            split=split_of(row.family, job.splits, job.salt),
            prompt=digest_of(row.system, *(t["content"] for t in row.turns)),
            answer=digest_of(row.answer),
            family=digest_of(row.family),
            sketch=sketch(text).hex() if job.near else "",
            factors=_factors(row),
            records=records,
            provenance=[msgspec.Raw(encode(p)) for p in _sources(row, len(records), pairs=form.pairs)],
        )


def _factors(row: Row) -> dict[str, str]:
    made = {"domain": row.domain, "task": row.task, "language": row.language, "kind": row.kinds[0] if row.kinds else "", "effect": row.effect}
    return made | {
        "status": row.status,
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
