"""Lines of a function that is put together for one record type or wording, and the objects that it names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from robustgen.core.draw import STEP

__all__ = ["WIDEST", "Source"]

WIDEST = 0x10000000
"""Choices among more are made of two numbers: left to the stream itself."""


class Source:
    """Collects lines; text that is written piece after piece is joined."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.lines: list[str] = []
        self.names: dict[str, Any] = {}
        self._kept: dict[int, str] = {}
        self._text: list[str] = []
        self._depth = 0

    def keep(self, value: Any) -> str:
        """Return the name under which the function reaches an object."""
        name = self._kept.get(id(value))
        if name is None:
            name = self._kept[id(value)] = f"o{len(self.names)}"
            self.names[name] = value
        return name

    def add(self, depth: int, *lines: str) -> None:
        """Add lines at an indentation."""
        self.flush()
        self.lines += ["    " * depth + line for line in lines]

    def literal(self, depth: int, text: str) -> None:
        """Add text that is always written here."""
        if depth != self._depth:
            self.flush()
        self._depth = depth
        self._text.append(text)

    def flush(self) -> None:
        """Write the text that waits."""
        text, self._text = "".join(self._text), []
        if text:
            self.lines.append("    " * self._depth + f"add({text!r})")

    def choose(self, depth: int, count: int | str) -> None:
        """Add the choice ``k`` below a number, recorded, as ``RandomDraw.below`` makes it."""
        self.add(depth, f"s = (s * {STEP.factor} + {STEP.add}) & {STEP.mask}", f"k = (s >> 32) * {count} >> 32", "chosen(k)")

    def choose_from(self, depth: int, values: Sequence[Any]) -> str:
        """Add a choice among fixed values and return the expression of the one that is chosen."""
        self.choose(depth, len(values))
        return f"{self.keep(values)}[k]"

    def made(self, name: str) -> Callable[..., Any]:
        """Return the function of that name."""
        self.flush()
        exec(compile("\n".join(self.lines), f"<{name}>", "exec"), self.names)  # noqa: S102 - the lines hold numbers, names of our own and quoted text only
        made: Callable[..., Any] = self.names[name]
        return made
