"""Realistic files of every format: as they are found in projects, with marks of byte order, both line ends, quotes, comments and other scripts."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from robustgen.cli.extend import command
from robustgen.suites import open_suite

QUESTION = ("Where is my “blue” parcel, please?", "¿Cuándo llega mi pedido de zapatos azules?", "Wo bleibt meine Lieferung „Größe M“, bitte?")


def rows(**more: Any) -> list[dict[str, Any]]:
    """Return three rows in three languages with nested fields."""
    nested = {"tags": ["a", {"deep": [1, 2.50, None, True]}], "note": 'says "hi"\n\ttwice', "emoji": "📦"}
    return [{"id": f"q{i}", "text": t, "expected": ["parcel", "pedido", "Lieferung"][i], **nested, **more} for i, t in enumerate(QUESTION)]


def lines(**style: Any) -> str:
    """Return JSON Lines."""
    return "".join(json.dumps(row, **style) + "\n" for row in rows())


def paragraphs(**style: Any) -> str:
    """Return SQuAD 2.0 in three languages."""
    made = []
    for i, question in enumerate(QUESTION):
        context = ("The blue parcel is in Łódź.", "El pedido está en Córdoba.", "Die Lieferung liegt in Köln.")[i]
        answer = context.split()[-1].rstrip(".")
        given = [{"text": answer, "answer_start": context.index(answer)}]
        made.append({"context": context, "qas": [{"question": question, "id": f"s{i}", "answers": given, "is_impossible": False}]})
    return json.dumps({"version": "v2.0", "data": [{"title": "Parcels", "paragraphs": made}]}, **style)


PROMPTFOO = """# yaml-language-server: $schema=https://example.com/schema.json
description: 'Parcels: three languages'   # who reads this?
prompts:
  - "Answer {{question}}"
providers: [echo]
defaultTest:
  options: {transform: "output.trim()"}   # inline

tests:
  # English
  - description: "en"
    vars:
      question: Where is my “blue” parcel, please?   # a comment
      language: en
    assert:
      - {type: icontains, value: "parcel"}

  - vars:      # Spanish, folded
      question: >-
        ¿Cuándo llega mi pedido
        de zapatos azules?
    assert: &says
      - type: icontains
        value: pedido
  - vars: {question: "Wo bleibt meine Lieferung \\"Größe M\\", bitte?"}
    assert: *says


