"""Every form of report of one hand-made run: valid by its schema, complete, inert, of bounded size."""

from __future__ import annotations

import csv
import io
import json
import re
from xml.etree import ElementTree as ET

import jsonschema_rs
import pytest

from robustgen.core.case import Edit
from robustgen.core.plugins import EXPORTERS
from robustgen.core.report import compared, visible, worst_first
from robustgen.core.verdict import Response
from robustgen.explain import cause_words
from robustgen.exporters.html import LIMIT
from tests.exporters.sample import HOSTILE, case_of, finding_of, report_of
from tests.exporters.schemas import SARIF, junit_errors

REPORT = report_of()
FORMS = ("html", "junit", "sarif", "json", "markdown", "csv")


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_there_writes_utf8_and_holds_every_finding(form: str) -> None:
    """Each form can be written as a file; hostile answers with lone surrogates do not stop it."""
    text = EXPORTERS.get(form)(REPORT)
    assert text.encode("utf-8")
    shown = [f.id for f in REPORT.findings if form != "markdown" or f.mark is None]
    assert all(identity in text for identity in shown)
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_sarif_is_valid_and_names_what_github_needs() -> None:
    """The log validates; every result has a rule, a place, a fingerprint; marked findings are suppressed."""
    log = json.loads(EXPORTERS.get("sarif")(REPORT))
    jsonschema_rs.validator_for(SARIF).validate(log)
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len(run["results"]) == len(REPORT.findings)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["locations"][0]["physicalLocation"]["region"]["startLine"] >= 1
    prints = [r["partialFingerprints"]["robustgenFinding/v1"] for r in run["results"]]
    assert sorted(prints) == sorted(f.id for f in REPORT.findings)
    assert [bool(r.get("suppressions")) for r in run["results"]] == [f.mark is not None for f in worst_first(REPORT.findings)]


def test_the_schema_of_sarif_refuses_what_is_wrong() -> None:
    """The check can fail: a level that is none, a result without message, an unknown key."""
    spoils: list[dict[str, object]] = [{"level": "fatal"}, {"message": {}}, {"colour": "red"}]
    for spoil in spoils:
        log = json.loads(EXPORTERS.get("sarif")(REPORT))
        log["runs"][0]["results"][0] |= spoil
        assert not jsonschema_rs.validator_for(SARIF).is_valid(log)


def test_junit_is_valid_and_its_counts_hold() -> None:
    """The tree keeps the schema; tests, failures and skips are what it holds."""
    suites = ET.fromstring(EXPORTERS.get("junit")(REPORT))
    assert junit_errors(suites) == []
    (suite,) = suites.findall("testsuite")
    assert int(suite.attrib["tests"]) == len(suite.findall("testcase"))
    assert int(suite.attrib["failures"]) == len(suite.findall("testcase/failure")) == len(REPORT.findings) - 1
    assert int(suite.attrib["skipped"]) == len(suite.findall("testcase/skipped")) == 1
    names = [(c.attrib["classname"], c.attrib["name"]) for c in suite.findall("testcase")]
    assert len(set(names)) == len(names)
    suite.attrib["colour"] = "red"
    assert junit_errors(suites) == ["testsuite: attribute colour"]


def test_csv_cells_are_no_formulas() -> None:
    """Nothing that a spreadsheet computes; a line a finding; texts with commas, quotes and line breaks come back whole."""
    formula = finding_of(case_of('=HYPERLINK("x"),\n"y"'), "+1", answer="@SUM(A1)")
    rows = list(csv.DictReader(io.StringIO(EXPORTERS.get("csv")(report_of([formula])))))
    assert len(rows) == 1
    assert rows[0]["text"] == '\'=HYPERLINK("x"),\n"y"'
    assert rows[0]["trigger"] == "'+1"
    assert rows[0]["got"] == "'@SUM(A1)"


