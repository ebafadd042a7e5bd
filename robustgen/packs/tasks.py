"""Tasks: questions about a document with an exactly computable expected answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from robustgen.core.case import Envelope, Expected, Facts, Severity, Tolerance, canonical
from robustgen.errors import GrammarError
from robustgen.grammar.expr import Expression, compile_expression
from robustgen.grammar.notation import Text, fail, only_keys
from robustgen.grammar.schema import RecordType, Schema, View

__all__ = ["Task", "load_tasks"]

KEYS = (
    "title", "facts", "answer", "never", "tolerance", "ask_when", "labels", "abstain", "depends", "severity", "oracles", "regulations",
    "kinds", "tags", "note", "source",
)  # fmt: skip
ENVELOPE = ("status", "value", "unit", "currency", "label", "missing", "evidence")
Part = Any
"""An expression, literal text, or a list or mapping of parts."""


class Task:
    """One task of a pack."""

    def __init__(self, name: str, node: Any, schema: Schema) -> None:
        """Compile the task; raises ``PackError`` at the place of a mistake."""
        only_keys(node, KEYS, f"task '{name}'")
        for key in ("facts", "answer"):
            if key not in node:
                fail(node, f"task '{name}' lacks '{key}'")
        self.name, self.title = name, str(node.get("title", name))
        if str(node["facts"]) not in schema.types:
            fail(node["facts"], f"task '{name}': unknown type '{node['facts']}'", f"types: {', '.join(schema.types)}")
        self.type: RecordType = schema.types[str(node["facts"])]
        self._functions = schema.functions
        self._answer = self._part(node["answer"], top=True)
        self._accept = _maker(self._answer)
        self._never = [_maker(self._part(n, top=True)) for n in node.get("never", [])]
        self._ask_when = [self._ask(n) for n in node.get("ask_when", [])]
        self.tolerance = Tolerance(**{str(k): str(v) for k, v in node.get("tolerance", {}).items()})
        self.labels = [str(v) for v in node.get("labels", [])]
        self.abstain = str(node.get("abstain", ""))
        self.depends = [str(v) for v in node.get("depends", [])]
        self.severity = Severity(str(node.get("severity", "high")))
        self.oracles = [str(v) for v in node.get("oracles", [])]
        self.tags = [name, *(str(v) for v in node.get("regulations", [])), *(str(v) for v in node.get("tags", []))]
        for path in node.get("depends", []):
            if path.split(".")[0].split("[")[0] not in self.type.fields:
                fail(path, f"task '{name}' depends on '{path}', which '{self.type.name}' lacks", f"fields: {', '.join(self.type.fields)}")

    def _ask(self, node: Any) -> tuple[Expression, Mapping[str, Part]]:
        only_keys(node, ("if", "missing", "label", "status", "value"), f"ask_when of '{self.name}'")
        if "if" not in node:
            fail(node, f"ask_when of '{self.name}' lacks 'if'")
        made = self._expression(node["if"])
        return made, {str(k): self._part(v) for k, v in node.items() if k != "if"}

    def _expression(self, text: Text) -> Expression:
        try:
            return compile_expression(text, self.type.fields, self._functions)
        except GrammarError as error:
            fail(text, f"task '{self.name}': {error.what}", error.mend)

    def _part(self, node: Any, *, top: bool = False) -> Part:
        if isinstance(node, Text):
            return self._expression(Text.at(node[1:].strip(), node.file, node.line, node.column)) if node.startswith("=") else str(node)
        if isinstance(node, list):
            return [self._part(n, top=top) for n in node]
        if top:
            only_keys(node, ENVELOPE, f"answer of '{self.name}'")
        return {str(k): self._part(v) for k, v in node.items()}

    def expected(self, facts: Facts, missing: Sequence[str] = ()) -> Expected:
        """Return what is acceptable for these facts; ``missing`` paths were taken out of the text."""
        if missing:
            return Expected(accept=self.abstentions(missing), tolerance=self.tolerance)
        view = self.type.view(facts)
        try:
            for condition, ask in self._ask_when:
                if condition(view):
                    return Expected(accept=self._asking(ask, view), tolerance=self.tolerance)
            accept = _distinct(self._accept(view))
            never = [e for make in self._never for e in make(view)] if self._never else []
        except GrammarError:
            raise
        except (ArithmeticError, TypeError, ValueError, LookupError, AttributeError) as error:
            raise GrammarError(f"task '{self.name}': the answer cannot be computed: {type(error).__name__}: {error}") from error
        return Expected(accept=accept, never=never, tolerance=self.tolerance)

    def abstentions(self, missing: Sequence[str]) -> list[Envelope]:
        """Return the right behaviours when something is missing: asking for it, or the declared null label."""
        found = [Envelope(status="ask", missing=list(missing))]
        return [*found, Envelope(label=self.abstain)] if self.abstain else found

    def _asking(self, ask: Mapping[str, Part], view: View) -> list[Envelope]:
        values = _value(ask, view)
        missing = values.get("missing", [])
        found = self.abstentions([missing] if isinstance(missing, str) else list(missing))
        status = str(values.get("status", ""))
        if "label" in values and values["label"] != self.abstain:
            found.append(Envelope(label=str(values["label"])))
        return [Envelope(status=status, label=values.get("label"))] if status not in {"", "ask"} else found


def _distinct(envelopes: list[Envelope]) -> list[Envelope]:
    """Return the envelopes without repetitions: two ways to write an answer may come to the same."""
    return envelopes if len(envelopes) < 2 else [e for i, e in enumerate(envelopes) if e not in envelopes[:i]]


def _value(part: Part, view: View) -> Any:
    if callable(part):
        return part(view)
    if isinstance(part, dict):
        return {k: _value(v, view) for k, v in part.items()}
    if isinstance(part, list):
        return [_value(v, view) for v in part]
    return part


def _maker(part: Part) -> Callable[[View], list[Envelope]]:
    """Return the function of facts that makes the acceptable envelopes; a single envelope's fixed parts are made once."""
    if not isinstance(part, dict) or not set(part) <= {"value", "unit", "currency", "label"}:
        return lambda view: list(_envelopes(_value(part, view)))
    fixed = {k: canonical(v) for k, v in part.items() if isinstance(v, str)}
    moving = [(k, v, k != "value") for k, v in part.items() if not isinstance(v, str)]

    def make(view: View) -> list[Envelope]:
        made = dict(fixed)
        for key, fn, as_text in moving:
            value = fn(view) if callable(fn) else _value(fn, view)
            if type(value) is not str:
                value = canonical(value)
                if as_text and value is not None:
                    value = str(value)
            made[key] = value
        return [Envelope(**made)]

    return make


