"""Secrets of the environment never reach a file: their values are blotted out of everything that a run keeps or says.

By option personal identifiers do not either: e-mail addresses, phone, card, bank and national numbers. They are blotted out where
something is written, not before it is judged, so that a leak is still found.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from robustgen.core.verdict import Response
from robustgen.oracles._identifiers import identifiers_in

__all__ = ["KINDS", "Redactor"]

KINDS = ("personal",)
"""What can be blotted out beside secrets."""
MARK = "[redacted]"
PERSONAL = "[personal data]"
SHORTEST = 8
"""Shorter values are words of the language more often than secrets."""
_NAME = re.compile(
    r"(?:^|_)(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|PWD|CREDENTIALS?|AUTH|AUTHORIZATION|DSN|PAT|APIKEY|ACCESSKEY|SECRETKEY|AUTHTOKEN)(?:$|_)", re.IGNORECASE
)
_USERINFO = re.compile(r"(?<=://)[^/@\s:]+:[^/@\s]+(?=@)")


class Redactor:
    """Knows the secrets of one process."""

    def __init__(self, secrets: Iterable[str] = (), *, environment: Mapping[str, str] | None = None, personal: bool = False) -> None:
        """Take given secrets and the values of environment variables that are named like one; ``personal`` is the option for identifiers."""
        self.personal = personal
        named = [v for k, v in (os.environ if environment is None else environment).items() if _NAME.search(k)]
        values = {s for s in (*secrets, *named) if len(s) >= SHORTEST}
        forms = values | {json.dumps(v)[1:-1] for v in values} | {json.dumps(v, ensure_ascii=False)[1:-1] for v in values}
        self._texts = sorted(forms, key=lambda s: (-len(s), s))
        self._bytes = [s.encode("utf-8", "surrogatepass") for s in self._texts]

    def __repr__(self) -> str:
        """Show how many secrets are known, none of them."""
        return f"Redactor({len(self._texts)} forms)"

    def text(self, text: str) -> str:
        """Return a text without secrets and without the user part of addresses."""
        for secret in self._texts:
            if secret in text:
                text = text.replace(secret, MARK)
        return _USERINFO.sub(MARK, text) if "://" in text else text

    def body(self, body: bytes) -> bytes:
        """Return bytes without secrets."""
        for secret in self._bytes:
            if secret in body:
                body = body.replace(secret, MARK.encode())
        return self._impersonal(body) if self.personal else body

    def _impersonal(self, body: bytes) -> bytes:
        """Return JSON without personal identifiers in its texts; what is no JSON is taken as one text."""
        try:
            data = json.loads(body)
        except ValueError:
            return _without_identifiers(body.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
        made = _mapped(data)
        return body if made == data else json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")

    def written(self, response: Response) -> Response:
        """Return a response as it may be kept in a file."""
        return msgspec.json.decode(self.body(msgspec.json.encode(response)), type=Response) if self.personal else response

    def data(self, value: Any) -> Any:
        """Return JSON-like data without secrets, keys included."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {self.text(str(k)): self.data(v) for k, v in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.data(v) for v in value]
        return value

    def _harmless(self, response: Response) -> bool:
        """Tell whether a response as it would be written holds no secret and no address, in whatever field."""
        try:
            raw = msgspec.json.encode(response)
        except (TypeError, UnicodeEncodeError):
            return False
        return b"://" not in raw and not any(secret in raw for secret in self._bytes)

    def response(self, response: Response) -> Response:
        """Return a response without secrets; a target that echoes a credential shall not make us keep it."""
        if not self._texts or self._harmless(response):
            return response
        text, detail, data = self.text(response.text), self.text(response.detail), self.data(response.data)
        if text == response.text and detail == response.detail and data == response.data:
            return response
        return msgspec.structs.replace(response, text=text, detail=detail, data=data)


def _mapped(value: Any) -> Any:
    if isinstance(value, str):
        return _without_identifiers(value)
    if isinstance(value, dict):
        return {k: _mapped(v) for k, v in value.items()}
    return [_mapped(v) for v in value] if isinstance(value, list) else value


def _without_identifiers(text: str) -> str:
    pieces, at = [], 0
    for found in identifiers_in(text):
        pieces += [text[at : found.start], PERSONAL]
        at = found.end
    return "".join([*pieces, text[at:]])
