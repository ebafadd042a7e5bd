"""An MCP server written with the SDK, fuzzed from the command line over stdio and over HTTP."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

# a mark and no skip of the module: where the marked tests are left out, nobody has to bring the package
pytestmark = [pytest.mark.external, pytest.mark.skipif(find_spec("mcp") is None, reason="the extra mcp is not installed")]

ROOT = Path(__file__).parents[2]
SERVER = Path(__file__).parent / "mcp_server.py"
STDIO = f"{sys.executable} {SERVER}"


def robustgen(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    env = os.environ | {"PYTHONPATH": str(ROOT), "ROBUSTGEN_PATH": str(ROOT / "tests" / "data")}
    return subprocess.run([sys.executable, "-m", "robustgen.cli.main", *arguments], cwd=cwd, env=env, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Return the address of the server over HTTP."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with subprocess.Popen([sys.executable, str(SERVER), str(port)], stderr=subprocess.DEVNULL) as process:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/mcp"
        process.terminate()


@pytest.mark.parametrize("transport", ["stdio", "http"])
def test_a_server_is_fuzzed_with_findings(transport: str, url: str, tmp_path: Path) -> None:
    """Answers come through, faults become findings that replay, the ledger verifies."""
    address = f"mcp:{STDIO if transport == 'stdio' else url}#read_price"
    made = robustgen(
        "fuzz",
        address,
        "--domain",
        "retail",
        "--task",
        "RT-X01",
        "--lang",
        "en",
        "--kind",
        "clean,noisy",
        "-n",
        "60",
        "--shrink",
        "10",
        "--json",
        "--fail-on",
        "never",
        cwd=tmp_path,
    )
    assert made.returncode == 0, made.stderr
    report = json.loads(made.stdout.splitlines()[-1])
    assert report["answered"] == 1
    assert report["totals"]["pass"] > 0
    assert report["findings"]
    assert "the chain holds" in robustgen("audit", cwd=tmp_path).stdout


def test_a_tool_that_fails_is_an_error_and_no_pass(tmp_path: Path) -> None:
    """Its message is kept, its class is its own."""
    made = robustgen("fuzz", f"mcp:{STDIO}#explode", "--domain", "toy", "--kind", "clean", "-n", "5", "--json", cwd=tmp_path)
    assert made.returncode == 3, made.stderr
    report = json.loads(made.stdout.splitlines()[-1])
    assert report["errors"] == {"tool_error": 5}


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (f"mcp:{STDIO}#read_prize", "it has: explode, read_price"),
        ("mcp:no-such-program-here#x", "there is no program"),
        ("mcp:http://127.0.0.1:1/mcp#x", "no server at"),
        ("mcp:nothing", "write mcp:COMMAND#tool"),
    ],
)
def test_what_cannot_be_opened_is_told(address: str, said: str, tmp_path: Path) -> None:
    """Before anything is asked, with what there is."""
    made = robustgen("probe", address, "--domain", "toy", "-n", "1", cwd=tmp_path)
    assert made.returncode == 2, made.stderr
    assert said in made.stderr
    assert "Traceback" not in made.stderr
