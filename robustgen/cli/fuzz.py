"""``robustgen fuzz``: ask a system, judge its answers, shrink what fails, report."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from robustgen.cli._options import as_json, count_option, read_records, runs_option, selecting, selection_of, verbosity
from robustgen.errors import LedgerError, UsageError

if TYPE_CHECKING:
    from robustgen.core.report import Report

__all__ = ["command"]

LEVELS = ["critical", "high", "medium", "low", "never"]
REMEMBERED = ("domains", "tasks", "languages", "kinds", "perturbations", "strength", "cover", "seed", "start")


@click.command()
@click.argument("target")
@count_option(500)
@selecting()
@click.option("--base-url", metavar="URL", help="Where an OpenAI-compatible (or other HTTP) server listens.")
@click.option("--concurrency", type=click.IntRange(1), default=20, show_default=True, help="Requests in flight.")
@click.option("--rate", default="", metavar="RATE", help="At most this many requests: 10/s, 600/m.")
@click.option("--timeout", type=click.FloatRange(0.01), default=60.0, show_default=True, help="Seconds for one request.")
@click.option("--retries", type=click.IntRange(0), default=2, show_default=True, help="Further attempts after a passing error.")
@click.option("--repeat", type=click.IntRange(1), default=1, show_default=True, help="Ask every case this often.")
@click.option("--budget", type=click.IntRange(0), default=0, help="Stop after this many requests.")
@click.option("--shrink", type=click.IntRange(0), default=60, show_default=True, help="Questions to shrink one finding.")
@click.option("--facts", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Realise these records (JSON Lines).")
@click.option("--fail-on", type=click.Choice(LEVELS), default="high", show_default=True, help="Exit 1 for findings at or above.")
@click.option("--min-answered", type=click.FloatRange(0, 1), default=0.9, show_default=True, help="Exit 3 below this share of usable answers.")
@click.option("--max-unsure", type=click.FloatRange(0, 1), default=None, help="Exit 3 above this share of answers that could not be read.")
@click.option("--baseline", metavar="RUN", help="Only findings that this run does not have count.")
@click.option("--triage", type=click.Path(path_type=Path, dir_okay=False), default=Path("robustgen-triage.toml"), help="Marked findings do not count.")
@click.option("--report", "report_file", type=click.Path(path_type=Path, dir_okay=False), help="Copy the HTML report here.")
@click.option("--option", "-O", "extra", multiple=True, metavar="KEY=VALUE", help="Option of the target, such as temperature=0.")
@click.option("--resume", is_flag=True, help="Go on with the latest run of the same command.")
@click.option("--dry-run", is_flag=True, help="Say what would be asked, ask nothing.")
@runs_option
@as_json
@verbosity
def command(target: str, count: int, **options: Any) -> None:
    """Fuzz a system under test.

    \b
    robustgen fuzz python:mypkg.mod:func --domain retail -n 500
    robustgen fuzz price-parser --domain retail -n 300
    robustgen fuzz openai:MODEL --base-url http://127.0.0.1:8000/v1 --domain clinical -n 2000 --concurrency 200

    TARGET is python:module:function, command:./script, openai:MODEL, echo:, replay:RUN, a shipped library, ...
    Exits 0 when nothing at or above --fail-on was found, 1 for findings, 3 when the target could not be tested.
    """
    from robustgen.campaign.limits import Budget, Limits
    from robustgen.campaign.pace import parse_rate
    from robustgen.campaign.session import Session
    from robustgen.core.plugins import TARGETS
    from robustgen.generate import Generator
    from robustgen.packs.grading import Grading

    TARGETS.get(target.partition(":")[0])
    selection = selection_of(options["domains"], options)
    given = read_records(options["facts"]) if options["facts"] else []
    limits = Limits(
        concurrency=options["concurrency"],
        rate=parse_rate(options["rate"]) if options["rate"] else 0.0,
        timeout=options["timeout"],
        retries=options["retries"],
        repeat=options["repeat"],
        budget=Budget(requests=options["budget"]),
    )
    bounds = dict(((click.get_current_context().find_root().obj or {}).get("config") or {}).get("bounds", {}))
    Grading(bounds)
    generator = Generator(selection, options["seed"], given)
    if options["dry_run"]:
        cases = count + -(-count // generator.size)
        click.echo(f"about {cases * options['repeat']} requests: {count} cases and their clean bases; shrinking asks up to {options['shrink']} a finding")
        return
    config = {
        "target": target,
        "count": count,
        **{k: options[k] for k in REMEMBERED},
        "repeat": options["repeat"],
        "base_url": options["base_url"],
        "bounds": bounds or None,
    }
    marks = _marks(options["triage"])
    folder = _folder(options["runs"], config, resume=options["resume"])
    tell, done = _console(count, quiet=options["quiet"] or options["as_json"])
    session = Session(
        generator,
        target,
        folder,
        count=count,
        start=options["start"],
        limits=limits,
        shrink=options["shrink"],
        options={"base_url": options["base_url"], "timeout": options["timeout"], **_extra(options["extra"])},
        config={k: v for k, v in config.items() if v is not None},
        bounds=bounds,
        tell=tell,
        marks=marks,
    )
    with done:
        report = session.go()
    sys.exit(_finish(report, folder, options))


def _marks(file: Path) -> dict[str, Any]:
    """Return the triage marks that are in force today; a mistake in the file is told before anything is asked."""
    from datetime import date

    from robustgen.triage import in_force, read_marks

    return dict(in_force(read_marks(file), date.today()))


def _extra(pairs: tuple[str, ...]) -> dict[str, str]:
    made = {}
    for pair in pairs:
        key, eq, value = pair.partition("=")
        if not eq:
            raise UsageError(f"-O {pair}: write KEY=VALUE")
        made[key] = value
    return made


def _folder(runs: Path, config: dict[str, Any], *, resume: bool) -> Path:
    """Return a new run's folder, or the latest one of the same command."""
    from robustgen.campaign.store import new_run, read_config, run_names

    if resume:
        wanted = {k: v for k, v in config.items() if v is not None}
        for name in reversed(run_names(runs)):
            if read_config(runs / name) == wanted:
                return runs / name
        raise LedgerError(f"{runs}: no run of this very command to resume", mend="leave --resume out, or repeat all options of that run")
    return new_run(runs, config)


