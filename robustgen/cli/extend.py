"""``robustgen extend``: a suite of another tool, enlarged in its own format."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from robustgen.cli._options import Whole, as_json, varying
from robustgen.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from robustgen.suites import Link, Variation

__all__ = ["command"]


@click.command()
@click.argument("suite", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Where the larger suite goes.")
@click.option("-n", "--count", type=Whole(0), default=2, show_default=True, help="Variants of each text; 0 writes the suite as it is.")
@click.option("--format", "name", default="", help="The suite's format, where it is not found by itself.")
@click.option("--text", "field", default="", help="The field, column or parameter that holds the text.")
@click.option("--lang", "language", default="en", show_default=True, help="The texts' language.")
@varying
@click.option("--list", "show", is_flag=True, help="List the formats.")
@as_json
def command(suite: Path | None, output: Path | None, name: str, field: str, show: bool, as_json: bool, **options: Any) -> None:
    """Enlarge SUITE by variants of its texts that keep what they say, and write it back in the same format.

    \b
    robustgen extend promptfooconfig.yaml -o more.yaml
    robustgen extend goldens.json -n 5 -o more.json --keep 'ORD-\\d+'
    robustgen extend tests/test_dates.py -o tests/test_dates_more.py
    robustgen extend --list

    What the suite holds stays byte for byte; a new row stands behind its base with the base's expected output. MORE.families.jsonl says of
    each new row what it was made from and how, and why a person should look at it where that is unsure ("review").
    """
    from robustgen.suites import SUITES, enlarge, open_suite

    if show:
        for known, format_ in SUITES.items():
            click.echo(f"{known:12} {format_.doc.splitlines()[0]}")
        return
    if suite is None or output is None:
        raise UsageError("which suite, and where to?", mend="robustgen extend SUITE -o MORE, or --list")
    if output.resolve() == suite.resolve():
        raise UsageError(f"{output}: the suite itself would be overwritten", mend="name another file")
    opened, found = open_suite(suite, name)
    links = list(enlarge(opened, _varying(options, opened.forbidden), field)) if options["count"] else []
    if options["count"] and not links:
        raise UsageError(f"{suite}: no text of this suite ({found}) offers a place for an edit", mend="name the field with --text")
    _write(output, opened.render(), links)
    _tell(found, output, links, as_json=as_json)


SPARE = 3
"""So many times the variants are made for a format that cannot hold all of them."""


def _varying(options: dict[str, Any], forbidden: str) -> Callable[[str, Sequence[str]], list[Variation]]:
    """Return the function that makes variants of a text, none with characters that the format cannot hold."""
    from robustgen.core.draw import seed_of
    from robustgen.generate.free_text import perturb_text
    from robustgen.suites import Variation

    chosen = {k: options[k] for k in ("language", "perturbations", "strength")}
    count = options["count"]

    def vary(text: str, keep: Sequence[str]) -> list[Variation]:
        more = count * SPARE if forbidden else count
        made = perturb_text(text, seed=seed_of(options["seed"], text), keep=[*options["keep"], *keep], count=more, **chosen)
        held = [v for v in made if not any(c in v.text and c not in text for c in forbidden)]
        return [Variation(v.text, v.trail[0].perturbation, v.trail[0].edits, v.guarantee == "checked") for v in held[:count]]

    return vary


def _write(output: Path, text: str, links: list[Link]) -> None:
    """Write the suite and, beside it, how its new rows hang on the old ones."""
    import json

    import msgspec

    beside = output.with_name(f"{output.name}.families.jsonl")
    try:
        encoded = text.encode("utf-8")
        output.write_bytes(encoded)
        if links:
            lines = (json.dumps(msgspec.to_builtins(link)) + "\n" for link in links)
            beside.write_text("".join(lines), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{output}: cannot be written: {error.strerror}") from None
    except UnicodeEncodeError:
        raise UsageError(f"{output}: a variant holds half a character that this format cannot", mend="leave the unicode perturbations out") from None


def _tell(found: str, output: Path, links: list[Link], *, as_json: bool) -> None:
    import json

    review, changed = (sum(link.expected == state for link in links) for state in ("review", "changed"))
    rows = len({link.row for link in links})
    if as_json:
        click.echo(json.dumps({"format": found, "rows": rows, "added": len(links), "changed": changed, "review": review, "output": str(output)}))
        return
    click.echo(
        f"{output}: {len(links)} new rows from {rows} ({found}); "
        f"expected output carried in {len(links) - review - changed}, changed in {changed}, to review in {review}"
    )
