"""JUnit XML: one test case per finding that fails, one per oracle that passed, so that any CI shows the run."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from robustgen.core.plugins import exporter
from robustgen.core.report import Report, expected_text, visible

__all__ = ["render_junit"]


@exporter()
def render_junit(report: Report) -> str:
    """Return the run as JUnit XML; control characters are shown, never written."""
    passed = [name for name, counts in report.by_oracle.items() if counts.get("pass") and not counts.get("fail")]
    total, failed = len(report.findings) + len(passed), len(report.findings)
    suite = ET.Element("testsuite", name=f"robustgen {visible(report.target)}", tests=str(total), failures=str(failed), errors="0", skipped="0")
    for finding in report.findings:
        case = ET.SubElement(suite, "testcase", classname=f"{finding.case.domain}.{finding.case.task}.{finding.verdict.oracle}", name=visible(finding.trigger))
        failure = ET.SubElement(case, "failure", type=finding.verdict.severity.value, message=visible(finding.verdict.why))
        expected = expected_text(finding.case.expected.accept)
        failure.text = f"{visible(finding.case.text)}\n\nexpected: {visible(expected)}\nrobustgen replay {finding.id}"
    for name in passed:
        ET.SubElement(suite, "testcase", classname="oracles", name=name)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(suite, encoding="unicode") + "\n"
