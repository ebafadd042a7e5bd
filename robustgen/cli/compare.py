"""``robustgen compare``: what one run has over another: fixed, broken, unchanged, with an exact paired test."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from robustgen.cli._options import as_json, runs_option

if TYPE_CHECKING:
    from robustgen.core.verdict import Finding

__all__ = ["command"]


@click.command()
@click.argument("before")
@click.argument("after")
@click.option("--fail-on-regression", is_flag=True, help="Exit 1 when a finding is new.")
@runs_option
@as_json
def command(before: str, after: str, fail_on_regression: bool, runs: Path, as_json: bool) -> None:
    """Compare two runs by their findings and, case by case, by their answers.

    \b
    robustgen compare 2026-11-24-1a2b3c latest --fail-on-regression
    """
    from robustgen.campaign.store import find_run
    from robustgen.cli._report import read_report

    a, b = read_report(find_run(runs, before)), read_report(find_run(runs, after))
    old, new = {f.id: f for f in a.findings}, {f.id: f for f in b.findings}
    fixed, broken, same = sorted(old.keys() - new.keys()), sorted(new.keys() - old.keys()), sorted(old.keys() & new.keys())
    failed_before, failed_after = _failing(old), _failing(new)
    only_before, only_after = len(failed_before - failed_after), len(failed_after - failed_before)
    from robustgen.stats import mcnemar

    p = mcnemar(only_before, only_after)
    if as_json:
        import msgspec

        made = {"fixed": fixed, "broken": broken, "unchanged": same, "cases_fixed": only_before, "cases_broken": only_after, "p": p}
        sys.stdout.write(msgspec.json.encode(made).decode() + "\n")
    else:
        for name, ids, known in (("fixed", fixed, old), ("broken", broken, new), ("unchanged", same, new)):
            for i in ids:
                click.echo(f"{name:9} {i}  {known[i].case.task} {known[i].case.tag}  {known[i].trigger}")
        click.echo(
            f"{len(fixed)} fixed, {len(broken)} broken, {len(same)} unchanged; cases: {only_before} fixed, {only_after} broken, exact McNemar p = {p:.4f}"
        )
    sys.exit(1 if fail_on_regression and broken else 0)


def _failing(findings: dict[str, Finding]) -> set[str]:
    """Return the cases (as far as a finding lists them) that fail."""
    return {c for f in findings.values() for c in f.cases}
