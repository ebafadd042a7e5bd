"""``robustgen mine``: how the users of a log write, as counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from robustgen.cli._options import as_json
from robustgen.errors import UsageError, unreadable

__all__ = ["command", "texts_of"]


@click.command()
@click.argument("logs", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False))
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write the profile here; standard output otherwise.")
@click.option("--lang", "language", default="en", show_default=True, help="The language of texts that name none.")
@click.option("--text", "field", default="", help="The field of JSON Lines that holds the text.")
@click.option(
    "--propose", "proposals", type=click.Path(path_type=Path, dir_okay=False), help="Write words for the language's tables here: look before you share."
)
@as_json
def command(logs: tuple[Path, ...], output: Path | None, language: str, field: str, proposals: Path | None, as_json: bool) -> None:
    """Learn from LOGS (plain lines, JSON Lines or CSV with a text and maybe a language) how users write; no text is kept.

    --propose FILE lists words that five or more texts share and no table knows, and misspellings that recur: gaps of the lexicon, as CSV.

    \b
    robustgen mine chat.log -o profile.toml
    robustgen perturb questions.txt --profile profile.toml
    robustgen mine chat.log --propose words.csv
    """
    from robustgen.mine import mine, write_profile

    by_language: dict[str, list[str]] = {}
    for log in logs:
        for text, tag in texts_of(log, field):
            by_language.setdefault(tag or language, []).append(text)
    if not by_language:
        raise UsageError(f"{logs[0]}: no text in it", mend="name the field with --text")
    _refuse_unknown(by_language)
    if proposals is not None:
        _propose(proposals, by_language)
    habits = {tag: mine(texts, tag) for tag, texts in by_language.items()}
    if as_json:
        import msgspec

        click.echo(msgspec.json.encode({tag: {**msgspec.to_builtins(h), "rates": h.rates()} for tag, h in habits.items()}).decode())
        return
    profile = write_profile(habits)
    if output is None:
        click.echo(profile, nl=False)
        return
    try:
        output.write_text(profile, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{output}: cannot be written: {error.strerror}") from None
    for tag, found in sorted(habits.items()):
        click.echo(f"{output}: {tag}: {found.texts} texts, {found.words} words, {sum(found.slips.values())} slips, {found.unknown} words not in the lexicon")


def _refuse_unknown(tags: Iterable[str]) -> None:
    """Raise ``UnknownName`` for a language that has no tables."""
    from robustgen.packs.language import load_language

    for tag in tags:
        load_language(tag)


def _propose(file: Path, by_language: dict[str, list[str]]) -> None:
    """Write the words that the tables of the languages may want."""
    import csv

    from robustgen.mine import Proposed, propose

    try:
        with file.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(["language", *Proposed._fields])
            writer.writerows([tag, *found] for tag, texts in sorted(by_language.items()) for found in propose(texts, tag))
    except OSError as error:
        raise UsageError(f"{file}: cannot be written: {error.strerror}") from None


def texts_of(log: Path, field: str = "") -> list[tuple[str, str]]:
    """Return (text, language or nothing) of every record of a log: JSON Lines, a table, or plain lines; raises ``UsageError`` with the line."""
    if log.suffix.casefold() in {".csv", ".tsv"}:
        return _of_table(log, field)
    try:
        lines = log.read_text("utf-8-sig", errors="replace").splitlines()
    except OSError as error:
        raise unreadable(log, error) from None
    made = []
    for number, line in enumerate(lines, 1):
        row = _record(line, log, number)
        if isinstance(row, dict):
            said = _said(row, field)
            made += [(said, _tag(row))] if said.strip() else []
        elif row.strip():
            made.append((row, ""))
    return made


def _record(line: str, log: Path, number: int) -> dict[str, Any] | str:
    """Return a JSON object, or in a log that is not JSON Lines the line itself."""
    import json

    strict = log.suffix.casefold() in {".jsonl", ".ndjson"} and bool(line.strip())
    if not strict and not line.lstrip().startswith("{"):
        return line
    try:
        row = json.loads(line)
    except ValueError as error:
        if strict and line.lstrip().startswith("{"):
            raise UsageError(f"{log}:{number}: not valid JSON: {error}", mend="mend the line, or give plain lines another ending than .jsonl") from None
        return line
    return row if isinstance(row, dict) else line


def _said(row: dict[str, Any], field: str) -> str:
    """Return the text of a record, of a chat the user's last message; empty where there is none."""
    from robustgen.suites._base import TEXTS, first_of
    from robustgen.suites._lines import said

    return said(row.get(first_of(TEXTS, row, field) or ("" if field else "messages")))[0]


def _of_table(log: Path, field: str) -> list[tuple[str, str]]:
    """Return the texts of a table with a header."""
    from robustgen.suites import open_suite
    from robustgen.suites._table import Table

    suite, _ = open_suite(log, "csv")
    assert isinstance(suite, Table)
    return [(place.text, _tag(suite.record(place.row))) for place in suite.places(field)]


def _tag(row: Mapping[str, Any]) -> str:
    return str(row.get("language") or row.get("lang") or "")
