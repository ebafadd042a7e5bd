"""``robustgen audit``: is a run's ledger whole and unchanged?"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from robustgen.cli._options import runs_option

__all__ = ["command"]


@click.command()
@click.argument("run", default="latest")
@runs_option
def command(run: str, runs: Path) -> None:
    """Verify the hash chain of a run's ledger; names the first broken link.

    \b
    robustgen audit
    robustgen audit 2026-11-24-1a2b3c

    Exits 1 when anything was changed, removed or added.
    """
    from robustgen.campaign.ledger import Ledger
    from robustgen.campaign.store import find_run

    folder = find_run(runs, run)
    with Ledger(folder / "ledger.sqlite") as ledger:
        records, broken = ledger.verify()
    if broken:
        click.echo(f"{folder.name}: BROKEN: {broken}")
        sys.exit(1)
    click.echo(f"{folder.name}: {records} records, the chain holds")
