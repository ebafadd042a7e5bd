"""An export from beginning to end: parts are made, rows are sifted and counted, files are written, and the card says what happened."""

from __future__ import annotations

import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec

import robustgen
from robustgen.datasets._base import FORMATS, Format, Made
from robustgen.errors import MissingExtra, UsageError
from robustgen.scale.card import File, Manifest, card, croissant
from robustgen.scale.job import Job, Part, Ready
from robustgen.scale.near import NearIndex, Seen, digest_of
from robustgen.scale.parts import Spec, chunks_of, make_part, read_part, read_table
from robustgen.scale.spread import MapChunks
from robustgen.scale.writing import Split, digest_of_file

__all__ = ["ASIDE", "PARTS", "Output", "export"]

PARTS, ASIDE = ".parts", ".cases.jsonl"
"""The folder of parts, and the file into which a run's cases are copied."""
FACTORS = ("domain", "task", "language", "kind", "effect", "status", "perturbation", "rejected")


class Output(msgspec.Struct, frozen=True, kw_only=True):
    """Where and how the files are written, none of which changes what a row holds."""

    folder: Path
    name: str = "robustgen-data"
    license: str = "apache-2.0"
    balance: str = ""
    rows_per_file: int = 0
    duplicates: bool = False
    """Whether exact duplicates stay."""


class _Sieve:
    """Decides, row by row and in order, what stays: no exact duplicate, no contradiction, nothing that nearly repeats another family."""

    def __init__(self, job: Job, output: Output, quota: Mapping[str, int] | None) -> None:
        self._seen, self._quota, self._balance = Seen(), quota, output.balance
        self._near = NearIndex(job.near) if job.near else None
        self._keep = output.duplicates
        self._taken: Counter[str] = Counter()
        self.dropped: Counter[str] = Counter()

    def why_not(self, row: Ready) -> str:
        """Return why a row is left out, empty when it stays."""
        before = None if self._keep else self._seen.add(row.prompt, row.answer)
        if before is not None:
            return "duplicate" if before == row.answer else "contradiction"
        if self._near and self._near.repeated(bytes.fromhex(row.sketch), row.bands, row.family):
            return "near_duplicate"
        if self._quota is not None:
            level = row.factors.get(self._balance, "")
            if self._taken[level] >= self._quota[level]:
                return "balanced_away"
            self._taken[level] += 1
        return ""

    def sifted(self, part: Part) -> Iterator[tuple[int, Ready]]:
        """Yield the rows of a part that stay, with their numbers in it."""
        for number, row in enumerate(read_part(part)):
            if why := self.why_not(row):
                self.dropped[why] += 1
            else:
                yield number, row


class _Counts:
    """What is counted for the card."""

    def __init__(self) -> None:
        self.rows = 0
        self.factors: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
        self.packs: dict[str, str] = {}
        self._families: dict[str, Seen] = defaultdict(Seen)

    def add(self, row: Ready) -> None:
        self.rows += row.count
        self._families[row.split].add(row.family)
        for factor, level in row.factors.items():
            if factor != "pack":
                self.factors[factor][level][row.split] += row.count
        if "pack" in row.factors:
            self.packs[row.factors["domain"]] = row.factors["pack"]

    def families(self) -> dict[str, int]:
        return {s: seen.count for s, seen in sorted(self._families.items())}

    def table(self) -> dict[str, dict[str, dict[str, int]]]:
        return {f: {k: dict(sorted(v.items())) for k, v in sorted(self.factors[f].items())} for f in FACTORS if f in self.factors}


def export(job: Job, output: Output, run: MapChunks, *, resume: bool = False, progress: Callable[[int], None] = lambda n: None) -> Manifest:
    """Make a data set; returns its manifest. The bytes depend on job and output alone, not on engine, workers or interruptions."""
    form = FORMATS.get(job.to)
    if output.balance and output.balance not in FACTORS:
        raise UsageError(f"--balance: there is no factor '{output.balance}'", mend=f"factors: {', '.join(FACTORS)}")
    if form.shape == "parquet" and not find_spec("pyarrow"):
        raise MissingExtra("Parquet", "parquet")
    if resume and (whole := _finished(job, output)) is not None:
        return whole
    folder = _prepared(job, output.folder, resume=resume)
    specs: Iterator[Spec] = ((job, chunk, str(folder)) for chunk in chunks_of(job))
    parts: list[Part] = []

    def coming() -> Iterator[Part]:
        for part in run(make_part, specs):
            parts.append(part)
            progress(part.rows)
            yield part

    quota = _quota(job, output, coming()) if output.balance else None
    sieve, counts = _Sieve(job, output, quota), _Counts()
    files = _written(form, output, job, sieve, list(parts) if output.balance else coming(), counts)
    dropped: Counter[str] = Counter(sieve.dropped)
    for part in parts:
        dropped.update(part.dropped)
    made = Manifest(
        name=output.name,
        format=job.to,
        job=job.digest,
        robustgen=robustgen.__version__,
        settings=_settings(job, output),
        files=files,
        cases=sum(p.rows + sum(p.dropped.values()) for p in parts),
        rows=counts.rows,
        dropped=dict(sorted(dropped.items())),
        families=counts.families(),
        counts=counts.table(),
        packs=dict(sorted(counts.packs.items())),
        license=output.license,
        languages=sorted({t.split("-")[0] for t in counts.factors["language"]}),
    )
    _beside(form, output.folder, made)
    shutil.rmtree(output.folder / PARTS)
    return made


