"""``robustgen write-test``: a draft of a property test for a function."""

from __future__ import annotations

import inspect
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from robustgen.errors import UsageError
from robustgen.suites._base import TEXTS

__all__ = ["command"]

DRAFT = '''"""Draft: a change that keeps what a text says must not change what {called} returns. Put texts of your own below."""

from hypothesis import given
from hypothesis import strategies as st

import {module}
from robustgen import strategies

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
    from robustgen.strategies import named

    module, _, name = address.removeprefix("python:").partition(":")
    if not module or not name:
        raise UsageError(f"{address}: names no function", mend="write python:module:function")
    argument, is_async = _argument(module, name)
    chosen = [n.strip() for n in names.split(",") if n.strip()]
    named(chosen)
    called = f"{module}.{name}"
    call = f"{called}({{}})" if not argument else f"{called}({argument}={{}})"
    call = f"asyncio.run({call})" if is_async else call
    listed = "".join(f', "{n}"' for n in chosen)
    plain = name.replace(".", "_").lower()
    text = DRAFT.format(module=module, name=plain, called=called, names=listed, call_variant=call.format("variant"), call_text=call.format("text"))
    text = text.replace("\nfrom hypothesis import given", "\nimport asyncio\n\nfrom hypothesis import given", 1) if is_async else text
    if output is None:
        click.echo(text, nl=False)
        return
    if output.exists():
        raise UsageError(f"{output}: is there already", mend="name a new file")
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{output}: cannot be written: {error.strerror}") from None
    click.echo(f"{output}: a draft; put texts of your own into TEXTS")


def _argument(module: str, name: str) -> tuple[str, bool]:
    """Return the keyword that takes the text, empty when it is the first by position, and whether the function is async."""
    where = f"python:{module}:{name}"
    sys.path.insert(0, "")
    try:
        function: Any = import_module(module)
        for part in name.split("."):
            owner, function = function, getattr(function, part)
    except (Exception, SystemExit) as error:  # whatever a user's module raises when it is imported
        raise UsageError(f"{where}: cannot be imported: {type(error).__name__}: {error}", mend="write python:module:function") from None
    if not callable(function) or inspect.isclass(function):
        raise UsageError(f"{where}: is no function", mend="name a function, or a static method as Class.method")
    if inspect.isclass(owner) and inspect.isfunction(inspect.getattr_static(owner, name.rpartition(".")[2])):
        raise UsageError(f"{where}: is a method of an object", mend="write a function that makes the object and calls it")
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except ValueError:  # some functions of C tell nothing of themselves: they take the text by position
        return "", False
    return _taking_text(parameters, where), inspect.iscoroutinefunction(function)


def _taking_text(parameters: list[inspect.Parameter], where: str) -> str:
    """Return the keyword of the parameter that takes the text, empty when it is the first by position; the others must have defaults."""
    kinds = inspect.Parameter
    if not parameters or parameters[0].kind is kinds.VAR_KEYWORD:
        raise UsageError(f"{where}: takes no argument, so it can be given no text")
    texts = [p for p in parameters if p.annotation in {str, "str"}] or [p for p in parameters if p.name in TEXTS] or parameters[:1]
    chosen = texts[0]
    asked = (p for p in parameters if p is not chosen and p.default is kinds.empty and p.kind not in {kinds.VAR_POSITIONAL, kinds.VAR_KEYWORD})
    if more := [p.name for p in asked]:
        raise UsageError(f"{where}: asks for more than a text: {', '.join(more)}", mend="write a function of a text alone around it")
    first = chosen is parameters[0] and chosen.kind is not kinds.KEYWORD_ONLY
    return "" if first or chosen.kind is kinds.VAR_POSITIONAL else chosen.name
