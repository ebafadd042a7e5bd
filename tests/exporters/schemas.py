"""The parts of two published formats that our reports use, as JSON Schema and as rules for an XML tree.

Written from the OASIS SARIF 2.1.0 standard (sections 3.13 to 3.27) and the JUnit schema of Jenkins' xUnit plug-in (junit-10): names, types,
which are required, the closed vocabularies; unknown properties are errors, as in both.
"""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

__all__ = ["SARIF", "junit_errors"]


def _object(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": properties, "additionalProperties": False}


def _list(items: Any, **more: Any) -> dict[str, Any]:
    return {"type": "array", "items": items} | more


TEXT = {"type": "string"}
MESSAGE = {"type": "object", "required": ["text"], "properties": {"text": TEXT, "markdown": TEXT}, "additionalProperties": False}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
BAG = {"type": "object", "properties": {"tags": _list(TEXT, uniqueItems=True)}, "additionalProperties": True}
PHYSICAL = _object(
    ["artifactLocation"],
    artifactLocation=_object([], uri={"type": "string", "format": "uri-reference"}, uriBaseId=TEXT),
    region=_object([], startLine={"type": "integer", "minimum": 1}, startColumn={"type": "integer", "minimum": 1}),
)
RESULT = _object(
    ["message"],
    ruleId=TEXT,
    ruleIndex={"type": "integer", "minimum": -1},
    level=LEVEL,
    rank={"type": "number", "minimum": -1, "maximum": 100},
    message=MESSAGE,
    locations=_list(_object([], physicalLocation=PHYSICAL, logicalLocations=_list(_object([], fullyQualifiedName=TEXT, name=TEXT, kind=TEXT)))),
    partialFingerprints={"type": "object", "additionalProperties": TEXT},
    occurrenceCount={"type": "integer", "minimum": 1},
    properties=BAG,
    suppressions=_list(
        _object(["kind"], kind={"enum": ["inSource", "external"]}, status={"enum": ["accepted", "underReview", "rejected"]}, justification=TEXT)
    ),
)
RULE = _object(["id"], id=TEXT, name=TEXT, shortDescription=MESSAGE, defaultConfiguration=_object([], level=LEVEL, enabled={"type": "boolean"}))
RUN = _object(
    ["tool"],
    tool=_object(["driver"], driver=_object(["name"], name=TEXT, version=TEXT, rules=_list(RULE, uniqueItems=True))),
    automationDetails=_object([], id=TEXT, guid=TEXT),
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    invocations=_list(_object(["executionSuccessful"], executionSuccessful={"type": "boolean"}, exitCodeDescription=TEXT)),
    results=_list(RESULT),
)
SARIF: dict[str, Any] = _object(["version", "runs"], **{"$schema": {"type": "string", "format": "uri"}, "version": {"enum": ["2.1.0"]}, "runs": _list(RUN)})

CHILDREN: dict[str, tuple[str, ...]] = {
    "testsuites": ("testsuite",),
    "testsuite": ("properties", "testcase", "system-out", "system-err"),
    "properties": ("property",),
    "testcase": ("skipped", "error", "failure", "system-out", "system-err"),
}
ATTRIBUTES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "testsuites": ((), ("name", "time", "tests", "failures", "errors")),
    "testsuite": (("name", "tests", "failures", "errors"), ("time", "skipped", "timestamp", "hostname", "id", "package", "group", "file", "log", "url")),
    "property": (("name", "value"), ()),
    "testcase": (("name",), ("time", "classname", "group")),
    "failure": ((), ("type", "message")),
    "skipped": ((), ("type", "message")),
}


def junit_errors(node: ET.Element) -> list[str]:
    """Return what the schema forbids in a tree: elements out of place, attributes unknown or missing, counts that are no numbers."""
    wrong = []
    required, optional = ATTRIBUTES.get(node.tag, ((), ()))
    wrong += [f"{node.tag}: no attribute {a}" for a in required if a not in node.attrib]
    wrong += [f"{node.tag}: attribute {a}" for a in node.attrib if a not in (*required, *optional)]
    wrong += [f"{node.tag}: {a} is no number" for a in ("tests", "failures", "errors", "skipped") if a in node.attrib and not node.attrib[a].isdigit()]
    for child in node:
        if child.tag not in CHILDREN.get(node.tag, ()):
            wrong.append(f"{node.tag}: element {child.tag}")
        wrong += junit_errors(child)
    return wrong
