"""``robustgen report``: the report of a run again, in any format."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from robustgen.cli._options import as_json, runs_option
from robustgen.errors import UsageError
from robustgen.triage import FILE

__all__ = ["command"]


@click.command()
@click.argument("run", default="latest")
@click.option("--to", "form", default="text", show_default=True, help="text, html, junit, sarif, json, markdown or csv.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write here instead of standard output.")
@click.option("--triage", type=click.Path(path_type=Path, dir_okay=False), default=Path(FILE), show_default=True, help="The file of marks.")
@runs_option
@as_json
@click.option("-v", "--verbose", is_flag=True, help="All findings.")
def command(run: str, form: str, output: Path | None, triage: Path, runs: Path, as_json: bool, verbose: bool) -> None:
    """Show the report of a run: its name, a unique prefix, or latest.

    \b
    robustgen report
    robustgen report 2026-11-24-1a2b3c --to html -o report.html
    robustgen report latest --to sarif -o robustgen.sarif
    """
    from robustgen.campaign.results import with_marks
    from robustgen.campaign.store import find_run
    from robustgen.cli._report import print_report, read_report
    from robustgen.triage import in_force, read_marks

    folder = find_run(runs, run)
    report = with_marks(read_report(folder), in_force(read_marks(triage, named=triage != Path(FILE)), date.today()), str(triage))
    if form == "text":
        print_report(report, folder, as_json=as_json, verbose=verbose)
        return
    from robustgen.core.plugins import EXPORTERS

    text = EXPORTERS.get(form)(report)
    if output:
        try:
            output.write_text(text, encoding="utf-8")
        except OSError as error:
            raise UsageError(f"{output}: cannot be written: {error.strerror}", mend="name another file with -o") from None
        click.echo(f"{output}: {len(text.encode())} bytes")
    else:
        sys.stdout.write(text)
