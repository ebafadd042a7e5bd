"""``command:./script ARGS``: a program that reads one JSON case a line and writes one JSON answer a line."""

from __future__ import annotations

import asyncio
import json
import shlex
import time
from collections.abc import Mapping
from typing import Any

from robustgen.core.case import Case
from robustgen.core.plugins import Target, target
from robustgen.core.verdict import Response
from robustgen.errors import UsageError
from robustgen.targets._base import ALL, as_response, failure

__all__ = ["open_command"]

LIMIT = 1_000_000


class _Process:
    """One running program; requests go through it one at a time."""

    can = ALL

    def __init__(self, argv: list[str]) -> None:
        self._argv = argv
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()

    async def __call__(self, case: Case) -> Response:
        async with self._turn:
            start = time.perf_counter()
            try:
                line = await self._exchange(case)
            except asyncio.CancelledError:
                await self._kill()
                raise
            except (OSError, ValueError) as error:
                await self._kill()
                return failure("connection", f"{type(error).__name__}: {error}", time.perf_counter() - start)
            elapsed = time.perf_counter() - start
            if not line:
                await self._kill()
                return failure("connection", "the program ended", elapsed)
            try:
                return as_response(json.loads(line), elapsed)
            except ValueError:
                return as_response(line.decode("utf-8", "replace").strip(), elapsed)

    async def _exchange(self, case: Case) -> bytes:
        if self._process is None or self._process.returncode is not None:
            pipe = asyncio.subprocess.PIPE
            self._process = await asyncio.create_subprocess_exec(*self._argv, stdin=pipe, stdout=pipe, limit=LIMIT)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        question = case.messages[0]["content"] if case.messages else ""
        record = {"id": case.id, "task": case.task, "language": case.tag, "question": question, "text": case.text, "messages": case.messages}
        self._process.stdin.write(json.dumps(record).encode() + b"\n")
        await self._process.stdin.drain()
        return await self._process.stdout.readline()

    async def _kill(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()
        self._process = None

    async def close(self) -> None:
        await self._kill()


@target()
async def open_command(rest: str, options: Mapping[str, Any]) -> Target:
    """Open a program; raises ``UsageError`` when it cannot be found."""
    import shutil

    argv = shlex.split(rest)
    if not argv:
        raise UsageError("'command:' lacks the program", mend="write command:./script")
    if shutil.which(argv[0]) is None:
        raise UsageError(f"there is no program '{argv[0]}'", mend="give its path, and make it executable")
    return _Process(argv)
