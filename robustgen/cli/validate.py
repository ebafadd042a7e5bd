"""``robustgen validate``: is a data file what its consumer expects?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from robustgen.cli._options import Whole, as_json, verbosity
from robustgen.errors import UsageError

if TYPE_CHECKING:
    from robustgen.datasets._validating import Checked

__all__ = ["command"]


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--as", "name", default="", metavar="FORMAT", help="Layout; robustgen export --formats lists them.")
@click.option("--show", type=Whole(1), default=50, show_default=True, help="How many flaws of a file to show.")
@click.option("--lang", default="", metavar="TAG[,...]", help="Languages that answers may be in; any other that is certain is an error.")
@click.option("--strict", is_flag=True, help="Let warnings count too.")
@as_json
@verbosity
def command(files: tuple[Path, ...], name: str, show: int, lang: str, strict: bool, as_json: bool, quiet: bool, verbose: bool) -> None:
    """Check data files, whoever made them, line by line. Several files are checked against each other: no prompt and no family in two.

    \b
    robustgen validate chat.jsonl --as openai
    robustgen validate train.jsonl validation.jsonl test.jsonl --as trl-preference
    robustgen validate train.jsonl --as trl-preference --lang en,de
    """
    if not files or not name:
        raise UsageError("a file and --as FORMAT are needed", mend="for example: robustgen validate out/train.jsonl --as openai")
    from robustgen.datasets._validating import validate

    bad = False
    for checked in validate(files, name, _tags(lang)):
        warnings = len(checked.flaws) - checked.errors
        bad |= bool(checked.errors or (strict and warnings))
        if as_json:
            _as_json(checked)
            continue
        for flaw in checked.flaws[:show]:
            place = f"{checked.file}:{flaw.line}" if flaw.line else str(checked.file)
            click.echo(f"{place}: {'warning, ' * flaw.warning}{flaw.code}: {_inert(flaw.what)}")
        if len(checked.flaws) > show:
            click.echo(f"{checked.file}: {len(checked.flaws) - show} more; --show {len(checked.flaws)} shows them")
        if not quiet:
            click.echo(f"{checked.file}: {checked.rows} records, {checked.errors} errors, {warnings} warnings as {name}{_spoken(checked)}")
    if bad:
        sys.exit(1)


def _inert(text: str) -> str:
    """Return text of a stranger's file without control characters and halves of characters."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def _tags(lang: str) -> list[str]:
    """Return the languages asked for; raises ``UsageError`` for what is no language tag."""
    tags = [t.strip() for t in lang.split(",") if t.strip()]
    for tag in tags:
        if not (tag.split("-")[0].isalpha() and len(tag.split("-")[0]) in {2, 3}):
            raise UsageError(f"--lang: '{tag}' is no language tag", mend="for example: --lang en,de,pt-BR")
    return tags


def _spoken(checked: Checked) -> str:
    """Return what languages the answers are in, as far as they were looked at and long enough to tell."""
    told = ", ".join(f"{code} {n}" for code, n in sorted(checked.languages.items(), key=lambda c: (-c[1], c[0])) if code)
    return f"; language of {sum(n for c, n in checked.languages.items() if c)} answers identified: {told}" if told else ""


def _as_json(checked: Checked) -> None:
    import json

    flaws = [{"line": n, "code": c, "what": _inert(w), "warning": warning} for n, c, w, warning in checked.flaws]
    body = {"file": str(checked.file), "rows": checked.rows, "languages": dict(sorted(checked.languages.items())), "flaws": flaws}
    click.echo(json.dumps(body, ensure_ascii=False))
