"""promptfoo: tests with variables and assertions, and a configuration that reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from robustgen.datasets._base import Made, Problem, Record, Row, data_format, prompt_of
from robustgen.datasets._checks import keys, text

__all__ = ["records"]

ASKING = "[?？؟]"


def _check(record: Any) -> Iterator[Problem]:
    yield from keys(record, ("vars",), ("description", "assert", "metadata", "options", "threshold", "provider", "providers"), closed=True)
    if not isinstance(record, dict):
        return
    if "vars" in record and (not isinstance(record["vars"], dict) or not record["vars"]):
        yield "vars_type", "'vars' must be an object that is not empty"
    checks = record.get("assert", [])
    if not isinstance(checks, list) or not checks:
        yield "no_assertion", "'assert' must be a list that is not empty: a test without assertion passes whatever comes back"
        return
    for number, entry in enumerate(checks):
        yield from keys(entry, ("type",), where=f"assert[{number}]")
        if isinstance(entry, dict):
            yield from text(entry, "type", where=f"assert[{number}]")
            if "regex" in str(entry.get("type")):
                try:
                    re.compile(str(entry.get("value")))
                except re.error:
                    yield "bad_pattern", f"assert[{number}]: the pattern does not compile"


def _plain(value: str) -> str:
    """Keep a template engine from reading what looks like a template in a document."""
    return "{% raw %}" + value + "{% endraw %}" if "{{" in value or "{%" in value or "{#" in value else value


def _pattern(answers: list[str]) -> str:
    """Return a pattern for any of the answers, not inside of a longer number or word."""
    return "|".join(rf"(?<![\w.,-]){re.escape(a)}(?![\w]|[.,]\d)" for a in answers)


def _beside(made: Made) -> Mapping[str, str]:
    tests = "\n".join(f"  - file://{file}" for files in made.files.values() for file in files)
    return {
        "promptfooconfig.yaml": f"description: {made.name}\nprompts:\n  - file://prompt.json\nproviders:\n  - echo\ntests:\n{tests}\n",
        "prompt.json": '[\n  {"role": "system", "content": {{ system | dump }}},\n  {"role": "user", "content": {{ document | dump }}}\n]\n',
    }


@data_format(_check, evaluates=True, beside=_beside)
def records(row: Row) -> Iterator[Record]:
    """promptfoo: ``vars`` and ``assert``; a question is owed where asking is right, else one of the right answers."""
    told = [m["content"] for m in prompt_of(row)[1:]] if row.system else [m["content"] for m in prompt_of(row)]
    asks = row.status in {"ask", "both"}
    yield {
        "description": f"{row.task} {row.id}",
        "vars": {"system": _plain(row.system), "document": _plain("\n\n".join(told)), "answer": _plain(row.answer)},
        "assert": [{"type": "regex", "value": ASKING if asks else _pattern(list(dict.fromkeys(row.accept)))}],
        "metadata": {"id": row.id, "family": row.family, "domain": row.domain, "task": row.task, "language": row.language, "kind": row.kinds[0]},
    }
