"""Whole commands, as a user types them."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import NoReturn

import pytest
from click.testing import CliRunner

from robustgen.cli.check import command as check

ROOT = Path(__file__).parents[2]
SLOW = """
import time
def answer(case):
    time.sleep(0.01)
    import msgspec
    right = msgspec.to_builtins(case.expected.accept[0])
    return {"status": "answer", "value": "7"} if "**" in case.text else right
def broken(text):
    raise RuntimeError("no such luck")
def nothing(text):
    return object()
def hangs(text):
    time.sleep(5)
def silent(text):
    return ""
"""


def robustgen(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder."""
    env = os.environ | {"PYTHONPATH": str(ROOT), "ROBUSTGEN_PATH": str(ROOT / "tests" / "data")} | environment
    return subprocess.run(
        [sys.executable, "-m", "robustgen.cli.main", *arguments], cwd=cwd, env=env, capture_output=True, text=True, timeout=120, check=False, encoding="utf-8"
    )


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a folder with a few systems under test."""
    (tmp_path / "sut.py").write_text(SLOW)
    return tmp_path


def test_same_seed_same_bytes(tmp_path: Path) -> None:
    """Two processes with different hash seeds write the same file; one case alone equals its line."""
    for name, seed in (("a", "1"), ("b", "77")):
        made = robustgen("generate", "clinical", "-n", "100", "--seed", "7", "-o", f"{name}.jsonl", cwd=tmp_path, PYTHONHASHSEED=seed)
        assert made.returncode == 0, made.stderr
    lines = (tmp_path / "a.jsonl").read_bytes().splitlines()
    assert lines == (tmp_path / "b.jsonl").read_bytes().splitlines()
    robustgen("generate", "clinical", "--start", "57", "-n", "1", "--seed", "7", "-o", "one.jsonl", cwd=tmp_path)
    assert (tmp_path / "one.jsonl").read_bytes().splitlines() == [lines[57]]


def test_workers_change_nothing(tmp_path: Path) -> None:
    """Two processes write what one writes."""
    for workers in ("1", "2"):
        robustgen("generate", "retail", "--task", "RT-X01,RT-X03", "-n", "1200", "--workers", workers, "-o", f"{workers}.jsonl", cwd=tmp_path)
    assert (tmp_path / "1.jsonl").read_bytes() == (tmp_path / "2.jsonl").read_bytes()


def test_every_line_is_a_case(tmp_path: Path) -> None:
    """A file holds one case a line, whose trail replays and whose spans lie in the text."""
    from robustgen.core.case import Edit, Effect, Step, replay

    robustgen("generate", "all", "-n", "60", "-o", "c.jsonl", cwd=tmp_path)
    for line in (tmp_path / "c.jsonl").read_text("utf-8").splitlines():
        case = json.loads(line)
        assert case["schema"] == "robustgen.case/1"
        trail = [Step(s["perturbation"], s["args"], Effect(s["effect"]), [Edit(**e) for e in s["edits"]]) for s in case["trail"]]
        assert replay(case["base_text"], trail) == case["text"]
        assert all(0 <= a < b <= len(case["text"]) for places in case["spans"].values() for a, b in places)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["generate", "clinicl"], "did you mean clinical"),
        (["generate", "clinical", "--task", "CL-T99"], "unknown task 'CL-T99'"),
        (["generate", "clinical", "--lang", "xx"], "unknown language 'xx'"),
        (["generate", "clinical", "--kind", "noizy"], "unknown kind 'noizy'"),
        (["generate", "clinical", "--perturb", "neighbor_key"], "did you mean neighbour_key"),
        (["generate", "clinical", "--strength", "2"], "outside 0..1"),
        (["generate", "clinical", "--facts", "nowhere.jsonl"], "nowhere.jsonl"),
        (["fuzz", "pricparser:", "--domain", "retail"], "unknown target 'pricparser'"),
        (["fuzz", "python:nosuch:fn", "--domain", "toy"], "there is no module 'nosuch'"),
        (["fuzz", "python:sut:nope", "--domain", "toy"], "has no function 'nope'"),
        (["fuzz", "openai:m", "--base-url", "nonsense", "--domain", "toy"], "no http address"),
        (["replay", "abcdef123456"], "no finding"),
        (["report", "nosuchrun"], "unknown run"),
        (["nosuch"], "unknown command"),
        (["domains", "clincal"], "did you mean clinical"),
    ],
)
def test_wrong_use_is_told_and_exits_2(arguments: list[str], said: str, place: Path) -> None:
    """The message names what is wrong and what is near; no traceback."""
    made = robustgen(*arguments, cwd=place)
    assert made.returncode == 2, made.stdout
    assert said in made.stderr
    assert "Traceback" not in made.stderr


@pytest.mark.parametrize(("name", "error"), [("broken", "raised"), ("nothing", "bad_response"), ("silent", "empty"), ("hangs", "timeout")])
def test_a_target_that_fails_is_an_error_never_a_pass(name: str, error: str, place: Path) -> None:
    """Raising, hanging, the wrong type and silence are errors; too many of them exit 3."""
    made = robustgen("fuzz", f"python:sut:{name}", "--domain", "toy", "-n", "8", "--timeout", "0.1", "--retries", "0", "--json", cwd=place)
    assert made.returncode == 3, made.stderr
    report = json.loads(made.stdout.splitlines()[-1])
    assert report["totals"]["pass"] == 0
    assert report["errors"] == {error: sum(report["errors"].values())}


def test_findings_exit_1_and_replay(place: Path) -> None:
    """A finding is printed with its replay line; replaying reproduces it; a missing bar makes the exit 0."""
    made = robustgen("fuzz", "python:sut:answer", "--domain", "toy", "--kind", "clean,noisy", "-n", "300", cwd=place)
    assert made.returncode == 1, made.stderr
    assert "bold_markdown_fact" in made.stdout
    identity = made.stdout.split("robustgen replay ")[1].split()[0]
    again = robustgen("replay", identity, cwd=place)
    assert again.returncode == 1
    assert "still fails" in again.stdout
    assert robustgen("fuzz", "python:sut:answer", "--domain", "toy", "--kind", "clean,noisy", "-n", "300", "--fail-on", "never", cwd=place).returncode == 0
    html = next(place.glob(".robustgen/runs/*/report.html")).read_text("utf-8")
    assert identity in html
    assert "http://" not in html.replace("http://www.w3.org", "")
    assert robustgen("report", "--to", "html", cwd=place).stdout.startswith("<!doctype html>")


def until_answered(runs: Path, count: int) -> None:
    """Wait until a run's ledger holds some answers."""
    for _ in range(600):
        time.sleep(0.05)
        for file in runs.glob("*/ledger.sqlite"):
            with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
                if db.execute("SELECT COUNT(*) FROM records WHERE kind = 'answered'").fetchone()[0] >= count:
                    return
    raise AssertionError("the run did not get going")