def _console(count: int, *, quiet: bool) -> tuple[Any, Any]:
    """Return what listens to the run, and the context in which it shows progress."""
    from contextlib import contextmanager

    from robustgen.cli._progress import progress

    step: list[Any] = [lambda n: None]

    from robustgen.core.events import Judged

    def tell(event: Any) -> None:
        if isinstance(event, Judged):
            step[0](1)

    @contextmanager
    def showing() -> Any:
        with progress("asking", count, quiet=quiet) as advance:
            step[0] = advance
            yield

    return tell, showing()


def _finish(report: Report, folder: Path, options: dict[str, Any]) -> int:
    from robustgen.campaign.results import exit_code
    from robustgen.cli._report import findings_of, print_report

    if options["report_file"]:
        options["report_file"].write_bytes((folder / "report.html").read_bytes())
    known = frozenset(f.id for f in findings_of(options["runs"], options["baseline"])) if options["baseline"] else frozenset()
    print_report(report, folder, as_json=options["as_json"], verbose=options["verbose"], known=known, baseline=options["baseline"] or "")
    code = exit_code(report, fail_on=options["fail_on"], min_answered=options["min_answered"], max_unsure=options["max_unsure"], known=known)
    if code == 3:
        click.echo(f"only {report.answered:.1%} of the requests were answered in a usable way; {options['min_answered']:.0%} are needed", err=True)
    if code == 130:
        click.echo("interrupted; everything so far is kept: repeat the command with --resume", err=True)
    return code
