"""Suites of other tools: lossless without change, only additions with it, expected output carried or marked."""

from __future__ import annotations

import ast
import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from robustgen.cli.extend import command
from robustgen.core.case import Edit, apply_edits
from robustgen.errors import UsageError
from robustgen.suites import SUITES, Link, Variation, enlarge, open_suite

JSONL = '{"id":"a","text":"Where is my parcel today?","expected":"shipping"}\n\n{"id":"b",  "text":"Please cancel the order.","expected":"cancel"}\n'
INSPECT = (
    '{"id": "q1", "input": "Please name the capital of France", "target": "Paris"}\n'
    '{"id": "q2", "input": [{"role": "system", "content": "Be brief"}, {"role": "user", "content": "Where does the river end?"}], "target": "sea", "metadata": {"k": 1}}'
)
CSV = 'id,question,answer\r\n1,"Where, please, is\r\nmy parcel?",shipping\r\n2,Please cancel the order,cancel\r\n'
SEMICOLONS = '"text";"label"\n"Please cancel the order";"cancel"\n'
GLUE = 'sentence\tlabel\nthis film is "charming and\t1\na dull and lifeless story\t0\n'
COLA = "gj04\t1\t\tOur friends will not buy this analysis.\nc-05\t0\t*\tThe more we study verbs harder.\n"
LANGTEST = (
    "category,test_type,original,test_case,expected_result,actual_result,pass\n"
    "robustness,uppercase,The service was very friendly,THE SERVICE WAS VERY FRIENDLY,positive,negative,False\n"
)
CHECKLIST = json.dumps(
    {
        "tests": [
            {"name": "plain", "type": "MFT", "data": ["the service was friendly", "the waiter was rude"], "labels": [1, 0]},
            {"name": "names", "type": "INV", "data": [["Please confirm the booking", "Please confirm the booking!"], "Where does the train stop"]},
            {"name": "more", "type": "DIR", "data": [["good", "very good"]]},
        ]
    },
    indent=2,
)
SQUAD = json.dumps(
    {
        "version": "v2.0",
        "data": [
            {
                "title": "Rivers",
                "paragraphs": [
                    {
                        "context": "The river rises in the northern mountains and ends in the warm southern sea.",
                        "qas": [
                            {
                                "id": "s1",
                                "question": "Where does the river rise?",
                                "is_impossible": False,
                                "answers": [{"text": "northern mountains", "answer_start": 23}],
                            },
                            {
                                "id": "s2",
                                "question": "Who owns the river?",
                                "is_impossible": True,
                                "answers": [],
                                "plausible_answers": [{"text": "sea", "answer_start": 72}],
                            },
                        ],
                    }
                ],
            }
        ],
    }
)
DEEPEVAL = json.dumps([{"input": "Please explain the refund", "actual_output": "old", "expected_output": "within a month"}], indent=4) + "\n"
HUMANEVAL = (
    json.dumps(
        {
            "task_id": "X/0",
            "prompt": 'def add_all(numbers):\n    """Return the total of every number in the given list numbers.\n    >>> add_all([1, 2])\n    3\n    """\n',
            "entry_point": "add_all",
            "canonical_solution": "    return sum(numbers)\n",
            "test": "def check(f):\n    assert f([1, 2]) == 3\n",
        }
    )
    + "\n"
)
PROMPTFOO = """# our suite
prompts: [p.txt]
tests:
  - description: refund   # keep me
    vars:
      question: "Please explain the refund"
      file: file://x.txt
    assert:
      - type: contains
        value: month

  # the second
  - vars: {question: Where does the parcel stay}
providers:
  - echo
"""
SOURCES = {
    "jsonl": ("a.jsonl", JSONL), "inspect": ("a.jsonl", INSPECT), "csv": ("a.csv", CSV), "glue": ("a.tsv", GLUE), "langtest": ("a.csv", LANGTEST),
    "checklist": ("a.json", CHECKLIST), "squad": ("a.json", SQUAD), "deepeval": ("a.json", DEEPEVAL), "humaneval": ("a.jsonl", HUMANEVAL),
    "promptfoo": ("a.yaml", PROMPTFOO),
}  # fmt: skip


