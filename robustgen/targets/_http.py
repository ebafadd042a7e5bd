"""One way over HTTP for every vendor: bounded bodies, classed errors, streams, no secret in any text, as many connections as asked for."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Callable, Mapping
from email.utils import parsedate_to_datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from robustgen.core.case import Case
from robustgen.core.verdict import Response
from robustgen.errors import UsageError
from robustgen.targets._base import ALL, failure

if TYPE_CHECKING:
    import aiohttp

__all__ = ["HttpTarget", "Reply", "Stream", "dig", "number", "retry_after", "sampling_of", "url_of"]

MAX_BODY = 1_000_000
Build = Callable[[Case], tuple[str, Mapping[str, Any]]]
Reply = Callable[[Any], Response]


class Stream(NamedTuple):
    """How a vendor streams: the text in an event, whether it is the last one, and the response of all that is no text."""

    piece: Callable[[Any], str]
    last: Callable[[Any], bool]
    finish: Callable[[str, list[Any]], Response]


def url_of(options: Mapping[str, Any], default: str, path: str) -> str:
    """Return the address of an endpoint; raises ``UsageError`` for what is no http address."""
    base = str(options.get("base_url") or default).rstrip("/")
    if not base.startswith(("http://", "https://")):
        raise UsageError(f"'{base}' is no http address", mend="write --base-url http://127.0.0.1:8000/v1")
    return f"{base}{path}"


def number(value: Any) -> Any:
    """Return what an option says as a number, unchanged where it is none."""
    try:
        return float(value) if "." in str(value) else int(value)
    except ValueError:
        return value


def sampling_of(options: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Return the sampling parameters that a user gave."""
    return {k: number(options[k]) for k in names if options.get(k) is not None}


def dig(data: Any, path: str) -> Any:
    """Return what stands at ``a.b.0.c`` in JSON; None when it is not there."""
    for part in path.split("."):
        try:
            data = data[int(part)] if isinstance(data, list) else data[part]
        except (KeyError, IndexError, ValueError, TypeError):
            return None
    return data


def retry_after(headers: Mapping[str, str], now: float) -> float:
    """Return the seconds that a server asks to wait, from a number or an HTTP date; 0 when it asks nothing that can be read."""
    value = headers.get("Retry-After", "").strip()
    try:
        if headers.get("retry-after-ms"):
            return max(0.0, float(headers["retry-after-ms"]) / 1000)
        return max(0.0, float(value)) if value[:1].isdigit() else max(0.0, parsedate_to_datetime(value).timestamp() - now)
    except (ValueError, TypeError, OverflowError):
        return 0.0


