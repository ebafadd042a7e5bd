"""``ollama:MODEL``: the chat endpoint of a local Ollama server. ``-O stream=true`` streams."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from robustgen.core.case import Case
from robustgen.core.plugins import Target, target
from robustgen.core.verdict import Response
from robustgen.errors import UsageError
from robustgen.targets._base import failure
from robustgen.targets._http import HttpTarget, Stream, dig, sampling_of, url_of
from robustgen.targets._prompt import chat_messages, checked_prompt

__all__ = ["open_ollama"]


@target()
async def open_ollama(rest: str, options: Mapping[str, Any]) -> Target:
    """Open a model of the server at ``--base-url`` (default: port 11434 of this machine)."""
    if not rest:
        raise UsageError("'ollama:' lacks the model", mend="write ollama:MODEL")
    checked_prompt(options)
    url = url_of(options, "http://127.0.0.1:11434", "/api/chat")
    sampling = {"temperature": 0, "seed": 0, **sampling_of(options, "temperature", "seed", "top_p", "top_k", "num_ctx", "num_predict")}
    streaming = str(options.get("stream", "")).lower() in {"1", "true", "yes", "on"}

    def build(case: Case) -> tuple[str, Mapping[str, Any]]:
        return url, {"model": rest, "messages": chat_messages(case, options), "stream": streaming, "options": sampling}

    stream = Stream(lambda e: str(dig(e, "message.content") or ""), lambda e: dig(e, "done") is True, _streamed) if streaming else None
    return HttpTarget(f"ollama:{rest}", build, _read, sampling=sampling, stream=stream)


def _read(data: Any) -> Response:
    text = dig(data, "message.content")
    if not isinstance(text, str):
        return failure("bad_response", "no message.content")
    return _said(text, data)


def _said(text: str, data: Any) -> Response:
    if not text.strip():
        return failure("empty", "an empty message")
    counts = {"prompt_tokens": dig(data, "prompt_eval_count"), "completion_tokens": dig(data, "eval_count")}
    return Response(text=text, usage={k: v for k, v in counts.items() if isinstance(v, int)}, model=str(dig(data, "model") or ""))


def _streamed(text: str, others: list[Any]) -> Response:
    return _said(text, others[-1] if others else {})
