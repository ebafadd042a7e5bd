"""Every form of report from one run with hostile answers; events in their order."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from robustgen.campaign import session
from robustgen.campaign.run import Limits
from robustgen.core.case import Case
from robustgen.core.events import Event
from robustgen.core.plugins import EXPORTERS
from robustgen.core.report import Report
from robustgen.generate import Generator, Selection
from robustgen.targets._base import CallTarget

HOSTILE = "<script>alert(1)</script> \x1b[31m \u202e 7 mg ]]> | `x`"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Report, list[Event]]:
    """Return the report and events of a run on a hostile target."""

    async def opened(address: str, options: object) -> CallTarget:
        async def call(case: Case) -> Any:
            return HOSTILE

        return CallTarget(call, name=address)

    monkeypatch.setattr(session, "open_target", opened)
    events: list[Event] = []
    generator = Generator(Selection.of(["toy"]))
    report = session.Session(generator, "python:hostile", tmp_path, count=30, limits=Limits(), tell=events.append).go()
    return report, events


def test_html_is_inert(run: tuple[Report, list[Event]]) -> None:
    """Hostile answers are shown, not obeyed; nothing is loaded from anywhere."""
    page = EXPORTERS.get("html")(run[0])
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert "\x1b" not in page
    assert "\u202e" not in page
    assert "src=" not in page
    assert 'href="http' not in page


def test_junit_is_well_formed(run: tuple[Report, list[Event]]) -> None:
    """The XML parses and counts what it holds."""
    (suite,) = ET.fromstring(EXPORTERS.get("junit")(run[0])).findall("testsuite")
    assert int(suite.attrib["failures"]) == len(run[0].findings) == len(suite.findall("testcase/failure"))
    assert int(suite.attrib["tests"]) == len(suite.findall("testcase"))


def test_markdown_keeps_its_table(run: tuple[Report, list[Event]]) -> None:
    """Every row has as many cells as the head, whatever the answers hold."""
    rows = [line for line in EXPORTERS.get("markdown")(run[0]).splitlines() if line.startswith("|")]
    assert rows
    assert len({line.replace("\\|", "").count("|") for line in rows}) == 1


def test_events_come_in_order(run: tuple[Report, list[Event]]) -> None:
    """A run starts, asks before it hears, judges, and finishes."""
    names = [type(e).__name__ for e in run[1]]
    assert names[0] == "Started"
    assert names[-1] == "Finished"
    assert names.index("Asked") < names.index("Answered") < names.index("Judged")
    assert names.count("Judged") == 30