@pytest.mark.parametrize("form", FORMS)
def test_what_an_oracle_needs_to_speak_is_told_apart_from_the_trigger(form: str) -> None:
    """Each form says it, in its own field or line, and the trigger does not hold it; a finding without it has no such line."""
    told = finding_of(case_of("Dose 850 mg once daily."), "CL-X01 as it stands", setting=["weight ≥ 127.5 kg", "zone = chicago"])
    text = EXPORTERS.get(form)(report_of([told]))
    shown = json.loads(text)["findings"][0]["setting"] if form == "json" else text
    if form == "json":
        assert shown == ["weight ≥ 127.5 kg", "zone = chicago"]
    else:
        assert "value speaks of it when weight ≥ 127.5 kg and zone = chicago" in shown
    assert "speaks of it when" not in EXPORTERS.get(form)(report_of([finding_of(case_of("Dose 850 mg once daily."), "CL-X01 as it stands")]))


def test_the_same_in_another_language_is_shown_whole() -> None:
    """A text that fails in German and passes in English is no word-by-word difference; both stand in full, the language is named."""
    german, english = case_of("Dosis 850 mg einmal täglich.", language="de"), case_of("Dose 850 mg once daily.")
    found = finding_of(german, "in de", needs=["in de"], neighbour=english, neighbour_response=Response(text="850"))
    page = EXPORTERS.get("html")(report_of([found]))
    assert "passing, the same in en" in page
    assert '<pre dir="auto" lang="en">Dose 850 mg once daily.</pre>' in page
    assert "<del>" not in page
    assert cause_words(found) == "in German"


def test_json_is_the_whole_model() -> None:
    """What the model holds is in the file, under its schema's name."""
    made = json.loads(EXPORTERS.get("json")(REPORT))
    assert made["schema"] == "robustgen.report/1"
    assert [f["id"] for f in made["findings"]] == [f.id for f in REPORT.findings]
    assert {"groups", "cells", "curves", "clusters", "duties", "spend"} <= set(made)


def test_markdown_cannot_be_broken_out_of() -> None:
    """Table rows keep their cells, details blocks and fences close, whatever an answer holds."""
    fenced = finding_of(case_of("text ```` with </details> fences `````"), "a | b", answer="```\n</details><script>")
    text = EXPORTERS.get("markdown")(report_of([*REPORT.findings, fenced]))
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert len({line.replace("\\|", "").count("|") for line in rows}) == 1
    outside = re.sub(r"(?ms)^(`{3,})text$.*?^\1$", "", text)
    assert "<script" not in outside
    assert outside.count("<details>") == outside.count("</details>")


def test_html_is_inert_and_needs_no_network() -> None:
    """Hostile answers are escaped; the one script is bound to its hash; nothing is loaded from anywhere."""
    page = EXPORTERS.get("html")(REPORT)
    assert page.count("<script") == 1
    assert "<img" not in page
    assert "&lt;script&gt;window.hit" in page
    assert "script-src 'sha256-" in page
    assert "default-src 'none'" in page
    assert not re.search(r'(?:src|href)="(?!#)', page)
    assert visible(HOSTILE.splitlines()[0])[:5] == "<scri"


def test_html_stays_small_however_much_fails() -> None:
    """Thousands of findings with long texts stay below the limit; what is left out is said."""
    long = "word " * 400
    many = [finding_of(case_of(f"{i} {long}", edits=[Edit(0, 1, str(i)[0], "９")]), f"full_width_digits: {i}", answer=HOSTILE + long) for i in range(3000)]
    page = EXPORTERS.get("html")(report_of(many))
    assert len(page.encode()) < LIMIT < 2_000_000
    assert "more findings are in findings.jsonl" in page


def test_differences_are_shown_by_words_and_by_characters_where_there_are_none() -> None:
    """A changed word is one piece; in Chinese only the changed characters are."""
    assert [(m.kind, m.text) for m in compared("take 850 mg daily", "take 800 mg daily")] == [
        ("same", "take "),
        ("old", "850"),
        ("new", "800"),
        ("same", " mg daily"),
    ]
    assert [(m.kind, m.text) for m in compared("每日两次", "每日三次")] == [("same", "每日"), ("old", "两"), ("new", "三"), ("same", "次")]
