"""The same command writes the same bytes: with one worker, with two, after a kill of everything, after the loss of a worker."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from robustgen.scale.spread import engine

COMMAND = [sys.executable, "-m", "robustgen.cli.main", "export", "retail", "--task", "RT-X13,RT-X04", "--lang", "en", "-n", "1100"]
"""Three parts."""


def files_of(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder."""
    return {str(f.relative_to(folder)): f.read_bytes() for f in sorted(folder.rglob("*")) if f.is_file()}


def exported(folder: Path, *more: str, to: str = "trl-preference") -> None:
    """Run the command to its end."""
    run = subprocess.run([*COMMAND, "--to", to, "-q", "-o", str(folder), *more], capture_output=True, text=True, check=False, timeout=280)
    assert run.returncode == 0, run.stderr[-2000:]


def test_the_same_bytes_after_a_kill_and_from_two_workers(tmp_path: Path) -> None:
    """Killed with SIGKILL, all its processes, when the first part is there; then the same command with ``--resume`` and two workers."""
    exported(tmp_path / "one")
    wanted = files_of(tmp_path / "one")
    assert wanted["train.jsonl"].count(b"\n") > 500
    killed = subprocess.Popen([*COMMAND, "--to", "trl-preference", "-q", "-o", str(tmp_path / "two")], start_new_session=True, stderr=subprocess.DEVNULL)
    parts, until = tmp_path / "two" / ".parts", time.monotonic() + 120
    while not list(parts.rglob("*.part")) and killed.poll() is None and time.monotonic() < until:
        time.sleep(0.02)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()
    kept = {p.name: p.stat().st_ino for p in parts.rglob("*.part")}
    assert kept
    assert not (tmp_path / "two" / "manifest.json").exists()
    exported(tmp_path / "two", "--resume", "--workers", "2")
    assert files_of(tmp_path / "two") == wanted


def dies_once(spec: tuple[Path, int]) -> int:
    """Kill the process that works, the first time a number is met."""
    mark, number = spec
    if number == 3 and not mark.exists():
        mark.write_text("lost")
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def test_what_a_lost_worker_had_is_made_again(tmp_path: Path) -> None:
    """A process that the system kills changes no result and no order."""
    specs = [(tmp_path / "mark", n) for n in range(12)]
    assert list(engine("process", 2)(dies_once, specs)) == [n * n for n in range(12)]
    assert (tmp_path / "mark").exists()