def shout(text: str, keep: Sequence[str]) -> list[Variation]:
    """Write the first long lower-case word in capitals, unless it must stay."""
    import re

    kept = [m.span() for pattern in keep for m in re.finditer(pattern, text)]
    for match in re.finditer(r"\b[a-z]{5,}\b", text):
        if not any(s < match.end() and match.start() < e for s, e in kept):
            edit = Edit(match.start(), match.end(), match[0], match[0].upper())
            return [Variation(apply_edits(text, [edit]), "shouted_words", [edit], checked=True)]
    return []


def larger(tmp_path: Path, name: str, field: str = "", vary: Callable[..., list[Variation]] = shout, source: str = "") -> tuple[str, list[Link]]:
    """Enlarge a source."""
    file = tmp_path / SOURCES[name][0]
    file.write_bytes((source or SOURCES[name][1]).encode())
    suite, found = open_suite(file)
    assert found == name
    links = list(enlarge(suite, vary, field))
    return suite.render(), links


@pytest.mark.parametrize("name", SOURCES)
def test_without_change_a_suite_is_the_same_bytes(name: str, tmp_path: Path) -> None:
    """Reading and writing changes nothing; line ends, blank lines, comments and a missing last line end too."""
    assert larger(tmp_path, name, vary=lambda *_: [])[0] == SOURCES[name][1]


@pytest.mark.parametrize("name", ["jsonl", "inspect", "csv", "glue", "langtest", "humaneval", "promptfoo"])
def test_what_was_there_stays_byte_for_byte(name: str, tmp_path: Path) -> None:
    """Taking the new lines away gives the old suite."""
    text, links = larger(tmp_path, name)
    assert links
    old, at = SOURCES[name][1].splitlines(keepends=True), 0
    for line in text.splitlines(keepends=True):
        if at < len(old) and line.rstrip("\r\n") == old[at].rstrip("\r\n"):
            at += 1
    assert at == len(old)
    assert text.endswith("\n") == SOURCES[name][1].endswith("\n")


def test_every_format_has_a_test() -> None:
    """No format is registered that no test here opens."""
    assert set(SUITES.names()) == {*SOURCES, "pytest"}


def test_json_lines_link_to_their_base(tmp_path: Path) -> None:
    """A new row has its own id, the base's expected output and the link."""
    text, links = larger(tmp_path, "jsonl")
    rows = [json.loads(line) for line in text.splitlines() if line.strip()]
    assert [r["id"] for r in rows] == ["a", "a~shouted_words.0", "b", "b~shouted_words.0"]
    assert rows[1]["text"] == "Where is my PARCEL today?"
    assert rows[1]["expected"] == "shipping"
    assert rows[1]["robustgen"] == {"base": "a", "perturbation": "shouted_words", "expected": "carried"}
    assert [link.row for link in links] == [0, 2]


def test_an_expected_output_that_the_edit_touches_is_for_review(tmp_path: Path) -> None:
    """A word of the expected output that is written in another way, a variant nobody checked, a label of the wording: review."""
    source = '{"text":"the parcel came late","expected":"A parcel, late"}\n'
    assert "parcel" in larger(tmp_path, "jsonl", source=source)[1][0].review
    unsure = larger(tmp_path, "jsonl", vary=lambda t, k: [Variation(v.text, v.perturbation, v.edits, checked=False) for v in shout(t, k)])[1]
    assert {link.expected for link in unsure} == {"review"}
    text, links = larger(tmp_path, "glue", source=COLA)
    assert text.splitlines()[1] == "gj04\t1\t\tOur FRIENDS will not buy this analysis."
    assert all("wording" in link.review for link in links)


