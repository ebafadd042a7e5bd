"""Shrinking: planted faults over the packs, how many are brought to exactly their smallest trigger, and at how many questions.

python benchmarks/shrink.py [-n CASES] [--only WORD] [--width N] [--all]
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
os.environ["ROBUSTGEN_PATH"] = str(ROOT / "tests" / "data")

from robustgen.campaign import finding  # noqa: E402 - the checkout and its test packs go first
from tests.quality.planted import exact, hunt, planted  # noqa: E402 - the same


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("-n", type=int, default=60, help="cases a fault")
    options.add_argument("--only", default="", help="faults whose name holds this")
    options.add_argument("--all", action="store_true", help="print every fault, not only those that are not exact")
    options.add_argument("--width", type=int, default=finding.WIDTH, help="candidates of one finding asked at once")
    chosen = options.parse_args()
    finding.WIDTH = chosen.width
    started = time.perf_counter()
    rows: dict[str, list[tuple[bool, list[int]]]] = defaultdict(list)
    for fault in planted():
        if chosen.only not in fault.name:
            continue
        report, _ = hunt(fault, count=chosen.n)
        findings = report.findings
        good = bool(findings) and all(exact(fault, f) for f in findings)
        queries = [f.queries for f in findings]
        rows[fault.effect].append((good, queries))
        if chosen.all or not good:
            print(
                f"{'exact' if good else 'NOT'}  {fault.name}: {[(f.trigger, f.queries) for f in findings if chosen.all or not exact(fault, f)][:4]}", flush=True
            )
    every = [r for kind in rows.values() for r in kind]
    asked = [q for _, queries in every for q in queries]
    print("\n| effect | faults | exact | questions, median | most |\n|---|---|---|---|---|")
    for effect, found in sorted(rows.items()):
        part = [q for _, queries in found for q in queries] or [0]
        print(f"| {effect} | {len(found)} | {sum(g for g, _ in found)} | {statistics.median(part):g} | {max(part)} |")
    exact_share = sum(g for g, _ in every) / len(every)
    print(f"| all | {len(every)} | {sum(g for g, _ in every)} ({exact_share:.1%}) | {statistics.median(asked):g} | {max(asked)} |")
    print(f"\n{len(asked)} findings in {time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
