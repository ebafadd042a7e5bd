"""Starting the stub server for a test."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

__all__ = ["Served", "stub"]

STUB = Path(__file__).parent / "stub.py"


class Served:
    """A running stub."""

    def __init__(self, port: int) -> None:
        """Remember the port."""
        self.port = port
        self.url = f"http://127.0.0.1:{port}/v1"

    def stats(self) -> dict[str, Any]:
        """Return what the stub has seen."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/stats") as answer:
            made: dict[str, Any] = json.load(answer)
        return made


@contextmanager
def stub(*arguments: str) -> Iterator[Served]:
    """Run the stub while the block lasts."""
    with subprocess.Popen([sys.executable, str(STUB), *arguments], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield Served(int(process.stdout.readline()))
        finally:
            process.kill()
