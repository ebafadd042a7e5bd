"""``robustgen fuzz``: ask a system, judge its answers, shrink what fails, report."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from robustgen.cli._campaign import base_url_option, cache_option, configured, estimate, limits_of, pacing, target_options
from robustgen.cli._live import Live, stream_events
from robustgen.cli._options import Whole, as_json, count_option, read_records, runs_option, selecting, selection_of, verbosity
from robustgen.errors import LedgerError, UsageError
from robustgen.triage import FILE

if TYPE_CHECKING:
    from robustgen.core.report import Report

__all__ = ["command"]

LEVELS = ["critical", "high", "medium", "low", "never"]
REMEMBERED = ("domains", "tasks", "languages", "kinds", "perturbations", "strength", "cover", "seed", "start")


@click.command()
@click.argument("target")
@count_option(500)
@selecting()
@base_url_option
@pacing
@cache_option
@click.option("--shrink", type=Whole(0), default=60, show_default=True, help="Questions to shrink one finding.")
@click.option("--facts", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Realise these records (JSON Lines).")
@click.option("--fail-on", type=click.Choice(LEVELS), default="high", show_default=True, help="Exit 1 for findings at or above.")
@click.option("--min-answered", type=click.FloatRange(0, 1), default=0.9, show_default=True, help="Exit 3 below this share of usable answers.")
@click.option("--max-unsure", type=click.FloatRange(0, 1), default=None, help="Exit 3 above this share of answers that could not be read.")
@click.option("--baseline", metavar="RUN", help="Only findings that this run does not have count.")
@click.option("--triage", type=click.Path(path_type=Path, dir_okay=False), default=Path(FILE), help="Marked findings do not count.")
@click.option("--report", "report_file", type=click.Path(path_type=Path, dir_okay=False), help="Copy the HTML report here.")
@click.option("--ledger", metavar="URL", default="", help="Keep the records in postgresql://... instead of the run's folder.")
@click.option("--redact", type=click.Choice(["personal"]), multiple=True, help="Keep e-mail, phone, card, bank and national numbers out of ledger and report.")
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
    from robustgen.campaign.session import Session
    from robustgen.core.plugins import TARGETS
    from robustgen.generate import Generator
    from robustgen.packs.grading import Grading

    TARGETS.get(target.partition(":")[0])
    selection = selection_of(options["domains"], options)
    given = read_records(options["facts"]) if options["facts"] else []
    limits, opening, bounds = limits_of(options), target_options(options), configured("bounds")
    Grading(bounds)
    generator = Generator(selection, options["seed"], given)
    if options["dry_run"]:
        click.echo(estimate(generator, count, options["start"], limits, options["shrink"]))
        return
    config = _config(target, count, {**options, "profile": selection.digest if selection.profile else None}, bounds)
    marks, known = _marks(options["triage"]), _known(options)
    folder = _folder(options["runs"], config, resume=options["resume"])
    live = Live(count, limits.seconds)
    session = Session(
        generator,
        target,
        folder,
        count=count,
        start=options["start"],
        limits=limits,
        shrink=options["shrink"],
        options=opening,
        config=config,
        bounds=bounds,
        tell=stream_events if options["as_json"] else live.hear,
        rows=_rows(options["ledger"], folder) if options["ledger"] else None,
        cache=options["cache"],
        marks=marks,
        redact=options["redact"],
    )
    with live.shown(session, quiet=options["quiet"] or options["as_json"]):
        report = session.go()
    sys.exit(_finish(report, folder, options, known))


def _config(target: str, count: int, options: dict[str, Any], bounds: dict[str, Any]) -> dict[str, Any]:
    """Return what makes a run what it is; a run goes on only with the same."""
    from robustgen.campaign.redact import Redactor

    config = {
        "target": target,
        "count": count,
        **{k: options[k] for k in REMEMBERED},
        "profile": options["profile"],
        "repeat": options["repeat"],
        "turns": options["turns"] if options["turns"] > 1 else None,
        "for": options["duration"] or None,
        "base_url": options["base_url"],
        "bounds": bounds or None,
        "ledger": options["ledger"] or None,
    }
    made: dict[str, Any] = Redactor().data({k: v for k, v in config.items() if v is not None})
    return made


def _rows(url: str, folder: Path) -> Any:
    """Return the records of a run in a database of a team."""
    from robustgen.campaign.postgres import PostgresRows

    return PostgresRows(url, folder.name, create=True)


def _marks(file: Path) -> dict[str, Any]:
    """Return the triage marks that are in force today; a mistake in the file is told before anything is asked."""
    from datetime import date

    from robustgen.triage import in_force, read_marks

    return dict(in_force(read_marks(file, named=file != Path(FILE)), date.today()))


def _known(options: dict[str, Any]) -> frozenset[str]:
    """Return the findings of the baseline; a wrong name, or a report that has no folder to go to, is told before anything is asked."""
    from robustgen.cli._report import findings_of

    place = options["report_file"].parent if options["report_file"] else Path()
    if not place.is_dir():
        raise UsageError(f"--report {options['report_file']}: there is no folder '{place}'", mend="make it first, or name another")
    return frozenset(f.id for f in findings_of(options["runs"], options["baseline"])) if options["baseline"] else frozenset()


def _folder(runs: Path, config: dict[str, Any], *, resume: bool) -> Path:
    """Return a new run's folder, or the latest one of the same command."""
    from robustgen.campaign.store import new_run, read_config, run_names

    if resume:
        for name in reversed(run_names(runs)):
            if read_config(runs / name) == config:
                return runs / name
        raise LedgerError(f"{runs}: no run of this very command to resume", mend="leave --resume out, or repeat all options of that run")
    return new_run(runs, config)


def _finish(report: Report, folder: Path, options: dict[str, Any], known: frozenset[str]) -> int:
    from robustgen.campaign.results import exit_code
    from robustgen.cli._report import print_report

    if options["report_file"]:
        options["report_file"].write_bytes((folder / "report.html").read_bytes())
    print_report(report, folder, as_json=options["as_json"], verbose=options["verbose"], known=known, baseline=options["baseline"] or "")
    code = exit_code(report, fail_on=options["fail_on"], min_answered=options["min_answered"], max_unsure=options["max_unsure"], known=known)
    if code == 3:
        click.echo(f"only {report.answered:.1%} of the requests were answered in a usable way; {options['min_answered']:.0%} are needed", err=True)
    if code == 130:
        click.echo("interrupted; everything so far is kept: repeat the command with --resume", err=True)
    return code
