"""``http:FILE.toml``: any JSON endpoint by a template of its request and a path to its answer.

::

    url = "http://127.0.0.1:9000/ask"
    answer = "$.result.text"                     # path in the JSON that comes back; leave out to take all of it
    [headers]
    Authorization = "env:MY_TOKEN"               # secrets come from the environment only
    [body]
    question = "{instruction}"
    document = "{text}"
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from robustgen.core.case import Case
from robustgen.core.plugins import Target, target
from robustgen.core.verdict import Response
from robustgen.errors import ConfigError, unreadable
from robustgen.targets._base import as_response, failure
from robustgen.targets._http import HttpTarget
from robustgen.targets._mapping import find_path, path_parts
from robustgen.targets._prompt import ENVELOPE

__all__ = ["open_http"]

_SLOT = re.compile(r"\{(?:instruction|text|envelope|language|id)\}")
KNOWN = ("url", "answer", "headers", "body")


@target()
async def open_http(rest: str, options: Mapping[str, Any]) -> Target:
    """Open the endpoint that a TOML file describes; raises ``ConfigError`` naming what is wrong in it."""
    file = Path(rest)
    try:
        data = tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(file, error) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file}: not valid TOML: {error}", mend="mend that place; texts stand in double quotes") from None
    for key in data:
        if key not in KNOWN:
            raise ConfigError(f"{file}: unknown key '{key}'", mend=f"known: {', '.join(KNOWN)}")
    url, path = str(data.get("url", "")), str(data.get("answer", ""))
    if not url.startswith(("http://", "https://")):
        raise ConfigError(f"{file}: 'url' must be an http address, found '{url}'", mend='write url = "https://..."')
    parts = path_parts(path)
    headers = {k: _secret(str(v), file) for k, v in data.get("headers", {}).items()}

    def build(case: Case) -> tuple[str, Mapping[str, Any]]:
        asked = case.messages[0]["content"] if case.messages else ""
        given = {
            "{messages}": [dict(m) for m in case.messages],
            "{instruction}": asked,
            "{text}": case.text,
            "{envelope}": ENVELOPE,
            "{language}": case.tag,
            "{id}": case.id,
        }
        return url, _filled(data.get("body", {"text": "{text}"}), given)

    def read(answer: Any) -> Response:
        found = find_path(answer, parts)
        return failure("bad_response", f"nothing at '{path}'") if found is None else as_response(found, 0.0)

    return HttpTarget(f"http:{file.name}", build, read, headers=headers)


def _secret(value: str, file: Path) -> str:
    if not value.startswith("env:"):
        return value
    name = value.removeprefix("env:")
    if name not in os.environ:
        raise ConfigError(f"{file}: the environment lacks {name}", mend=f"export {name}=...")
    return os.environ[name]


def _filled(node: Any, given: Mapping[str, Any]) -> Any:
    """Return a template with its slots filled; what a document holds is never taken for a slot."""
    if isinstance(node, str):
        return given[node] if node in given else _SLOT.sub(lambda m: str(given[m[0]]), node)
    if isinstance(node, list):
        return [_filled(n, given) for n in node]
    if isinstance(node, Mapping):
        return {k: _filled(v, given) for k, v in node.items()}
    return node
