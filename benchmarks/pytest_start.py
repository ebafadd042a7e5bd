"""What the pytest door costs a project that has it installed: an empty run with and without it, and its import alone.

``python benchmarks/pytest_start.py [RUNS]``: runs alternate, so that a busy machine hurts both; prints CPU seconds, the median and the least of each.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
IMPORT = "import pytest, time; t = time.process_time(); import robustgen.pytest_plugin; print(time.process_time() - t)"


def cpu(command: list[str], folder: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=folder, check=True, capture_output=True, env={"PYTHONPATH": str(ROOT), "PATH": ""})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    plain = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    found: dict[str, list[float]] = {"without": [], "with": [], "import alone": []}
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "test_one.py").write_text("def test_one():\n    assert 1 + 1 == 2\n")
        for _ in range(runs):
            found["without"].append(cpu([*plain, "-p", "no:robustgen"], folder))
            found["with"].append(cpu(plain, folder))
            done = subprocess.run([sys.executable, "-c", IMPORT], cwd=folder, check=True, capture_output=True, text=True, env={"PYTHONPATH": str(ROOT)})
            found["import alone"].append(float(done.stdout))
    for name, values in found.items():
        print(f"{name:13} median {statistics.median(values):.3f} s, least {min(values):.3f} s of {runs} runs (CPU)")
    print(f"difference    median {statistics.median(found['with']) - statistics.median(found['without']):.3f} s")


if __name__ == "__main__":
    main()