def test_killed_and_resumed_equals_uninterrupted(place: Path) -> None:
    """Kill -9 in the middle, resume: the same report, and nothing answered is asked again."""
    command = ["fuzz", "python:sut:answer", "--domain", "toy", "-n", "300", "--concurrency", "2", "--json", "--fail-on", "never"]
    whole = json.loads(robustgen(*command, "--runs", "whole", cwd=place).stdout.splitlines()[-1])
    env = os.environ | {"PYTHONPATH": str(ROOT), "ROBUSTGEN_PATH": str(ROOT / "tests" / "data")}
    process = subprocess.Popen([sys.executable, "-m", "robustgen.cli.main", *command, "--runs", "cut"], cwd=place, env=env, stdout=subprocess.DEVNULL)
    until_answered(place / "cut", 40)
    process.send_signal(signal.SIGKILL)
    process.wait()
    resumed = robustgen(*command, "--runs", "cut", "--resume", cwd=place)
    report = json.loads(resumed.stdout.splitlines()[-1])
    for record in (whole, report):
        for key in ("run", "latency", "config", "windows", "regions"):
            record.pop(key)
        for finding in record["findings"]:
            for response in (finding["response"], finding["base_response"] or {}, finding["neighbour_response"] or {}):
                response.pop("elapsed", None)
                response.pop("at", None)
    assert report == whole


def test_a_damaged_ledger_is_said_to_be_damaged(place: Path) -> None:
    """A report of a broken run says what is wrong and leaves the file."""
    robustgen("fuzz", "echo:", "--domain", "toy", "-n", "5", "--fail-on", "never", cwd=place)
    file = next(place.glob(".robustgen/runs/*/ledger.sqlite"))
    file.write_bytes(b"garbage" * 1000)
    made = robustgen("report", cwd=place)
    assert made.returncode == 2
    assert "damaged" in made.stderr
    assert file.read_bytes() == b"garbage" * 1000


