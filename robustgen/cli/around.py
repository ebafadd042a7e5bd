"""``robustgen around``: families around inputs that failed in use."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from robustgen.cli._options import Whole, varying
from robustgen.errors import UsageError

__all__ = ["command"]


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("-n", "--count", type=Whole(1), default=10, show_default=True, help="Variants around each input.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write JSON Lines here; standard output otherwise.")
@click.option("--text", "field", default="", help="The field of JSON Lines that holds the text.")
@click.option("--lang", "language", default="en", show_default=True, help="The language of texts that name none.")
@varying
def command(file: Path, output: Path | None, field: str, language: str, **options: Any) -> None:
    """Make a family around every input of FILE that failed: the input itself, then variants that say the same, one JSON object a line.

    \b
    robustgen around thumbs-down.jsonl -n 20 -o families.jsonl

    A variant that succeeds tells what in the input made it fail; one that fails too is the next test.
    """
    import json
    from hashlib import blake2b

    import msgspec

    from robustgen.cli.mine import texts_of
    from robustgen.generate.free_text import perturb_text

    lines = []
    for text, tag in dict.fromkeys(texts_of(file, field)):
        spoken = tag or language
        family = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
        lines.append(json.dumps({"family": family, "base": None, "text": text, "language": spoken, "trail": []}))
        for variant in perturb_text(text, language=spoken, **options):
            made = {"family": family, "base": family, "text": variant.text, "language": spoken, "guarantee": variant.guarantee}
            lines.append(json.dumps(made | {"trail": msgspec.to_builtins(variant.trail)}))
    if not lines:
        raise UsageError(f"{file}: no text in it", mend="name the field with --text")
    whole = "".join(f"{line}\n" for line in lines)
    if output is None:
        sys.stdout.write(whole)
        return
    try:
        output.write_text(whole, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{output}: cannot be written: {error.strerror}") from None
    click.echo(f"{output}: {len(lines)} inputs")