outputPath: out.json
"""
CHECKLIST = {
    "tests": {
        "polite": {"type": "MFT", "data": list(QUESTION), "labels": ["parcel", "pedido", "Lieferung"]},
        "same": {"type": "INV", "data": [[QUESTION[0], QUESTION[0].lower()], [QUESTION[1]]]},
    }
}
EVAL = [
    {
        "task_id": f"P/{i}",
        "prompt": f'def f_{i}(words: list[str]) -> int:\n    """Return the number of long words, “quoted” ones too.\n    >>> f_{i}(["é"])\n    0\n    """\n',
        "canonical_solution": "    return sum(len(w) > 3 for w in words)\n",
        "test": f"def check(candidate):\n    assert candidate(['long']) == 1\ncheck(f_{i})\n",
        "entry_point": f"f_{i}",
    }
    for i in range(3)
]
FILES: dict[str, tuple[str, str]] = {
    "jsonl": ("rows.jsonl", lines(ensure_ascii=False)),
    "jsonl tight": ("rows.jsonl", lines(separators=(",", ":"))),
    "inspect": ("s.jsonl", "".join(json.dumps({"input": r["text"], "target": r["expected"], "metadata": {"n": [1]}}) + "\n" for r in rows())),
    "csv": ("rows.csv", 'id,text,label\n1,"Where is my ""blue"" parcel, please?",a\n2,"¿Cuándo llega mi\npedido azul?",b\n3,Wo bleibt die Lieferung,"c, d"\n'),
    "csv semicolons": ("rows.csv", 'id;frage;antwort\n"1";"Wo bleibt meine Lieferung; bitte?";"ja"\n"2";"Wann kommt das Paket";"nein"\n'),
    "glue": ("dev.tsv", 'sentence\tlabel\na "charming and funny film\t1\nit’s rather dull\t0\nein schöner Abend\t1\n'),
    "langtest": (
        "cases.csv",
        'category,test_type,original,test_case,expected_result\nrobustness,uppercase,The room was fine,THE ROOM WAS FINE,positive\n\
bias,names,"Sofía was kind, really",Anna was kind,positive\n',
    ),
    "checklist": ("suite.json", json.dumps(CHECKLIST, ensure_ascii=False, indent=1)),
    "squad": ("dev.json", paragraphs(ensure_ascii=False)),
    "squad tight": ("dev.json", paragraphs(separators=(",", ":"))),
    "deepeval": ("goldens.json", json.dumps([{"input": r["text"], "expected_output": r["expected"], "context": ["x"]} for r in rows()], indent="\t")),
    "humaneval": ("HumanEval.jsonl", "".join(json.dumps(e, ensure_ascii=False) + "\n" for e in EVAL)),
    "promptfoo": ("promptfooconfig.yaml", PROMPTFOO),
}
SHAPES = {
    "as it is": lambda text: text,
    "byte order mark": lambda text: "\ufeff" + text,
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "no last line end": lambda text: text.rstrip("\n"),
    "blank lines at the end": lambda text: text + "\n\n",
    "all of it": lambda text: "\ufeff" + text.rstrip("\n").replace("\n", "\r\n"),
}


def extended(folder: Path, name: str, shape: str, count: int) -> tuple[bytes, bytes, list[dict[str, Any]]]:
    """Extend a file by the command; returns it before and after, and the families."""
    file, out = folder / FILES[name][0], folder / "out" / FILES[name][0]
    out.parent.mkdir()
    file.write_bytes(SHAPES[shape](FILES[name][1]).encode())
    done = CliRunner().invoke(command, [str(file), "-o", str(out), "-n", str(count), "--format", name.partition(" ")[0]], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    families = out.with_name(f"{out.name}.families.jsonl")
    links = [json.loads(line) for line in families.read_text("utf-8").splitlines()] if families.exists() else []
    return file.read_bytes(), out.read_bytes(), links


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", FILES)
def test_without_change_every_byte_stays(name: str, shape: str, tmp_path: Path) -> None:
    """``-n 0`` writes what was read."""
    before, after, _ = extended(tmp_path, name, shape, 0)
    assert before == after


@pytest.mark.parametrize("shape", ["as it is", "all of it"])
@pytest.mark.parametrize("name", FILES)
def test_enlarged_files_are_valid_and_hold_what_was_there(name: str, shape: str, tmp_path: Path) -> None:
    """The enlarged file parses as its format, every old text is in it no less often than before, line ends and mark stay of one kind."""
    before, after, links = extended(tmp_path, name, shape, 2)
    text, kind = after.decode("utf-8"), name.partition(" ")[0]
    assert links
    assert text.startswith("\ufeff") == before.decode("utf-8").startswith("\ufeff")
    if shape == "all of it" and kind not in {"checklist", "squad", "deepeval", "csv", "langtest"}:  # a cell may hold a break of its own
        assert text.count("\n") == text.count("\r\n"), "two kinds of line ends"
    suite, found = open_suite(tmp_path / "out" / FILES[name][0])
    assert found == kind
    source, _ = open_suite(tmp_path / FILES[name][0])
    olds, news = [p.text for p in source.places("")], [p.text for p in suite.places("")]
    for old in olds:
        assert news.count(old) >= olds.count(old)
    parsed(kind, text)


def parsed(name: str, text: str) -> Any:
    """Parse a file with a common parser of its kind."""
    bare = text.removeprefix("\ufeff")
    if name == "promptfoo":
        return YAML(typ="safe").load(bare)
    if name in {"csv", "langtest"}:
        delimiter = ";" if ";" in bare.partition("\n")[0] else ","
        table = list(csv.reader(io.StringIO(bare, newline=""), delimiter=delimiter, strict=True))
        assert len({len(row) for row in table if row}) == 1
        return table
    if name == "glue":
        return [line.split("\t") for line in bare.splitlines()]
    return json.loads(bare) if name in {"checklist", "squad", "deepeval"} else [json.loads(line) for line in bare.splitlines() if line.strip()]
