"""JUnit XML: one test case per finding that fails, one per oracle that passed, so that any CI shows the run; what triage marked is skipped."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from robustgen.core.plugins import exporter
from robustgen.core.report import Report, expected_text, readable, setting_words, visible, worst_first
from robustgen.core.verdict import Finding

__all__ = ["render_junit"]

CUT = 4000


@exporter()
def render_junit(report: Report) -> str:
    """Return the run as JUnit XML; control characters are shown, never written."""
    passed = [name for name, counts in report.by_oracle.items() if counts.get("pass") and not counts.get("fail")]
    total, marked = len(report.findings) + len(passed), sum(f.mark is not None for f in report.findings)
    counts = {"tests": str(total), "failures": str(len(report.findings) - marked), "errors": "0"}
    suites = ET.Element("testsuites", {"name": "robustgen", **counts})
    suite = ET.SubElement(suites, "testsuite", {"name": f"robustgen {_xml(report.target)}", "skipped": str(marked), **counts})
    properties = ET.SubElement(suite, "properties")
    for name, value in (("run", report.run), *sorted(report.made_with.items()), *((f"cases {k}", v) for k, v in report.totals.items())):
        ET.SubElement(properties, "property", name=_xml(str(name)), value=_xml(str(value)))
    for finding in worst_first(report.findings):
        _case(suite, finding)
    for name in passed:
        ET.SubElement(suite, "testcase", classname="oracles", name=_xml(name))
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(suites, encoding="unicode") + "\n"


def _case(suite: ET.Element, finding: Finding) -> None:
    case, verdict = finding.case, finding.verdict
    name = f"{finding.trigger} ({case.tag}) {finding.id}"
    node = ET.SubElement(suite, "testcase", classname=f"{case.domain}.{case.task}.{_xml(verdict.oracle)}", name=_xml(name))
    if finding.mark:
        said = f"{finding.mark.status} by {finding.mark.author or 'nobody named'}: {finding.mark.reason}"
        ET.SubElement(node, "skipped", message=_xml(said))
        return
    failure = ET.SubElement(node, "failure", type=verdict.severity.value, message=_xml(verdict.why))
    passing = f"passing: {finding.neighbour.text}\n" if finding.neighbour else ""
    check = f"check: {said}\n" if (said := setting_words(finding)) else ""
    answer = f"expected: {expected_text(case.expected.accept)}\ngot: {readable(finding.response)}"
    failure.text = _xml(f"{case.text}\n\n{passing}{answer}\n{check}robustgen replay {finding.id}")


def _xml(text: str) -> str:
    """Return text that XML 1.0 may hold: what ``visible`` leaves and XML forbids is taken out."""
    return "".join(c for c in visible(text)[:CUT] if c not in {"\ufffe", "\uffff"})
