"""What extending marks for review, and how new rows are written among the old ones."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from robustgen.core.case import Edit, apply_edits
from robustgen.suites import Link, Variation, enlarge, open_suite


def enlarged(file: Path, *edits: Edit, field: str = "") -> tuple[list[Link], str]:
    """Extend a suite by one variant of each text with the edits."""
    suite, _ = open_suite(file)

    def vary(text: str, keep: Sequence[str]) -> list[Variation]:
        return [Variation(text=apply_edits(text, list(edits)), perturbation="p", edits=list(edits), checked=True)]

    return list(enlarge(suite, vary, field)), suite.render()


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (Edit(0, 0, "", "I had a lovely day. "), "review"),
        (Edit(4, 4, "", " \U0001f600"), "review"),
        (Edit(0, 0, "", "haha "), "review"),
        (Edit(4, 4, "", " :("), "review"),
        (Edit(0, 4, "film", "flim"), "carried"),
        (Edit(0, 4, "film", "fi lm"), "carried"),
        (Edit(0, 0, "", "<note><text>"), "carried"),
        (Edit(0, 0, "", "\\textbf{"), "carried"),
        (Edit(4, 4, "", "&nbsp;"), "carried"),
        (Edit(0, 0, "", "> "), "carried"),
    ],
)
def test_words_and_pictures_beside_a_label_are_for_review(edit: Edit, expected: str, tmp_path: Path) -> None:
    """A label of tone may change with what is added; another spelling or markup adds nothing, and an answer does not hang on tone."""
    labelled, answered = tmp_path / "a.tsv", tmp_path / "b.csv"
    labelled.write_text("sentence\tlabel\nfilm was nice\t1\n")
    answered.write_text("question,answer\nfilm was when,1999\n")
    assert [link.expected for link in enlarged(labelled, edit)[0]] == [expected]
    assert [link.expected for link in enlarged(answered, edit)[0]] == ["carried"]


@pytest.mark.parametrize("word", ["yes", "No", "on", "012", "12:30", "1_000"])
def test_texts_of_yaml_stay_texts_for_every_reader(word: str, tmp_path: Path) -> None:
    """A quoted word that YAML 1.1 would take for a truth value or a number is quoted in new tests too."""
    file = tmp_path / "promptfooconfig.yaml"
    file.write_text(f'tests:\n  - vars:\n      question: Is it so\n    assert:\n      - type: equals\n        value: "{word}"\n')
    links, text = enlarged(file, Edit(0, 2, "Is", "is"))
    assert len(links) == 1
    old = YAML(typ="safe", pure=True)
    old.version = "1.1"
    assert [t["assert"][0]["value"] for t in old.load(text)["tests"]] == [word, word]


def test_a_list_with_an_item_a_line_stays_one(tmp_path: Path) -> None:
    """New goldens stand in lines of their own, the old ones keep theirs."""
    file = tmp_path / "goldens.json"
    rows = ['{"input": "Is it open", "expected_output": "no"}', '{"input": "Is it cold", "expected_output": "yes"}']
    file.write_text("[" + ",\n ".join(rows) + "\n]\n")
    links, text = enlarged(file, Edit(0, 2, "Is", "is"))
    lines = text.split("\n")
    assert [lines[0], lines[2]] == ["[" + rows[0] + ",", " " + rows[1] + ","]
    assert text.endswith("\n]\n")
    assert len(json.loads(text)) == 2 + len(links) == 4
