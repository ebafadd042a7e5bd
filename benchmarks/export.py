"""Rows to Parquet: ``python benchmarks/export.py [ROWS] [short|all] [RUN ...]``. Ours with one worker and with two, beside two that fill the same columns.

``short`` exports three tasks of the retail pack with short documents, ``all`` every task of every pack, in English. Each run is a process
of its own. The table shows seconds, rows a second, memory, the size of the files, and what a billion rows would take at that rate.

Memory is that of all processes of a run together (proportional set size, read four times a second): the highest of the second and of the
last quarter of the time. A run whose memory grows with its rows shows it between the two.

*Plain Faker* fills columns from Faker's providers, one row after another. *Pipeline* is that of distilabel where an interpreter that has it
is named by ROBUSTGEN_DISTILABEL: a loader and two Python steps in processes of their own, batches of fifty rows; it fills the same columns
from Faker too. Both have no facts, no computed answer, no wrong answer that is proved wrong, and check nothing.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SHORT = ("RT-X04", "RT-X13", "RT-T25")
"""Tasks with documents of some 200 characters."""


def ours(count: int, folder: Path, workers: int, which: str) -> int:
    """Export cases; returns the rows that were written."""
    from robustgen.generate import Selection
    from robustgen.scale.export import Output, export
    from robustgen.scale.job import Job
    from robustgen.scale.spread import engine

    selection = Selection.of(["all"]) if which == "all" else Selection.of(["retail"], tasks=SHORT)
    job = Job(to="parquet", pairs=1, selection=selection, count=count)
    return export(job, Output(folder=folder), engine("process", workers)).rows


def filled(fake: Any, draw: random.Random, number: int) -> dict[str, Any]:
    """Return the columns of one row, from Faker's providers."""
    from robustgen.datasets._base import COLUMNS
    from robustgen.datasets._table import LISTS, NUMBERS

    document = f"{fake.name()}\n{fake.company()}\n{fake.paragraph(nb_sentences=4)}"
    row: dict[str, Any] = {c: [fake.word()] if c in LISTS else number if c in NUMBERS else fake.word() for c in COLUMNS if c != "messages"}
    row |= {"document": document, "system": fake.sentence(), "answer": str(draw.randrange(1000)), "rejected": str(draw.randrange(1000))}
    return row | {"messages": [{"role": "user", "content": document}, {"role": "assistant", "content": row["answer"]}]}


def faker(count: int, folder: Path, workers: int, which: str) -> int:
    """Fill the same columns, one process, and write them in batches."""
    import pyarrow as pa
    import pyarrow.parquet as pq
    from faker import Faker

    from robustgen.datasets._table import schema

    fake, draw = Faker(), random.Random(0)
    fake.seed_instance(0)
    with pq.ParquetWriter(folder / "faker.parquet", schema(), compression="zstd") as writer:
        for start in range(0, count, 5000):
            rows = [filled(fake, draw, i) for i in range(start, min(count, start + 5000))]
            writer.write_table(pa.Table.from_pylist(rows, schema=schema()))
    return count


