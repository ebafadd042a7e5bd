"""``anthropic:MODEL``: the messages API; the key comes from ANTHROPIC_API_KEY only. ``-O stream=true`` streams."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from robustgen.core.case import Case
from robustgen.core.plugins import Target, target
from robustgen.core.verdict import Response
from robustgen.errors import UsageError
from robustgen.targets._base import failure
from robustgen.targets._http import HttpTarget, Stream, dig, sampling_of, url_of
from robustgen.targets._prompt import chat_messages, checked_prompt

__all__ = ["open_anthropic"]


@target()
async def open_anthropic(rest: str, options: Mapping[str, Any]) -> Target:
    """Open a model; ``-O max_tokens=512 -O temperature=0`` set sampling."""
    if not rest:
        raise UsageError("'anthropic:' lacks the model", mend="write anthropic:MODEL")
    checked_prompt(options)
    url = url_of(options, "https://api.anthropic.com", "/v1/messages")
    headers = {"x-api-key": os.environ.get("ANTHROPIC_API_KEY", ""), "anthropic-version": "2023-06-01"}
    sampling = {"max_tokens": 512, "temperature": 0, **sampling_of(options, "max_tokens", "temperature", "top_p", "top_k")}
    streaming = str(options.get("stream", "")).lower() in {"1", "true", "yes", "on"}

    def build(case: Case) -> tuple[str, Mapping[str, Any]]:
        messages = chat_messages(case, options)
        system = "\n".join(m["content"] for m in messages if m["role"] == "system")
        body: dict[str, Any] = {"model": rest, "stream": streaming, **sampling}
        return url, body | {"system": system, "messages": [m for m in messages if m["role"] != "system"]}

    stream = Stream(_delta, lambda event: dig(event, "type") == "message_stop", _streamed) if streaming else None
    return HttpTarget(f"anthropic:{rest}", build, _read, headers=headers, sampling=sampling, stream=stream)


def _read(data: Any) -> Response:
    parts = dig(data, "content")
    if not isinstance(parts, list):
        return failure("bad_response", "no content")
    return _said("".join(str(p.get("text", "")) for p in parts if isinstance(p, dict)), dig(data, "usage"), dig(data, "model"))


def _said(text: str, usage: Any, model: Any) -> Response:
    if not text.strip():
        return failure("empty", "no text in content")
    return Response(text=text, usage={k: v for k, v in (usage or {}).items() if isinstance(v, int)}, model=str(model or ""))


def _delta(event: Any) -> str:
    return str(dig(event, "delta.text") or "") if dig(event, "type") == "content_block_delta" else ""


def _streamed(text: str, others: list[Any]) -> Response:
    wrong = next((e for e in others if dig(e, "type") == "error"), None)
    if wrong is not None:
        return failure("http_529" if dig(wrong, "error.type") == "overloaded_error" else "bad_response", dig(wrong, "error.type"))
    usage: dict[str, Any] = {}
    for event in others:
        usage |= dig(event, "message.usage") or dig(event, "usage") or {}
    model = next((dig(e, "message.model") for e in others if dig(e, "message.model")), "")
    return _said(text, usage, model)
