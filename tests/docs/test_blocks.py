"""No block of README or docs is decoration: each is run, read by what consumes it, or compared with what the program really says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import jsonschema_rs
import msgspec
import pytest
from ruamel.yaml import YAML

from robustgen.core.case import Envelope
from robustgen.packs.grading import user_bounds
from tests.campaign.serving import stub
from tests.docs.pages import DOCS, Block, blocks, written
from tests.docs.test_run import ELSEWHERE, WALKED, lines
from tests.docs.test_run import PAGES as RUN

ROOT = DOCS.parent
PAGES = [ROOT / "README.md", ROOT / "SECURITY.md", *sorted(DOCS.rglob("*.md"))]
FILES = {"write-a-pack", "extend-robustgen", "oracles", "README", "targets", "guard-a-pipeline", *WALKED}  # whose files a test writes and uses
SHOWN = {"gallery": "test_gallery", "errors": "tests/cli/test_errors.py", "commands": "examples, run by test_run", "README": "the floors, held by tests/house"}
SCHEMA = jsonschema_rs.validator_for((DOCS / "schemas" / "robustgen.toml.schema.json").read_text("utf-8"))
ENV = {k: v for k, v in os.environ.items() if not k.startswith("ROBUSTGEN_")} | {"PYTHONPATH": str(ROOT), "PYTEST_ADDOPTS": "-p no:xdist -p no:cacheprovider"}
EVERY = [(page, block) for page in PAGES for block in blocks(page.read_text("utf-8"))]
CASES = [pytest.param(page, block, id=f"{page.stem}-{block.line}") for page, block in EVERY]


def kind_of(page: Path, block: Block) -> str:
    """Say what holds a block, empty when nothing does."""
    if block.file:
        return "written and used" if page.stem in FILES else ""
    match block.language:
        case "bash" | "":
            return "typed" if page in RUN or page.stem in WALKED else ""
        case "text":
            return "compared" if page.stem in {*SHOWN, *WALKED} else ""
        case "console":
            return "its lines are those of a real finding" if page.stem == "read-a-report" else ""
        case "toml" | "python" | "json":
            return "below"
    return ""


@pytest.mark.parametrize(("page", "block"), CASES)
def test_something_holds_every_block(page: Path, block: Block) -> None:
    """A block of a new kind, or on a new page, needs somebody who looks at it."""
    assert kind_of(page, block), f"{page.name} line {block.line}: nothing runs or reads this {block.language or 'indented'} block"
    if block.language == "json" and not block.file:
        msgspec.json.decode(block.text, type=Envelope)


@pytest.mark.parametrize(("page", "block"), [c for c in EVERY if c[1].language == "toml" and (c[1].file or "robustgen.toml") == "robustgen.toml"])
def test_configuration_is_valid(page: Path, block: Block) -> None:
    """What stands there as robustgen.toml fits its schema; entries of a pack's oracles can be read as bounds can."""
    given = tomllib.loads(block.text)
    if "oracles" in given:
        assert all({"title", "severity", "how", "tasks"} <= set(entry) for entry in given["oracles"].values())
        return
    assert SCHEMA.is_valid(given), next(iter(SCHEMA.iter_errors(given))).message
    assert user_bounds({k: v for k, v in given.get("bounds", {}).items() if k != "schema"}) is not None


def test_every_line_is_typed_or_is_another_program() -> None:
    """What test_run leaves out is installing, building, measuring or a synopsis: it starts with another program's name."""
    left = {line for page in RUN for line in lines(page) if ELSEWHERE.match(line)}
    assert all(
        re.match(r"pip |python3? |llm/bin/|MODEL=|\.venv/bin/|make |docker |pytest |robustgen ([a-z-]+ \[OPTIONS\]|.*://(user@host|scheduler))", line)
        for line in left
    ), left
    assert len(left) < 50


