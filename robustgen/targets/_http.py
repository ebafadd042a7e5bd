"""One way over HTTP for every vendor: bounded bodies, classed errors, no secret in any text, as many connections as asked for."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from robustgen.core.case import Case
from robustgen.core.verdict import Response
from robustgen.errors import UsageError
from robustgen.targets._base import ALL, failure

if TYPE_CHECKING:
    import aiohttp

__all__ = ["HttpTarget", "Reply", "dig", "url_of"]

MAX_BODY = 1_000_000
Build = Callable[[Case], tuple[str, Mapping[str, Any]]]
Reply = Callable[[Any], Response]


def url_of(options: Mapping[str, Any], default: str, path: str) -> str:
    """Return the address of an endpoint; raises ``UsageError`` for what is no http address."""
    base = str(options.get("base_url") or default).rstrip("/")
    if not base.startswith(("http://", "https://")):
        raise UsageError(f"'{base}' is no http address", mend="write --base-url http://127.0.0.1:8000/v1")
    return f"{base}{path}"


def dig(data: Any, path: str) -> Any:
    """Return what stands at ``a.b.0.c`` in JSON; None when it is not there."""
    for part in path.split("."):
        try:
            data = data[int(part)] if isinstance(data, list) else data[part]
        except (KeyError, IndexError, ValueError, TypeError):
            return None
    return data


class HttpTarget:
    """A JSON endpoint: one POST per case."""

    def __init__(self, name: str, build: Build, read: Reply, *, headers: Mapping[str, str] | None = None, can: frozenset[str] = ALL) -> None:
        """``build`` makes address and body of a case, ``read`` a response of the decoded answer; ``headers`` may hold secrets."""
        self.name, self._build, self._read, self._headers, self.can = name, build, read, dict(headers or {}), can
        self._session: aiohttp.ClientSession | None = None

    def __repr__(self) -> str:
        """Show the name only: headers hold secrets."""
        return f"HttpTarget({self.name!r})"

    def _open(self) -> aiohttp.ClientSession:
        import aiohttp

        if self._session is None:
            connector = aiohttp.TCPConnector(limit=0, ttl_dns_cache=300)
            self._session = aiohttp.ClientSession(connector=connector, headers=self._headers, timeout=aiohttp.ClientTimeout(total=None))
        return self._session

    async def __call__(self, case: Case) -> Response:
        """Ask once; whatever goes wrong is an error class."""
        import aiohttp

        start = time.perf_counter()
        url, body = self._build(case)
        try:
            data = json.dumps(body, ensure_ascii=True).encode()
            async with self._open().post(url, data=data, headers={"Content-Type": "application/json"}) as answer:
                raw = await _bounded(answer)
                elapsed = time.perf_counter() - start
                if raw is None:
                    return failure("too_large", f"more than {MAX_BODY} bytes", elapsed)
                return self._decoded(answer.status, raw, elapsed)
        except TimeoutError:
            return failure("timeout", "no answer in time", time.perf_counter() - start)
        except (aiohttp.ClientError, OSError) as error:
            return failure("connection", self._clean(f"{type(error).__name__}: {error}"), time.perf_counter() - start)

    def _decoded(self, status: int, raw: bytes, elapsed: float) -> Response:
        text = raw.decode("utf-8", "replace")
        if status == 429:
            return failure("rate_limited", self._clean(text[:200]), elapsed)
        if status >= 400:
            return failure(f"http_{status}", self._clean(text[:200]), elapsed)
        try:
            data = json.loads(text)
        except (ValueError, RecursionError) as error:
            return failure("bad_response", f"no JSON: {type(error).__name__}", elapsed)
        made = self._read(data)
        import msgspec

        return msgspec.structs.replace(made, elapsed=elapsed)

    def _clean(self, text: str) -> str:
        """Return a message without any secret of the headers."""
        for value in self._headers.values():
            for secret in {value, value.rpartition(" ")[2]}:
                if len(secret) > 5:
                    text = text.replace(secret, "***")
        return text

    async def close(self) -> None:
        """Close connections."""
        if self._session is not None:
            await self._session.close()


async def _bounded(answer: aiohttp.ClientResponse) -> bytes | None:
    """Return the body, None when it is too large to be an answer."""
    pieces, size = [], 0
    async for piece in answer.content.iter_chunked(65536):
        size += len(piece)
        if size > MAX_BODY:
            return None
        pieces.append(piece)
    return b"".join(pieces)
