"""Rows to Parquet: ``python benchmarks/export.py 20000``. Ours with one worker and with two, beside plain Faker writing the same columns.

Each runs as a process of its own; the table shows seconds, rows a second, peak memory of the largest process, and what a billion rows
would take at that rate. Faker only fills columns: it has no facts, no computed answer, no wrong answer, and checks nothing.
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def ours(count: int, folder: Path, workers: int) -> int:
    """Export cases of all packs; returns the rows that were written."""
    from robustgen.generate import Selection
    from robustgen.scale.export import Output, export
    from robustgen.scale.job import Job
    from robustgen.scale.spread import engine

    job = Job(to="parquet", pairs=1, selection=Selection.of(["all"]), count=count)
    return export(job, Output(folder=folder), engine("process", workers)).rows


def faker(count: int, folder: Path, workers: int) -> int:
    """Fill the same columns from Faker's providers, one process."""
    import pyarrow as pa
    import pyarrow.parquet as pq
    from faker import Faker

    from robustgen.datasets._base import COLUMNS
    from robustgen.datasets._table import LISTS, NUMBERS, TURNS, schema

    fake = Faker()
    fake.seed_instance(0)
    draw = random.Random(0)
    with pq.ParquetWriter(folder / "faker.parquet", schema(), compression="zstd") as writer:
        for start in range(0, count, 5000):
            rows = []
            for i in range(start, min(count, start + 5000)):
                document = f"{fake.name()}\n{fake.company()}\n{fake.paragraph(nb_sentences=6)}"
                row = {c: [] if c in LISTS or c in TURNS else i if c in NUMBERS else fake.word() for c in COLUMNS}
                turns = [{"role": "user", "content": document}, {"role": "assistant", "content": str(draw.randrange(1000))}]
                rows.append(row | {"document": document, "messages": turns})
            writer.write_table(pa.Table.from_pylist(rows, schema=schema()))
    return count


RUNS = {"robustgen, 1 worker": (ours, 1), "robustgen, 2 workers": (ours, 2), "plain Faker, 1 process": (faker, 1)}


def measured(name: str, count: int) -> dict[str, float]:
    """Run one of them in this process and return what it took."""
    run, workers = RUNS[name]
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        rows = run(count, Path(folder), workers)
        seconds = time.perf_counter() - began
        size = sum(f.stat().st_size for f in Path(folder).rglob("*.parquet"))
    memory = max(resource.getrusage(w).ru_maxrss for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    return {"rows": rows, "seconds": seconds, "mb": size / 1e6, "memory": memory}


def main() -> None:
    """Measure all, or one by its name."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    if len(sys.argv) > 2:
        print(json.dumps(measured(sys.argv[2], count)))
        return
    print(f"{count} cases, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"{'':<24}{'rows':>9}{'s':>9}{'rows/s':>9}{'peak MB':>9}{'file MB':>9}{'h for 10^9':>12}")
    for name in RUNS:
        run = subprocess.run([sys.executable, __file__, str(count), name], capture_output=True, text=True, check=True)
        found = json.loads(run.stdout.splitlines()[-1])
        rate = found["rows"] / found["seconds"]
        print(
            f"{name:<24}{found['rows']:>9.0f}{found['seconds']:>9.1f}{rate:>9.0f}{found['memory']:>9.0f}{found['mb']:>9.1f}{1e9 / rate / 3600:>12.0f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
