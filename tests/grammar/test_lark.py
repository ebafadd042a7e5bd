"""The inverse agrees with an independent parser: Lark's Earley on a grammar derived from the templates alone.

A context-free grammar knows no ranges and no constraints, so it may report more readings than ours. What must hold: our one
reading is among Lark's, slot by slot; and where Lark finds one reading, we find one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count, islice, permutations, product

import pytest
from lark import Lark, Token, Tree

from robustgen.core.draw import seed_of
from robustgen.generate import Cell, Generator, Selection
from robustgen.generate.build import build
from robustgen.grammar import template as t
from robustgen.grammar.read import read_text
from robustgen.packs.locate import pack_names
from robustgen.packs.pack import load_pack

SHAPES = {
    "int": r"[0-9][0-9,]*", "decimal": r"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?", "id": r"RG-[0-9]+", "faker": r"[^\n:\/()]+",
    "date": r"(?:[A-Z][a-z]+\.? [0-9]{1,2}, [0-9]{4}|[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}\/[0-9]{1,2}\/[0-9]{4})",
}  # fmt: skip
CELLS = {
    ("clinical", "CL-X01"): 800,
    ("clinical", "CL-X02"): 500,
    ("clinical", "CL-T18"): 400,
    ("retail", "RT-X01"): 150,
    ("retail", "RT-T08"): 150,
}
"""How many documents of each task."""
MANY = 4
"""Parts in any order that are written out as orders."""
LONGEST = 260
"""Characters: an Earley parser that tries every split takes minutes for a page."""


class Derived:
    """A Lark grammar made from one task's templates, sharing nothing with the reader but the parsed notation."""

    def __init__(self, domain: str, task: str) -> None:
        """Derive the rules."""
        self.pack = load_pack(domain)
        self.say = self.pack.say("en")
        self.type = self.pack.task(task).type
        self.rules: dict[str, str] = {}
        self.slots: dict[str, str] = {}
        self.named: dict[str, str] = {}
        documents = [self.sequence(a.nodes) for a in self.say.alternatives("documents", task)]
        self.rules["start"] = " | ".join(documents)
        grammar = "\n".join(f"{name}: {body}" for name, body in self.rules.items())
        self.parser = Lark(grammar, parser="earley", lexer="dynamic_complete", ambiguity="explicit")

    def sequence(self, nodes: t.Sequence) -> str:
        """Return the right-hand side of a sequence."""
        return " ".join(self.node(n) for n in nodes.nodes)

    def node(self, node: t.Node) -> str:
        """Return the right-hand side of a node."""
        if isinstance(node, t.Literal):
            return self.text(node.text)
        if isinstance(node, t.Choice):
            return self.either([self.sequence(o) for o in node.options])
        if isinstance(node, t.Select):
            return self.either([self.sequence(o) for _, o in node.branches])
        if isinstance(node, t.Shuffle):
            between = f" {self.text(node.separator)} "
            if len(node.parts) > MANY:  # n! orders are too many: any of the parts, as often as there are parts, holds them all
                part = self.either([self.slot(t.Slot(p)) for p in node.parts])
                return between.join([part] * len(node.parts))
            return self.either([between.join(self.slot(t.Slot(p)) for p in order) for order in permutations(node.parts)])
        if isinstance(node, t.If):
            return self.either(["", self.sequence(node.body)])
        assert isinstance(node, t.Slot)
        return self.slot(node)

    def either(self, options: list[str]) -> str:
        """Return an alternation as a rule of its own, one of whose options may be empty: inside a rule Lark would multiply them out."""
        body = " | ".join(dict.fromkeys(options))
        name = self.named.setdefault(body, f"either_{len(self.named)}")
        self.rules[name] = body
        return name

    @staticmethod
    def text(text: str) -> str:
        """Return a literal as a terminal."""
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'

    def slot(self, node: t.Slot) -> str:
        """Return the rule of a slot: a part's wordings, or a terminal of the field's shape."""
        if node.path not in self.type.fields:
            name = "part_" + node.path.lower()
            if name not in self.rules:
                self.rules[name] = ""
                self.rules[name] = " | ".join(self.sequence(a.nodes) for a in self.say.symbols[node.path])
            return name
        name = f"slot_{node.path}_{node.format}".lower().replace("-", "_").rstrip("_")
        if name not in self.rules:
            self.slots[name] = node.path
            self.rules[name] = f"/{self.shape(node)}/"
        return name

    def shape(self, node: t.Slot) -> str:
        """Return the pattern of a slot's text."""
        field = self.type.fields[node.path]
        words = self.say.leaves.words_of(field)
        if words is not None:
            wanted = set((words.capital if node.format == "cap" else words).by_form)
            return "(?:" + "|".join(re.escape(f).replace("/", "\\/") for f in sorted(wanted, key=len, reverse=True)) + ")"
        if node.format == "money":
            return r"[^\d\s]{1,3}[0-9]+(?:,[0-9]{3})*(?:\.[0-9]{2,3})?"
        if node.format == "qty":
            return SHAPES["decimal"] + " (?:mg|g|kg)"
        if field.kind in {"pick", "derived"}:
            return SHAPES["decimal"]
        if field.kind == "one":
            return "(?:" + "|".join(field.spec.options) + ")"
        return SHAPES[field.kind]

    def readings(self, text: str) -> list[frozenset[tuple[str, str]]]:
        """Return the different sets of (field, text) under which Lark derives a text."""
        tree = self.parser.parse(text)
        return list(dict.fromkeys(frozenset(r) for r in self.expand(tree)))

    def expand(self, tree: Tree[Token]) -> Iterator[list[tuple[str, str]]]:
        """Yield every derivation's slots."""
        if tree.data == "_ambig":
            for child in tree.children:
                assert isinstance(child, Tree)
                yield from self.expand(child)
            return
        if str(tree.data) in self.slots:
            yield [(self.slots[str(tree.data)], "".join(str(c) for c in tree.children))]
            return
        inner = [list(self.expand(c)) for c in tree.children if isinstance(c, Tree)]
        for chosen in product(*inner):
            yield [pair for part in chosen for pair in part]


def test_at_least_two_packs_are_compared() -> None:
    """The cells cover two packs and 2,000 sentences."""
    assert {d for d, _ in CELLS} <= set(pack_names())
    assert len({d for d, _ in CELLS}) >= 2
    assert sum(CELLS.values()) >= 2000


@pytest.mark.parametrize(("domain", "task"), list(CELLS))
def test_the_reader_agrees_with_lark(domain: str, task: str) -> None:
    """Every sentence has exactly one reading of ours, and it is among Lark's, slot by slot."""
    derived = Derived(domain, task)
    generator = Generator(Selection.of([domain], kinds=["clean"]))
    type_ = load_pack(domain).schema("en").types[derived.type.name]
    wordings = derived.say.alternatives("documents", task)
    cases = (build(generator.recipe(Cell(domain, task, "en"), seed_of("lark", i))) for i in count())
    for case in islice((c for c in cases if len(c.text) <= LONGEST), CELLS[domain, task]):
        ours = read_text(derived.say, wordings, type_, case.text)
        assert len(ours) == 1, case.text
        stated = frozenset((path, case.text[s:e]) for path, places in case.spans.items() for s, e in places if path in set(derived.slots.values()))
        assert stated in derived.readings(case.text), case.text
