"""``robustgen export``: cases become data for fine-tuning or evaluation."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from robustgen.cli._options import COMMAS, Whole, as_json, read_records, runs_option, selecting, selection_of, verbosity
from robustgen.errors import LedgerError, UnknownName, UsageError

if TYPE_CHECKING:
    from robustgen.scale.card import Manifest
    from robustgen.scale.job import Job

__all__ = ["command"]


@click.command()
@click.argument("source", default="")
@click.option("--to", "to", default="", metavar="FORMAT", help="Layout; --formats lists them.")
@click.option("--formats", "list_formats", is_flag=True, help="List the layouts.")
@click.option("-o", "--output", default="", metavar="FOLDER", help="Folder for the files, or an address such as s3://bucket/data.")
@click.option("-n", "--count", type=Whole(1), default=1000, show_default=True, help="How many cases, where they are generated.")
@selecting(domain=False)
@click.option("--facts", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Realise these records (JSON Lines) instead of drawing.")
@click.option("--answers", "style", type=click.Choice(["short", "explained", "json"]), default="short", show_default=True, help="How answers are worded.")
@click.option("--wrong", "pairs", type=Whole(1), default=1, show_default=True, help="Wrong answers a row, in preference layouts.")
@click.option("--splits", default="", metavar="SPLITS", help="Shares of families  [train=0.8,validation=0.1,test=0.1; test=1 for evaluation layouts]")
@click.option("--salt", default="robustgen", show_default=True, help="Another word deals the families anew.")
@click.option(
    "--near", type=click.FloatRange(0.0, 1.0), default=0.0, help="Leave out rows as alike as this to one of another family; 0 for exact duplicates only."
)
@click.option("--keep-duplicates", is_flag=True, help="Leave exact duplicates in.")
@click.option("--against", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Leave out what occurs in this evaluation file.")
@click.option(
    "--overlap", type=click.FloatRange(0.0, 1.0), default=0.5, show_default=True, help="Share of word sequences from which a row counts as known there."
)
@click.option("--balance", default="", metavar="FACTOR", help="As many rows of every level of domain, task, language, kind, effect, status ...")
@click.option("--rows-per-file", type=Whole(0), default=0, help="Split files at so many rows.")
@click.option("--name", default="robustgen-data", show_default=True, help="Name of the data set.")
@click.option("--license", "license_", default="apache-2.0", show_default=True, help="Licence for the card.")
@click.option("--workers", type=Whole(1), default=1, help="Processes; the bytes are the same for any number.")
@click.option("--engine", type=click.Choice(["process", "dask"]), default="process", show_default=True, help="Who runs the chunks.")
@click.option("--cluster", default="", metavar="ADDRESS", help="A Dask scheduler such as tcp://host:8786; empty makes one here.")
@click.option("--resume", is_flag=True, help="Keep the parts that an interrupted export has finished.")
@runs_option
@as_json
@verbosity
def command(source: str, to: str, output: str, *, list_formats: bool, **options: Any) -> None:
    """Export cases for fine-tuning or evaluation. SOURCE is a file of cases, a run, or domains.

    \b
    robustgen export retail -n 5000 --to trl-sft -o data/
    robustgen export cases.jsonl --to trl-preference --answers explained -o pairs/
    robustgen export latest --to openai-preference -o from-my-run/
    robustgen export all --lang all -n 100000 --to hf --workers 4 -o dataset/
    """
    if list_formats:
        _list()
        return
    if not source or not to or not output:
        lacking = "what to export" if not source else "--to FORMAT" if not to else "-o FOLDER"
        raise UsageError(f"{lacking} is missing", mend="for example: robustgen export retail -n 5000 --to trl-sft -o data/")
    from robustgen.cli._progress import progress
    from robustgen.scale.export import ASIDE, Output, export
    from robustgen.scale.spread import engine
    from robustgen.scale.store import Store, is_address

    store = Store(output) if is_address(output) else None
    if store is not None:
        store.ready()
    folder = store.aside if store is not None else Path(output)
    job, total = _job(source, to, folder, options)
    out = Output(
        folder=folder,
        name=options["name"],
        license=options["license_"],
        balance=options["balance"],
        rows_per_file=options["rows_per_file"],
        duplicates=options["keep_duplicates"],
    )
    run = engine(options["engine"], options["workers"], options["cluster"])
    with progress("exporting", total, quiet=options["quiet"] or options["as_json"]) as step:
        made = export(job, out, run, resume=options["resume"], progress=step)
    (folder / ASIDE).unlink(missing_ok=True)
    if store is not None:
        store.send()
    _tell(made, store.address if store is not None else output, as_json=options["as_json"])


def _list() -> None:
    from robustgen.datasets._base import FORMATS

    width = max(map(len, FORMATS.names()))
    for name, form in FORMATS.items():
        click.echo(f"{name:<{width}}  {form.doc.splitlines()[0]}")


def _job(source: str, to: str, output: Path, options: dict[str, Any]) -> tuple[Job, int]:
    """Return the job and about how many rows it will make."""
    from robustgen.datasets._base import FORMATS
    from robustgen.scale.job import Job, parse_splits
    from robustgen.scale.writing import digest_of_file

    form = FORMATS.get(to)
    splits = options["splits"] or ("test=1" if form.evaluates else "train=0.8,validation=0.1,test=0.1")
    against = options["against"]
    shared: dict[str, Any] = {
        "to": to,
        "style": options["style"],
        "pairs": options["pairs"] if form.pairs else 1 if form.shape in {"csv", "parquet"} or to == "jsonl" else 0,
        "splits": parse_splits(splits),
        "salt": options["salt"],
        "near": options["near"],
        "against": str(against.resolve()) if against else "",
        "against_digest": digest_of_file(against) if against else "",
        "overlap": options["overlap"],
        "versions": _versions(),
    }
    file = Path(source)
    if not file.is_file():
        if (folder := _run_of(source, options["runs"])) is None:
            given = read_records(options["facts"]) if options["facts"] else []
            selection = selection_of(COMMAS.convert(source, None, None), options)
            return Job(**shared, selection=selection, seed=options["seed"], given=given, start=options["start"], count=options["count"]), options["count"]
        file = _journalled(folder, output)
    return Job(**shared, cases=str(file.resolve()), cases_digest=digest_of_file(file)), 0


def _versions() -> dict[str, str]:
    """Return the versions of robustgen and of every pack that is installed."""
    import robustgen
    from robustgen.packs.locate import pack_names
    from robustgen.packs.pack import load_pack

    return {"robustgen": robustgen.__version__, **{name: load_pack(name).version for name in pack_names()}}


def _run_of(source: str, runs: Path) -> Path | None:
    """Return the folder of a run of that name, None where the words are domains."""
    from robustgen.campaign.store import find_run
    from robustgen.packs.locate import pack_names

    if all(name in {*pack_names(), "all"} for name in source.split(",")):
        return None
    try:
        return find_run(runs, source)
    except UnknownName:
        raise UsageError(
            f"'{source}' is no file, no run below {runs} and no domain", mend=f"name a file of cases, a run, or domains: {', '.join(pack_names())}"
        ) from None


def _journalled(folder: Path, output: Path) -> Path:
    """Write the cases of a run, each with the first answer that it got, to a file below the output; returns it."""
    import msgspec

    from robustgen.scale.export import ASIDE

    file = output / ASIDE
    try:
        output.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as opened:
            opened.writelines(b'{"case":' + case + b',"answered":' + msgspec.json.encode(text) + b"}\n" for case, text in _answered(folder))
    except OSError as error:
        raise UsageError(f"{output}: cannot be written: {error.strerror}") from None
    return file


def _answered(folder: Path) -> Iterator[tuple[bytes, str]]:
    import msgspec

    from robustgen.campaign.store import open_ledger
    from robustgen.core.verdict import Response

    with open_ledger(folder) as ledger:
        answers: dict[str, str] = {}
        for record in ledger.records("answered"):
            if record.body:
                response = msgspec.json.decode(record.body, type=Response)
                text = response.text or (msgspec.json.encode(response.data).decode() if response.data is not None else "")
                answers.setdefault(record.key.partition("/")[0], "" if response.error else text)
        seen: set[str] = set()
        for record in ledger.records("asked"):
            name = record.key.partition("/")[0]
            if record.body and name not in seen:
                seen.add(name)
                yield record.body, answers.get(name, "")
    if not seen:
        raise LedgerError(f"{folder}: holds no case any more", mend="its payloads were purged; export from cases instead")


def _tell(made: Manifest, output: str, *, as_json: bool) -> None:
    if as_json:
        import msgspec

        sys.stdout.buffer.write(msgspec.json.encode(made) + b"\n")
        return
    for split, files in made.splits.items():
        click.echo(f"{split}: {sum(f.rows for f in files)} records of {made.families.get(split, 0)} families in {len(files)} file{'s' * (len(files) > 1)}")
    for why, count in made.dropped.items():
        click.echo(f"left out, {why.replace('_', ' ')}: {count} of {made.cases}")
    click.echo(f"{output.rstrip('/')}/README.md says what is in it")
