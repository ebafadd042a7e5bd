"""Secrets of the environment never reach a file: their values are blotted out of everything that a run keeps or says."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from robustgen.core.verdict import Response

__all__ = ["Redactor"]

MARK = "[redacted]"
SHORTEST = 8
"""Shorter values are words of the language more often than secrets."""
_NAME = re.compile(
    r"(?:^|_)(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|PWD|CREDENTIALS?|AUTH|AUTHORIZATION|DSN|PAT|APIKEY|ACCESSKEY|SECRETKEY|AUTHTOKEN)(?:$|_)", re.IGNORECASE
)
_USERINFO = re.compile(r"(?<=://)[^/@\s:]+:[^/@\s]+(?=@)")


class Redactor:
    """Knows the secrets of one process."""

    def __init__(self, secrets: Iterable[str] = (), *, environment: Mapping[str, str] | None = None) -> None:
        """Take given secrets and the values of environment variables that are named like one."""
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
        return body

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
