"""``robustgen audit``: is a run's ledger whole and unchanged?"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from robustgen.cli._options import runs_option

__all__ = ["command"]


@click.command()
@click.argument("run", default="latest")
@click.option("--head", default="", metavar="HASH", help="A hash noted earlier: that record must still be there.")
@runs_option
def command(run: str, head: str, runs: Path) -> None:
    """Verify the hash chain of a run's ledger; names the first broken link.

    \b
    robustgen audit
    robustgen audit 2026-11-24-1a2b3c

    Exits 1 when anything was changed, removed or added.
    """
    from robustgen.campaign.store import find_run, open_ledger

    folder = find_run(runs, run)
    with open_ledger(folder) as ledger:
        records, broken = ledger.verify(head)
        last = ledger.head
    if broken:
        click.echo(f"{folder.name}: BROKEN: {broken}")
        sys.exit(1)
    click.echo(f"{folder.name}: {records} records, the chain holds; its head is {last}")
