"""``robustgen write-test``: a draft of a property test for a function."""

from __future__ import annotations

import inspect
import sys
from importlib import import_module
from pathlib import Path

import click

from robustgen.errors import UsageError

__all__ = ["command"]

DRAFT = '''"""Draft: a change that keeps what a text says must not change what {name} returns. Put texts of your own below."""

from hypothesis import given
from hypothesis import strategies as st

from robustgen import strategies
from {module} import {name}

TEXTS = st.sampled_from(
    [
        "Please confirm the delivery before Monday.",
        "We did not receive the statement for 3 months.",
    ]
)


@given(strategies.pairs(TEXTS{names}))
def test_{name}_keeps_its_answer(pair: tuple[str, str]) -> None:
    text, variant = pair
    assert {call_variant} == {call_text}
'''


@click.command()
@click.argument("address")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write the test here; standard output otherwise.")
@click.option("--perturb", "names", default="keyboard,casing,spacing", show_default=True, help="Perturbations or families, comma separated.")
def command(address: str, output: Path | None, names: str) -> None:
    """Draft a property test for ADDRESS, python:module:function, over variants of texts that say the same.

    \b
    robustgen write-test python:mypkg.intents:classify -o tests/test_classify.py
    """
    module, _, name = address.removeprefix("python:").partition(":")
    argument, is_async = _argument(module, name)
    call = f"{name}({{}})" if not argument else f"{name}({argument}={{}})"
    call = f"asyncio.run({call})" if is_async else call
    listed = "".join(f", {n.strip()!r}".replace("'", '"') for n in names.split(",") if n.strip())
    text = DRAFT.format(module=module, name=name, names=listed, call_variant=call.format("variant"), call_text=call.format("text"))
    text = text.replace("\nfrom hypothesis import given", "\nimport asyncio\n\nfrom hypothesis import given", 1) if is_async else text
    if output is None:
        click.echo(text, nl=False)
        return
    if output.exists():
        raise UsageError(f"{output}: is there already", mend="name a new file")
    output.write_text(text, encoding="utf-8")
    click.echo(f"{output}: a draft; put texts of your own into TEXTS")


def _argument(module: str, name: str) -> tuple[str, bool]:
    """Return the keyword that takes the text, empty when it is the first by position, and whether the function is async."""
    sys.path.insert(0, "")
    try:
        function = getattr(import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise UsageError(f"python:{module}:{name}: cannot be imported: {error}", mend="write python:module:function") from None
    if not callable(function):
        raise UsageError(f"python:{module}:{name}: is no function")
    parameters = list(inspect.signature(function).parameters.values())
    if not parameters:
        raise UsageError(f"python:{module}:{name}: takes no argument, so it can be given no text")
    named = next((p.name for p in parameters if p.annotation in {str, "str"} and p.kind is p.KEYWORD_ONLY), "")
    positional = parameters[0].kind in {inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.VAR_POSITIONAL}
    return ("" if positional else named or parameters[0].name), inspect.iscoroutinefunction(function)
