"""``robustgen triage``: say of findings that they are accepted, known or false alarms; later runs honour it."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from robustgen.cli._options import runs_option
from robustgen.errors import UnknownName, UsageError
from robustgen.triage import FILE, STATUSES

if TYPE_CHECKING:
    from robustgen.core.verdict import Finding
    from robustgen.triage import Entry

__all__ = ["command"]


@click.command()
@click.argument("run", default="latest")
@click.option("--accept", multiple=True, metavar="ID", help="This finding may stay.")
@click.option("--known", multiple=True, metavar="ID", help="This finding is known and will be mended.")
@click.option("--false-alarm", multiple=True, metavar="ID", help="This finding is no fault.")
@click.option("--reopen", multiple=True, metavar="ID", help="Forget what was decided.")
@click.option("--reason", default="", help="Why; asked of every new mark.")
@click.option("--author", default="", help="Who decides; git's user.name where left out.")
@click.option("--until", default="", metavar="DATE", help="The day from which it counts again (YYYY-MM-DD).")
@click.option("--file", type=click.Path(path_type=Path, dir_okay=False), default=Path(FILE), show_default=True, help="The file of marks.")
@runs_option
def command(run: str, reason: str, author: str, until: str, file: Path, runs: Path, **options: Any) -> None:
    """Mark findings of a run, or list what is marked and what is not.

    \b
    robustgen triage
    robustgen triage latest --accept 3f9a2b7c11d0 --reason "the form is not used here"
    robustgen triage --known 3f9a2b --reason "ticket 812" --until 2027-03-01

    The marks are kept in robustgen-triage.toml, to be committed beside the code. Marked findings do not fail a later run.
    """
    from robustgen.campaign.store import find_run
    from robustgen.cli._report import read_report
    from robustgen.triage import read_marks, write_marks

    findings = {f.id: f for f in read_report(find_run(runs, run)).findings}
    entries = read_marks(file)
    wanted = [(s, i) for s, key in zip(STATUSES, ("accept", "known", "false_alarm"), strict=True) for i in options[key]]
    if not wanted and not options["reopen"]:
        _list(findings, entries, file)
        return
    if wanted and not reason:
        raise UsageError("a mark needs a reason", mend='add --reason "..."')
    _checked(until)
    said = []
    for status, name in wanted:
        identity = _named(name, [*findings, *entries])
        entries[identity] = _entry(findings.get(identity), entries.get(identity), status, (author or _author(), reason, until))
        said.append(f"{identity} is {status}: {reason}")
    for name in options["reopen"]:
        identity = _named(name, list(entries))
        del entries[identity]
        said.append(f"{identity} is open again")
    write_marks(file, entries)
    click.echo("\n".join([*said, f"{file}: {len(entries)} {'mark' if len(entries) == 1 else 'marks'}"]))


def _checked(until: str) -> None:
    try:
        end = date.fromisoformat(until) if until else date.max
    except ValueError:
        raise UsageError(f"--until {until}: no date", mend="write YYYY-MM-DD") from None
    if end <= date.today():
        raise UsageError(f"--until {until}: that day has come, the mark would not count", mend="name a later day")


def _named(name: str, known: list[str]) -> str:
    found = list(dict.fromkeys(k for k in known if k == name or (len(name) >= 6 and k.startswith(name))))
    if len(found) != 1:
        raise UnknownName("finding", name, list(dict.fromkeys(known)), mend=f"several fit: {', '.join(found)}" if found else "")
    return found[0]


def _entry(finding: Finding | None, before: Entry | None, status: str, told: tuple[str, str, str]) -> Entry:
    from robustgen.core.verdict import Mark
    from robustgen.triage import Entry

    task, trigger = (finding.case.task, finding.trigger) if finding else (before.task, before.trigger) if before else ("", "")
    return Entry(mark=Mark(status=status, author=told[0], reason=told[1], until=told[2]), task=task, trigger=trigger)


def _author() -> str:
    """Return git's user name, else the system's."""
    import getpass

    try:
        name = subprocess.run(["git", "config", "user.name"], capture_output=True, text=True, timeout=5, check=False).stdout.strip()
        return name or getpass.getuser()
    except (OSError, KeyError, ImportError, subprocess.TimeoutExpired):
        return ""


def _list(findings: dict[str, Finding], entries: dict[str, Entry], file: Path) -> None:
    from robustgen.core.report import visible, worst_first

    for finding in worst_first(list(findings.values())):
        entry = entries.get(finding.id)
        said = f"{entry.mark.status} by {entry.mark.author or 'nobody named'}: {entry.mark.reason}" if entry else "open"
        until = f" (until {entry.mark.until})" if entry and entry.mark.until else ""
        click.echo(
            f"{finding.id}  {finding.verdict.severity.value:8}  {finding.case.task} {finding.case.tag}  {visible(finding.trigger)}\n    {visible(said)}{until}"
        )
    gone = [i for i in entries if i not in findings]
    marked = sum(i in entries for i in findings)
    click.echo(f"{len(findings)} findings, {marked} marked in {file}" + (f"; {len(gone)} marks are of findings that this run does not have" if gone else ""))
