"""Campaigns beside bare clients, in one run on one machine: ``python benchmarks/campaign.py hold 10000``, ``delay 10000``, ``instant 20000``.

Each client runs as a process of its own against a fresh stub process; the table shows requests, how many were open at once by the
stub's own counter, seconds, CPU seconds of the client, requests a CPU second, and peak memory. ``target N`` measures judged cases of
a target that answers at once, without any network, with the memory after each tenth.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from importlib import import_module
from pathlib import Path
from typing import Any

STUB = Path(__file__).parent.parent / "tests" / "campaign" / "stub.py"
MODES = {"hold": [], "delay": ["--seconds", "5"], "instant": []}
LONGEST = 150
"""Seconds that a client may take."""
BODY = json.dumps({"model": "m", "messages": [{"role": "system", "content": "x" * 600}, {"role": "user", "content": "y" * 300}], "temperature": 0}).encode()


def raise_limit() -> None:
    """Allow as many open files as the system does."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


async def streams(port: int, count: int, at_once: int) -> int:
    """Ask with bare asyncio streams."""
    gate, good = asyncio.Semaphore(at_once), 0
    free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
    head = f"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(BODY)}\r\n\r\n".encode()

    async def one() -> None:
        nonlocal good
        async with gate:
            reader, writer = free.pop() if free else await asyncio.open_connection("127.0.0.1", port)
            writer.write(head + BODY)
            top = await reader.readuntil(b"\r\n\r\n")
            size = int(top.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
            json.loads(await reader.readexactly(size))
            free.append((reader, writer))
            good += 1

    await asyncio.gather(*(one() for _ in range(count)))
    return good


async def bare(port: int, count: int, at_once: int) -> int:
    """Ask with aiohttp and nothing else."""
    import aiohttp

    gate, good = asyncio.Semaphore(at_once), 0
    url = f"http://127.0.0.1:{port}/v1/chat/completions"
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=None)) as session:

        async def one() -> None:
            nonlocal good
            async with gate, session.post(url, data=BODY, headers={"Content-Type": "application/json"}) as answer:
                json.loads(await answer.read())
                good += 1

        await asyncio.gather(*(one() for _ in range(count)))
    return good


async def sdk(port: int, count: int, at_once: int) -> int:
    """Ask with the SDK of OpenAI, on its own transport with the limit of connections raised; needs the package ``openai``."""
    openai, httpx = import_module("openai"), import_module("httpx2")  # the second is what the first brings along
    gate, good = asyncio.Semaphore(at_once), 0
    messages = json.loads(BODY)["messages"]
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    async with (
        httpx.AsyncClient(limits=limits, timeout=None, trust_env=False) as http,
        openai.AsyncOpenAI(api_key="none", base_url=f"http://127.0.0.1:{port}/v1", max_retries=0, http_client=http) as client,
    ):

        async def one() -> None:
            nonlocal good
            async with gate:
                answer = await client.chat.completions.create(model="m", messages=messages, temperature=0)
                good += bool(answer.choices[0].message.content)

        await asyncio.gather(*(one() for _ in range(count)))
    return good


def ours(port: int, count: int, at_once: int) -> int:
    """Ask, judge and journal."""
    from robustgen.campaign.limits import Limits
    from robustgen.campaign.session import Session
    from robustgen.generate import Generator, Selection

    options = {"base_url": f"http://127.0.0.1:{port}/v1", "timeout": 100}
    with tempfile.TemporaryDirectory() as folder:
        generator = Generator(Selection.of(["clinical"], tasks=["CL-X01"], kinds=["clean"]))
        limits = Limits(concurrency=at_once, timeout=100, retries=0)
        report = Session(generator, "openai:m", Path(folder), count=count, limits=limits, shrink=0, options=options).go()
        assert sum(report.totals.values()) == count, report.totals
        assert not report.errors, report.errors
        return report.requests