def _finished(job: Job, output: Output) -> Manifest | None:
    """Return the manifest of a data set of the same job and settings that is there, whole."""
    try:
        made = msgspec.json.decode((output.folder / "manifest.json").read_bytes(), type=Manifest)
        same = msgspec.json.encode(made.settings) == msgspec.json.encode(_settings(job, output))
        if not same or (made.job, made.name, made.license) != (job.digest, output.name, output.license):
            return None
        return made if all(digest_of_file(output.folder / f.path) == f.sha256 for f in made.files) else None
    except (OSError, msgspec.DecodeError):
        return None


def _prepared(job: Job, out: Path, *, resume: bool) -> Path:
    """Return the folder for parts; an older data set of ours makes room. Raises ``UsageError`` rather than write among somebody's files."""
    root = out / PARTS
    try:
        if out.is_dir():
            _cleared(out)
        if root.is_dir():
            for unfinished in out.rglob(".*.tmp"):
                unfinished.unlink()
            if not resume:
                shutil.rmtree(root)
        (root / job.digest).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{out}: cannot be written: {error.strerror}", mend="name another folder with -o") from None
    return root / job.digest


def _cleared(out: Path) -> None:
    """Remove the files that the manifest of an older export lists; what else is there is not ours to touch."""
    manifest = out / "manifest.json"
    if manifest.is_file():
        try:
            older = msgspec.json.decode(manifest.read_bytes(), type=_Older)
        except msgspec.DecodeError:
            raise UsageError(f"{manifest}: is no manifest of a data set of ours", mend="name a new or empty folder with -o") from None
        for path in [*(f.path for f in older.files), *older.beside]:
            if ".." not in Path(path).parts and not Path(path).is_absolute():
                (out / path).unlink(missing_ok=True)
        manifest.unlink()
    elif not (out / PARTS).is_dir() and any(f.name != ASIDE for f in out.iterdir()):
        raise UsageError(f"{out}: holds files that are no data set of ours", mend="name a new or empty folder with -o")


class _Named(msgspec.Struct):
    path: str


class _Older(msgspec.Struct):
    """What is read of an older manifest."""

    files: list[_Named]
    beside: list[str] = []


def _quota(job: Job, output: Output, parts: Iterable[Part]) -> dict[str, int]:
    """Return how many rows of each level may stay: as many as the rarest has."""
    sieve = _Sieve(job, output, None)
    found = Counter(row.factors.get(output.balance, "") for part in parts for _, row in sieve.sifted(part))
    least = min(found.values(), default=0)
    return dict.fromkeys(found, least)


def _written(form: Format, output: Output, job: Job, sieve: _Sieve, parts: Iterable[Part], counts: _Counts) -> list[File]:
    """Write the rows that stay, part by part, while later parts are still being made; returns the files."""
    splits = {name: Split(output.folder, form, name, output.rows_per_file, sources=form.sources) for name, _ in job.splits}
    try:
        for part in parts:
            _write(part, splits, sieve, counts)
    except BaseException:
        for split in splits.values():
            split.abandon()
        raise
    made = []
    for name, split in splits.items():
        for path, count in zip(split.close(), split.rows, strict=True):
            file = output.folder / path
            if count:
                made.append(File(path, name, count, file.stat().st_size, digest_of_file(file)))
            else:
                file.unlink()
    return made


def _write(part: Part, splits: Mapping[str, Split], sieve: _Sieve, counts: _Counts) -> None:
    """Write what stays of a part."""
    taken: dict[str, list[int]] = {name: [] for name in splits}
    for number, row in sieve.sifted(part):
        counts.add(row)
        if part.table:
            taken[row.split].append(number)
        else:
            splits[row.split].add_all(row.records, row.provenance)
    if part.table and any(taken.values()):
        table = read_table(part)
        for name, numbers in taken.items():
            if numbers:
                splits[name].add_table(table.take(numbers))


def _settings(job: Job, output: Output) -> dict[str, Any]:
    made: dict[str, Any] = {"to": job.to, "answers": job.style, "wrong_answers": job.pairs, "splits": dict(job.splits), "salt": job.salt}
    if job.selection is not None:
        chosen = {k: v for k, v in msgspec.to_builtins(job.selection).items() if v not in ([], (), None, "none")}
        made |= {"seed": job.seed, "start": job.start, "count": job.count, **chosen}
        if job.given:
            made["facts"] = f"{len(job.given)} records, digest {digest_of(str(list(job.given))):x}"
    else:
        made["cases"] = f"digest {job.cases_digest}"
    if job.near:
        made["near"] = job.near
    if job.against:
        made |= {"against": f"digest {job.against_digest}", "overlap": job.overlap}
    chosen = {"balance": output.balance, "rows_per_file": output.rows_per_file, "keep_duplicates": output.duplicates}
    return made | {name: value for name, value in chosen.items() if value}


def _beside(form: Format, out: Path, made: Manifest) -> None:
    """Write the card, the manifest, and what the format's consumer wants beside the data."""
    files = {split: [f.path for f in found] for split, found in made.splits.items()}
    counts = {split: sum(f.rows for f in found) for split, found in made.splits.items()}
    texts = dict(form.beside(Made(name=made.name, files=files, counts=counts, languages=made.languages)))
    texts["README.md"] = card(made, table=form.shape == "parquet")
    if form.shape == "parquet":
        texts["croissant.json"] = croissant(made)
    for name, text in texts.items():
        (out / name).write_text(text, encoding="utf-8")
    beside = [*texts, *(f"provenance/{f.name}" for f in sorted((out / "provenance").glob("*.jsonl")))]
    body = msgspec.json.format(msgspec.json.encode(msgspec.structs.replace(made, beside=beside)), indent=2)
    (out / "manifest.json.tmp").write_bytes(body + b"\n")
    (out / "manifest.json.tmp").replace(out / "manifest.json")