@pytest.mark.parametrize(
    "named",
    [
        {"entities": [{"start": 10, "end": 16, "label": "THING"}]},
        {"label": [[10, 16, "THING"]]},
        {"answers": {"text": ["parcel"], "answer_start": [10]}},
        {"answers": [{"text": "parcel", "answer_start": 10}]},
        {"spans": [{"start_char": 10, "end_char": 16, "text": "parcel"}]},
    ],
)
def test_places_named_by_numbers_move_with_the_edits(named: dict[str, Any], tmp_path: Path) -> None:
    """Entities and answers stand where their numbers say, in the base and in the variant, whose expected output is said to be changed."""

    def longer(text: str, keep: Sequence[str]) -> list[Variation]:
        assert any("parcel" in k for k in keep)
        edit = Edit(0, 5, "where", "wheeere")
        return [Variation(apply_edits(text, [edit]), "stretched", [edit], checked=True)]

    source = json.dumps({"text": "where the parcel stays", **named, "meta": {"start": 3, "end": 9}}) + "\n"
    text, links = larger(tmp_path, "jsonl", vary=longer, source=source)
    base, made = (json.loads(line) for line in text.splitlines())
    assert json.dumps(base) + "\n" == source
    assert json.dumps({k: made[k] for k in named}) == json.dumps(named).replace("10", "12").replace("16", "18")
    assert made["meta"] == {"start": 3, "end": 9}
    assert links[0].expected == made["robustgen"]["expected"] == "changed"


def test_an_expected_output_that_repeats_the_text_is_for_review(tmp_path: Path) -> None:
    """What should be said of the variant cannot be known: the old text or the new one."""
    links = larger(tmp_path, "jsonl", source='{"text":"the parcel came late","expected":"You said: the parcel came late"}\n', vary=longer_stop)[1]
    assert "repeats the text" in links[0].review


def longer_stop(text: str, keep: Sequence[str]) -> list[Variation]:
    """Add a full stop."""
    return [Variation(f"{text}.", "stop", [Edit(len(text), len(text), "", ".")], checked=True)]


def test_an_answer_quoted_from_the_text_stays(tmp_path: Path) -> None:
    """What is expected and stands in the text is kept by every perturbation."""
    text, _ = larger(tmp_path, "jsonl", source='{"text":"the parcel comes on monday","expected":"parcel"}\n')
    assert "the parcel COMES on monday" in text


def test_chats_of_samples_keep_their_shape(tmp_path: Path) -> None:
    """The last turn of the user is varied; the link is in the metadata."""
    rows = [json.loads(line) for line in larger(tmp_path, "inspect")[0].splitlines()]
    assert rows[3]["input"][0] == {"role": "system", "content": "Be brief"}
    assert rows[3]["input"][1]["content"] == "WHERE does the river end?".replace("WHERE", "Where").replace("river", "RIVER")
    assert rows[3]["metadata"]["k"] == 1
    assert rows[3]["metadata"]["robustgen"]["base"] == "q2"


def test_tables_keep_their_columns(tmp_path: Path) -> None:
    """Quotes, delimiters and line breaks in cells survive; ids are the new row's."""
    rows = list(csv.reader(io.StringIO(larger(tmp_path, "csv")[0], newline="")))
    assert [r[0] for r in rows] == ["id", "1", "1~shouted_words.0", "2", "2~shouted_words.0"]
    assert rows[2][1] == "Where, PLEASE, is\r\nmy parcel?"
    text, _ = larger(tmp_path, "csv", source=SEMICOLONS)
    assert text == SEMICOLONS + '"Please CANCEL the order";"cancel"\n'.replace("CANCEL", "cancel").replace("order", "ORDER")


def test_glue_has_no_quotes_and_no_breaks(tmp_path: Path) -> None:
    """A lone quote stays; a variant with a tab is left out."""
    assert 'this film is "CHARMING and\t1' in larger(tmp_path, "glue")[0]
    assert not larger(tmp_path, "glue", vary=lambda t, _: [Variation(f"{t}\tx", "tab", [], checked=True)])[1]


