"""What packs and users ask of oracles: ids, severities and regulations of ``[oracles]`` in ``pack.toml``, and ``[bounds]`` of the user.

An entry ``[oracles."XX-O06"] how = "value"`` grades the verdicts of the core oracle ``value`` on the tasks it names. Every other
key of the entry is an option of that oracle (``forbid``, ``max`` ...), so an oracle that judges only where it is asked is switched
on by its entry. ``when`` is an expression over the facts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from robustgen.core.case import Case, Severity
from robustgen.core.plugins import ORACLES
from robustgen.core.verdict import Bound, Verdict
from robustgen.errors import ConfigError, RobustgenError, UnknownName
from robustgen.grammar.expr import compile_expression
from robustgen.packs.pack import load_pack

__all__ = ["Entry", "Grading", "check_entries", "entries_of", "user_bounds"]

OWN = frozenset({"title", "severity", "regulations", "how", "tasks", "when", "by", "languages", "note", "source", "sources", "status", "id"})
"""Keys of an entry that are not options of its oracle."""
_KEYS: Mapping[str, tuple[str, str]] = {
    "max_length": ("length", "max"), "min_length": ("length", "min"), "max_words": ("length", "max_words"), "max_latency": ("latency", "max"),
    "forbidden": ("patterns", "forbid"), "must_contain": ("patterns", "require"), "schema": ("schema", "schema"),
    "min_agreement": ("stability", "min"), "disclaimer": ("disclaimer", "owed"), "citation": ("citation", "required"),
    "unit": ("units", "required"), "own_identifiers": ("leak", "own"), "canaries": ("leak", "canaries"),
    "instructions_secret": ("leak", "instructions"), "similar": ("semantic", "min"), "judge": ("judge-model", "target"),
}  # fmt: skip
"""A user's bounds: key to oracle and option."""


class Entry(NamedTuple):
    """One entry of a pack's or a user's list."""

    id: str
    how: str
    severity: Severity
    regulations: tuple[str, ...]
    tasks: tuple[str, ...]
    when: str
    options: Mapping[str, Any]

    def concerns(self, case: Case) -> bool:
        """Tell whether the entry is about a case's task, and its condition holds for the facts."""
        return any(fnmatchcase(case.task, t) for t in self.tasks) and (not self.when or _holds(self.when, case))


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value] if value else []


@lru_cache(maxsize=64)
def entries_of(domain: str) -> tuple[Entry, ...]:
    """Return a pack's entries; none for a domain that no pack has (cases of strangers)."""
    try:
        listed = load_pack(domain).meta.get("oracles", {})
    except RobustgenError:
        return ()
    found = []
    for name, entry in listed.items():
        if isinstance(entry, Mapping):
            options = {k: v for k, v in entry.items() if k not in OWN}
            found.append(
                Entry(
                    name,
                    str(entry.get("how", name)),
                    Severity(str(entry.get("severity", "high"))),
                    tuple(str(r) for r in _listed(entry.get("regulations"))),
                    tuple(str(t) for t in _listed(entry.get("tasks"))) or ("*",),
                    str(entry.get("when", "")).removeprefix("=").strip(),
                    _with_tables(options, domain),
                )
            )
    return tuple(found)


def _with_tables(options: dict[str, Any], domain: str) -> dict[str, Any]:
    """Put the words of the named tables beside an entry's options: what an answer may not bring in from nowhere."""
    names = _listed(options.pop("tables", None))
    if not names:
        return options
    pack = load_pack(domain)
    sets = [pack.say(tag).lexicon.words(str(name)) for tag in pack.tags for name in names]
    words = {form for found in sets if found is not None for form in found.by_form if len(form) > 2}
    return {**options, "vocabulary": tuple(sorted(words))}


@lru_cache(maxsize=256)
def _condition(when: str, domain: str, task: str) -> Any:
    pack = load_pack(domain)
    type_ = pack.schema().types[pack.task(task).type.name]
    return type_, compile_expression(when, type_.fields, pack.functions)


def _holds(when: str, case: Case) -> bool:
    """Tell whether an entry's condition holds; facts that do not fit it, of a case read back from a file, leave the entry out."""
    type_, condition = _condition(when, case.domain, case.task)
    try:
        return bool(condition(type_.view(case.facts)))
    except (TypeError, KeyError, AttributeError, ValueError):
        return False


def check_entries(domain: str) -> list[str]:
    """Return what is wrong with a pack's entries: oracles that do not exist, conditions that cannot be read."""
    wrong = []
    pack = load_pack(domain)
    known = set(ORACLES.names())
    for entry in entries_of(domain):
        if entry.how not in known:
            wrong.append(str(UnknownName(f"oracle of [oracles.{entry.id!r}] in pack.toml of '{domain}'", entry.how, sorted(known))))
        for name in pack.tasks if entry.when else ():
            if any(fnmatchcase(name, t) for t in entry.tasks):
                try:
                    _condition(entry.when, domain, name)
                except RobustgenError as error:
                    wrong.append(f"[oracles.{entry.id!r}] when: {error}")
    return wrong


