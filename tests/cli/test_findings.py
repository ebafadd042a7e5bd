"""From findings to decisions, as a user types it: compare, baseline, triage, replay, reports in every form."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SUT = """
import msgspec

MARKS = {"bold": "**", "fence": "```", "tab": "\\t", "quote": '"', "wide": "\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19", "ring": "\\u200b", "span": "<span"}

def answering(*faults):
    def answer(case):
        right = msgspec.to_builtins(case.expected.accept[0])
        hit = any(any(c in case.text for c in MARKS[f]) if f == "wide" else MARKS[f] in case.text for f in faults)
        return {"status": "answer", "value": "7"} if hit else right
    return answer

right = answering()
old = answering("bold", "fence", "tab", "quote")
new = answering("quote", "wide", "ring")
"""


def robustgen(*arguments: str, cwd: Path, stdin: str | None = None, seconds: int = 120) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder."""
    env = os.environ | {"PYTHONPATH": str(ROOT), "ROBUSTGEN_PATH": str(ROOT / "tests" / "data")}
    command = [sys.executable, "-m", "robustgen.cli.main", *arguments]
    return subprocess.run(command, cwd=cwd, env=env, input=stdin, capture_output=True, text=True, timeout=seconds, check=False, encoding="utf-8")


MARKS = "bold_markdown_fact,code_fence,tabs,full_width_digits,zero_width,json_string,span_fact,quoted_fact"
FUZZ = ("--domain", "toy", "--kind", "clean,noisy", "--perturb", MARKS, "-n", "400", "-q")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with two runs: the old build and the new one."""
    folder = tmp_path_factory.mktemp("place")
    (folder / "sut.py").write_text(SUT, encoding="utf-8")
    for build in ("old", "new"):
        made = robustgen("fuzz", f"python:sut:{build}", *FUZZ, "--fail-on", "never", cwd=folder)
        assert made.returncode == 0, made.stderr
    return folder


def runs(place: Path) -> tuple[str, str]:
    """Return the names of the old and the new run."""
    folders = sorted((place / ".robustgen" / "runs").iterdir(), key=lambda f: "sut:new" in (f / "run.toml").read_text())
    return folders[0].name, folders[1].name


def test_compare_names_exactly_what_was_fixed_and_broken(place: Path) -> None:
    """Three faults mended, two new ones, one left: each is named once, nothing else."""
    old, new = runs(place)
    made = json.loads(robustgen("compare", old, new, "--json", cwd=place).stdout)
    fixed, broken = ({t.partition(":")[0] for t in made[k]} for k in ("fixed_causes", "broken_causes"))
    assert fixed == {"Put Markdown bold marks around a fact", "Put the text between code fences", "Turn spaces into tabs"}
    assert broken == {"Write the digits of a number in full width", "Put a zero-width space inside a word"}
    assert made["unchanged"]
    assert not made["unasked"]
    cases = made["cases"]
    assert cases["fixed"] > 0
    assert cases["broken"] > 0
    assert cases["low"] <= cases["change"] <= cases["high"]
    assert 0 <= cases["p"] <= 1
    assert {s["level"] for s in made["levels"] if s["factor"] == "perturbation"} >= {"tabs", "zero_width"}


@pytest.mark.slow
@pytest.mark.parametrize("domain", ["clinical", "finance", "legal", "retail"])
def test_compare_names_exactly_the_faults_on_a_shipped_pack(domain: str, tmp_path: Path) -> None:
    """The same builds over each shipped pack: three mended and two new faults are named, and nothing besides."""
    (tmp_path / "sut.py").write_text(SUT, encoding="utf-8")
    chosen = ("--domain", domain, "--lang", "en", "--kind", "clean,noisy", "--perturb", MARKS, "-n", "240", "-q", "--fail-on", "never")
    for build in ("old", "new"):
        made = robustgen("fuzz", f"python:sut:{build}", *chosen, cwd=tmp_path, seconds=300)
        assert made.returncode == 0, made.stderr
    told = json.loads(robustgen("compare", *runs(tmp_path), "--json", cwd=tmp_path).stdout)
    fixed, broken = ({t.partition(":")[0] for t in told[k]} for k in ("fixed_causes", "broken_causes"))
    assert fixed == {"Put Markdown bold marks around a fact", "Put the text between code fences", "Turn spaces into tabs"}
    assert broken == {"Write the digits of a number in full width", "Put a zero-width space inside a word"}


def test_compare_fails_on_regression_only(place: Path) -> None:
    """New findings exit 1 when asked; a run against itself has none."""
    old, new = runs(place)
    assert robustgen("compare", old, new, "--fail-on-regression", cwd=place).returncode == 1
    assert robustgen("compare", old, new, cwd=place).returncode == 0
    same = robustgen("compare", old, old, "--fail-on-regression", cwd=place)
    assert same.returncode == 0
    assert "0 fixed, 0 broken" in same.stdout
    three = robustgen("compare", old, new, old, "--json", cwd=place)
    assert len(three.stdout.splitlines()) == 2
    assert robustgen("compare", old, cwd=place).returncode == 2


def test_the_sample_size_of_a_margin_is_told(place: Path) -> None:
    """The textbook figure for two points either way."""
    assert robustgen("compare", "--sample-size", "0.02", cwd=place).stdout.startswith("2401 cases")


def test_only_new_findings_fail_against_a_baseline(place: Path) -> None:
    """The same build against its own run passes; the new build fails, and only its new findings are called new."""
    old, _ = runs(place)
    same = robustgen("fuzz", "python:sut:old", *FUZZ, "--baseline", old, "--runs", "again", cwd=place)
    assert same.returncode == 2, "the baseline is looked for among the runs of --runs"
    same = robustgen("fuzz", "python:sut:old", *FUZZ, "--baseline", f".robustgen/runs/{old}", "--runs", "again", cwd=place)
    assert same.returncode == 0, same.stdout[-600:] + same.stderr
    assert "0 new findings count" in same.stdout
    other = robustgen("fuzz", "python:sut:new", *FUZZ, "--baseline", f".robustgen/runs/{old}", "--runs", "again", cwd=place)
    assert other.returncode == 1
    assert "  new" in other.stdout


def test_triage_is_kept_in_a_file_and_honoured(place: Path) -> None:
    """Marks need a reason, are written with an author, silence later runs, show in reports, and can be taken back."""
    _, new = runs(place)
    ids = [f["id"] for f in map(json.loads, (place / ".robustgen" / "runs" / new / "findings.jsonl").read_text("utf-8").splitlines())]
    assert robustgen("triage", new, "--accept", ids[0], cwd=place).returncode == 2
    marks = [a for i in ids for a in ("--known", i)]
    made = robustgen("triage", new, *marks, "--reason", 'ticket "812"', "--author", "Ann", cwd=place)
    assert made.returncode == 0, made.stderr
    text = (place / "robustgen-triage.toml").read_text("utf-8")
    assert 'author = "Ann"' in text
    assert 'reason = "ticket \\"812\\""' in text
    later = robustgen("fuzz", "python:sut:new", *FUZZ, "--runs", "later", cwd=place)
    assert later.returncode == 0, later.stdout[-500:]
    assert f"{len(ids)} of the findings do not count: {len(ids)} known" in later.stdout
    assert 'data-state="known"' in robustgen("report", new, "--to", "html", cwd=place).stdout
    assert robustgen("triage", new, "--reopen", ids[0], cwd=place).returncode == 0
    assert robustgen("fuzz", "python:sut:new", *FUZZ, "--runs", "later", cwd=place).returncode == 1
    listed = robustgen("triage", new, cwd=place).stdout
    assert f"{len(ids)} findings, {len(ids) - 1} marked" in listed
    (place / "robustgen-triage.toml").unlink()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[finding.abc]\nstatus = 'fine'\n", "write one of: accepted, known, false-alarm"),
        ("[finding.abc]\nstatus = 'known'\nwhy = 'x'\n", "unknown key 'why'"),
        ("[finding.abc]\nstatus = 'known'\nuntil = 'soon'\n", "write YYYY-MM-DD"),
        ("[finding\n", "not valid TOML"),
        ("[findings.abc]\nstatus = 'known'\n", "a table of its own"),
    ],
)
def test_a_mistake_in_the_file_is_told_before_anything_is_asked(text: str, said: str, place: Path) -> None:
    """Wrong marks exit 2 and name the place."""
    (place / "wrong.toml").write_text(text)
    made = robustgen("fuzz", "python:sut:right", "--domain", "toy", "-n", "4", "--triage", "wrong.toml", "--runs", "none", cwd=place)
    assert made.returncode == 2
    assert said in made.stderr
    assert "Traceback" not in made.stderr
    assert not (place / "none").exists()


def test_marks_end_on_their_day() -> None:
    """A mark counts before its day, and no longer on it."""
    from datetime import date

    from robustgen.core.verdict import Mark
    from robustgen.triage import Entry, in_force

    entries = {"a": Entry(mark=Mark(status="known", until="2027-03-01")), "b": Entry(mark=Mark(status="accepted"))}
    assert set(in_force(entries, date(2027, 2, 28))) == {"a", "b"}
    assert set(in_force(entries, date(2027, 3, 1))) == {"b"}


def test_replay_by_finding_by_case_and_by_line(place: Path) -> None:
    """Each finds its case, asks again, and says what changed."""
    old, _ = runs(place)
    finding = json.loads((place / ".robustgen" / "runs" / old / "findings.jsonl").read_text("utf-8").splitlines()[0])
    mended = robustgen("replay", finding["id"], "--target", "python:sut:right", cwd=place)
    assert mended.returncode == 0
    assert "now: pass" in mended.stdout
    assert "was: " in mended.stdout
    still = robustgen("replay", finding["id"], "--target", "python:sut:old", cwd=place)
    assert still.returncode == 1
    assert "the answer is the same as then" in still.stdout
    assert "still fails" in still.stdout
    by_case = robustgen("replay", finding["base"]["id"], cwd=place)
    assert by_case.returncode == 0, by_case.stderr
    assert "replayed: value now: pass" in by_case.stdout
    line = json.dumps(finding["case"])
    assert robustgen("replay", "-", "--target", "python:sut:old", cwd=place, stdin=line).returncode == 1
    (place / "case.jsonl").write_text(line + "\n", encoding="utf-8")
    assert robustgen("replay", "case.jsonl", "--target", "python:sut:right", cwd=place).returncode == 0
    assert robustgen("replay", "case.jsonl", cwd=place).returncode == 2
    assert "no case" in robustgen("replay", '{"id": 1}', "--target", "python:sut:right", cwd=place).stderr


@pytest.mark.parametrize("form", ["html", "junit", "sarif", "json", "markdown", "csv"])
def test_report_writes_every_form(form: str, place: Path) -> None:
    """A file of each form, with the findings of the run."""
    _, new = runs(place)
    made = robustgen("report", new, "--to", form, "-o", f"report.{form}", cwd=place)
    assert made.returncode == 0, made.stderr
    assert "zero_width" in (place / f"report.{form}").read_text("utf-8").replace("\\_", "_")
