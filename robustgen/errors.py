"""Every error that reaches a user, in one tree.

::

    RobustgenError              exit code 2
    ├── UsageError              wrong option, value or combination
    │   └── UnknownName         a name that nothing carries; the nearest valid ones are told
    ├── ConfigError             a configuration file: section, key, what is wrong
    ├── PackError               a pack or corpus file: file, line, what is wrong, how to mend
    ├── GrammarError            a draw or a reading that cannot be done
    │   └── TooAmbiguous        more readings than the reader is allowed to keep
    ├── EditError               an edit that does not fit its text or touches protected text
    ├── LedgerError             a damaged, foreign or locked ledger
    ├── MissingExtra            an optional dependency that is not installed
    └── TargetUnusable          exit code 3: the system under test could not be tested

An error knows its exit code and shows what, where and how to mend in one text; nothing here formats a traceback.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = [
    "ConfigError",
    "EditError",
    "GrammarError",
    "LedgerError",
    "MissingExtra",
    "PackError",
    "RobustgenError",
    "TargetUnusable",
    "TooAmbiguous",
    "UnknownName",
    "UsageError",
    "unreadable",
]


class RobustgenError(Exception):
    """Root of all errors that robustgen raises on purpose."""

    exit_code = 2

    def __init__(self, what: str, *, mend: str = "") -> None:
        """Keep what went wrong and, when known, how to mend it."""
        self.what = what
        self.mend = mend
        super().__init__(f"{what}\n  {mend}" if mend else what)


class UsageError(RobustgenError):
    """A wrong option, value or combination of both."""


class UnknownName(UsageError):
    """A name of some kind (domain, task, perturbation ...) that nothing carries."""

    def __init__(self, kind: str, name: str, known: Iterable[str], *, mend: str = "") -> None:
        """Tell the nearest known names, or all of them when nothing is near."""
        self.kind, self.name = kind, name
        names = sorted(known)
        near = get_close_matches(name, names, n=3, cutoff=0.5)
        if not near:
            lower = {n.lower(): n for n in names}
            near = [lower[m] for m in get_close_matches(name.lower(), list(lower), n=3, cutoff=0.5)]
        shown = ", ".join(names[:24]) + (", ..." if len(names) > 24 else "")
        hint = f"did you mean {', '.join(near)}?" if near else f"known: {shown or 'none'}"
        super().__init__(f"unknown {kind} '{name}'", mend=mend or hint)


class ConfigError(RobustgenError):
    """A configuration file that cannot be used."""


class PackError(RobustgenError):
    """A mistake in a pack or corpus file, with its place."""

    def __init__(self, what: str, *, file: str = "", line: int = 0, column: int = 0, mend: str = "") -> None:
        """Put ``file:line:column`` in front of the message, as compilers do."""
        self.file, self.line, self.column, self.bare = file, line, column, what
        place = ":".join(str(p) for p in (file, line, column) if p)
        super().__init__(f"{place}: {what}" if place else what, mend=mend)


class GrammarError(RobustgenError):
    """Facts that cannot be drawn or said, or a text that cannot be read."""


class TooAmbiguous(GrammarError):
    """A text with more readings than the reader may keep."""


class EditError(RobustgenError):
    """An edit that does not fit its text, overlaps another or touches protected text."""


class LedgerError(RobustgenError):
    """A ledger that is damaged, of another version, or in use."""


class MissingExtra(RobustgenError):
    """A feature whose optional dependency is not installed."""

    def __init__(self, feature: str, extra: str) -> None:
        """Name the feature and the extra that brings it."""
        super().__init__(f"{feature} needs an optional dependency", mend=f"pip install 'robustgen[{extra}]'")


class TargetUnusable(RobustgenError):
    """The system under test could not be reached or gave too few usable answers."""

    exit_code = 3


def unreadable(path: object, error: Exception) -> UsageError:
    """Return the error of a file that cannot be read, in the system's words without its number."""
    if isinstance(error, FileNotFoundError):
        return UsageError(f"{path}: there is no such file", mend="check its name, and the folder in which you are")
    if isinstance(error, UnicodeDecodeError):
        return UsageError(f"{path}: not UTF-8: {error.reason} at byte {error.start}", mend="save it as UTF-8")
    return UsageError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}", mend="name a file that you may read")
