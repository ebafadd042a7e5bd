"""``openai:MODEL``: chat completions of any OpenAI-compatible server; the key comes from OPENAI_API_KEY only."""

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

__all__ = ["open_openai"]

DEFAULT = "https://api.openai.com/v1"
SAMPLING = ("temperature", "top_p", "max_tokens", "max_completion_tokens", "seed", "presence_penalty", "frequency_penalty")


@target()
async def open_openai(rest: str, options: Mapping[str, Any]) -> Target:
    """Open a model; sampling parameters come as ``-O temperature=0``."""
    if not rest:
        raise UsageError("'openai:' lacks the model", mend="write openai:MODEL, with --base-url for a server of your own")
    url = url_of(options, DEFAULT, "/chat/completions")
    key = os.environ.get("OPENAI_API_KEY", "")
    sampling = {k: _number(options[k]) for k in SAMPLING if options.get(k) is not None}

    def build(case: Case) -> tuple[str, Mapping[str, Any]]:
        return url, {"model": rest, "messages": chat_messages(case, options), "temperature": 0, **sampling}

    return HttpTarget(f"openai:{rest}", build, read_chat, headers={"Authorization": f"Bearer {key}"} if key else None)


def _number(value: Any) -> Any:
    try:
        return float(value) if "." in str(value) else int(value)
    except ValueError:
        return value


def read_chat(data: Any) -> Response:
    """Return the text of a chat completion; a refusal counts as text."""
    content = dig(data, "choices.0.message.content") or dig(data, "choices.0.message.refusal")
    if isinstance(content, list):
        content = "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    if content is None:
        return failure("bad_response", "no choices[0].message.content")
    if not str(content).strip():
        return failure("empty", "an empty message")
    usage = {k: v for k, v in (dig(data, "usage") or {}).items() if isinstance(v, int)}
    fingerprint = dig(data, "system_fingerprint")
    model = f"{dig(data, 'model') or ''}" + (f" {fingerprint}" if fingerprint else "")
    return Response(text=str(content), usage=usage, model=model)
