"""``robustgen check``: lint packs and prove what they promise."""

from __future__ import annotations

import sys
from typing import Any

import click

from robustgen.cli._options import COMMAS, Whole, as_json, verbosity

__all__ = ["command"]


@click.command()
@click.argument("packs", nargs=-1)
@click.option("-n", "--count", type=Whole(1), default=50, show_default=True, help="Clean cases per task and language.")
@click.option("--full", is_flag=True, help="1,000 clean cases per task and language; a -n that is typed counts more.")
@click.option("--lang", "languages", type=COMMAS, default=[], help="Only these languages.")
@click.option("--label-safety", is_flag=True, help="Make -n preserving variants over all packs and languages and compare each with its base.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the variants of --label-safety.")
@click.option("--reviews", is_flag=True, help="List every table row that waits for a specialist, and what is open in it; checks nothing.")
@click.option("--collisions", is_flag=True, help="List every surface form that stands for several values, per language; checks nothing.")
@click.option("--variety", is_flag=True, help="Print distinct 4-grams, duplicates and labels per task and language.")
@as_json
@verbosity
def command(
    packs: tuple[str, ...],
    count: int,
    full: bool,
    languages: list[str],
    seed: int,
    variety: bool,
    reviews: bool,
    collisions: bool,
    label_safety: bool,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    """Check packs: files, templates, one reading per clean case, catalogued ambiguities, golden cases.

    \b
    robustgen check                     all packs, 50 cases per task and language
    robustgen check clinical --full     1,000 cases each
    robustgen check retail --lang en,de --variety
    robustgen check clinical --reviews  rows that no specialist has confirmed
    robustgen check clinical --lang en --collisions   MS: morphine or magnesium

    Exits 1 when anything is wrong, and says where, what, and how to mend it.
    """
    from robustgen.generate.certify import check_pack
    from robustgen.packs.locate import pack_names

    if reviews:
        _reviews(packs or tuple(pack_names()), as_json=as_json)
        return
    if collisions:
        _collisions(packs or tuple(pack_names()), languages, as_json=as_json)
        return
    if label_safety:
        sys.exit(_label_safety(list(packs), languages, count, seed))
    bad = False
    typed = click.get_current_context().get_parameter_source("count") is click.core.ParameterSource.COMMANDLINE
    for name in packs or pack_names():
        report = check_pack(name, 1000 if full and not typed else count, languages)
        bad = bad or bool(report.problems)
        if as_json:
            import msgspec

            sys.stdout.write(msgspec.json.encode(report).decode() + "\n")
        else:
            _show(report, variety=variety, verbose=verbose)
    sys.exit(1 if bad else 0)


def _reviews(packs: tuple[str, ...], *, as_json: bool) -> None:
    import msgspec

    from robustgen.packs.pack import load_pack
    from robustgen.packs.reviews import open_reviews

    for name in packs:
        found = open_reviews(load_pack(name))
        if as_json:
            sys.stdout.writelines(msgspec.json.encode(item).decode() + "\n" for item in found)
            continue
        click.echo(f"{name}: {len(found)} rows of {len({item.table for item in found})} tables wait for a specialist")
        for item in found:
            states = ", ".join(f"{k} {v}" for k, v in item.states.items())
            where = ", ".join(part for part in (item.source, item.jurisdiction, item.as_of) if part)
            click.echo(f"  {item.table}.csv:{item.line}  {item.row}: {item.open}  [{states}]" + (f"  ({where})" if where else ""))


def _collisions(packs: tuple[str, ...], languages: list[str], *, as_json: bool) -> None:
    import msgspec

    from robustgen.packs.collisions import collisions
    from robustgen.packs.pack import load_pack

    for name in packs:
        found = collisions(load_pack(name), languages)
        if as_json:
            sys.stdout.writelines(msgspec.json.encode(item).decode() + "\n" for item in found)
            continue
        click.echo(f"{name}: {len(found)} forms stand for several values")
        for item in found:
            how = "told apart by the rest of the document" if item.safe > 1 else f"error-prone ({', '.join(item.marks)})"
            click.echo(f"  {item.language} {item.words}: '{item.form}' is {' or '.join(item.values)}; {how}")


def _label_safety(packs: list[str], languages: list[str], count: int, seed: int) -> int:
    from robustgen.cli._progress import progress
    from robustgen.generate.label_safety import label_safety

    with progress("checking", count) as step:
        report = label_safety(packs or ["all"], languages or ["all"], count, seed=seed, tick=step)
    click.echo(
        f"{report.variants} preserving variants by {len(report.by_perturbation)} perturbations of {report.bases} clean cases, {report.cells} task-language "
        f"cells, {len(report.by_language)} languages: {len(report.violations)} changed ground truths"
    )
    for name, n in sorted(report.by_perturbation.items(), key=lambda item: -item[1])[:12]:
        click.echo(f"  {name}: {n} ({n / max(report.variants, 1):.1%})")
    for case, what in report.violations[:20]:
        click.echo(f"  {case}: {what}")
    return int(bool(report.violations))


def _show(report: Any, *, variety: bool, verbose: bool) -> None:
    by_type = {t: [p for p in report.ambiguous.values() if p.type == t] for t in ("split", "settled", "trap")}
    proved = ", ".join(f"{sum(p.holds for p in found)}/{len(found)} {t}" for t, found in by_type.items() if found) or "no"
    click.echo(
        f"{report.pack}: {report.cells} task-language cells, {report.one_reading}/{report.clean} clean cases with exactly one reading, "
        f"{proved} ambiguities proved, {report.golden} golden cases"
    )
    if variety:
        for cell, numbers in report.variety.items():
            click.echo(f"  {cell}: " + ", ".join(f"{k} {v}" for k, v in numbers.items()))
    shown = report.problems if verbose else report.problems[:40]
    for problem in shown:
        click.echo(f"  {problem.where}: {problem.what}" + (f"\n      {problem.mend}" if problem.mend else ""))
    if len(shown) < len(report.problems):
        click.echo(f"  ... and {len(report.problems) - len(shown)} more (-v shows all)")
