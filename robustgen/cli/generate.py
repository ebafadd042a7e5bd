"""``robustgen generate``: cases to read, or to a file."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from robustgen.cli._options import COMMAS, Whole, as_json, count_option, read_records, selecting, selection_of, verbosity
from robustgen.errors import UsageError

if TYPE_CHECKING:
    from robustgen.generate import Generator, Selection

__all__ = ["command"]

CHUNK = 1000


@click.command()
@click.argument("domains", type=COMMAS)
@count_option(20)
@selecting(domain=False)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write JSON Lines here; '-' is standard output.")
@click.option("--facts", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Realise these records (JSON Lines) instead of drawing.")
@click.option("--coverage", is_flag=True, help="Say afterwards what was never produced: productions, paths, forms, boundaries, pairs (one process).")
@click.option("--workers", type=Whole(1), default=1, help="Processes; the bytes are the same for any number.")
@as_json
@verbosity
def command(domains: list[str], count: int, output: Path | None, facts: Path | None, coverage: bool, workers: int, **options: Any) -> None:
    """Generate cases: documents with their facts, the exact expected answer, and what was done to the text.

    \b
    robustgen generate clinical -n 20
    robustgen generate legal,retail --lang es,de --kind noisy,ambiguous -n 10000 -o cases.jsonl
    robustgen generate clinical --facts mine.jsonl
    robustgen generate retail -n 2000 --cover pairwise --coverage -o cases.jsonl
    """
    from robustgen.generate import Generator

    selection = selection_of(domains, options)
    given = read_records(facts) if facts else []
    generator = Generator(selection, options["seed"], given)
    if coverage:
        _covered(generator, options, output, count)
        return
    if output is None and not options["as_json"]:
        _read(generator, options["start"], count)
        return
    lines = _encoded(selection, options["seed"], given, options["start"], count, workers)
    if output is None or str(output) == "-":
        _write(sys.stdout.buffer, lines, count, quiet=True)
        return
    try:
        with output.open("wb") as file:
            _write(file, lines, count, quiet=options["quiet"])
    except OSError as error:
        raise UsageError(f"{output}: cannot be written: {error.strerror}") from None


def _covered(generator: Generator, options: Any, output: Path | None, count: int) -> None:
    """Generate in this process and report what was covered, to stderr or as JSON."""
    import msgspec

    from robustgen.cli._progress import progress
    from robustgen.generate.covered import Coverage, by_scope

    encode = msgspec.json.Encoder().encode
    with Coverage(generator) as covered, progress("generating", count, quiet=options["quiet"]) as step:
        file = output.open("wb") if output is not None else None
        for case in covered.watch(generator.cases(options["start"], count)):
            if file is not None:
                file.write(encode(_clean(case)) + b"\n")
            step(1)
        if file is not None:
            file.close()
        found = covered.report()
    if options["as_json"]:
        sys.stdout.buffer.write(encode([{**msgspec.to_builtins(c), "share": round(c.share, 4)} for c in found]) + b"\n")
        return
    for scope, items in by_scope(found).items():
        click.echo(scope)
        for item in items:
            click.echo(f"  {item.measure}: {item.reached} of {item.total} ({item.share:.1%})" + (f", never: {'; '.join(item.never)}" if item.never else ""))


def _read(generator: Generator, start: int, count: int) -> None:
    from robustgen.cli._show import console, show_case

    out = console()
    for case in generator.cases(start, count):
        show_case(out, case)


def _write(file: BinaryIO, chunks: Iterator[bytes], count: int, *, quiet: bool) -> None:
    from robustgen.cli._progress import progress

    with progress("generating", count, quiet=quiet) as step:
        for chunk in chunks:
            file.write(chunk)
            step(chunk.count(b"\n"))
    file.flush()


def _encoded(selection: Selection, seed: int, given: Sequence[dict[str, Any]], start: int, count: int, workers: int) -> Iterator[bytes]:
    """Yield the cases' lines in order, chunk by chunk, from one process or several."""
    from itertools import repeat

    ends = range(start, start + count, CHUNK)
    sizes = [min(CHUNK, start + count - s) for s in ends]
    jobs = zip(repeat(selection), repeat(seed), repeat(given), ends, sizes, strict=False)
    if workers == 1 or len(sizes) == 1:
        yield from map(_chunk, jobs)
        return
    from multiprocessing import get_context

    with get_context("fork" if sys.platform == "linux" else "spawn").Pool(workers) as pool:
        yield from pool.imap(_chunk, jobs)


_GENERATORS: dict[tuple[str, int], Generator] = {}


def _chunk(job: tuple[Selection, int, Sequence[dict[str, Any]], int, int]) -> bytes:
    import msgspec

    from robustgen.generate import Generator

    selection, seed, given, start, count = job
    key = (selection.digest, seed)
    if key not in _GENERATORS:
        _GENERATORS[key] = Generator(selection, seed, given)
    encode = msgspec.json.Encoder().encode
    return b"".join(encode(_clean(case)) + b"\n" for case in _GENERATORS[key].cases(start, count))


def _clean(case: Any) -> Any:
    """Return the case with lone surrogates escaped, so that what leaves the process is valid UTF-8."""
    try:
        case.text.encode("utf-8")
    except UnicodeEncodeError:
        import json

        import msgspec

        return msgspec.Raw(json.dumps(msgspec.to_builtins(case), ensure_ascii=True).encode())
    return case
