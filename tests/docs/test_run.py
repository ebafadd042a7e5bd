"""What pages tell people to type runs: every line of a page, in its order, by a shell, in a folder that holds what the page presupposes.

Runs are named as the pages name them, and ids of findings stand for those there are; counts above ``LARGEST`` are made small (``ROBUSTGEN_DEEP=1`` leaves them), a model is a server of the
tests. Lines of other programs (pip, git, docker) and lines whose place is another project are named in ``ELSEWHERE``.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.campaign.serving import stub
from tests.docs.pages import DOCS, blocks, written

ROOT = Path(__file__).parents[2]
LARGEST = 40
NAMED = ("2026-11-24-1a2b3c", "2026-11-22-77aa01", "2026-11-23-0c9d12")  # runs that the pages speak of
WALKED = ("from-zero-to-a-failing-test", "fuzz-a-vendor", "export-a-dataset", "read-a-report", "write-a-pack")  # their fenced blocks are for test_walks.py
SYNOPSES = ("errors.md",)  # wrong uses: tests/cli
ELSEWHERE = re.compile(
    r"pip install |python3 -m venv |llm/bin/|MODEL=|\.venv/bin/robustgen |make |docker "  # installing, building and other machines
    r"|robustgen .*(postgresql://user@host|tcp://scheduler)"  # a database, a cluster: tests/external, tests/datasets
    r"|python benchmarks/|python -m tests\.|pytest tests/"  # measurements
    r"|robustgen [a-z-]+ \[OPTIONS\]"  # a synopsis
)
EXTRAS = {"--engine dask": "distributed", "memory://": "fsspec", "--to hf": "pyarrow", "--to parquet": "pyarrow", "mcp:": "mcp"}

FILES = {
    "notes.txt": "Take 500 mg twice daily, not with milk. Reference RG-1200.\nReturn it within 30 days.\n",
    "questions.txt": "May I take 500 mg twice daily with milk?\nWhen must I return the parcel that came on Monday?\n",
    "note.txt": "De patiënt mag niet meer dan 500 mg paracetamol innemen.\n",
    "kunden.txt": "Die Rechnung RG-1200 über 45,90 EUR ist noch nicht bezahlt.\n",
    "chat.log": "hello i want to return teh parcel please\nwhere is my order it was due on monday\nthe shoes do not fit, can i send them back\n" * 30,
    "thumbs-down.jsonl": json.dumps({"input": "When must I return the parcel that came on Monday?"}) + "\n",
    "promptfooconfig.yaml": "prompts: ['{{q}}']\nproviders: [echo]\ntests:\n  - vars: {q: Where is the parcel that was due on Monday?}\n",
    "goldens.json": json.dumps([{"input": "Where is the parcel ORD-12 that was due on Monday?", "expected_output": "ORD-12"}]),
    "tests/test_dates.py": "import pytest\n\n@pytest.mark.parametrize('text', ['please deliver on the first of May'])\ndef test_it(text):\n    assert text\n",
    "mypkg/__init__.py": "",
    "mypkg/mod.py": 'def func(text):\n    """Ask back where a text is long."""\n    return {"status": "ask", "missing": ["x"]} if len(text) % 2 else "0"\n',
    "mypkg/intents.py": 'def classify(text: str) -> str:\n    """Say what a message wants."""\n    return "return" if "return" in text else "other"\n',
    "myapp/__init__.py": "",
    "myapp/assistant.py": 'def answer(text):\n    """Never know."""\n    return None\n',
}
WRAPPER = '''#!{python}
"""robustgen, with counts made small and the pages' names of findings put in."""
import json, os, re, sys
words, largest = sys.argv[1:], {largest}
known = json.load(open({known!r}))
for i, word in enumerate(words):
    if re.fullmatch("[0-9a-f]{{6}}|[0-9a-f]{{12}}", word) and known.get("findings"):
        words[i] = known["findings"][int(word, 16) % len(known["findings"])]
    elif re.fullmatch("[0-9a-f]{{16}}", word) and known.get("case"):
        words[i] = known["case"]
    elif word == "stream=true":
        words[i] = "stream=false"  # the server of the tests answers in one piece
    elif largest and i and words[i - 1] == "-n" and word.isdigit() and int(word) > largest:
        words[i] = str(largest)
if words[:1] == ["check"] and "-n" not in words and largest:
    words += ["-n", "1"]
    if "--lang" not in words:
        words += ["--lang", "en"]