def test_langtest_names_the_type(tmp_path: Path) -> None:
    """The new case compares with the same original; an old verdict is not carried."""
    row = larger(tmp_path, "langtest")[0].splitlines()[2]
    assert row == "robustness,shouted_words,The service was very friendly,The SERVICE was very friendly,positive,,"


def test_langtest_is_told_where_the_edits_stand(tmp_path: Path) -> None:
    """The base's transformations are its own; the new case says where its edits are, so that labels of words can be matched."""
    source = "category,test_type,original,test_case,expected_result,transformations\nrobustness,none,the parcel came,the parcel came,O,-\n"
    base, made = csv.DictReader(io.StringIO(larger(tmp_path, "langtest", source=source)[0]))
    assert base["transformations"] == "-"
    span = {"start": 4, "end": 10}
    wanted = [{"original_span": {**span, "word": "parcel"}, "new_span": {**span, "word": "PARCEL"}, "ignore": False}]
    assert ast.literal_eval(made["transformations"]) == wanted


def test_checklist_keeps_labels_parallel(tmp_path: Path) -> None:
    """MFT grows data and labels together, INV its groups, DIR not."""
    tests = json.loads(larger(tmp_path, "checklist")[0])["tests"]
    assert len(tests[0]["data"]) == len(tests[0]["labels"]) == 4
    assert tests[0]["labels"] == [1, 0, 1, 0]
    assert tests[1]["data"][0][2] == "Please CONFIRM the booking"
    assert tests[1]["data"][1] == ["Where does the train stop", "Where does the TRAIN stop"]
    assert tests[2]["data"] == [["good", "very good"]]


def test_squad_moves_the_answers(tmp_path: Path) -> None:
    """Questions get their own ids; in a varied paragraph every answer stands where its start says."""
    qas = json.loads(larger(tmp_path, "squad")[0])["data"][0]["paragraphs"][0]["qas"]
    assert [q["id"] for q in qas] == ["s1", "s2", "s1~shouted_words.0", "s2~shouted_words.0"]

    def longer(text: str, keep: Sequence[str]) -> list[Variation]:
        made = shout(text, keep)[0]
        edit = made.edits[0]
        edits = [type(edit)(edit.start, edit.end, edit.old, edit.new * 2)]
        return [Variation(apply_edits(text, edits), "longer", edits, checked=True)]

    paragraphs = json.loads(larger(tmp_path, "squad", "context", longer)[0])["data"][0]["paragraphs"]
    assert len(paragraphs) == 2
    for paragraph in paragraphs:
        for qa in paragraph["qas"]:
            for answer in [*qa["answers"], *qa.get("plausible_answers", [])]:
                start = answer["answer_start"]
                assert paragraph["context"][start : start + len(answer["text"])] == answer["text"]
    assert paragraphs[1]["qas"][0]["id"] == "s1~longer.0"


def test_goldens_do_not_carry_old_answers(tmp_path: Path) -> None:
    """A golden's expected output is carried, what a model once said is not."""
    goldens = json.loads(larger(tmp_path, "deepeval")[0])
    assert goldens[1]["input"] == "Please EXPLAIN the refund"
    assert goldens[1]["expected_output"] == "within a month"
    assert goldens[1]["actual_output"] is None
    assert goldens[1]["additional_metadata"]["robustgen"]["base"] == "1"


def test_code_is_never_varied(tmp_path: Path) -> None:
    """Only prose of the docstring changes: the signature, its names and the examples stay, and the program still passes."""
    for row in [json.loads(line) for line in larger(tmp_path, "humaneval")[0].splitlines()]:
        assert row["prompt"].startswith("def add_all(numbers):\n")
        assert row["prompt"].endswith('    >>> add_all([1, 2])\n    3\n    """\n')
        space: dict[str, Any] = {}
        exec(row["prompt"] + row["canonical_solution"] + row["test"], space)
        space["check"](space[row["entry_point"]])
    assert "TOTAL" in larger(tmp_path, "humaneval")[0]


