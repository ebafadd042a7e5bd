"""``robustgen domains``: what there is."""

from __future__ import annotations

import sys
from typing import Any

import click

from robustgen.cli._options import as_json

__all__ = ["command"]


@click.command()
@click.argument("name", required=False)
@click.option("--reached", type=click.Path(exists=True, dir_okay=False), help="Count how many cases of this file reached each catalogue id.")
@as_json
def command(name: str | None, reached: str | None, as_json: bool) -> None:
    """List domains, or one domain's tasks, languages, kinds and catalogue ids.

    \b
    robustgen domains
    robustgen domains clinical --json
    robustgen generate clinical -n 20000 --cover pairwise -o cases.jsonl
    robustgen domains clinical --reached cases.jsonl
    """
    from robustgen.packs.locate import pack_names
    from robustgen.packs.overview import overview

    names = [name] if name else pack_names()
    made = [overview(n, reached) for n in names]
    if as_json:
        import msgspec

        for item in made:
            sys.stdout.write(msgspec.json.encode(item).decode() + "\n")
        return
    for item in made:
        _show(item, whole=name is not None)


def _show(item: dict[str, Any], *, whole: bool) -> None:
    click.echo(f"{item['name']}  {item['title']}  ({item['version']})")
    click.echo(f"  {len(item['tasks'])} tasks, {len(item['languages'])} languages: {', '.join(item['languages'])}")
    counts = {k: len(v) for k, v in item["catalogue"].items()}
    click.echo("  catalogue: " + ", ".join(f"{n} {k}" for k, n in counts.items()))
    if not whole:
        return
    for task in item["tasks"]:
        click.echo(f"  {task['id']:8} {task['title']}  [{', '.join(task['languages'])}]")
    for section, ids in item["catalogue"].items():
        click.echo(f"  {section}: " + ", ".join(f"{i}" + (f"={n}" if n is not None else "") for i, n in ids.items()))