def _envelopes(value: Any) -> Iterable[Envelope]:
    """Turn an answer into envelopes: a mapping is one, a list of mappings several, anything else a value."""
    if isinstance(value, Mapping):
        if set(value) <= set(ENVELOPE):
            yield _envelope(value)
        else:
            yield Envelope(value=canonical(value))
    elif isinstance(value, list) and value and all(isinstance(v, Mapping) and set(v) <= set(ENVELOPE) for v in value):
        for v in value:
            yield _envelope(v)
    elif value is not None:
        yield Envelope(value=canonical(value))


def _envelope(value: Mapping[str, Any]) -> Envelope:
    made = {k: canonical(v) for k, v in value.items()}
    for name in ("unit", "currency", "label", "status"):
        if made.get(name) is not None:
            made[name] = str(made[name])
    missing = made.get("missing") or []
    made["missing"] = [missing] if isinstance(missing, str) else missing
    made["status"] = made.get("status") or "answer"
    made["evidence"] = made.get("evidence") or []
    return Envelope(**made)


def load_tasks(tree: Any, schema: Schema) -> dict[str, Task]:
    """Return the tasks of ``tasks.yaml`` in order."""
    if not isinstance(tree, Mapping):
        fail(tree, "tasks.yaml must be a mapping of task ids")
    return {str(name): Task(str(name), node, schema) for name, node in tree.items()}