def test_promptfoo_gets_tests_between(tmp_path: Path) -> None:
    """Comments and blank lines stay where they are; assertions are carried."""
    text, _ = larger(tmp_path, "promptfoo")
    data = YAML(typ="safe").load(text)
    assert [t["vars"]["question"] for t in data["tests"]] == [
        "Please explain the refund", "Please EXPLAIN the refund", "Where does the parcel stay", "Where does the PARCEL stay",
    ]  # fmt: skip
    assert data["tests"][1]["assert"] == [{"type": "contains", "value": "month"}]
    assert data["tests"][1]["metadata"]["robustgen"]["base"] == "refund"
    assert data["providers"] == ["echo"]
    assert "  # the second\n  - vars: {question" in text


PYTEST = """
import pytest

@pytest.fixture
def shop():
    return {"parcel"}

@pytest.mark.parametrize(("text", "word"), [("Where is my parcel today", "parcel"), ("please cancel the order", "order")])
def test_word(text, word, shop):
    assert word in text

@pytest.mark.parametrize("thing", [object(), "the small letters matter"])
def test_small(thing):
    assert not isinstance(thing, str) or thing == thing.lower()
"""


def test_pytest_rows_run_beside_the_tests_there_are(tmp_path: Path) -> None:
    """The module that is written calls the old tests with new rows; fixtures work; rows without literal values are left alone."""
    file = tmp_path / "test_shop.py"
    file.write_text(PYTEST)
    suite, name = open_suite(file)
    assert name == "pytest"
    links = list(enlarge(suite, shout))
    assert links[0].base == "test_word[Where is my parcel today-parcel]"
    assert len(links) == 3
    (tmp_path / "test_shop_more.py").write_text(suite.render())
    run = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:robustgen", "test_shop_more.py"]
    done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=False, env=os.environ)
    assert "1 failed, 2 passed" in done.stdout, done.stdout


@pytest.mark.parametrize("name", SOURCES)
def test_the_command_enlarges_every_format(name: str, tmp_path: Path) -> None:
    """With the shipped perturbations, each new row has its line in the families file, and the result opens as the same format."""
    file, out = tmp_path / SOURCES[name][0], tmp_path / f"more{Path(SOURCES[name][0]).suffix}"
    file.write_bytes(SOURCES[name][1].encode())
    done = CliRunner().invoke(command, [str(file), "-o", str(out), "-n", "3", "--json"], catch_exceptions=False)
    told = json.loads(done.output)
    assert told["format"] == name
    families = [json.loads(line) for line in (tmp_path / f"{out.name}.families.jsonl").read_text("utf-8").splitlines()]
    assert told["added"] == len(families) > 0
    again, found = open_suite(out)
    assert found == name
    assert again.places("")
    first = out.read_bytes()
    CliRunner().invoke(command, [str(file), "-o", str(out), "-n", "3"], catch_exceptions=False)
    assert out.read_bytes() == first


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("a.jsonl", '{"text": "x"}\n{"text": \n', "a.jsonl:2"),
        ("a.csv", "text,label\na,b,c\n", "a.csv:2"),
        ("a.yaml", "tests:\n  - a: [\n", "not valid YAML"),
        ("a.bin", "x", "--format"),
        ("a.json", '{"tests": [{"data": 1}]}', "no 'tests' with 'data'"),
    ],
)
def test_broken_suites_are_told(file: str, text: str, said: str, tmp_path: Path) -> None:
    """What, where, and how to mend it."""
    (tmp_path / file).write_text(text)
    with pytest.raises(UsageError) as caught:
        open_suite(tmp_path / file)
    assert said in str(caught.value)
