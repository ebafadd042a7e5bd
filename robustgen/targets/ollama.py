"""``ollama:MODEL``: the chat endpoint of a local Ollama server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from robustgen.core.case import Case
from robustgen.core.plugins import Target, target
from robustgen.core.verdict import Response
from robustgen.errors import UsageError
from robustgen.targets._base import failure
from robustgen.targets._http import HttpTarget, dig, url_of
from robustgen.targets._prompt import chat_messages

__all__ = ["open_ollama"]


@target()
async def open_ollama(rest: str, options: Mapping[str, Any]) -> Target:
    """Open a model of the server at ``--base-url`` (default: port 11434 of this machine)."""
    if not rest:
        raise UsageError("'ollama:' lacks the model", mend="write ollama:MODEL")
    url = url_of(options, "http://127.0.0.1:11434", "/api/chat")

    def build(case: Case) -> tuple[str, Mapping[str, Any]]:
        sampling = {"temperature": float(options.get("temperature") or 0), "seed": int(options.get("seed") or 0)}
        return url, {"model": rest, "messages": chat_messages(case, options), "stream": False, "options": sampling}

    return HttpTarget(f"ollama:{rest}", build, _read)


def _read(data: Any) -> Response:
    text = dig(data, "message.content")
    if not isinstance(text, str) or not text.strip():
        return failure("bad_response" if text is None else "empty", "no message.content")
    return Response(text=text, model=str(dig(data, "model") or ""))
