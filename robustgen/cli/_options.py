"""Options that several commands share, and what they build."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from robustgen.errors import UsageError, unreadable

if TYPE_CHECKING:
    from decimal import Decimal

    from robustgen.generate import Selection

__all__ = ["COMMAS", "Commas", "Whole", "as_json", "count_option", "read_records", "runs_option", "selecting", "selection_of", "varying", "verbosity"]

F = TypeVar("F", bound=Callable[..., Any])


class Commas(click.ParamType):  # type: ignore[type-arg,unused-ignore] # generic since click 8.4 only
    """Several names in one option: ``a,b``."""

    name = "names"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> list[str]:
        """Split at commas; a list from a configuration file stays."""
        if isinstance(value, (list, tuple)):
            return [str(v) for v in value]
        return [v.strip() for v in str(value).split(",") if v.strip()]


COMMAS = Commas()


class Whole(click.IntRange):
    """A whole number within bounds, and called so when something else is given."""

    name = "integer"


def varying(fn: F) -> F:
    """Add the options that say how given texts are varied."""
    options = [
        click.option("--perturb", "perturbations", type=COMMAS, default=[], help="Only these perturbations."),
        click.option("--strength", type=float, default=None, help="How strong, 0 to 1."),
        click.option("--seed", type=int, default=0, show_default=True, help="Same seed, same variants."),
        click.option("--keep", multiple=True, metavar="REGEX", help="What must stay untouched; may be repeated."),
    ]
    for option in reversed(options):
        fn = option(fn)
    return fn


def selecting(*, domain: bool = True) -> Callable[[F], F]:
    """Add the options that choose cases."""

    def wrap(fn: F) -> F:
        options = [
            click.option("--seed", type=int, default=0, show_default=True, help="Same seed, same bytes."),
            click.option("--start", type=Whole(0), default=0, help="Index of the first case."),
            click.option("--task", "tasks", type=COMMAS, default=[], help="Task ids, comma separated."),
            click.option("--lang", "languages", type=COMMAS, default=[], help="Language tags such as en,es,de, or all."),
            click.option("--kind", "kinds", type=COMMAS, default=[], help="clean,noisy,ambiguous,multilingual,edge,missing,adversarial or all."),
            click.option("--perturb", "perturbations", type=COMMAS, default=[], help="Only these perturbations."),
            click.option("--strength", type=float, default=None, help="How strong, 0 to 1; each has its own default."),
            click.option("--cover", type=click.Choice(["none", "pairwise", "t3"]), default="none", help="Cover all pairs or triples of choices."),
            click.option("--profile", type=click.Path(path_type=Path, dir_okay=False), help="Noisy cases as the users of a log write (robustgen mine)."),
        ]
        if domain:
            options.append(click.option("--domain", "domains", type=COMMAS, default=[], help="Domains, comma separated, or all."))
        for option in reversed(options):
            fn = option(fn)
        return fn

    return wrap


def count_option(default: int) -> Callable[[F], F]:
    """Add ``-n/--count``."""
    return click.option("-n", "--count", type=Whole(1), default=default, show_default=True, help="How many cases.")


def as_json(fn: F) -> F:
    """Add ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for machines.")(fn)


def runs_option(fn: F) -> F:
    """Add ``--runs``."""
    return click.option("--runs", type=click.Path(path_type=Path), default=Path(".robustgen/runs"), help="Where runs are kept.")(fn)


def verbosity(fn: F) -> F:
    """Add ``-q`` and ``-v``."""
    fn = click.option("-q", "--quiet", is_flag=True, help="No progress.")(fn)
    return click.option("-v", "--verbose", is_flag=True, help="Say more.")(fn)


def selection_of(domains: Sequence[str], options: dict[str, Any]) -> Selection:
    """Return the checked selection of a command's options."""
    from robustgen.generate import Selection

    return Selection.of(
        domains,
        tasks=options["tasks"],
        languages=options["languages"],
        kinds=options["kinds"],
        perturbations=options["perturbations"],
        strength=options["strength"],
        cover=options["cover"],
        profile=_profile(options.get("profile")),
    )


def _profile(file: Path | None) -> dict[str, dict[str, Decimal]] | None:
    """Return the rates in a profile's file."""
    if file is None:
        return None
    from robustgen.mine import read_profile

    return read_profile(file)


def read_records(file: Path) -> list[dict[str, Any]]:
    """Return the objects of a JSON Lines file; raises ``UsageError`` naming the line."""
    import msgspec

    made = []
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(file, error) from None
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                record = msgspec.json.decode(line)
            except msgspec.DecodeError as error:
                raise UsageError(f"{file}:{number}: not valid JSON: {error}", mend='write one record a line: {"field": "value"}') from None
            if not isinstance(record, dict):
                raise UsageError(f"{file}:{number}: a line must be a JSON object", mend='write one record a line: {"field": "value"}')
            made.append(record)
    if not made:
        raise UsageError(f"{file}: no record in it", mend='write one record a line: {"field": "value"}')
    return made
