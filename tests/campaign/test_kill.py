"""Kill -9 at random moments, resume, again and again: nothing is missing, nothing answered is asked again, the chain holds."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from robustgen.campaign.ledger import Ledger
from tests.campaign.serving import Served, stub

ROOT = Path(__file__).parents[2]
CONCURRENCY = 8
RUN = """
import sys
from pathlib import Path
from robustgen.campaign.limits import Limits
from robustgen.campaign.session import Session
from robustgen.generate import Generator, Selection

folder, url, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
limits = Limits(concurrency=8, retries=0)
Session(Generator(Selection.of(["toy"])), "openai:m", folder, count=count, limits=limits, shrink=0, options={"base_url": url}).go()
"""


def start(folder: Path, served: Served, count: int) -> subprocess.Popen[bytes]:
    """Start the run, or go on with it."""
    env = os.environ | {"PYTHONPATH": str(ROOT), "ROBUSTGEN_PATH": str(ROOT / "tests" / "data")}
    return subprocess.Popen([sys.executable, "-c", RUN, str(folder), served.url, str(count)], env=env)


def killed(folder: Path, served: Served, count: int, kills: int, draw: random.Random) -> int:
    """Kill a run so often, each time after it has got going; returns how many kills came before its end."""
    done = 0
    for _ in range(kills):
        before = served.stats()["number"]
        with start(folder, served, count) as process:
            while process.poll() is None and served.stats()["number"] == before:
                time.sleep(0.02)
            time.sleep(draw.random() * 0.3)
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
                done += 1
    return done


def check(folder: Path, kills: int, count: int) -> None:
    """Run, kill, resume, and look at everything."""
    folder.mkdir()
    with stub("--mode", "delay", "--seconds", "0.05", "--record", "--life", "900") as served:
        done = killed(folder, served, count, kills, random.Random(kills))
        assert done == kills, "the run was over before it could be killed"
        with start(folder, served, count) as process:
            assert process.wait() == 0
        stats = served.stats()
    with Ledger(folder / "ledger.sqlite") as ledger:
        assert ledger.verify()[1] == ""
        answered = Counter(r.key for r in ledger.records("answered"))
        asked = {r.key for r in ledger.records("asked")}
        (report,) = [json.loads(r.body or b"") for r in ledger.records("finished")]
    assert sum(report["totals"].values()) == count
    assert report["totals"]["error"] == 0
    assert set(answered) == asked, "a case is missing"
    assert set(answered.values()) == {1}, "an answer was recorded twice"
    assert len(stats["asked"]) <= len(answered)
    assert stats["number"] - len(answered) <= done * CONCURRENCY, "more was asked twice than was in flight"


def test_a_run_that_is_killed_again_and_again_loses_nothing(tmp_path: Path) -> None:
    """Five random moments."""
    check(tmp_path / "run", kills=5, count=320)


@pytest.mark.slow
def test_fifty_kills_lose_nothing(tmp_path: Path) -> None:
    """Fifty random moments."""
    check(tmp_path / "run", kills=50, count=2400)


def test_any_flipped_byte_is_found_and_its_record_named(tmp_path: Path) -> None:
    """In the file itself, wherever in a payload it is."""
    path = tmp_path / "ledger.sqlite"
    with Ledger(path, create=True) as ledger:
        for i in range(60):
            ledger.append("answered", f"case{i}/0", f'{{"text": "answer number {i:03} of many"}}'.encode())
    whole = path.read_bytes()
    draw = random.Random(0)
    for number in draw.sample(range(60), 8):
        at = whole.index(f"answer number {number:03}".encode()) + draw.randrange(17)
        path.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << draw.randrange(7))]) + whole[at + 1 :])
        with Ledger(path) as ledger:
            assert ledger.verify()[1] == f"record {number + 1} (answered case{number}/0): its content was changed"
    path.write_bytes(whole)
    with Ledger(path) as ledger:
        head = ledger.head
        assert ledger.verify(head) == (60, "")
        assert "cut off" in ledger.verify("00" * 16)[1]