def pipeline(count: int, folder: Path, workers: int, which: str) -> int:
    """Run distilabel: a loader of numbers, a step that fills rows, a step that turns them into turns; its data set is saved as Parquet."""
    from distilabel.pipeline import Pipeline  # type: ignore[import-not-found]  # an experiment's own interpreter has it
    from distilabel.steps import GeneratorStep, StepInput, step  # type: ignore[import-not-found]  # as above
    from faker import Faker

    class Numbers(GeneratorStep):  # type: ignore[misc]  # its base is not known here
        rows: int = 0

        @property
        def outputs(self) -> list[str]:
            return ["number"]

        def process(self, offset: int = 0) -> Iterator[Any]:
            for at in range(offset, self.rows, self.batch_size):
                batch = [{"number": n} for n in range(at, min(at + self.batch_size, self.rows))]
                yield batch, at + self.batch_size >= self.rows

    def fill(*inputs: Any) -> Iterator[Any]:
        fake, draw = Faker(), random.Random(inputs[0][0]["number"])
        fake.seed_instance(inputs[0][0]["number"])
        yield [row | filled(fake, draw, row["number"]) for row in inputs[0]]

    def measure(*inputs: Any) -> Iterator[Any]:
        yield [row | {"length": len(row["document"])} for row in inputs[0]]

    for function in (fill, measure):  # distilabel looks at the annotation itself, which is text in this file
        function.__annotations__ = {"inputs": StepInput}
    filling, measuring = step(inputs=["number"], outputs=["document"])(fill), step(inputs=["document"], outputs=["length"])(measure)

    with Pipeline(name="rows", cache_dir=folder / "cache") as made:
        Numbers(name="numbers", rows=count, batch_size=50) >> filling(name="fill") >> measuring(name="measure")
    found = made.run(use_cache=False)["default"]["train"]
    found.to_parquet(str(folder / "pipeline.parquet"))
    return len(found)


RUNS: dict[str, tuple[Any, int]] = {
    "robustgen, 1 worker": (ours, 1),
    "robustgen, 2 workers": (ours, 2),
    "plain Faker, 1 process": (faker, 1),
    "pipeline (distilabel)": (pipeline, 2),
}


def descendants(root: int) -> set[int]:
    """Return a process and all below it."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError, IndexError):
            continue
    found = {root}
    while more := {p for p, above in parents.items() if above in found} - found:
        found |= more
    return found


def memory(root: int) -> float:
    """Return the megabytes of a process and all below it; what they share counts once."""
    total = 0
    for process in descendants(root):
        try:
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
    return total / 1024


def measured(name: str, count: int, which: str) -> dict[str, float]:
    """Run one of them in this process and return what it took."""
    run, workers = RUNS[name]
    seen: list[float] = []
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.25):
            seen.append(memory(os.getpid()))

    watcher = threading.Thread(target=watch, daemon=True)
    with tempfile.TemporaryDirectory() as folder:
        watcher.start()
        began = time.perf_counter()
        rows = run(count, Path(folder), workers, which)
        seconds = time.perf_counter() - began
        done.set()
        watcher.join()
        size = sum(f.stat().st_size for f in Path(folder).rglob("*.parquet"))
    quarter = max(1, len(seen) // 4)
    return {"rows": rows, "seconds": seconds, "mb": size / 1e6, "early": max(seen[quarter : 2 * quarter] or [0]), "late": max(seen[-quarter:] or [0])}


def main() -> None:
    """Measure all, or those that are named."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    which = sys.argv[2] if len(sys.argv) > 2 else "short"
    if sys.argv[3:4] == ["--one"]:
        print(json.dumps(measured(sys.argv[4], count, which)))
        return
    print(f"{count} cases ({which}), {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"{'':<24}{'rows':>9}{'s':>9}{'rows/s':>9}{'MB 2nd q':>10}{'MB last q':>10}{'file MB':>9}{'h for 10^9':>12}", flush=True)
    for name in sys.argv[3:] or RUNS:
        other = os.environ.get("ROBUSTGEN_DISTILABEL", "") if RUNS[name][0] is pipeline else sys.executable
        if not other:
            print(f"{name:<24} left out: name an interpreter that has distilabel, faker and pyarrow with ROBUSTGEN_DISTILABEL")
            continue
        run = subprocess.run([other, __file__, str(count), which, "--one", name], capture_output=True, text=True, check=False)
        if run.returncode:
            sys.exit(f"{name}: {run.stderr[-2000:]}")
        found = json.loads(run.stdout.splitlines()[-1])
        rate = found["rows"] / found["seconds"]
        figures = f"{found['rows']:>9.0f}{found['seconds']:>9.1f}{rate:>9.0f}{found['early']:>10.0f}{found['late']:>10.0f}{found['mb']:>9.1f}"
        print(f"{name:<24}{figures}{1e9 / rate / 3600:>12.0f}", flush=True)


if __name__ == "__main__":
    main()