os.execv(sys.executable, [sys.executable, "-m", "robustgen.cli.main", *words])
'''


def lines(page: Path) -> Iterator[str]:
    """Yield the command lines of a page: all lines of its bash and indented blocks, those of workflows and of examples that name robustgen."""
    for block in blocks(page.read_text("utf-8")):
        typed = block.language in {"", "bash"} and not block.file
        if page.stem in WALKED and block.language:
            continue
        for line in block.text.replace("\\\n", " ").splitlines():
            found = re.match(
                r"((?:[A-Z_]+=\S+ )*(?:head .*\| |cat .*\| )?robustgen\b.*?)(?:\s+#.*|\s{2,}(?![-'\"]).*)?$", re.sub(r"^ *(- )?(run: |entry: )?", "", line)
            )
            if found and (typed or block.language in {"text", "yaml"}):
                yield re.sub(r" +", " ", found[1]).strip()
            elif typed and line.strip() and not line.lstrip().startswith("#"):
                yield line.strip()


PAGES = sorted(p for p in [ROOT / "README.md", *DOCS.rglob("*.md")] if p.name not in SYNOPSES and any(lines(p)))


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Serve a model that always gives the same answer; its address."""
    with stub("--life", "3000") as served:
        yield f"http://127.0.0.1:{served.port}/v1"


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory, server: str) -> Path:
    """Make a folder with all that pages presuppose: files, runs, cases, a suite."""
    place = tmp_path_factory.mktemp("furnished")
    for name, text in FILES.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text, "utf-8")
    shutil.copytree(DOCS / "gallery", place / "docs" / "gallery")
    run(place, f"fuzz python:mypkg.mod:func --domain retail --kind clean,noisy -n {LARGEST} --fail-on never -q", server)
    (made,) = (place / ".robustgen" / "runs").iterdir()
    for name in NAMED:
        shutil.copytree(made, made.parent / name)
    findings = [json.loads(line)["id"] for line in (made / "findings.jsonl").read_text("utf-8").splitlines()]
    known = {"findings": findings}
    run(place, "generate clinical --kind noisy -n 6 -o case.jsonl", server)
    cases = [json.loads(line) for line in (place / "case.jsonl").read_text("utf-8").splitlines()]
    shutil.copy(place / "case.jsonl", place / "cases.jsonl")
    (place / "case.jsonl").write_text(json.dumps(cases[0], ensure_ascii=False) + "\n", "utf-8")
    (place / "mine.jsonl").write_text("".join(json.dumps(c["facts"], ensure_ascii=False) + "\n" for c in cases if c["task"] == cases[0]["task"]), "utf-8")
    run(place, f"export retail -n {LARGEST} --to trl-preference --splits train=0.6,validation=0.2,test=0.2 -o .data", server)
    for part in ("train", "validation", "test"):
        shutil.copy(place / ".data" / f"{part}.jsonl", place / f"{part}.jsonl")
    run(place, "mine chat.log -o profile.toml", server)
    run(place, f"export retail -n {LARGEST} --to openai -o .chat", server)
    shutil.copy(place / ".chat" / "train.jsonl", place / "chat.jsonl")
    known["case"] = json.loads((made / "findings.jsonl").read_text("utf-8").splitlines()[0])["found_in"]
    (place / ".known.json").write_text(json.dumps(known))
    return place


def run(place: Path, words: str, server: str) -> subprocess.CompletedProcess[str]:
    """Run a line by a shell."""
    (place / ".bin").mkdir(exist_ok=True)
    program, known = place / ".bin" / "robustgen", place / ".known.json"
    if not known.exists():
        known.write_text("{}")
    program.write_text(WRAPPER.format(python=sys.executable, largest=0 if os.environ.get("ROBUSTGEN_DEEP") else LARGEST, known=str(known)), "utf-8")
    program.chmod(0o755)
    env = {k: v for k, v in os.environ.items() if not k.startswith("ROBUSTGEN_")} | {
        "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": f"{ROOT}{os.pathsep}{place}",
        "OPENAI_API_KEY": "sk-of-the-tests",
        "ROBUSTGEN_BASE_URL": server,
    }
    line = words if "robustgen" in words else f"robustgen {words}"
    return subprocess.run(
        ["bash", "-c", line], cwd=place, env=env, capture_output=True, text=True, check=False, timeout=280, encoding="utf-8", stdin=subprocess.DEVNULL
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_lines_run(page: Path, furnished: Path, server: str, tmp_path: Path) -> None:
    """Every line ends as it should: 0, or 1 where findings are what it looks for."""
    place = tmp_path / "place"
    shutil.copytree(furnished, place)
    written(page.read_text("utf-8"), place)
    wrong, ran, head = [], 0, ""
    for line in lines(page):
        if ELSEWHERE.match(line) or any(word in line and find_spec(package) is None for word, package in EXTRAS.items()):
            continue
        typed = re.sub(r"http://127\.0\.0\.1:\d+/v1", server, line).replace("4e71e8…", head)
        done = run(place, typed, server)
        ran += 1
        if told := re.search(r"its head is (\S+)", done.stdout):
            head = told[1]
        if " purge " in line:
            shutil.copytree(furnished / ".robustgen", place / ".robustgen", dirs_exist_ok=True)
        allowed = {1} if page.stem == "gallery" else {0, 1} if re.search(r"robustgen (fuzz|replay|compare)\b", line) else {0}
        if done.returncode not in allowed:
            wrong.append(f"{line}\n  ended with {done.returncode}: {(done.stderr or done.stdout)[-600:]}")
    assert not wrong, "\n".join(wrong)
    assert ran, "no line of the page was run"