class HttpTarget:
    """A JSON endpoint: one POST per case."""

    sockets = 1

    def __init__(
        self,
        name: str,
        build: Build,
        read: Reply,
        *,
        headers: Mapping[str, str] | None = None,
        can: frozenset[str] = ALL,
        sampling: Mapping[str, Any] | None = None,
        stream: Stream | None = None,
    ) -> None:
        """``build`` makes address and body of a case, ``read`` a response of the decoded answer; ``headers`` may hold secrets."""
        self.name, self._build, self._read, self._headers, self.can = name, build, read, dict(headers or {}), can
        self.sampling, self._stream = dict(sampling or {}), stream
        hidden = {v for k, v in self._headers.items() if k.lower() not in {"anthropic-version", "content-type"}}
        self.secrets = frozenset(s for v in hidden for s in (v, v.rpartition(" ")[2]) if len(s) > 5)
        self._session: aiohttp.ClientSession | None = None
        import_module("aiohttp")  # here and not with the first request, which would hold up those after it

    def __repr__(self) -> str:
        """Show the name only: headers hold secrets."""
        return f"HttpTarget({self.name!r})"

    def _open(self) -> aiohttp.ClientSession:
        import aiohttp

        connector = aiohttp.TCPConnector(limit=0, ttl_dns_cache=300)
        headers = {"Content-Type": "application/json", **self._headers}
        self._session = aiohttp.ClientSession(
            connector=connector, headers=headers, timeout=aiohttp.ClientTimeout(total=None), cookie_jar=aiohttp.DummyCookieJar()
        )
        return self._session

    async def __call__(self, case: Case) -> Response:
        """Ask once; whatever goes wrong is an error class."""
        import aiohttp

        start = time.perf_counter()
        url, body = self._build(case)
        try:
            session = self._session or self._open()
            async with session.post(url, data=_encoded(body), allow_redirects=False) as answer:
                if self._stream is not None and answer.status < 300:
                    return self._settled(await self._streamed(answer, self._stream, start), start)
                raw = await _bounded(answer)
                if raw is None:
                    return failure("too_large", f"more than {MAX_BODY} bytes", time.perf_counter() - start)
                return self._settled(self._decoded(answer, raw), start)
        except TimeoutError:
            return failure("timeout", "no answer in time", time.perf_counter() - start)
        except (aiohttp.ClientError, OSError) as error:
            return failure("connection", self._clean(f"{type(error).__name__}: {error}"), time.perf_counter() - start)

    def _settled(self, made: Response, start: float) -> Response:
        return msgspec.structs.replace(made, elapsed=time.perf_counter() - start, sampling=self.sampling)

    def _decoded(self, answer: aiohttp.ClientResponse, raw: bytes) -> Response:
        if answer.status >= 300:
            made = failure("rate_limited" if answer.status == 429 else f"http_{answer.status}", self._clean(raw[:200].decode("utf-8", "replace")))
            wait = retry_after(answer.headers, time.time())
            return msgspec.structs.replace(made, retry_after=wait) if wait else made
        try:
            data = _json(raw)
        except (ValueError, RecursionError) as error:
            return failure("bad_response", f"no JSON but {answer.content_type}: {type(error).__name__}")
        return self._read(data)

    async def _streamed(self, answer: aiohttp.ClientResponse, stream: Stream, start: float) -> Response:
        pieces: list[str] = []
        others: list[Any] = []
        first, ended = 0.0, False
        try:
            async for event in _events(answer):
                piece = stream.piece(event) if event is not None else ""
                if piece:
                    first = first or time.perf_counter() - start
                    pieces.append(piece)
                else:
                    others.append(event)
                ended = ended or event is None or stream.last(event)
        except (ValueError, RecursionError) as error:
            return failure("too_large" if "size" in str(error) else "bad_response", f"stream: {type(error).__name__}: {error}")
        if not ended:
            return failure("bad_response", "the stream ended before its last event")
        return msgspec.structs.replace(stream.finish("".join(pieces), [o for o in others if o is not None]), first=first)

    def _clean(self, text: str) -> str:
        """Return a message without any secret of the headers."""
        for secret in self.secrets:
            text = text.replace(secret, "***")
        return text

    async def close(self) -> None:
        """Close connections."""
        if self._session is not None:
            await self._session.close()


def _encoded(body: Mapping[str, Any]) -> bytes:
    """Return a body as JSON; text that UTF-8 cannot hold is escaped."""
    try:
        return msgspec.json.encode(body)
    except UnicodeEncodeError:
        return json.dumps(body, ensure_ascii=True).encode()


def _json(raw: bytes) -> Any:
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return json.loads(raw.decode("utf-8", "replace"))


async def _bounded(answer: aiohttp.ClientResponse) -> bytes | None:
    """Return the body, None when it is too large to be an answer."""
    length = answer.content_length
    if length is not None and length > MAX_BODY:
        return None
    if length is not None and "Content-Encoding" not in answer.headers:  # what is packed can be any size when unpacked
        return await answer.read()
    pieces, size = [], 0
    async for piece in answer.content.iter_any():
        size += len(piece)
        if size > MAX_BODY:
            return None
        pieces.append(piece)
    return b"".join(pieces)


async def _events(answer: aiohttp.ClientResponse) -> AsyncIterator[Any]:
    """Yield the JSON of server-sent events or of lines; None for the mark of the end."""
    rest, size = b"", 0
    async for piece in answer.content.iter_any():
        size += len(piece)
        if size > MAX_BODY:
            raise ValueError("the size of an answer is exceeded")
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            made = line.strip()
            if made.startswith(b"data:"):
                made = made[5:].strip()
            elif not made.startswith(b"{"):
                continue
            if made == b"[DONE]":
                yield None
            elif made:
                yield _json(made)
    if rest.strip().startswith(b"{"):
        yield _json(rest)
