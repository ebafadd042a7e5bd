"""``robustgen perturb``: variants of text that was not generated here."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from robustgen.cli._options import Whole, as_json, varying
from robustgen.errors import UsageError, unreadable

__all__ = ["command"]


@click.command()
@click.argument("file", required=False)
@click.option("-n", "--count", type=Whole(1), default=1, show_default=True, help="Variants of each text.")
@click.option("--lang", "language", default="en", show_default=True, help="The texts' language.")
@varying
@click.option("--whole", is_flag=True, help="The file is one text; by default every line is one.")
@click.option("--profile", type=click.Path(path_type=Path, dir_okay=False), help="Write as the users of a log do (robustgen mine).")
@click.option("--list", "show", is_flag=True, help="List all perturbations.")
@as_json
def command(file: str | None, show: bool, whole: bool, as_json: bool, profile: Path | None, **options: Any) -> None:
    """Perturb the texts of FILE ('-' is standard input), line by line.

    \b
    robustgen perturb notes.txt -n 3
    echo "Do not exceed 500 mg." | robustgen perturb - --perturb neighbour_key,shouted_words
    robustgen perturb kunden.txt --lang de --keep 'RG-\\d+' --json
    robustgen perturb --list

    Numbers, units, dates, codes, negations and modal words are left alone; what the checker cannot look at is marked unverified.
    """
    from robustgen.generate.free_text import documented, perturb_text

    if show:
        for spec in documented():
            doc = spec.doc.splitlines()[0]
            click.echo(f"{spec.family:15} {spec.name:26} {spec.effect.value:9} {'facts ' if spec.over_facts else '      '}{doc}")
        return
    texts = _texts(file, whole=whole)
    if profile is not None:
        _follow(texts, profile, options, as_json=as_json)
        return
    offered = 0
    for text in texts:
        variants = perturb_text(text, **options)
        offered += len(variants)
        for variant in variants:
            _print(variant, as_json=as_json)
        if not variants:
            click.echo(f"not applicable: '{text[:60]}' offers no place for an edit", err=True)
    if not offered:
        sys.exit(1)


def _follow(texts: list[str], profile: Path, options: dict[str, Any], *, as_json: bool) -> None:
    """Print every text as the users of a profile would write it; one that they would write right stays."""
    from robustgen.mine import follow, read_profile

    rates = read_profile(profile).get(options["language"])
    if rates is None:
        raise UsageError(f"{profile}: holds no texts in '{options['language']}'", mend="mine a log in that language, or name another with --lang")
    for text in texts:
        for i in range(options["count"]):
            _print(follow(text, rates, language=options["language"], seed=options["seed"] + i, keep=options["keep"]), as_json=as_json)


def _texts(file: str | None, *, whole: bool) -> list[str]:
    if file is None:
        raise UsageError("which file?", mend="robustgen perturb FILE, or - for standard input, or --list")
    try:
        source = sys.stdin.read() if file == "-" else Path(file).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(file, error) from None
    if len(source) > 64_000_000:
        raise UsageError(f"{file}: larger than 64 MB", mend="split it")
    texts = [source] if whole else [line for line in source.splitlines() if line.strip()]
    if not texts or not source.strip():
        raise UsageError(f"{file}: no text in it", mend="write one text a line")
    return texts


def _print(variant: Any, *, as_json: bool) -> None:
    import json

    import msgspec

    if as_json:
        sys.stdout.write(json.dumps(msgspec.to_builtins(variant)) + "\n")
    else:
        from robustgen.core.report import visible

        click.echo(visible(variant.text) + ("" if variant.guarantee == "checked" else "   [unverified]"))
