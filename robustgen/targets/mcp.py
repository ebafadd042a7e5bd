"""``mcp:COMMAND#tool`` and ``mcp:URL#tool``: a tool of an MCP server, over stdio or streamable HTTP.

The tool's own schema says what it takes: a parameter named like a question gets the instruction, one named like a document gets the
text, a single text parameter of any other name gets the text. ``-O arguments='{"q": "{instruction}", "doc": "{text}"}'`` says it
otherwise. A server that needs variables of the environment gets those named by ``-O env=NAME,NAME``; a server behind a login gets the
token in the variable that ``-O bearer=NAME`` names.
"""

from __future__ import annotations

import asyncio
import json
import os
import shlex
import shutil
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from robustgen.core.case import Case
from robustgen.core.plugins import Target, target
from robustgen.core.verdict import Response
from robustgen.errors import MissingExtra, UsageError
from robustgen.targets._base import ALL, as_response, failure
from robustgen.targets._prompt import ENVELOPE

__all__ = ["open_mcp"]

TEXTS = ("text", "document", "content", "note", "message", "input", "body", "description", "query", "prompt")
QUESTIONS = ("question", "instruction", "task", "ask")
MAX_ANSWER = 1_000_000
OPENING = 30.0
"""Seconds in which a server must be ready."""


class _Tool:
    """One tool of one server; the connection lives in a task of its own and is made anew when it broke."""

    can = ALL

    def __init__(self, place: str, tool: str, options: Mapping[str, Any]) -> None:
        self.place, self.tool, self._options = place, tool, options
        self.sockets = int(place.startswith(("http://", "https://")))
        token = os.environ.get(str(options.get("bearer") or ""), "")
        self.secrets = frozenset({token} if token else ())
        self._template: dict[str, Any] = {}
        self._client: Any = None
        self._quiet: Any = None
        self._owner: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()
        self._opening = asyncio.Lock()

    def __repr__(self) -> str:
        return f"mcp:{self.tool}"

    def _connection(self) -> Any:
        """Return the SDK's client for the place, not yet entered."""
        from mcp import Client, StdioServerParameters, stdio_client

        if self.sockets:
            if not self.secrets:
                return Client(self.place)
            from mcp.client.streamable_http import streamable_http_client
            from mcp.shared._httpx_utils import create_mcp_http_client

            (token,) = self.secrets
            return Client(streamable_http_client(self.place, http_client=create_mcp_http_client(headers={"Authorization": f"Bearer {token}"})))
        argv = shlex.split(self.place)
        names = [n for n in str(self._options.get("env") or "").split(",") if n in os.environ]
        given = {n: os.environ[n] for n in ("PATH", "HOME", *names) if n in os.environ}
        self._quiet = self._quiet or Path(os.devnull).open("w")  # noqa: SIM115 - closed with the target
        return Client(stdio_client(StdioServerParameters(command=argv[0], args=argv[1:], env=given), errlog=self._quiet))

    async def _own(self, ready: asyncio.Future[Any]) -> None:
        """Hold the connection open; enters and leaves it in one task, as the SDK needs it."""
        try:
            async with self._connection() as client:
                ready.set_result(client)
                await self._closing.wait()
        except Exception as error:
            if not ready.done():
                ready.set_exception(error)
        finally:
            self._client = None

    async def opened(self) -> Any:
        """Return the connected client."""
        async with self._opening:
            if self._client is None:
                self._closing.clear()
                ready: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
                self._owner = asyncio.create_task(self._own(ready))
                self._client = await asyncio.wait_for(ready, OPENING)
        return self._client

    async def find(self) -> None:
        """Look the tool up and decide what its parameters get; raises ``UsageError`` for a tool or parameter that cannot be served."""
        try:
            client = await self.opened()
            tools = {t.name: t for t in (await client.list_tools()).tools}
        except Exception as error:
            raise UsageError(f"mcp: no server at '{self.place}': {_root(error)}", mend="start it, or check the command by hand") from None
        if self.tool not in tools:
            raise UsageError(f"mcp: the server has no tool '{self.tool}'", mend=f"it has: {', '.join(sorted(tools)) or 'none'}")
        given = self._options.get("arguments")
        schema = tools[self.tool].input_schema or {}
        self._template = _written(str(given)) if given else _guessed(self.tool, schema)

    async def __call__(self, case: Case) -> Response:
        start = time.perf_counter()
        given = {"{instruction}": case.messages[0]["content"] if case.messages else "", "{text}": case.text, "{envelope}": ENVELOPE, "{language}": case.tag}
        try:
            client = await self.opened()
            result = await client.call_tool(self.tool, _filled(self._template, given))
        except asyncio.CancelledError:
            raise
        except Exception as error:
            if self._broken(error):
                self._closing.set()
                self._client = None
                return failure("connection", _root(error), time.perf_counter() - start)
            return failure("tool_error", _root(error), time.perf_counter() - start)
        return _read(result, time.perf_counter() - start)

    def _broken(self, error: Exception) -> bool:
        """Tell whether the connection is gone, not merely a call refused."""
        from mcp import MCPError

        return not isinstance(error, MCPError) or getattr(getattr(error, "error", None), "code", 0) in {-32000, -32001}

    async def close(self) -> None:
        self._closing.set()
        if self._owner is not None:
            with suppress(Exception):
                await asyncio.wait_for(self._owner, 10)
        if self._quiet is not None:
            self._quiet.close()


