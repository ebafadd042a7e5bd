"""What every format shares: the row that it lays out, the registry, the decorator, and turns in chat form."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from robustgen.core.registry import Registry

__all__ = ["COLUMNS", "FORMATS", "Format", "Made", "Rejected", "Row", "alternating", "data_format", "expected_of", "flat", "prompt_of", "said"]

F = TypeVar("F", bound=Callable[..., Any])
Record = dict[str, Any]
Problem = tuple[str, str]
"""A code and what is wrong in words."""


class Rejected(msgspec.Struct, frozen=True):
    """A wrong answer and how it was come by."""

    text: str
    why: str


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One example before it is laid out: question, document with its turns, right answer, wrong answers, and where it comes from."""

    id: str
    family: str
    system: str
    turns: Sequence[Mapping[str, str]]
    answer: str
    accept: Sequence[str]
    rejected: Sequence[Rejected] = ()
    status: str = "answer"
    expected: Mapping[str, Any] = {}
    domain: str
    task: str
    language: str
    kinds: Sequence[str]
    perturbations: Sequence[str] = ()
    effect: str = "preserves"
    provenance: Mapping[str, Any] = {}

    @property
    def document(self) -> str:
        """What the user says last."""
        return self.turns[-1]["content"] if self.turns else ""


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """What was written, for the files that stand beside the data."""

    name: str
    files: Mapping[str, Sequence[str]]
    counts: Mapping[str, int]
    languages: Sequence[str] = ()


def _nothing(made: Made) -> Mapping[str, str]:
    return {}


class Format(msgspec.Struct, frozen=True, kw_only=True):
    """A format: how a row is laid out, what is wrong with a record of it, and how its files are written.

    ``shape`` is ``lines`` (JSON Lines), ``array`` (one JSON array), ``csv`` or ``parquet``; ``beside`` makes the files that consumers want
    beside the data; ``evaluates`` says that its rows are for testing, so that all of them go to the test split.
    """

    name: str
    doc: str
    records: Callable[[Row], Iterable[Record]]
    check: Callable[[Any], Iterator[Problem]]
    shape: str = "lines"
    folder: str = ""
    pairs: bool = False
    evaluates: bool = False
    beside: Callable[[Made], Mapping[str, str]] = _nothing

    @property
    def suffix(self) -> str:
        """The ending of its files."""
        return {"lines": ".jsonl", "array": ".json", "csv": ".csv", "parquet": ".parquet"}[self.shape]

    @property
    def sources(self) -> bool:
        """Whether where a record comes from stands beside it; tables say it in their columns."""
        return self.shape not in {"csv", "parquet"} and self.name != "jsonl"


FORMATS: Registry[Format] = Registry("format", "robustgen.datasets")


def data_format(
    check: Callable[[Any], Iterator[Problem]],
    *,
    name: str = "",
    shape: str = "lines",
    folder: str = "",
    pairs: bool = False,
    evaluates: bool = False,
    beside: Callable[[Made], Mapping[str, str]] = _nothing,
) -> Callable[[F], F]:
    """Make a function ``(Row) -> records`` a format; its name is its file's."""

    def wrap(fn: F) -> F:
        made = Format(
            name=name or fn.__module__.rpartition(".")[2].replace("_", "-"),
            doc=(fn.__doc__ or "").strip(),
            records=fn,
            check=check,
            shape=shape,
            folder=folder,
            pairs=pairs,
            evaluates=evaluates,
            beside=beside,
        )
        FORMATS.register(made.name, made, fn.__module__)
        return fn

    return wrap


def said(role: str, content: str) -> Record:
    """Return one turn."""
    return {"role": role, "content": content}


def prompt_of(row: Row) -> list[Record]:
    """Return everything before the answer, the question as the system's turn."""
    return [*([said("system", row.system)] if row.system else []), *(said(t["role"], t["content"]) for t in row.turns)]


def alternating(row: Row) -> list[Record]:
    """Return user and assistant turns in strict alternation, the user first; neighbours of one role are joined."""
    made: list[Record] = []
    for turn in row.turns:
        role = "assistant" if turn["role"] == "assistant" else "user"
        if made and made[-1]["role"] == role:
            made[-1]["content"] += "\n\n" + turn["content"]
        elif not made and role == "assistant":
            made += [said("user", row.system), said(role, turn["content"])]
        else:
            made.append(said(role, turn["content"]))
    if made and made[-1]["role"] == "assistant":
        made.append(said("user", row.system))
    return made


COLUMNS = (
    "id", "family", "domain", "task", "language", "kinds", "perturbations", "effect", "status", "system", "document", "messages", "answer",
    "rejected", "rejected_why", "expected", "pack", "pack_version", "seed", "index", "selection", "trail",
)  # fmt: skip
"""Columns of the tables, in order; every cell is text, a whole number, a list of texts or a list of turns, never null."""


def expected_of(row: Row) -> str:
    """Return what is expected as JSON text: as an object it would have other keys from row to row, which columnar readers cannot hold."""
    return json.dumps(row.expected, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def flat(row: Row) -> Record:
    """Return a row as one line of a table, with where it comes from."""
    wrong = row.rejected[0] if row.rejected else Rejected("", "")
    source = row.provenance
    return {
        "id": row.id,
        "family": row.family,
        "domain": row.domain,
        "task": row.task,
        "language": row.language,
        "kinds": list(row.kinds),
        "perturbations": list(row.perturbations),
        "effect": row.effect,
        "status": row.status,
        "system": row.system,
        "document": row.document,
        "messages": [*prompt_of(row), said("assistant", row.answer)],
        "answer": row.answer,
        "rejected": wrong.text,
        "rejected_why": wrong.why,
        "expected": expected_of(row),
        "pack": str(source.get("pack", "")),
        "pack_version": str(source.get("pack_version", "")),
        "seed": int(source.get("seed", 0)),
        "index": int(source.get("index", 0)),
        "selection": str(source.get("selection", "")),
        "trail": list(source.get("trail", ())),
    }
