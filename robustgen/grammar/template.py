"""The template notation of ``say.yaml``, parsed into nodes.

``{slot}``, ``{slot:format}``, ``{list -> part; ", "; " and "}``, ``[a|b|c]``, ``{?field: ...}``, ``{!field: ...}``,
``{field # one=... | other=...}``, ``{*a, b, c; " "}``. Doubled braces and brackets stand for themselves outside of blocks.
"""

from __future__ import annotations

import re
from typing import NoReturn

import msgspec

from robustgen.grammar.notation import Text, fail

__all__ = ["Choice", "If", "Literal", "Node", "Select", "Sequence", "Shuffle", "Slot", "parse_template"]


class Literal(msgspec.Struct, frozen=True):
    """Text as it stands."""

    text: str


class Slot(msgspec.Struct, frozen=True):
    """A field, list, inner record, part or type symbol."""

    path: str
    format: str = ""
    part: str = ""
    separators: tuple[str, ...] = ()


class Choice(msgspec.Struct, frozen=True):
    """One of several wordings; the first is the simplest."""

    options: tuple[Sequence, ...]


class If(msgspec.Struct, frozen=True):
    """Shown when a field is present and true, or the opposite."""

    path: str
    negated: bool
    body: Sequence


class Select(msgspec.Struct, frozen=True):
    """A wording by plural category, value or class."""

    path: str
    branches: tuple[tuple[str, Sequence], ...]


class Shuffle(msgspec.Struct, frozen=True):
    """Parts in any order."""

    parts: tuple[str, ...]
    separator: str


Node = Literal | Slot | Choice | If | Select | Shuffle


class Sequence(msgspec.Struct, frozen=True):
    """Nodes one after the other."""

    nodes: tuple[Node, ...]


_NAME = r"[A-Za-z_][\w-]*(?:\[\d+\])?(?:\.[A-Za-z_]\w*(?:\[\d+\])?)*"
_SLOT = re.compile(rf"\s*({_NAME})\s*(?::\s*([\w-]+))?\s*(?:->\s*([\w-]+))?\s*((?:;\s*(?:\"[^\"]*\"|'[^']*')\s*)*)\Z")
_QUOTED = re.compile(r"\"([^\"]*)\"|'([^']*)'")


def parse_template(text: Text | str) -> Sequence:
    """Return the nodes of a template; raises ``PackError`` with the place of the template."""
    parser = _Parser(text)
    made = parser.sequence(0)
    if parser.at < len(text):
        parser.stop(f"'{text[parser.at]}' closes nothing")
    return made


class _Parser:
    """A cursor over one template."""

    def __init__(self, text: Text | str) -> None:
        self.text, self.at = text, 0

    def stop(self, what: str, mend: str = "double a brace or bracket that shall stand for itself: {{ }} [[ ]]") -> NoReturn:
        """Fail at this template, showing where."""
        near = str(self.text[max(0, self.at - 20) : self.at + 20]).replace("\n", "\\n")
        fail(self.text, f"template: {what} near '{near}'", mend)

    def sequence(self, depth: int, ends: str = "") -> Sequence:
        """Read nodes until one of ``ends`` (not consumed) or the end of the text."""
        nodes: list[Node] = []
        plain: list[str] = []
        text = self.text
        while self.at < len(text):
            c = text[self.at]
            double = text[self.at : self.at + 2]
            if double in {"{{", "[["} or (depth == 0 and double in {"}}", "]]"}):
                plain.append(c)
                self.at += 2
            elif c in ends:
                break
            elif c in "{[":
                if plain:
                    nodes.append(Literal("".join(plain)))
                    plain = []
                nodes.append(self.block() if c == "{" else self.choice())
            elif c in "}]" and depth == 0:
                self.stop(f"'{c}' closes nothing")
            else:
                plain.append(c)
                self.at += 1
        if plain:
            nodes.append(Literal("".join(plain)))
        return Sequence(tuple(nodes))

    def choice(self) -> Node:
        """Read ``[a|b]``; a single wording is optional."""
        self.at += 1
        options = [self.sequence(1, "|]")]
        while self.at < len(self.text) and self.text[self.at] == "|":
            self.at += 1
            options.append(self.sequence(1, "|]"))
        self.close("]")
        if len(options) == 1:
            options.insert(0, Sequence(()))
        return Choice(tuple(options))

    def close(self, mark: str) -> None:
        """Consume a closing mark."""
        if self.at >= len(self.text) or self.text[self.at] != mark:
            self.stop(f"a '{mark}' is missing")
        self.at += 1

    def block(self) -> Node:
        """Read what stands in braces."""
        self.at += 1
        rest = self.text[self.at :]
        condition = re.match(rf"([?!])\s*({_NAME})\s*:", rest)
        if condition:
            self.at += condition.end()
            body = self.sequence(1, "}")
            self.close("}")
            return If(condition[2], condition[1] == "!", body)
        select = re.match(rf"\s*({_NAME})\s*#\s*", rest)
        if select:
            self.at += select.end()
            return self.select(select[1])
        return self.simple()

    def select(self, path: str) -> Node:
        """Read the branches ``key=text | key=text``."""
        branches = []
        while True:
            key = re.match(r"\s*([\w.*-]+)\s*=", self.text[self.at :])
            if not key:
                self.stop("a branch is written key=text", "write: {n # one=tablet | other=tablets}")
            self.at += key.end()
            branches.append((key[1], _stripped(self.sequence(1, "|}"))))
            if self.at < len(self.text) and self.text[self.at] == "|":
                self.at += 1
                continue
            self.close("}")
            return Select(path, tuple(branches))

    def simple(self) -> Node:
        """Read a slot or a shuffle."""
        end = self._end_of_simple()
        inside = self.text[self.at : end]
        self.at = end + 1
        if inside.startswith("*"):
            names, _, separator = inside[1:].partition(";")
            quoted = _QUOTED.search(separator)
            parts = tuple(n.strip() for n in names.split(",") if n.strip())
            return Shuffle(parts, _unquote(quoted[0]) if quoted else " ")
        slot = _SLOT.match(inside)
        if not slot:
            self.stop(f"cannot read the slot '{{{inside}}}'", "write: {field}, {field:format}, {list; ', '} or {list -> part; ', '}")
        separators = tuple(_unquote(m[0]) for m in _QUOTED.finditer(slot[4] or ""))
        return Slot(slot[1], slot[2] or "", slot[3] or "", separators)

    def _end_of_simple(self) -> int:
        quote = ""
        for i in range(self.at, len(self.text)):
            c = self.text[i]
            if quote:
                quote = "" if c == quote else quote
            elif c in "\"'" and ";" in self.text[self.at : i]:
                quote = c
            elif c == "}":
                return i
        self.stop("a '}' is missing")
        return None


def _unquote(text: str) -> str:
    return text[1:-1].replace("\\n", "\n").replace("\\t", "\t")


def _stripped(made: Sequence) -> Sequence:
    """Return a branch without the spaces around it."""
    nodes = list(made.nodes)
    if nodes and isinstance(nodes[0], Literal):
        nodes[0] = Literal(nodes[0].text.lstrip(" "))
    if nodes and isinstance(nodes[-1], Literal):
        nodes[-1] = Literal(nodes[-1].text.rstrip(" "))
    return Sequence(tuple(n for n in nodes if not isinstance(n, Literal) or n.text))