def _read(result: Any, elapsed: float) -> Response:
    """Return structured content as data, else the text of the content."""
    text = "".join(str(getattr(part, "text", "")) for part in getattr(result, "content", None) or [])
    if len(text) > MAX_ANSWER:
        return failure("too_large", f"more than {MAX_ANSWER} characters", elapsed)
    if getattr(result, "is_error", False):
        return failure("tool_error", text, elapsed)
    data = getattr(result, "structured_content", None)
    if isinstance(data, Mapping):
        return as_response(data["result"] if set(data) == {"result"} else data, elapsed)
    return as_response(text, elapsed)


def _root(error: BaseException) -> str:
    """Return the first real error inside groups of them."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return f"{type(error).__name__}: {error}"


def _written(given: str) -> dict[str, Any]:
    try:
        made = json.loads(given)
    except ValueError as error:
        raise UsageError(f"-O arguments: no JSON: {error}", mend='write -O arguments=\'{"document": "{text}"}\'') from None
    if not isinstance(made, dict):
        raise UsageError("-O arguments: must be a JSON object")
    return made


def _guessed(tool: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the template of arguments that a schema lets guess."""
    fields = schema.get("properties") or {}
    required = [n for n in schema.get("required") or [] if n in fields]
    asks = next((n for n in fields if n.lower() in QUESTIONS), None)
    texts = [n for n in TEXTS for f in fields if f.lower() == n for n in [f]] or [n for n in required if n != asks and fields[n].get("type") == "string"][:1]
    if not texts:
        raise UsageError(f"mcp: which parameter of '{tool}' takes the text? It has: {', '.join(fields) or 'none'}", mend="say it with -O arguments=...")
    made = {texts[0]: "{text}"} | ({asks: "{instruction}"} if asks else {})
    if "language" in fields:
        made["language"] = "{language}"
    missing = [n for n in required if n not in made]
    if missing:
        raise UsageError(f"mcp: '{tool}' also needs {', '.join(missing)}", mend="say all with -O arguments=...")
    return made


def _filled(node: Any, given: Mapping[str, str]) -> Any:
    if isinstance(node, str):
        return given.get(node, node)
    if isinstance(node, Mapping):
        return {k: _filled(v, given) for k, v in node.items()}
    return [_filled(n, given) for n in node] if isinstance(node, list) else node


@target(extra="mcp")
async def open_mcp(rest: str, options: Mapping[str, Any]) -> Target:
    """Open a tool of an MCP server; raises ``UsageError`` when server or tool cannot be found."""
    place, mark, tool = rest.rpartition("#")
    if not mark or not place or not tool:
        raise UsageError(f"'mcp:{rest}' is no target", mend="write mcp:COMMAND#tool or mcp:http://host/mcp#tool")
    try:
        import mcp  # noqa: F401 - only whether it is there
    except ImportError:
        raise MissingExtra("target 'mcp'", "mcp") from None
    made = _Tool(place, tool, options)
    if not made.sockets and shutil.which(shlex.split(place)[0]) is None:
        raise UsageError(f"there is no program '{shlex.split(place)[0]}'", mend="give its path, and make it executable")
    try:
        await made.find()
    except UsageError:
        await made.close()
        raise
    return made
