"""Memory of a long run: the resident size after every tenth of the cases, in one process.

python benchmarks/memory.py 1000000 clinical CL-X01 clean      one task, one kind
python benchmarks/memory.py 100000 all                         everything, all kinds
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from robustgen.campaign.calm import search_seldom


def resident() -> float:
    """Return the resident size of this process in MB (Linux)."""
    line = next(x for x in Path("/proc/self/status").read_text("utf-8").splitlines() if x.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def main() -> None:
    """Make cases one after the other, keep none, print a line for every tenth."""
    from robustgen.generate import Generator, Selection

    search_seldom()  # as the command line does
    count, domain, task, kind = int(sys.argv[1]), sys.argv[2], *[*sys.argv[3:], "", ""][:2]
    generator = Generator(Selection.of([domain], tasks=[task] if task else [], kinds=[kind] if kind else ["all"]), certify=False)
    sys.stdout.write("| cases | MB | cases a CPU second |\n|---|---|---|\n")
    for tenth in range(10):
        start = time.process_time()
        for i in range(tenth * count // 10, (tenth + 1) * count // 10):
            generator.case(i)
        rate = count // 10 / (time.process_time() - start)
        sys.stdout.write(f"| {(tenth + 1) * count // 10:,} | {resident():.0f} | {rate:,.0f} |\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
