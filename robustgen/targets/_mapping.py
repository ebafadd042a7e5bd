"""``[target.answer]``: a vendor's own shape of an answer, mapped to the envelope by path, pattern and labels.

::

    [target.answer]
    path = "$.result.items[0].text"             # where the answer stands in the JSON that came back
    pattern = "(?P<value>[0-9.]+) (?P<unit>mg|g)"   # groups named as the envelope's fields; without names the first group is the value
    [target.answer.labels]
    "can be returned" = "return_allowed"        # the vendor's words, our label
    "please clarify" = "status:ask"             # or a status
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec
import regex

from robustgen.core.case import Case
from robustgen.core.plugins import Target
from robustgen.core.verdict import Response
from robustgen.errors import ConfigError
from robustgen.targets._base import as_response

__all__ = ["Mapped", "find_path", "path_parts"]

KNOWN = ("path", "pattern", "labels")
FIELDS = ("status", "value", "unit", "currency", "label")
STATUSES = ("answer", "ask", "both", "escalate", "refuse")
_PART = re.compile(r"\.?([^.\[\]]+)|\[(?:'([^']*)'|\"([^\"]*)\"|(\*|-?\d+))\]")


def path_parts(path: str) -> list[str]:
    """Return the steps of ``$.a.b[0]['c'][*]``; raises ``ConfigError`` for what it cannot be."""
    rest, parts = path.removeprefix("$"), []
    while rest:
        found = _PART.match(rest)
        if found is None:
            raise ConfigError(f"robustgen.toml: [target.answer]: path '{path}' is not understood at '{rest}'", mend='write "$.result.items[0].text"')
        parts.append(next(g for g in found.groups() if g is not None))
        rest = rest[found.end() :]
    return parts


def find_path(data: Any, parts: list[str]) -> Any:
    """Return what stands at a path, a list for ``[*]``; None when it is not there."""
    for number, part in enumerate(parts):
        if part == "*" and isinstance(data, (list, Mapping)):
            items = data.values() if isinstance(data, Mapping) else data
            found = [find_path(item, parts[number + 1 :]) for item in items]
            return [f for f in found if f is not None]
        try:
            data = data[int(part)] if isinstance(data, list) else data[part]
        except (KeyError, IndexError, ValueError, TypeError):
            return None
    return data


class Mapped:
    """A target whose answers are brought into our shape; what fits no mapping is left as it came."""

    def __init__(self, inner: Target, answer: Mapping[str, Any]) -> None:
        """Check the mapping; raises ``ConfigError`` naming what is wrong in it."""
        for key in answer:
            if key not in KNOWN:
                raise ConfigError(f"robustgen.toml: [target.answer]: unknown key '{key}'", mend=f"known: {', '.join(KNOWN)}")
        self.inner, self.can = inner, inner.can
        self._path = path_parts(str(answer.get("path", "")))
        try:
            self._pattern = regex.compile(str(answer["pattern"])) if answer.get("pattern") else None
        except regex.error as error:
            raise ConfigError(f"robustgen.toml: [target.answer]: pattern: {error}") from None
        if self._pattern and not self._pattern.groups:
            raise ConfigError("[target.answer]: the pattern has no group", mend="write (?P<value>...) around what is the answer")
        self._labels = {" ".join(str(k).casefold().split()): str(v) for k, v in (answer.get("labels") or {}).items()}
        for label in self._labels.values():
            if label.startswith("status:") and label.removeprefix("status:") not in STATUSES:
                raise ConfigError(f"robustgen.toml: [target.answer.labels]: '{label}' is no status", mend=f"known: {', '.join(STATUSES)}")

    def __repr__(self) -> str:
        """Show the target."""
        return f"Mapped({self.inner!r})"

    def __getattr__(self, name: str) -> Any:
        """Let everything else be the inner target's."""
        return getattr(self.inner, name)

    async def __call__(self, case: Case) -> Response:
        """Ask and map."""
        response = await self.inner(case)
        return response if response.error else self.mapped(response)

    def mapped(self, response: Response) -> Response:
        """Return a response in our shape."""
        found: Any = response.data if response.data is not None else response.text
        if self._path:
            data = _data(response)
            found = find_path(data, self._path)
            if found is None:
                return msgspec.structs.replace(response, text="", data=None, error="bad_response", detail="nothing at the path of [target.answer]")
        if isinstance(found, str):
            found = self._envelope(found)
        made = as_response(found, response.elapsed)
        return msgspec.structs.replace(response, text=made.text, data=made.data, error=made.error, detail=made.detail)

    def _envelope(self, text: str) -> Any:
        if self._pattern is not None:
            try:
                match = self._pattern.search(text[:100_000], timeout=0.2)
            except TimeoutError:
                match = None
            if match is not None:
                named = {k: v for k, v in match.groupdict().items() if k in FIELDS and v is not None}
                if named:
                    return {"status": "answer", **named}
                text = match[1] or ""
        label = self._labels.get(" ".join(text.casefold().strip(" .!\"'").split()))
        if label is None:
            inside = {v for k, v in self._labels.items() if k in " ".join(text.casefold().split())}
            label = inside.pop() if len(inside) == 1 else None
        if label is None:
            return text
        return {"status": label.removeprefix("status:")} if label.startswith("status:") else {"status": "answer", "label": label}

    async def close(self) -> None:
        """Close the inner target."""
        await self.inner.close()


def _data(response: Response) -> Any:
    """Return the JSON of a response, from its text where it came as text."""
    if response.data is not None:
        return response.data
    fenced = re.search(r"```(?:json)?\s*(.*?)```", response.text, re.DOTALL)
    try:
        return msgspec.json.decode(fenced[1] if fenced else response.text)
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
        return None
