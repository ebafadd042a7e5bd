"""A chat server on loopback for tests and benchmarks, run as a program: it counts, holds, delays and misbehaves as it is told.

It prints its port in the first line and ends by itself. ``GET /stats`` tells what it has seen: ``open`` requests now, ``most`` at once,
``served`` answers, and how often each message was asked. Modes: ``instant``, ``delay`` (``--seconds``), ``hold`` (answers nothing until
``--hold`` requests are open at once), ``bad`` (misbehaves in turn, in every way it knows).
"""

from __future__ import annotations

import argparse
import asyncio
import email.utils
import hashlib
import json
import resource
import sys
import time
from collections import Counter

BAD = ("good", "429", "429 seconds", "429 date", "500", "reset", "hang", "half", "broken json", "slow", "type", "huge", "empty", "deep")


def answer(text: str = "500 mg", tokens: int = 7) -> bytes:
    """Return a chat completion."""
    body = {
        "model": "stub-1",
        "system_fingerprint": "fp_1",
        "choices": [{"message": {"content": text}}],
        "usage": {"prompt_tokens": tokens, "completion_tokens": 3},
    }
    return json.dumps(body).encode()


def http(body: bytes, status: str = "200 OK", *headers: str, kind: str = "application/json") -> bytes:
    """Return a whole HTTP answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class Stub:
    """What the connections share."""

    def __init__(self, args: argparse.Namespace) -> None:
        """Start with nothing seen."""
        self.args = args
        self.open = self.most = self.served = self.number = 0
        self.released = asyncio.Event()
        self.asked: Counter[str] = Counter()
        self.times: list[float] = []
        self.good = http(answer())

    def stats(self) -> bytes:
        """Return what was seen."""
        return json.dumps(
            {"open": self.open, "most": self.most, "served": self.served, "number": self.number, "asked": self.asked, "times": self.times}
        ).encode()


class Connection(asyncio.Protocol):
    """One connection: requests one after the other."""

    def __init__(self, stub: Stub) -> None:
        """Remember the stub."""
        self.stub, self.buffer = stub, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Take whole requests from what came."""
        self.buffer += data
        while b"\r\n\r\n" in self.buffer:
            head, _, rest = self.buffer.partition(b"\r\n\r\n")
            length = 0
            for line in head.split(b"\r\n")[1:]:
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            if len(rest) < length:
                return
            self.buffer = rest[length:]
            self.request(head, rest[:length])

    def request(self, head: bytes, body: bytes) -> None:
        """Answer one request in the way of the mode."""
        stub = self.stub
        if head.startswith(b"GET"):
            self.transport.write(http(stub.stats()))
            return
        stub.number += 1
        if stub.args.record:
            stub.asked[hashlib.blake2b(body, digest_size=8).hexdigest()] += 1
            stub.times.append(time.monotonic())
        stub.open += 1
        stub.most = max(stub.most, stub.open)
        mode = stub.args.mode
        if mode == "instant":
            self.reply(stub.good)
        elif mode == "delay":
            asyncio.get_running_loop().call_later(stub.args.seconds, self.reply, stub.good)
        elif mode == "hold":
            if stub.most >= stub.args.hold:
                stub.released.set()
            asyncio.get_running_loop().create_task(self.held())
        elif mode == "tell":
            self.reply(http(answer(head.decode("latin-1") + body.decode("utf-8", "replace"))))
        else:
            asyncio.get_running_loop().create_task(self.misbehave(BAD[stub.number % len(BAD)]))

    async def held(self) -> None:
        """Wait until enough are open."""
        await self.stub.released.wait()
        self.reply(self.stub.good)

    def reply(self, whole: bytes) -> None:
        """Send an answer and count it."""
        self.stub.open -= 1
        self.stub.served += 1
        if not self.transport.is_closing():
            self.transport.write(whole)

    async def misbehave(self, how: str) -> None:
        """Go wrong in one way."""
        if how in {"good", "429", "500", "broken json", "type", "empty", "deep", "429 seconds", "429 date"}:
            date = email.utils.formatdate(time.time() + 1, usegmt=True)
            self.reply(
                {
                    "good": self.stub.good,
                    "429": http(b"slow down", "429 Too Many Requests"),
                    "429 seconds": http(b"slow down", "429 Too Many Requests", "Retry-After: 0.05"),
                    "429 date": http(b"slow down", "429 Too Many Requests", f"Retry-After: {date}"),
                    "500": http(b"oops \x1b[31m <script>", "500 Internal Server Error"),
                    "broken json": http(b'{"choices": [{"message": {"cont'),
                    "type": http(b"<html>no</html>", kind="text/html"),
                    "empty": http(answer("  ")),
                    "deep": http(b"[" * 200_000),
                }[how]
            )
            return
        self.stub.open -= 1
        if how == "reset":
            self.transport.abort()
        elif how == "half":
            self.transport.write(self.stub.good[:-20])
            self.transport.close()
        elif how == "slow":
            for i in range(0, len(self.stub.good), 40):
                self.transport.write(self.stub.good[i : i + 40])
                await asyncio.sleep(0.01)
        elif how == "huge":
            self.transport.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000000\r\n\r\n")
            for _ in range(1600):
                if self.transport.is_closing():
                    return
                self.transport.write(b"x" * 62_500)
                await asyncio.sleep(0)
                while self.transport.get_write_buffer_size() > 1_000_000 and not self.transport.is_closing():  # noqa: ASYNC110 - a buffer has no event
                    await asyncio.sleep(0.005)
        # "hang" says nothing at all


async def main(args: argparse.Namespace) -> None:
    """Serve for a while."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    stub = Stub(args)
    server = await asyncio.get_running_loop().create_server(lambda: Connection(stub), "127.0.0.1", args.port, backlog=16384)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await asyncio.sleep(args.life)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--mode", default="instant")
    parser.add_argument("--hold", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=0.0)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--life", type=float, default=120.0)
    parser.add_argument("--record", action="store_true")
    asyncio.run(main(parser.parse_args()))