def user_bounds(given: Mapping[str, Any], scope: str = "*", folder: Path | None = None) -> list[Entry]:
    """Return the entries of a ``[bounds]`` table; a table inside it concerns the tasks that its name matches.

    Raises ``ConfigError`` for a key that does not exist and ``UnknownName`` with the nearest one.
    """
    severity = str(given.get("severity", "medium"))
    if severity not in {s.value for s in Severity}:
        raise ConfigError(f"[bounds] severity = {severity!r}", mend=f"use one of {', '.join(s.value for s in Severity)}")
    options: dict[str, dict[str, Any]] = {}
    found: list[Entry] = []
    for key, value in given.items():
        if key == "severity":
            continue
        if isinstance(value, Mapping) and key not in _KEYS:
            found += user_bounds(value, str(key), folder)
        elif key not in _KEYS:
            raise UnknownName("bound", str(key), sorted(_KEYS))
        else:
            how, option = _KEYS[key]
            if value is not False:
                options.setdefault(how, {})[option] = _schema(value, folder) if how == "schema" else value
    found += [Entry(f"bounds.{how}", how, Severity(severity), (), (scope,), "", given_options) for how, given_options in options.items()]
    return found


def _schema(value: Any, folder: Path | None) -> Any:
    """Return a JSON schema given as a table, or by the name of its file."""
    if not isinstance(value, str):
        return value
    file = (folder or Path()) / value
    try:
        return msgspec.json.decode(file.read_bytes())
    except OSError:
        raise ConfigError(f"[bounds] schema: {file} cannot be read", mend="name an existing JSON schema") from None
    except msgspec.DecodeError as error:
        raise ConfigError(f"[bounds] schema: {file} is not JSON: {error}") from None


class _Grade(NamedTuple):
    """What the entries make of the verdicts of an oracle: severity, ids, regulations."""

    severity: Severity
    ids: list[str]
    regulations: list[str]


class _Asked(NamedTuple):
    """What concerns a case: the entries in order, and by oracle."""

    entries: tuple[Entry, ...]
    bounds: Mapping[str, Sequence[Bound]]
    by_oracle: Mapping[str, Sequence[Entry]]
    grades: dict[tuple[Any, ...], _Grade]


def _asked(entries: Sequence[Entry]) -> _Asked:
    by_oracle: dict[str, list[Entry]] = {}
    for entry in entries:
        by_oracle.setdefault(entry.how, []).append(entry)
    return _Asked(tuple(entries), {how: [Bound(e.id, e.options) for e in found] for how, found in by_oracle.items()}, by_oracle, {})


class Grading:
    """The entries of all packs and of one user, by case."""

    def __init__(self, bounds: Mapping[str, Any] | None = None, folder: Path | None = None) -> None:
        """``bounds`` is the user's ``[bounds]`` table; files it names lie in ``folder``."""
        self._user = user_bounds(bounds or {}, folder=folder)
        self._plain: dict[tuple[str, str], tuple[Entry, ...]] = {}
        self._asked: dict[tuple[str | int, ...], _Asked] = {}
        self._last: tuple[Case | None, _Asked] = (None, _asked(()))

    def entries(self, case: Case) -> tuple[Entry, ...]:
        """Return the entries that concern a case."""
        return self._of(case).entries

    def bounds(self, case: Case) -> Mapping[str, Sequence[Bound]]:
        """Return what is asked of each oracle for a case."""
        return self._of(case).bounds

    def _of(self, case: Case) -> _Asked:
        """Return what is asked for a case: by task and by which conditions hold, found once for all the verdicts of a case."""
        if self._last[0] is case:
            return self._last[1]
        key = (case.domain, case.task)
        if key not in self._plain:
            listed = [*entries_of(case.domain), *self._user]
            self._plain[key] = tuple(e for e in listed if any(fnmatchcase(case.task, t) or t == case.domain for t in e.tasks))
        kept = self._plain[key]
        holding: tuple[str | int, ...] = (*key, *(i for i, e in enumerate(kept) if e.when and _holds(e.when, case)))
        asked = self._asked.get(holding)
        if asked is None:
            asked = self._asked[holding] = _asked([e for i, e in enumerate(kept) if not e.when or i in holding[2:]])
        self._last = (case, asked)
        return asked

    def grade(self, case: Case, verdict: Verdict) -> Verdict:
        """Return a verdict with the severity of the strictest id that it concerns, and the ids and regulations as evidence.

        A verdict that names its id in the evidence is graded by that one alone; one that no id concerns stays as it is.
        """
        asked = self._of(case)
        entries = asked.by_oracle.get(verdict.oracle)
        if not entries:
            return verdict
        only = verdict.evidence.get("id")
        key = (verdict.oracle, only, *verdict.regulations)
        grade = asked.grades.get(key)
        if grade is None:
            fitting = [e for e in entries if only is None or e.id == only]
            regulations = list(dict.fromkeys([*(r for e in fitting for r in e.regulations), *verdict.regulations]))
            severity = min((e.severity for e in fitting), key=lambda s: s.rank, default=verdict.severity)
            grade = asked.grades[key] = _Grade(severity, [e.id for e in fitting], regulations)
        if not grade.ids:
            return verdict
        evidence = {**verdict.evidence, "ids": grade.ids, "regulations": grade.regulations}
        return Verdict(
            oracle=verdict.oracle, outcome=verdict.outcome, severity=grade.severity, why=verdict.why, evidence=evidence, regulations=grade.regulations
        )