def client(name: str, port: int, count: int, at_once: int) -> None:
    """Run one client and print what it took."""
    raise_limit()
    start, cpu = time.perf_counter(), time.process_time()
    good = ours(port, count, at_once) if name == "robustgen" else asyncio.run({"streams": streams, "aiohttp": bare, "openai": sdk}[name](port, count, at_once))
    took, spent = time.perf_counter() - start, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps({"good": good, "seconds": took, "cpu": spent, "mb": peak}) + "\n")


def network(mode: str, at_once: int, count: int, names: str = "streams,aiohttp,robustgen") -> None:
    """Compare the clients; ``openai`` is one more, run by the interpreter that ROBUSTGEN_BENCH_OPENAI names where the package is not here."""
    sys.stdout.write("| client | answered | open at once | s | client CPU s | requests a CPU s | peak MB |\n|---|---|---|---|---|---|---|\n")
    for name in names.split(","):
        arguments = [sys.executable, str(STUB), "--mode", mode, "--hold", str(at_once), "--life", "280", *MODES[mode]]
        with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as stub:
            assert stub.stdout is not None
            port = int(stub.stdout.readline())
            python = os.environ.get("ROBUSTGEN_BENCH_OPENAI", sys.executable) if name == "openai" else sys.executable
            command = [python, __file__, "client", name, str(port), str(count), str(at_once)]
            try:
                made = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LONGEST)
            except subprocess.TimeoutExpired:
                made = subprocess.CompletedProcess(command, 1, "", f"not finished in {LONGEST} s")
            stats = json.load(urllib.request.urlopen(f"http://127.0.0.1:{port}/stats"))
            stub.terminate()
        if made.returncode:
            sys.stdout.write(f"| {name} | failed, {stats['served']} answered, {stats['most']} open at once: {made.stderr[-300:]!r} |\n")
            sys.stdout.flush()
            continue
        got = json.loads(made.stdout.splitlines()[-1])
        row = (name, got["good"], stats["most"], f"{got['seconds']:.1f}", f"{got['cpu']:.1f}", f"{got['good'] / got['cpu']:,.0f}", f"{got['mb']:.0f}")
        sys.stdout.write("| " + " | ".join(map(str, row)) + " |\n")
        sys.stdout.flush()


def target(count: int, at_once: int, kinds: list[str]) -> None:
    """Measure judged cases a CPU second with a target that answers at once."""
    from robustgen.campaign import session
    from robustgen.campaign.limits import Limits
    from robustgen.core.case import Case
    from robustgen.core.events import Judged
    from robustgen.generate import Generator, Selection
    from robustgen.targets._base import CallTarget

    async def opened(address: str, options: object) -> CallTarget:
        async def call(case: Case) -> dict[str, Any]:
            wanted = case.expected.accept[0]
            return {"status": wanted.status, "value": wanted.value, "unit": wanted.unit, "currency": wanted.currency, "label": wanted.label}

        return CallTarget(call, name=address)

    session.open_target = opened
    seen, cpu, marks = 0, time.process_time(), []

    def tell(event: object) -> None:
        nonlocal seen
        if isinstance(event, Judged):
            seen += 1
            if seen % (count // 10) == 0:
                marks.append(int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() // 2**20)

    with tempfile.TemporaryDirectory() as folder:
        made = session.Session(
            Generator(Selection.of(["clinical"], tasks=["CL-X01"], kinds=kinds)),
            "python:right",
            Path(folder),
            count=count,
            limits=Limits(concurrency=at_once),
            shrink=0,
            tell=tell,
        )
        report = made.go()
    spent = time.process_time() - cpu
    sys.stdout.write(
        f"{count} judged, {report.requests} asked, {count / spent:,.0f} judged a CPU second; MB after each tenth: {marks}; {dict(report.totals)}\n"
    )


if __name__ == "__main__":
    what, *rest = sys.argv[1:]
    if what == "client":
        client(rest[0], *map(int, rest[1:]))
    elif what == "target":
        target(int(rest[0]), int(rest[1]) if rest[1:] else 200, rest[2].split(",") if rest[2:] else ["clean"])
    else:
        network(what, int(rest[0]), int(rest[1] if rest[1:] else rest[0]), *rest[2:])
