"""A user's own oracle is one function with a decorator, a user's bounds are lines of TOML: both tried as a user types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_findings import robustgen

ORACLE = '''
import robustgen
from robustgen.core.verdict import Outcome, Trial, Verdict


@robustgen.oracle(severity="high")
def no_shouting(trial: Trial) -> Verdict:
    """No answer is written in capitals."""
    loud = trial.reply.response.text.isupper()
    return Verdict(oracle="loudness", outcome=Outcome.failed if loud else Outcome.passed, why="capitals only" if loud else "")
'''
ANSWER = """
def answer(case):
    return "GUARANTEED: 7, AND NOTHING BUT 7"

def calm(case):
    return "7"
"""
ASKED = ("--domain", "toy", "--kind", "clean", "-n", "4", "--shrink", "0", "-q")


def findings(folder: Path) -> dict[str, dict[str, object]]:
    """Return the findings of the only run in a folder by oracle."""
    (run,) = (folder / ".robustgen" / "runs").iterdir()
    return {f["verdict"]["oracle"]: f for f in map(json.loads, (run / "findings.jsonl").read_text("utf-8").splitlines())}


@pytest.mark.parametrize("where", ["beside", "listed"])
def test_an_oracle_is_a_function_beside_the_target_or_in_a_listed_module(where: str, tmp_path: Path) -> None:
    """Either way it judges, its finding carries its registered name, and replay asks it again."""
    (tmp_path / "sut.py").write_text(ORACLE + ANSWER if where == "beside" else ANSWER, encoding="utf-8")
    if where == "listed":
        (tmp_path / "my_oracles.py").write_text(ORACLE, encoding="utf-8")
        (tmp_path / "robustgen.toml").write_text('plugins = ["my_oracles"]\n', encoding="utf-8")
    assert robustgen("fuzz", "python:sut:answer", *ASKED, cwd=tmp_path).returncode == 1
    found = findings(tmp_path)
    assert "no_shouting" in found
    assert "loudness" not in found
    again = robustgen("replay", str(found["no_shouting"]["id"]), cwd=tmp_path)
    assert again.returncode == 1, again.stderr
    assert "no_shouting still fails: capitals only" in again.stdout
    calm = robustgen("replay", str(found["no_shouting"]["id"]), "--target", "python:sut:calm", cwd=tmp_path)
    assert calm.returncode == 0, calm.stderr


def test_bounds_judge_and_are_handed_on_to_replay(tmp_path: Path) -> None:
    """What the run was asked to hold, a replay holds too, whatever the configuration says by then."""
    (tmp_path / "sut.py").write_text(ANSWER, encoding="utf-8")
    toml = tmp_path / "robustgen.toml"
    toml.write_text('[bounds]\nseverity = "high"\nmax_length = 20\nforbidden = ["guarantee\\\\w*"]\n', encoding="utf-8")
    assert robustgen("fuzz", "python:sut:answer", *ASKED, cwd=tmp_path).returncode == 1
    found = findings(tmp_path)
    assert {"length", "patterns"} <= set(found)
    toml.unlink()
    for name in ("length", "patterns"):
        again = robustgen("replay", str(found[name]["id"]), cwd=tmp_path)
        assert again.returncode == 1, again.stderr
        assert f"{name} still fails" in again.stdout
        assert robustgen("replay", str(found[name]["id"]), "--target", "python:sut:calm", cwd=tmp_path).returncode == 0


def test_a_listed_module_that_is_not_there_is_named(tmp_path: Path) -> None:
    """The mistake ends with 2 and says where it stands."""
    (tmp_path / "robustgen.toml").write_text('plugins = ["nowhere"]\n', encoding="utf-8")
    made = robustgen("domains", cwd=tmp_path)
    assert made.returncode == 2
    assert "plugins: nowhere cannot be imported" in made.stderr
    (tmp_path / "robustgen.toml").write_text('plugins = "nowhere"\n', encoding="utf-8")
    assert "must be a list" in robustgen("domains", cwd=tmp_path).stderr
