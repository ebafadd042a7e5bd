"""``anthropic:MODEL``: the messages API; the key comes from ANTHROPIC_API_KEY only."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from robustgen.core.case import Case
from robustgen.core.plugins import Target, target
from robustgen.core.verdict import Response
from robustgen.errors import UsageError
from robustgen.targets._base import failure
from robustgen.targets._http import HttpTarget, dig, url_of
from robustgen.targets._prompt import chat_messages

__all__ = ["open_anthropic"]


@target()
async def open_anthropic(rest: str, options: Mapping[str, Any]) -> Target:
    """Open a model; ``-O max_tokens=512 -O temperature=0`` set sampling."""
    if not rest:
        raise UsageError("'anthropic:' lacks the model", mend="write anthropic:MODEL")
    url = url_of(options, "https://api.anthropic.com", "/v1/messages")
    headers = {"x-api-key": os.environ.get("ANTHROPIC_API_KEY", ""), "anthropic-version": "2023-06-01"}

    def build(case: Case) -> tuple[str, Mapping[str, Any]]:
        messages = chat_messages(case, options)
        system = [m["content"] for m in messages if m["role"] == "system"]
        body: dict[str, Any] = {"model": rest, "max_tokens": int(options.get("max_tokens") or 512), "temperature": float(options.get("temperature") or 0)}
        return url, body | {"system": "\n".join(system), "messages": [m for m in messages if m["role"] != "system"]}

    return HttpTarget(f"anthropic:{rest}", build, _read, headers=headers)


def _read(data: Any) -> Response:
    parts = dig(data, "content")
    text = "".join(str(p.get("text", "")) for p in parts if isinstance(p, dict)) if isinstance(parts, list) else ""
    if not text.strip():
        return failure("empty" if isinstance(parts, list) else "bad_response", "no text in content")
    usage = {k: v for k, v in (dig(data, "usage") or {}).items() if isinstance(v, int)}
    return Response(text=text, usage=usage, model=str(dig(data, "model") or ""))
