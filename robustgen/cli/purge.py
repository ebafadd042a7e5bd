"""``robustgen purge``: remove what was asked and answered, keep the proof that it was."""

from __future__ import annotations

from pathlib import Path

import click

from robustgen.cli._options import runs_option

__all__ = ["command"]


@click.command()
@click.argument("run")
@click.option("--yes", is_flag=True, help="Do not ask.")
@runs_option
def command(run: str, yes: bool, runs: Path) -> None:
    """Remove questions, answers and findings of a run; the ledger's chain stays verifiable.

    \b
    robustgen purge 2026-11-24-1a2b3c --yes
    """
    from robustgen.campaign.store import find_run, open_ledger

    folder = find_run(runs, run)
    if not yes:
        click.confirm(f"remove the payloads of {folder.name}? This cannot be undone", abort=True)
    with open_ledger(folder) as ledger:
        removed = ledger.purge("asked", "attempt", "answered", "judged", "checkpoint", "finished")
    for name in ("findings.jsonl", "report.html"):
        (folder / name).unlink(missing_ok=True)
    click.echo(f"{folder.name}: {removed} payloads removed; 'robustgen audit {folder.name}' still verifies the chain")