def test_reviews_list_the_rows_that_wait_for_a_specialist(tmp_path: Path) -> None:
    """``check --reviews`` names pack, table, line, row and what is open, of the rows whose review is filled and of no other."""
    tables = tmp_path / "packs" / "domains" / "mini" / "tables"
    tables.mkdir(parents=True)
    (tables.parent / "pack.toml").write_text('name = "mini"\nversion = "0.1.0"\ntitle = "Mini"\n')
    (tables / "fees.csv").write_text(
        "key,fee,source,as_of,review\na,5,a tariff,2026-11,\nb,7,a tariff,2026-11,amount to be confirmed\nc,,a tariff,2026-11,yes\n"
    )
    (tables / "plain.csv").write_text("key,fee\na,5\n")
    made = robustgen("check", "mini", "--reviews", "--json", cwd=tmp_path, ROBUSTGEN_PATH=str(tmp_path / "packs"))
    assert made.returncode == 0, made.stderr
    found = [json.loads(line) for line in made.stdout.splitlines()]
    kept = [(r["pack"], r["table"], r["line"], r["row"], r["open"], r["states"]) for r in found]
    assert kept == [
        ("mini", "fees", 3, "b", "amount to be confirmed", {"fee": "7"}),
        ("mini", "fees", 4, "c", "every figure of the row", {}),
    ]
    said = robustgen("check", "mini", "--reviews", cwd=tmp_path, ROBUSTGEN_PATH=str(tmp_path / "packs")).stdout
    assert "2 rows of 1 tables wait" in said
    assert "fees.csv:3  b: amount to be confirmed" in said


def test_collisions_are_discovered(tmp_path: Path) -> None:
    """``check --collisions`` names each form of several values, whether clean text may use it, and no form of one value."""
    pack = tmp_path / "packs" / "domains" / "mini"
    (pack / "en").mkdir(parents=True)
    (pack / "pack.toml").write_text('name = "mini"\nversion = "0.1.0"\ntitle = "Mini"\n')
    (pack / "facts.yaml").write_text("types:\n  Dose:\n    drug: one of morphine, magnesium, aspirin\n    often: one of daily, weekly\n")
    (pack / "en" / "say.yaml").write_text("documents:\n  {}\n")
    rows = ["morphine,MS,error-prone", "magnesium,MS,error-prone", "morphine,morphine,", "magnesium,magnesium,", "aspirin,aspirin,"]
    often = ["daily,regularly,", "weekly,regularly,", "daily,daily,", "weekly,weekly,"]
    lines = [f"Dose.drug,{r}" for r in rows] + [f"Dose.often,{r}" for r in often]
    (pack / "en" / "words.csv").write_text("of,value,form,mark\n" + "\n".join(lines) + "\n")
    made = robustgen("check", "mini", "--collisions", "--json", cwd=tmp_path, ROBUSTGEN_PATH=str(tmp_path / "packs"))
    assert made.returncode == 0, made.stderr
    found = [json.loads(line) for line in made.stdout.splitlines()]
    assert [(f["words"], f["form"], f["values"], f["safe"]) for f in found] == [
        ("Dose.drug", "MS", ["magnesium", "morphine"], 0),
        ("Dose.often", "regularly", ["daily", "weekly"], 2),
    ]


@pytest.mark.parametrize(("typed", "asked"), [([], 50), (["--full"], 1000), (["--full", "-n", "1"], 1), (["-n", "3"], 3)])
def test_full_is_a_thousand_cases_unless_a_number_is_typed(monkeypatch: pytest.MonkeyPatch, typed: list[str], asked: int) -> None:
    """``check --full`` asks for 1,000 cases; ``-n`` beside it is not passed over."""
    counts: list[int] = []

    def checked(name: str, count: int, languages: list[str]) -> NoReturn:
        counts.append(count)
        raise SystemExit(0)

    monkeypatch.setattr("robustgen.generate.certify.check_pack", checked)
    assert CliRunner().invoke(check, ["retail", *typed]).exit_code == 0
    assert counts == [asked]
