"""``openai:MODEL``: chat completions of any OpenAI-compatible server; the key comes from OPENAI_API_KEY only.

``-O api=responses`` uses the responses interface instead, ``-O stream=true`` streams and records the time to the first token.
"""

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

__all__ = ["open_openai", "read_chat"]

DEFAULT = "https://api.openai.com/v1"
SAMPLING = ("temperature", "top_p", "max_tokens", "max_completion_tokens", "seed", "presence_penalty", "frequency_penalty", "stop", "reasoning_effort")
RESPONSES = ("temperature", "top_p", "max_output_tokens")
APIS = ("chat", "responses")


@target()
async def open_openai(rest: str, options: Mapping[str, Any]) -> Target:
    """Open a model; sampling parameters come as ``-O temperature=0``."""
    if not rest:
        raise UsageError("'openai:' lacks the model", mend="write openai:MODEL, with --base-url for a server of your own")
    api = str(options.get("api") or "chat")
    if api not in APIS:
        raise UsageError(f"-O api={api}: there is no such interface", mend=f"known: {', '.join(APIS)}")
    checked_prompt(options)
    key = os.environ.get("OPENAI_API_KEY", "")
    headers = {"Authorization": f"Bearer {key}"} if key else None
    streaming = str(options.get("stream", "")).lower() in {"1", "true", "yes", "on"}
    if api == "responses":
        return _responses(rest, options, headers, streaming=streaming)
    url = url_of(options, DEFAULT, "/chat/completions")
    sampling = {"temperature": 0, **sampling_of(options, *SAMPLING)}
    more = {"stream": True, "stream_options": {"include_usage": True}} if streaming else {}

    def build(case: Case) -> tuple[str, Mapping[str, Any]]:
        return url, {"model": rest, "messages": chat_messages(case, options), **sampling, **more}

    stream = Stream(_delta, lambda event: False, _chat_stream) if streaming else None
    return HttpTarget(f"openai:{rest}", build, read_chat, headers=headers, sampling=sampling, stream=stream)


def _responses(model: str, options: Mapping[str, Any], headers: Mapping[str, str] | None, *, streaming: bool) -> Target:
    url = url_of(options, DEFAULT, "/responses")
    given = dict(options)
    given.setdefault("max_output_tokens", options.get("max_tokens"))
    sampling = sampling_of(given, *RESPONSES)

    def build(case: Case) -> tuple[str, Mapping[str, Any]]:
        messages = chat_messages(case, options)
        system = "\n".join(m["content"] for m in messages if m["role"] == "system")
        turns = [m for m in messages if m["role"] != "system"]
        return url, {"model": model, "instructions": system, "input": turns, "store": False, "stream": streaming, **sampling}

    stream = Stream(_output_delta, lambda event: _kind(event) in {"response.completed", "response.incomplete", "response.failed"}, _output_stream)
    return HttpTarget(f"openai:{model}", build, read_output, headers=headers, sampling=sampling, stream=stream if streaming else None)


def read_chat(data: Any) -> Response:
    """Return the text of a chat completion; a refusal counts as text."""
    content = dig(data, "choices.0.message.content") or dig(data, "choices.0.message.refusal")
    if isinstance(content, list):
        content = "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    if content is None:
        return failure("bad_response", "no choices[0].message.content")
    return _said(str(content), data)


def _said(text: str, data: Any) -> Response:
    if not text.strip():
        return failure("empty", "an empty message")
    usage = {k: v for k, v in (dig(data, "usage") or {}).items() if isinstance(v, int)}
    return Response(text=text, usage=usage, model=str(dig(data, "model") or ""), fingerprint=str(dig(data, "system_fingerprint") or ""))


def _delta(event: Any) -> str:
    delta = dig(event, "choices.0.delta") or {}
    return str(delta.get("content") or delta.get("refusal") or "") if isinstance(delta, dict) else ""


def _chat_stream(text: str, others: list[Any]) -> Response:
    """Return the response of a stream; model, fingerprint and usage stand in events of their own or beside the end."""
    told: dict[str, Any] = {}
    for event in others:
        if isinstance(event, dict):
            told |= {k: v for k, v in event.items() if k in {"model", "system_fingerprint", "usage"} and v}
    return _said(text, told)


def read_output(data: Any) -> Response:
    """Return the text of the messages of a response."""
    if dig(data, "status") == "failed" or not isinstance(dig(data, "output"), list):
        return failure("bad_response", f"no output: {dig(data, 'error.code') or dig(data, 'status')}")
    parts = [p for item in data["output"] if isinstance(item, dict) and item.get("type") == "message" for p in item.get("content") or []]
    return _said("".join(str(p.get("text") or p.get("refusal") or "") for p in parts if isinstance(p, dict)), data)


def _kind(event: Any) -> str:
    return str(event.get("type", "")) if isinstance(event, dict) else ""


def _output_delta(event: Any) -> str:
    return str(event.get("delta") or "") if _kind(event) in {"response.output_text.delta", "response.refusal.delta"} else ""


def _output_stream(text: str, others: list[Any]) -> Response:
    final: Any = next((e["response"] for e in reversed(others) if isinstance(e, dict) and isinstance(e.get("response"), dict)), {})
    if dig(final, "status") == "failed":
        return failure("bad_response", f"the response failed: {dig(final, 'error.code')}")
    return _said(text, final)
