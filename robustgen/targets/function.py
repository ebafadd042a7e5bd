"""``python:module:function``: a Python callable, sync or async.

The function gets what its parameters are named after: ``text``, ``question``, ``messages``, ``case``; a single parameter of any
other name gets the text. It returns text, a number, a list, a mapping (the answer envelope) or None for "cannot tell".
"""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from robustgen.core.case import Case
from robustgen.core.plugins import Target, target
from robustgen.errors import UsageError
from robustgen.targets._base import CallTarget

__all__ = ["open_function"]

GIVEN: dict[str, Callable[[Case], Any]] = {
    "text": lambda c: c.text,
    "question": lambda c: c.messages[0]["content"] if c.messages else "",
    "messages": lambda c: c.messages,
    "case": lambda c: c,
    "language": lambda c: c.tag,
    "task": lambda c: c.task,
}


@target(name="python")
async def open_function(rest: str, options: Mapping[str, Any]) -> Target:
    """Open ``module:function``; the current directory counts as a place for modules."""
    fn = load(rest)
    names = list(inspect.signature(fn).parameters)
    wanted = [GIVEN.get(n) for n in names if n in GIVEN]
    if not wanted and names:
        names, wanted = names[:1], [GIVEN["text"]]

    if inspect.iscoroutinefunction(fn):

        async def call(case: Case) -> Any:
            return await fn(*(w(case) for w in wanted if w))

        return CallTarget(call, name=rest)

    def plain(case: Case) -> Any:
        return fn(*(w(case) for w in wanted if w))

    return CallTarget(plain, name=rest)


def load(rest: str) -> Callable[..., Any]:
    """Return the function that an address names; raises ``UsageError`` saying which part is wrong."""
    module_name, _, function = rest.partition(":")
    if not module_name or not function:
        raise UsageError(f"'python:{rest}' is no target", mend="write python:package.module:function")
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        raise UsageError(f"there is no module '{error.name}'", mend="run from its folder, or install it") from None
    except Exception as error:
        raise UsageError(f"module '{module_name}' cannot be imported: {type(error).__name__}: {error}") from None
    found: Any = module
    for part in function.split("."):
        found = getattr(found, part, None)
    if not callable(found):
        names = [n for n in dir(module) if callable(getattr(module, n)) and not n.startswith("_")]
        raise UsageError(f"module '{module_name}' has no function '{function}'", mend=f"it has: {', '.join(names[:12])}")
    fn: Callable[..., Any] = found
    return fn