def typed(place: Path, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run python in a folder."""
    return subprocess.run([sys.executable, *words], cwd=place, env=ENV | env, capture_output=True, text=True, check=False, timeout=200, encoding="utf-8")


def test_python_of_the_pages_runs(tmp_path: Path) -> None:
    """Blocks that are no files, each in a process of its own, in a folder that holds a run; the test file of README is a test."""
    made = typed(tmp_path, "-m", "robustgen.cli.main", "fuzz", "echo:", "--domain", "retail", "-n", "4", "--fail-on", "never", "--min-answered", "0")
    assert made.returncode == 0, made.stderr
    alone = [b.text for page in PAGES for b in blocks(page.read_text("utf-8")) if b.language == "python" and not b.file]
    for text in alone:
        done = typed(tmp_path, "-c", text)
        assert done.returncode == 0, text + done.stderr
    assert len(alone) >= 2
    written((ROOT / "README.md").read_text("utf-8"), tmp_path)
    (tmp_path / "mypkg").mkdir()
    (tmp_path / "mypkg" / "mod.py").write_text("def func(text):\n    return None\n")
    done = typed(tmp_path, "-m", "pytest", "-q", "--robustgen-n", "2", "test_answers.py", PYTHONPATH=f"{ROOT}{os.pathsep}{tmp_path}")
    assert re.search(r"^\d (passed|failed)", done.stdout, re.MULTILINE), done.stdout + done.stderr
    assert "error" not in done.stdout.splitlines()[-1]


def test_the_oracle_of_the_page_judges(tmp_path: Path) -> None:
    """It is found by its name in robustgen.toml, and fails what it says."""
    written((DOCS / "oracles.md").read_text("utf-8"), tmp_path)
    (tmp_path / "robustgen.toml").write_text('plugins = ["my_oracles"]\n')
    (tmp_path / "loud.py").write_text("def answer(text):\n    return 'WE DO NOT KNOW'\n")
    done = typed(tmp_path, "-m", "robustgen.cli.main", "fuzz", "python:loud:answer", "--domain", "retail", "-n", "4", "--shrink", "0")
    assert done.returncode == 1, done.stderr
    assert "no_shouting" in done.stdout


def test_the_endpoint_of_the_page_is_asked(tmp_path: Path) -> None:
    """The file of an HTTP endpoint is understood as it stands; only its address is another."""
    written((DOCS / "targets.md").read_text("utf-8"), tmp_path)
    file = tmp_path / "vendor.toml"
    with stub("--life", "100") as served:
        file.write_text(file.read_text("utf-8").replace("https://vendor.example.org/ask", f"{served.url}/chat/completions"))
        done = typed(tmp_path, "-m", "robustgen.cli.main", "probe", "http:vendor.toml", "--domain", "retail", "-n", "1", VENDOR_TOKEN="a-token")
        assert served.stats()["served"] == 1, done.stderr
    assert "raw:" in done.stdout
    assert "a-token" not in done.stdout + done.stderr


def test_workflows_have_what_their_readers_need(tmp_path: Path) -> None:
    """GitHub's jobs have steps that run or use something, GitLab's a script, and the hook the keys of a local hook; test_run types their lines."""
    written((DOCS / "guard-a-pipeline.md").read_text("utf-8"), tmp_path)
    yaml = YAML(typ="safe")
    github = yaml.load((tmp_path / ".github" / "workflows" / "robustness.yml").read_text("utf-8"))
    assert {"name", "on", "jobs"} <= set(github)
    steps = [s for job in github["jobs"].values() for s in job["steps"] if job["runs-on"]]
    assert all(("run" in s) != ("uses" in s) for s in steps)
    assert all("@" in s["uses"] for s in steps if "uses" in s)
    gitlab = yaml.load((tmp_path / ".gitlab-ci.yml").read_text("utf-8"))["robustness"]
    assert gitlab["image"]
    assert all(isinstance(line, str) for line in [*gitlab["script"], *gitlab["after_script"]])
    assert gitlab["artifacts"]["reports"]["junit"] in " ".join(gitlab["after_script"])
    (repo,) = yaml.load((tmp_path / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    assert repo["repo"] == "local"
    assert all({"id", "name", "entry", "language"} <= set(hook) for hook in repo["hooks"])
