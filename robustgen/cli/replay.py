"""``robustgen replay``: ask a finding or case again and say what changed since."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from robustgen.cli._options import runs_option
from robustgen.errors import UnknownName, UsageError

if TYPE_CHECKING:
    from robustgen.core.verdict import Finding, Verdict

__all__ = ["command"]


@click.command()
@click.argument("identity")
@click.option("--target", default=None, help="Ask this target instead of the one of the run.")
@click.option("--base-url", default=None, metavar="URL", help="Where the server listens now.")
@runs_option
def command(identity: str, target: str | None, base_url: str | None, runs: Path) -> None:
    """Replay a finding by its id, or a case by its JSON line: the case is shown, asked and judged again.

    \b
    robustgen replay 3f9a2b7c11d0
    robustgen replay 3f9a2b7c11d0 --target python:mypkg.mod:func

    Exits 1 when it still fails, 0 when it no longer does.
    """
    from robustgen.cli._report import print_finding
    from robustgen.cli._show import console

    finding, address, url = _find(identity, runs)
    out = console()
    print_finding(out, finding)
    verdict = asyncio.run(_again(finding, target or address, base_url or url))
    was, now = finding.verdict, verdict
    same = "still fails" if now.outcome.value == "fail" else f"now: {now.outcome.value}"
    out.print(f"replayed: {same}: {now.why}" + ("" if now.why == was.why else f" (was: {was.why})"), markup=False)
    sys.exit(1 if now.outcome.value == "fail" else 0)


def _find(identity: str, runs: Path) -> tuple[Finding, str, str | None]:
    """Return a finding with the target's address, from the newest run that has it."""
    from robustgen.campaign.store import read_config, run_names
    from robustgen.cli._report import read_report
    from robustgen.errors import LedgerError

    known: list[str] = []
    for name in reversed(run_names(runs)):
        try:
            report = read_report(runs / name)
        except LedgerError:
            continue
        for finding in report.findings:
            if finding.id.startswith(identity) and len(identity) >= 6:
                return finding, report.target, read_config(runs / name).get("base_url")
            if identity in (finding.case.id, finding.found_in):
                return finding, report.target, read_config(runs / name).get("base_url")
            known.append(finding.id)
    if not known:
        raise UsageError(f"no finding '{identity}': there is no finished run in {runs}", mend="run 'robustgen fuzz' first, or name --runs")
    raise UnknownName("finding", identity, known)


async def _again(finding: Finding, address: str, base_url: str | None) -> Verdict:
    from robustgen.campaign.judging import judge_for
    from robustgen.campaign.session import open_target
    from robustgen.core.plugins import ORACLES

    target = await open_target(address, {"base_url": base_url})

    try:
        judge = judge_for(target.can)
        base = [await target(finding.base)] if finding.base else []
        trial = judge.trial(finding.case, [await target(finding.case)], finding.base, base)
        return judge.one(ORACLES.get(finding.verdict.oracle), trial)
    finally:
        await target.close()
