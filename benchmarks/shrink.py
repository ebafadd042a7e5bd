"""Shrinking: planted faults over the packs, how many are brought to exactly their smallest trigger, and at how many questions.

python benchmarks/shrink.py [-n CASES] [--only WORD] [--part I/OF] [--width N] [--all] [--keep]

A whole run takes about half an hour; ``--part 1/4`` to ``--part 4/4`` do it in pieces. ``--keep`` writes what was measured into
``benchmarks/shrink.csv``, a line a fault, and makes ``benchmarks/shrink.md`` of it.
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
os.environ["ROBUSTGEN_PATH"] = str(ROOT / "tests" / "data")

from robustgen.campaign import finding  # noqa: E402 - the checkout and its test packs go first
from tests.quality.planted import Planted, exact, hunt, planted  # noqa: E402 - the same

ROWS, TABLE = ROOT / "benchmarks" / "shrink.csv", ROOT / "benchmarks" / "shrink.md"
COLUMNS = ("fault", "effect", "exact", "findings", "questions", "trigger", "date", "machine")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("-n", type=int, default=60, help="cases a fault")
    options.add_argument("--only", default="", help="faults whose name holds this")
    options.add_argument("--part", default="1/1", metavar="I/OF", help="every OF-th fault from the I-th on")
    options.add_argument("--all", action="store_true", help="print every fault, not only those that are not exact")
    options.add_argument("--width", type=int, default=finding.WIDTH, help="candidates of one finding asked at once")
    options.add_argument("--keep", action="store_true", help="write the rows to shrink.csv and shrink.md")
    chosen = options.parse_args()
    finding.WIDTH = chosen.width
    part, of = map(int, chosen.part.split("/"))
    started = time.perf_counter()
    faults = planted()
    rows = []
    for fault in faults[part - 1 :: of]:
        if chosen.only in fault.name:
            rows.append(_measured(fault, chosen.n))
            if chosen.all or rows[-1]["exact"] == "no":
                print(f"{rows[-1]['exact']:3}  {fault.name}: {rows[-1]['trigger']} {rows[-1]['questions']}", flush=True)
            if chosen.keep:
                _keep(rows, [f.name for f in faults])
    print("\n" + "\n".join(_table(rows)))
    print(f"\n{sum(int(r['findings']) for r in rows)} findings in {time.perf_counter() - started:.0f} s")


def _measured(fault: Planted, count: int) -> dict[str, str]:
    findings = hunt(fault, count=count)[0].findings
    missed = [f for f in findings if not exact(fault, f)]
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    return {
        "fault": fault.name,
        "effect": fault.effect,
        "exact": "yes" if findings and not missed else "no",
        "findings": str(len(findings)),
        "questions": " ".join(str(f.queries) for f in findings),
        "trigger": (missed or findings)[0].trigger if findings else "not found",
        "date": datetime.now(UTC).date().isoformat(),
        "machine": machine,
    }


def _table(rows: Sequence[dict[str, str]]) -> list[str]:
    effects: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        effects[row["effect"]].append(row)
    lines = ["| effect | faults | exact | findings | questions, median | most |", "|---|---|---|---|---|---|"]
    for name, some in [*sorted(effects.items()), ("all", list(rows))]:
        asked = [int(q) for r in some for q in r["questions"].split()] or [0]
        good = sum(r["exact"] == "yes" for r in some)
        share = f"{good} ({good / max(1, len(some)):.1%})" if name == "all" else str(good)
        lines.append(f"| {name} | {len(some)} | {share} | {sum(int(r['findings']) for r in some)} | {statistics.median(asked):g} | {max(asked)} |")
    return lines


def _keep(fresh: Sequence[dict[str, str]], order: Sequence[str]) -> None:
    """Put rows in the place of earlier ones of the same fault, and make the table anew; faults that are planted no more go."""
    known = {}
    if ROWS.exists():
        with ROWS.open(encoding="utf-8", newline="") as file:
            known = {r["fault"]: r for r in csv.DictReader(file)}
    known |= {r["fault"]: r for r in fresh}
    rows = [known[n] for n in order if n in known]
    with ROWS.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    dates, machines = sorted({r["date"] for r in rows}), sorted({r["machine"] for r in rows})
    head = [
        "# Planted faults and their smallest triggers",
        "",
        f"{len(rows)} of {len(order)} faults measured; {' to '.join(dict.fromkeys((dates[0], dates[-1])))}; {'; '.join(machines)}.",
        "Made by `python benchmarks/shrink.py --keep`; the faults are those of `tests/quality/planted.py`, 60 cases each. A fault is exact when every finding",
        "on it names just what sets it off; questions are those put to the target to shrink one finding.",
        "",
    ]
    cells = [(r["fault"], r["effect"], r["exact"], r["findings"], _middle(r["questions"]), r["trigger"][:90]) for r in rows]
    body = ["", "| fault | effect | exact | findings | questions, median | trigger of the first, or of one that is not exact |", "|---|---|---|---|---|---|"]
    body += ["| " + " | ".join(_cell(c) for c in cell) + " |" for cell in cells]
    TABLE.write_text("\n".join([*head, *_table(rows), *body]) + "\n", encoding="utf-8")


def _middle(questions: str) -> str:
    return f"{statistics.median([int(q) for q in questions.split()]):g}" if questions else ""


def _cell(text: str) -> str:
    shown = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)
    return shown.replace("\\", "\\\\").replace("|", "\\|").replace("*", "\\*").replace("_", "\\_").replace("<", "&lt;").replace("`", "\\`")


if __name__ == "__main__":
    main()
