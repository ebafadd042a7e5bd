"""What every format of suites offers, and how a file finds its format."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

import msgspec

from robustgen.core.case import Edit, Span
from robustgen.core.registry import Registry
from robustgen.errors import UsageError, unreadable

__all__ = [
    "LABELS",
    "SUITES",
    "Link",
    "Place",
    "Suite",
    "SuiteFormat",
    "Variation",
    "cannot_read",
    "first_of",
    "identity",
    "labelled",
    "open_suite",
    "renamed",
    "suite_format",
    "texts_in",
]

TEXTS = ("input", "text", "question", "prompt", "query", "sentence", "sentence1", "utterance", "instruction", "content", "message", "review")
EXPECTED = ("expected", "expected_output", "target", "label", "labels", "answer", "answers", "output", "ideal", "gold", "reference")
LABELS = frozenset({"label", "labels", "sentiment", "class", "category", "intent", "rating", "stars", "polarity", "emotion", "toxicity", "topic"})
"""What holds a class of the whole text, as opposed to an answer to it."""
IDS = ("id", "task_id", "uid", "guid", "case_id", "idx", "index")


class Variation(msgspec.Struct, frozen=True):
    """A variant of a text: how it was made, and whether a checker has looked at it."""

    text: str
    perturbation: str
    edits: list[Edit]
    checked: bool


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A text of a suite that may be varied: ``row`` it stands in, ``field``, what is expected of it, what must stay.

    ``surface`` says why the expected output may hang on the form of the text, empty where it does not. ``spans`` are places of the text that the expected
    output names by numbers, which the format computes anew. ``labelled`` says that a class of the whole text is expected, its tone for instance.
    """

    row: int
    id: str
    field: str
    text: str
    expected: Sequence[str] = ()
    keep: Sequence[str] = ()
    surface: str = ""
    spans: Sequence[Span] = ()
    labelled: bool = False
    where: Any = None


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """How a new row hangs on the row that it was made from.

    ``expected`` is ``carried``, ``changed`` where places that it names were computed anew, or ``review``, and then ``review`` says why a person should look.
    """

    id: str
    base: str
    row: int
    field: str
    perturbation: str
    edits: list[Edit]
    expected: str
    review: str = ""

    def short(self) -> dict[str, Any]:
        """Return what a row's own metadata hold."""
        made: dict[str, Any] = {"base": self.base, "perturbation": self.perturbation, "expected": self.expected}
        return made | ({"review": self.review} if self.review else {})


class Suite(Protocol):
    """An open suite."""

    forbidden: str
    """Characters that a text of this format cannot hold."""

    def places(self, field: str) -> list[Place]:
        """Return the texts that may be varied; ``field`` names another field than the format's own choice."""

    def add(self, place: Place, variation: Variation, link: Link) -> None:
        """Put a new row behind the row of a place."""

    def render(self) -> str:
        """Return the whole suite as text; without additions exactly what was read."""


OpenSuite = Callable[[str, Path], Suite]


class SuiteFormat(msgspec.Struct, frozen=True, kw_only=True):
    """A format: ``fits`` tells how surely a text (0 to 100) is of this format."""

    name: str
    open: OpenSuite
    fits: Callable[[str, Path], int]
    doc: str


SUITES: Registry[SuiteFormat] = Registry("suite format", "robustgen.suites")
F = TypeVar("F", bound=OpenSuite)


def suite_format(*, fits: Callable[[str, Path], int]) -> Callable[[F], F]:
    """Make a function ``(text, path) -> Suite`` a format of suites; its name is its file's."""

    def wrap(fn: F) -> F:
        name = fn.__module__.rpartition(".")[2].replace("_", "-")
        SUITES.register(name, SuiteFormat(name=name, open=fn, fits=fits, doc=(fn.__doc__ or "").strip()), fn.__module__)
        return fn

    return wrap


def open_suite(path: Path, name: str = "") -> tuple[Suite, str]:
    """Open a suite, in the format that is named or that fits best; raises ``UsageError`` when none does."""
    try:
        text = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(path, error) from None
    if name:
        return SUITES.get(name).open(text, path), name
    best, found = max((format_.fits(text, path), n) for n, format_ in SUITES.items())
    if not best:
        raise UsageError(f"{path}: no known format of suites", mend=f"name it with --format: {', '.join(SUITES.names())}")
    return SUITES.get(found).open(text, path), found


def cannot_read(path: Path, why: object, line: int = 0) -> UsageError:
    """Return the error of a file that is not of its format."""
    return UsageError(f"{path}{f':{line}' if line else ''}: {why}", mend="mend the file, or name another format with --format")


def first_of(names: Sequence[str], row: Mapping[str, Any], field: str = "") -> str:
    """Return the first of some names that a row has as text, or the named field; empty when there is none."""
    if field:
        return field if field in row else ""
    return next((n for n in names if row.get(n) not in (None, "") and not isinstance(row[n], (int, float))), "")


def texts_in(value: Any) -> list[str]:
    """Return every text in a value, inside lists and mappings too."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [t for v in value.values() for t in texts_in(v)]
    return [t for v in value for t in texts_in(v)] if isinstance(value, (list, tuple)) else []


def labelled(row: Mapping[str, Any]) -> bool:
    """Tell whether a row holds a class of its text."""
    return any(name.casefold() in LABELS for name in row)


def identity(row: Mapping[str, Any], number: int) -> str:
    """Return a row's own id, else its number from 1."""
    name = next((n for n in IDS if row.get(n) not in (None, "")), "")
    return str(row[name]) if name else str(number)


def renamed(row: dict[str, Any], link: Link) -> None:
    """Give a new row its own id, where rows have ids of text; numbers go on being numbers elsewhere."""
    name = next((n for n in IDS if row.get(n) not in (None, "")), "")
    if name:
        row[name] = link.id
