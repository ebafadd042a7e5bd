"""``echo:``: answers with the text itself; ``echo:TEXT`` with a fixed text. For trying things without a system under test."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from robustgen.core.case import Case
from robustgen.core.plugins import Target, target
from robustgen.targets._base import CallTarget

__all__ = ["open_echo"]


@target()
async def open_echo(rest: str, options: Mapping[str, Any]) -> Target:
    """Open the echo."""

    async def answer(case: Case) -> str:
        return rest or case.text

    return CallTarget(answer, name="echo")
