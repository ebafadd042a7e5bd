"""``robustgen compare``: what runs have over the first one: fixed, broken, unchanged, flaky, with exact paired tests."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from robustgen.cli._options import as_json, runs_option
from robustgen.errors import UsageError

if TYPE_CHECKING:
    from robustgen.campaign.comparing import Comparison, Shift

__all__ = ["command"]

SHOWN, LISTED = 12, 20


@click.command()
@click.argument("names", metavar="BEFORE AFTER...", nargs=-1)
@click.option("--fail-on-regression", is_flag=True, help="Exit 1 when a finding is new.")
@click.option(
    "--sample-size", type=click.FloatRange(0, 0.5, min_open=True), default=None, metavar="MARGIN", help="How many cases a margin needs; no run is read."
)
@click.option("--rate", type=click.FloatRange(0, 1), default=0.5, show_default=True, help="Failure rate expected, for --sample-size.")
@runs_option
@as_json
def command(names: tuple[str, ...], fail_on_regression: bool, sample_size: float | None, rate: float, runs: Path, as_json: bool) -> None:
    """Compare runs with the first one, by their findings and, case by case, by their answers.

    \b
    robustgen compare 2026-11-24-1a2b3c latest --fail-on-regression
    robustgen compare 2026-11-22-77aa01 2026-11-23-0c9d12 latest
    robustgen compare --sample-size 0.02
    """
    import msgspec

    if sample_size is not None:
        _sizes(sample_size, rate, as_json=as_json)
        return
    if len(names) < 2:
        raise UsageError("two runs are needed", mend="robustgen compare BEFORE AFTER")
    from robustgen.campaign.comparing import compare, judgements, summary
    from robustgen.campaign.store import find_run
    from robustgen.cli._report import read_report
    from robustgen.core.case import exact_text

    folders = [find_run(runs, n) for n in names]
    reports, judged = [read_report(f) for f in folders], [judgements(f) for f in folders]
    made = [compare(reports[0], r, judged[0], j) for r, j in zip(reports[1:], judged[1:], strict=True)]
    if as_json:
        lines = [msgspec.json.encode(summary(m), enc_hook=exact_text) for m in made]
        sys.stdout.write(b"\n".join(lines).decode("utf-8", "replace") + "\n")
    else:
        for one in made:
            _print(one)
    sys.exit(1 if fail_on_regression and any(m.broken for m in made) else 0)


def _print(made: Comparison) -> None:
    from robustgen.core.report import visible

    click.echo(f"{made.before} → {made.after}")
    for name in ("fixed", "broken"):
        for cause in getattr(made, f"{name}_causes"):
            click.echo(f"  {name:9} {cause.title}  ({', '.join(cause.tasks)}; {', '.join(cause.languages)})")
    for name in ("fixed", "broken", "unchanged", "flaky", "unasked"):
        found = getattr(made, name)
        for f in found[:LISTED]:
            click.echo(f"    {name:9} {f.id}  {f.case.task} {f.case.tag}  {visible(f.trigger)}" + (f"  fails {f.failed} of {f.tried}" if f.flaky else ""))
        if len(found) > LISTED:
            click.echo(f"    ... and {len(found) - LISTED} more {name} (--json lists all)")
    counts = ", ".join(f"{len(getattr(made, n))} {n}" for n in ("fixed", "broken", "unchanged", "flaky", "unasked"))
    click.echo(f"  findings: {counts}")
    click.echo(f"  cases: {_said(made.cases)}" if made.cases.shared else "  the runs have no case in common: only findings are compared")
    for shift in sorted(made.levels, key=lambda s: s.p)[:SHOWN]:
        if shift.p < 0.05:
            click.echo(f"  {shift.factor} {shift.level}: {_said(shift)}")


def _said(shift: Shift) -> str:
    spread = f"failure rate {shift.change:+.1%} (95 % interval {shift.low:+.1%} to {shift.high:+.1%})"
    return f"{shift.shared} judged by both, {shift.fixed} fixed, {shift.broken} broken; {spread}, exact McNemar p {f'= {shift.p:.4f}' if shift.p >= 0.0001 else '< 0.0001'}"


def _sizes(margin: float, rate: float, *, as_json: bool) -> None:
    from robustgen.stats import sample_size

    needed = sample_size(margin, rate)
    if as_json:
        click.echo(f'{{"margin": {margin}, "rate": {rate}, "cases": {needed}}}')
    else:
        click.echo(f"{needed} cases give a failure rate near {rate:.0%} a 95 % margin of ± {margin:.1%}")
