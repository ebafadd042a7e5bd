"""Concrete syntax of one language: ``say.yaml`` compiled twice, to write facts as text and to read them back.

Both compilers walk the same nodes. Writing fills a list of pieces and marks where each fact stands; reading follows every
wording that fits and keeps what it states. An author's mistake is a ``PackError`` at its line.
"""

# long: writing and reading are compiled side by side from the same nodes; apart they would drift

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

import msgspec

from robustgen.core.case import Facts, Spans
from robustgen.core.draw import Draw, RandomDraw, ReplayDraw, weighted
from robustgen.core.language import Language
from robustgen.core.plugins import Realised
from robustgen.errors import GrammarError, PackError, TooAmbiguous
from robustgen.grammar import emit as e
from robustgen.grammar import template as t
from robustgen.grammar.coverage import TRACE
from robustgen.grammar.leaf import Leaf, Leaves
from robustgen.grammar.lexicon import Lexicon, value_key
from robustgen.grammar.notation import Text, fail, only_keys
from robustgen.grammar.schema import Field, RecordType, Schema

__all__ = ["ABSENT", "PRESENT", "Alternative", "Compiled", "Reading", "Say", "Tail"]

Mark = tuple[str, int, int]
Grow = Callable[[Facts, Draw, list[str], list[Mark], str], None]
Tail = Any
"""What has been stated so far: ``(before, prefix, bindings)`` cells, newest first, None at the start."""
Reading = list[tuple[int, Tail]]
SECTIONS = ("ask", "documents", "ambiguous", "edges")
STEPS = 400_000
KEPT = 4096
_INDEX = re.compile(r"\[\d+\]")


class _Flag:
    """Stands for "there is some value" or "there is none" where the text does not say which."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


PRESENT, ABSENT = _Flag("PRESENT"), _Flag("ABSENT")


class Context:
    """One text being read, with what is already known about its places."""

    __slots__ = ("memo", "steps", "text")

    def __init__(self, text: str) -> None:
        """Start at nothing known."""
        self.text, self.memo, self.steps = text, dict[tuple[int, int], Reading](), 0

    def count(self, n: int) -> None:
        """Count work; raises ``TooAmbiguous`` beyond the bound."""
        self.steps += n
        if self.steps > STEPS:
            raise TooAmbiguous("the text has too many partial readings", mend="shorten it or make the templates less alike")


Read = Callable[[Context, int, Tail], Reading]


class Compiled(msgspec.Struct, frozen=True):
    """Something that can be written and read; ``emit`` writes it as lines of a function, ``text`` is what it always writes."""

    grow: Grow
    read: Read
    emit: e.Emit
    text: str | None = None

    @property
    def hot(self) -> e.Hot:
        """A function of its own."""
        return e.Hot(self.grow, self.emit)


class Alternative(msgspec.Struct, frozen=True):
    """One wording with what it declares."""

    source: str
    nodes: t.Sequence
    doc: str = ""
    register: str = ""
    weight: int = 1
    means: tuple[tuple[str, str], ...] = ()
    settled: bool = False
    file: str = ""
    line: int = 0

    @property
    def start(self) -> str:
        """The literal text it starts with."""
        first = self.nodes.nodes[0] if self.nodes.nodes else None
        return first.text if isinstance(first, t.Literal) else ""


def _alternative(node: Any, where: str) -> Alternative:
    if isinstance(node, Text):
        return Alternative(str(node).rstrip("\n"), _parsed(node), file=node.file, line=node.line)
    only_keys(node, ("say", "doc", "register", "weight", "means", "settled"), where)
    if "say" not in node:
        fail(node, f"{where}: a wording needs 'say'")
    weight = node.get("weight", "1")
    if not str(weight).isdigit() or int(weight) < 1:
        fail(weight, f"{where}: weight '{weight}' is not a positive whole number")
    return Alternative(
        str(node["say"]).rstrip("\n"),
        _parsed(node["say"]),
        doc=str(node.get("doc", "")),
        register=str(node.get("register", "")),
        weight=int(weight),
        means=tuple((str(k), str(v)) for k, v in node.get("means", {}).items()),
        settled=str(node.get("settled", "")) in {"yes", "true"},
        file=node["say"].file,
        line=node["say"].line,
    )


def _parsed(text: Any) -> t.Sequence:
    if not isinstance(text, Text):
        fail(text, "a wording must be text", "put it in double quotes")
    return t.parse_template(Text.at(str(text).rstrip("\n"), text.file, text.line, text.column))


class Say:
    """One language's wordings of one domain."""

    def __init__(self, schema: Schema, language: Language, lexicon: Lexicon, trees: Sequence[Any]) -> None:
        """Read the trees of ``say.yaml``: the base first, overlays after; a later symbol replaces an earlier one."""
        self.schema, self.language, self.lexicon = schema, language, lexicon
        self.leaves = Leaves(language, lexicon)
        self.symbols: dict[str, list[Alternative]] = {}
        self.places: dict[str, Text] = {}
        self.sections: dict[str, dict[str, list[Alternative]]] = {s: {} for s in SECTIONS}
        self._made: dict[tuple[str, str, str], Compiled] = {}
        self._open: list[tuple[str, str, str]] = []
        self._numbers = itertools.count()
        self._nodes: dict[tuple[t.Node, str, str], Compiled] = {}
        self._bounds: dict[int, tuple[Sequence[Alternative], list[int]]] = {}
        self._alternatives: dict[tuple[int, str, str], Compiled] = {}
        self._owners: dict[tuple[str, str], tuple[RecordType, Field]] = {}
        self._hot: dict[int, e.Hot] = {}
        for tree in trees:
            self._load(tree)

    def _load(self, tree: Any) -> None:
        if not isinstance(tree, Mapping):
            fail(tree, "say.yaml must be a mapping of symbols to wordings")
        for key, value in tree.items():
            if key in SECTIONS:
                for name, items in value.items():
                    self.sections[key][str(name)] = self._list(name, items)
            else:
                self.places[str(key)] = key
                self.symbols[str(key)] = self._list(key, value)

    def _list(self, name: Any, items: Any) -> list[Alternative]:
        if isinstance(items, (Text, Mapping)):
            items = [items]
        if not items:
            fail(name, f"'{name}' has no wording")
        return [_alternative(item, f"'{name}'") for item in items]

    # --- writing -----------------------------------------------------------------------------------------------------

    def alternatives(self, section: str, name: str) -> list[Alternative]:
        """Return the wordings of a task's documents, question, ambiguity or edge."""
        return self.sections[section].get(name, [])

    def usable(self, alternatives: Sequence[Alternative], type_: RecordType, facts: Facts) -> list[Alternative]:
        """Return the wordings whose ``means`` agree with the facts."""
        return [a for a in alternatives if all(_same(self._means(type_, p, v)[2], facts, p) for p, v in a.means)]

    def realise(self, alternatives: Sequence[Alternative], type_: RecordType, facts: Facts, draw: Draw) -> tuple[Realised, Alternative]:
        """Write facts by one of the wordings; raises ``GrammarError`` when none fits."""
        known = self._bounds.get(id(alternatives))
        if known is None or known[0] is not alternatives:
            if len(self._bounds) > KEPT:  # a list that was made for one call is never asked for again
                self._bounds.clear()
            guarded = any(a.means for a in alternatives)
            known = self._bounds[id(alternatives)] = (alternatives, [] if guarded else list(itertools.accumulate(a.weight for a in alternatives)))
        fitting, bounds = known
        if not bounds:
            fitting = self.usable(alternatives, type_, facts)
            if not fitting:
                raise GrammarError(f"no wording of type '{type_.name}' fits these facts in '{self.language.tag}'")
            bounds = list(itertools.accumulate(a.weight for a in fitting))
        chosen = fitting[weighted(draw, bounds)] if len(fitting) > 1 else fitting[0]
        return self.write(chosen, type_, facts, draw), chosen

    def write(self, chosen: Alternative, type_: RecordType, facts: Facts, draw: Draw) -> Realised:
        """Write facts by one wording."""
        out: list[str] = []
        marks: list[Mark] = []
        if TRACE.on:
            TRACE.enter(*self.production(chosen))
        made = self.compiled(chosen, type_, chosen.register)
        if type(draw) is RandomDraw and not TRACE.on:
            key = id(made)
            hot = self._hot.get(key)
            if hot is None:
                hot = self._hot[key] = made.hot
            e.run(hot, facts, draw, out, marks, "")
        else:
            made.grow(facts, draw, out, marks, "")
        if TRACE.on:
            TRACE.leave()
        if type(draw) is ReplayDraw and draw.gaps:
            _close(out, draw.gaps)
        return Realised(text="".join(out), spans=_spans(out, marks))

    def production(self, chosen: Alternative) -> tuple[str, int]:
        """Return the name and number of a document's wording."""
        for section, entries in self.sections.items():
            for name, every in entries.items():
                for i, alternative in enumerate(every):
                    if alternative is chosen:
                        return f"{section}:{name}", i
        return "part", 0

    def compiled(self, alternative: Alternative, type_: RecordType, register: str) -> Compiled:
        """Return a wording compiled for a record type."""
        key = (id(alternative), type_.name, register)
        if key not in self._alternatives:
            try:
                self._alternatives[key] = self._sequence(alternative.nodes, type_, register, alternative.means)
            except PackError:
                raise
            except GrammarError as error:
                what = f"in '{_short(alternative.source)}': {error.what}"
                raise PackError(what, file=alternative.file or "say.yaml", line=alternative.line, mend=error.mend) from None
        return self._alternatives[key]

    def part(self, name: str, type_: RecordType, register: str) -> Compiled:
        """Return a symbol compiled for a record type; a part is written in the scope that includes it."""
        key = (name, type_.name, register)
        if key not in self._made:
            if key in self._open:
                raise GrammarError(f"part '{name}' includes itself")
            self._open.append(key)
            try:
                self._made[key] = self._symbol(name, type_, register, next(self._numbers))
            finally:
                self._open.pop()
        return self._made[key]

    def _symbol(self, name: str, type_: RecordType, register: str, number: int) -> Compiled:
        every = self.symbols.get(name)
        if every is None:
            from difflib import get_close_matches

            near = get_close_matches(name, [*self.symbols, *type_.fields], n=1)
            mend = f"did you mean '{near[0]}'?" if near else f"fields of {type_.name}: {', '.join(type_.fields)}"
            raise GrammarError(f"'{name}' is neither a field of {type_.name} nor a part", mend=mend)
        fitting = [a for a in every if a.register in {"", register}] or every
        made = [(a, self.compiled(a, type_, register)) for a in fitting]
        reading = made if len(fitting) == len(every) else [(a, self.compiled(a, type_, register)) for a in every]
        return _symbol(self, type_, name, made, _read_symbol(reading, number))

    # --- compiling nodes ---------------------------------------------------------------------------------------------

    def _sequence(self, nodes: t.Sequence, type_: RecordType, register: str, means: tuple[tuple[str, str], ...] = ()) -> Compiled:
        made = [self._node(n, type_, register) for n in nodes.nodes]
        grows, reads = [m.grow for m in made], [m.read for m in made]
        bound = tuple((path, self._means(type_, path, text)[2]) for path, text in means)

        def grow(record: Facts, draw: Draw, out: list[str], marks: list[Mark], prefix: str) -> None:
            for g in grows:
                g(record, draw, out, marks, prefix)

        def read(context: Context, at: int, tail: Tail) -> Reading:
            states: Reading = [(at, (tail, "", bound) if bound else tail)]
            for r in reads:
                if len(states) == 1:
                    states = r(context, *states[0])
                else:
                    states = [s for a, b in states for s in r(context, a, b)]
                    context.count(len(states))
                if not states:
                    return states
            return states

        if len(made) == 1 and not bound:
            return made[0]
        texts = [m.text for m in made]
        return Compiled(grow, read, e.emit_sequence([m.emit for m in made]), None if None in texts else "".join(map(str, texts)))

    def _means(self, type_: RecordType, path: str, text: str) -> tuple[RecordType, Field, Any]:
        owner, field, _ = self._resolve(type_, path)
        if text == "none":
            return owner, field, None
        return owner, field, field.typed(text)

    def _node(self, node: t.Node, type_: RecordType, register: str) -> Compiled:
        if isinstance(node, t.Literal):
            return _literal(node.text)
        key = (node, type_.name, register)
        found = self._nodes.get(key)
        if found is None:
            found = self._nodes[key] = self._other_node(node, type_, register)
        return found

    def _other_node(self, node: t.Choice | t.If | t.Select | t.Shuffle | t.Slot, type_: RecordType, register: str) -> Compiled:
        if isinstance(node, t.Choice):
            return _choice([self._sequence(o, type_, register) for o in node.options])
        if isinstance(node, t.If):
            return self._if(node, type_, register)
        if isinstance(node, t.Select):
            return self._select(node, type_, register)
        if isinstance(node, t.Shuffle):
            return _shuffle([self._slot(t.Slot(p), type_, register) for p in node.parts], node.separator)
        return self._slot(node, type_, register)

    def owner_of(self, type_: RecordType, path: str) -> tuple[RecordType, Field]:
        """Return the record type that owns the field at a path, and the field; raises ``GrammarError`` where there is none."""
        key = (type_.name, _INDEX.sub("[]", path))
        found = self._owners.get(key)
        if found is None:
            found = self._owners[key] = self._resolve(type_, path)[:2]
        return found

    def _resolve(self, type_: RecordType, path: str) -> tuple[RecordType, Field, tuple[str | int, ...]]:
        """Return the owner type, the field, and the steps from the record to the owner."""
        steps: list[str | int] = []
        parts = path.replace("]", "").replace("[", ".").split(".")
        field: Field | None = None
        for i, part in enumerate(parts):
            if part.isdigit():
                assert field is not None
                if field.kind != "list" or field.item is None:
                    raise GrammarError(f"'{path}': '{parts[i - 1]}' is no list")
                steps.append(int(part))
                field = field.item
            else:
                if field is not None:
                    if field.kind != "record":
                        raise GrammarError(f"'{path}': '{parts[i - 1]}' has no fields")
                    type_ = self.schema.types[field.spec.of]
                field = type_.fields.get(part)
                if field is None:
                    raise GrammarError(f"type '{type_.name}' has no field '{part}'", mend=f"fields: {', '.join(type_.fields)}")
                steps.append(part)
        assert field is not None
        return type_, field, tuple(steps)

    def _slot(self, node: t.Slot, type_: RecordType, register: str) -> Compiled:
        head = node.path.split(".")[0].split("[")[0]
        if head not in type_.fields:
            if node.path == type_.name or node.path in self.symbols:
                return self.part(node.path, type_, register)
            return self.part(node.path, type_, register)  # raises with a mend
        owner, field, steps = self._resolve(type_, node.path)
        if field.kind == "list":
            return self._list_slot(node, owner, field, steps, register)
        if field.kind == "record":
            inner = self.schema.types[field.spec.of]
            return _inner(steps, node.path, self.part(node.part or inner.name, inner, register))
        leaf = self.leaves.make(field, node.format, register, _limits(field))
        return _leaf(leaf, steps, node.path, register)

    def _list_slot(self, node: t.Slot, owner: RecordType, field: Field, steps: tuple[str | int, ...], register: str) -> Compiled:
        item = field.item
        assert item is not None
        if item.kind == "record":
            inner = self.schema.types[item.spec.of]
            made = self.part(node.part or inner.name, inner, register)
        else:
            made = _item_leaf(self.leaves.make(item, node.format, register, _limits(item)), item.name)
        limits = _limits(field)
        return _list(steps, node.path, made, node.separators or (", ",), allow_empty=not limits or limits[0] == 0)

    def _if(self, node: t.If, type_: RecordType, register: str) -> Compiled:
        _, field, steps = self._resolve(type_, node.path)
        body = self._sequence(node.body, type_, register)
        yes, no = (True, False) if field.kind == "bool" else (PRESENT, ABSENT)
        shown, hidden = ((node.path, no), (node.path, yes)) if node.negated else ((node.path, yes), (node.path, no))
        negated = node.negated

        def grow(record: Facts, draw: Draw, out: list[str], marks: list[Mark], prefix: str) -> None:
            if bool(_get(record, steps)) != negated:
                body.grow(record, draw, out, marks, prefix)

        def read(context: Context, at: int, tail: Tail) -> Reading:
            return [*body.read(context, at, (tail, "", (shown,))), (at, (tail, "", (hidden,)))]

        return Compiled(grow, read, e.emit_if(steps, _get, negated=negated, body=body.emit))

    def _select(self, node: t.Select, type_: RecordType, register: str) -> Compiled:
        _, field, steps = self._resolve(type_, node.path)
        branches = {key: self._sequence(body, type_, register) for key, body in node.branches}
        words, habits, path = self.leaves.words_of(field), self.leaves.habits, node.path
        bindings = {key: self._branch_binding(field, path, key) for key in branches}

        def which(record: Facts) -> tuple[str, bool]:
            """Return the key of the branch, and whether it states the value."""
            value = _get(record, steps)
            keys = [value_key(value) if value is not None else "none"]
            if not isinstance(value, (bool, str)) and value is not None and hasattr(value, "__abs__"):
                keys.append(habits.plural(value))
            keys += [words.cls(keys[0]) if words else "", "*", "other"]
            chosen = next((k for k in keys if k in branches), None)
            if chosen is None:
                raise GrammarError(f"'{{{path} # ...}}' has no branch for '{keys[0]}'", mend="add a branch '*='")
            return chosen, bool(bindings.get(keys[0]))

        def grow(record: Facts, draw: Draw, out: list[str], marks: list[Mark], prefix: str) -> None:
            key, stated = which(record)
            first = len(out)
            branches[key].grow(record, draw, out, marks, prefix)
            if stated:
                marks.append((prefix + path, first, len(out)))

        def read(context: Context, at: int, tail: Tail) -> Reading:
            return [s for k, b in branches.items() for s in b.read(context, at, (tail, "", bindings[k]) if bindings[k] else tail)]

        return Compiled(grow, read, e.emit_select(which, {k: b.hot for k, b in branches.items()}, steps, path))

    def _branch_binding(self, field: Field, path: str, key: str) -> tuple[tuple[str, Any], ...]:
        """Return what choosing a branch states: the value, where the key is one."""
        if key == "none":
            return ((path, ABSENT),)
        if field.kind in {"one", "bool"} or (field.kind == "row" and key in field.table.by_key):
            try:
                value = field.typed(key)
            except GrammarError:
                return ()
            return ((path, value),) if field.kind != "one" or key in field.spec.options else ()
        return ()


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 70 else f"{line[:67]}..."


def _same(wanted: Any, facts: Facts, path: str) -> bool:
    return bool(_get(facts, tuple(int(p) if p.isdigit() else p for p in path.replace("]", "").replace("[", ".").split("."))) == wanted)


def _get(record: Any, steps: tuple[str | int, ...]) -> Any:
    for step in steps:
        if record is None:
            return None
        try:
            record = record[step]
        except IndexError:
            return None
    return record


_NOTHING: Any = None
"""In place of a record, where only constants are wanted."""


def _limits(field: Field) -> tuple[Any, Any] | None:
    """Return constant outer limits, None where they depend on the record."""
    if field.kind not in {"int", "decimal", "date", "time", "datetime", "list"}:
        return None
    try:
        return field.limits(_NOTHING) if field.kind == "list" else field.outer(_NOTHING)
    except (AttributeError, GrammarError, TypeError, KeyError):
        return None


def _spans(out: list[str], marks: list[Mark]) -> Spans:
    ends = [0, *itertools.accumulate(map(len, out))]
    spans: Spans = {}
    for path, first, last in marks:
        if ends[last] > ends[first]:
            place = (ends[first], ends[last])
            found = spans.setdefault(path, [])
            if place not in found:
                found.append(place)
    return spans


@lru_cache(maxsize=65536)
def _literal(text: str) -> Compiled:
    length = len(text)

    def grow(record: Facts, draw: Draw, out: list[str], marks: list[Mark], prefix: str) -> None:
        out.append(text)

    def read(context: Context, at: int, tail: Tail) -> Reading:
        return [(at + length, tail)] if context.text.startswith(text, at) else []

    return Compiled(grow, read, lambda made, depth: made.literal(depth, text), text)


def _choice(options: list[Compiled]) -> Compiled:
    grows, reads, count = [o.grow for o in options], [o.read for o in options], len(options)

    def grow(record: Facts, draw: Draw, out: list[str], marks: list[Mark], prefix: str) -> None:
        grows[draw.below(count)](record, draw, out, marks, prefix)

    def read(context: Context, at: int, tail: Tail) -> Reading:
        found = [s for r in reads for s in r(context, at, tail)]
        return found if len(found) < 2 else _distinct(found)

    return Compiled(grow, read, e.emit_choice([o.emit for o in options], [o.text for o in options]))


def _distinct(states: Reading) -> Reading:
    """Drop states that are the very same place with the very same tail object."""
    return list({(at, id(tail)): (at, tail) for at, tail in states}.values())


def _left_out(grow: Grow, record: Facts, draw: ReplayDraw, out: list[str], prefix: str) -> None:
    """Take the choices of a passage without writing it, so that those of what follows stay what they were."""
    gaps, draw.gaps = draw.gaps, []
    grow(record, draw, [], [], prefix)
    draw.gaps = [*gaps, len(out)]


def _close(out: list[str], gaps: Sequence[int]) -> None:
    """Leave as many line ends where something was left out as the larger side has."""
    for gap in gaps:
        before, after = "".join(out[:gap]), "".join(out[gap:])
        least = len(before) - len(before.rstrip("\n")) if before.strip() else len(after)
        spare = min(least, len(after) - len(after.lstrip("\n")))
        for i in range(gap, len(out)):
            taken = min(spare, len(out[i]))
            out[i], spare = out[i][taken:], spare - taken


def _shuffle(parts: list[Compiled], separator: str) -> Compiled:
    def grow(record: Facts, draw: Draw, out: list[str], marks: list[Mark], prefix: str) -> None:
        left = list(parts)
        first = True
        while left:
            part = left.pop(draw.below(len(left)))
            if type(draw) is ReplayDraw and draw.leaves_out():
                _left_out(part.grow, record, draw, out, prefix)
                continue
            if not first:
                out.append(separator)
            part.grow(record, draw, out, marks, prefix)
            first = False

    def read(context: Context, at: int, tail: Tail) -> Reading:
        found: Reading = []
        states = [(at, tail, tuple(range(len(parts))))]
        while states:
            place, so_far, left = states.pop()
            if not left:
                found.append((place, so_far))
                continue
            if len(left) < len(parts):
                if not context.text.startswith(separator, place):
                    continue
                place += len(separator)
            for i in left:
                rest = tuple(j for j in left if j != i)
                states += [(end, new, rest) for end, new in parts[i].read(context, place, so_far)]
            context.count(1)
        return found

    return Compiled(grow, read, e.emit_shuffle([p.hot for p in parts], separator))


def _leaf(leaf: Leaf, steps: tuple[str | int, ...], path: str, register: str) -> Compiled:
    name, owner_steps = steps[-1], steps[:-1]
    owner_prefix = path.rpartition(".")[0] + "." if "." in path else ""
    say, read_leaf = leaf.say, leaf.read
    flat = not owner_steps and isinstance(name, str)

    def grow(record: Facts, draw: Draw, out: list[str], marks: list[Mark], prefix: str) -> None:
        owner: Any = record if flat else _get(record, owner_steps)
        out.append(say(owner[name], owner, draw))
        n = len(out)
        marks.append((prefix + path, n - 1, n))

    def read(context: Context, at: int, tail: Tail) -> Reading:
        return [(end, (tail, owner_prefix, bound)) for end, bound in read_leaf(context.text, at)]

    words = leaf.drawn_from
    if words is None:
        return Compiled(grow, read, e.emit_leaf(say, steps, path, _get))
    return Compiled(grow, read, e.emit_word(*words, say, steps, path, _get))


def _item_leaf(leaf: Leaf, name: str) -> Compiled:
    def grow(record: Any, draw: Draw, out: list[str], marks: list[Mark], prefix: str) -> None:
        out.append(leaf.say(record, {}, draw))
        marks.append((prefix.removesuffix("."), len(out) - 1, len(out)))

    def read(context: Context, at: int, tail: Tail) -> Reading:
        return [(end, (tail, "", (("", bound[0][1]),))) for end, bound in leaf.read(context.text, at)]

    return Compiled(grow, read, e.emit_grow(grow))


def _inner(steps: tuple[str | int, ...], path: str, made: Compiled) -> Compiled:
    def grow(record: Facts, draw: Draw, out: list[str], marks: list[Mark], prefix: str) -> None:
        inner = _get(record, steps)
        if inner is None:
            raise GrammarError(f"'{path}' is absent here", mend=f"wrap it: {{?{path}: ...}}")
        first = len(out)
        made.grow(inner, draw, out, marks, f"{prefix}{path}.")
        marks.append((prefix + path, first, len(out)))

    def read(context: Context, at: int, tail: Tail) -> Reading:
        return [(end, (tail, f"{path}.", inner)) for end, inner in made.read(context, at, None)]

    return Compiled(grow, read, e.emit_inner(steps, path, made.hot, grow, _get))


def _list(steps: tuple[str | int, ...], path: str, item: Compiled, separators: tuple[str, ...], *, allow_empty: bool) -> Compiled:
    between, last = separators[0], separators[-1]

    def grow(record: Facts, draw: Draw, out: list[str], marks: list[Mark], prefix: str) -> None:
        items = _get(record, steps) or []
        for i, value in enumerate(items):
            if i:
                out.append(last if i == len(items) - 1 else between)
            label = f"{path}[{i}]"
            first = len(out)
            draw.group(label, partial(item.grow, value, draw, out, marks, f"{prefix}{label}."))
            marks.append((prefix + label, first, len(out)))

    def read(context: Context, at: int, tail: Tail) -> Reading:
        found: Reading = [(at, (tail, "", ((f"{path}#", 0),)))] if allow_empty else []
        states = [(at, tail, 0)]
        while states:
            place, so_far, count = states.pop()
            for end, inner in item.read(context, place, None):
                stated = (so_far, f"{path}[{count}].", inner)
                done = count + 1
                found.append((end, (stated, "", ((f"{path}#", done),))))
                if end > place:
                    states += [(end + len(s), stated, done) for s in dict.fromkeys((between, last)) if context.text.startswith(s, end)]
            context.count(1)
        return found

    return Compiled(grow, read, e.emit_list(steps, path, item.hot, between, last, _get))


def _symbol(say: Say, type_: RecordType, name: str, made: list[tuple[Alternative, Compiled]], read: Read) -> Compiled:
    """Return a part: one of its wordings is written, all of them are read."""
    grows = [c.grow for _, c in made]
    numbers = [say.symbols[name].index(a) for a, _ in made]
    bounds = list(itertools.accumulate(a.weight for a, _ in made))
    guarded = any(a.means for a, _ in made)
    alternatives = [a for a, _ in made]

    def pick(record: Facts, draw: Draw) -> int:
        if not guarded:
            return weighted(draw, bounds) if len(bounds) > 1 else 0
        fitting = say.usable(alternatives, type_, record)
        if not fitting:
            raise GrammarError(f"no wording of '{name}' fits these facts", mend="add a wording without 'means'")
        chosen = fitting[weighted(draw, list(itertools.accumulate(a.weight for a in fitting)))]
        return next(i for i, a in enumerate(alternatives) if a is chosen)

    def grow(record: Facts, draw: Draw, out: list[str], marks: list[Mark], prefix: str) -> None:
        i = pick(record, draw)
        if type(draw) is ReplayDraw and draw.leaves_out():
            _left_out(grows[i], record, draw, out, prefix)
            return
        if not TRACE.on:
            grows[i](record, draw, out, marks, prefix)
            return
        TRACE.enter(name, numbers[i])
        grows[i](record, draw, out, marks, prefix)
        TRACE.leave()

    texts = [c.text for _, c in made]
    emit = e.emit_symbol([c.hot for _, c in made], texts, [a.weight for a, _ in made], pick if guarded else None)
    return Compiled(grow, read, emit, texts[0] if len(made) == 1 and not guarded else None)


def _read_symbol(made: list[tuple[Alternative, Compiled]], number: int) -> Read:
    starts = [(a.start, c.read) for a, c in made]

    def read(context: Context, at: int, tail: Tail) -> Reading:
        known = context.memo.get((number, at))
        if known is None:
            text = context.text
            known = []
            for start, r in starts:
                if text.startswith(start, at):
                    known += r(context, at, None)
            context.count(len(known) + 1)
            if len(known) > 1:
                known = _merge(known)
            context.memo[(number, at)] = known
        return [(end, (tail, "", inner) if inner is not None else tail) for end, inner in known]

    return read


def _merge(states: Reading) -> Reading:
    """Keep one of several states that end at the same place and state the same."""
    by_end: dict[int, int] = {}
    for end, _ in states:
        by_end[end] = by_end.get(end, 0) + 1
    if max(by_end.values()) == 1:
        return states
    kept: dict[tuple[int, Any], tuple[int, Tail]] = {}
    for end, tail in states:
        kept.setdefault((end, frozenset(flatten(tail))), (end, tail))
    return list(kept.values())


def flatten(tail: Tail, prefix: str = "") -> list[tuple[str, Any]]:
    """Return all (path, value) that a tail states."""
    found: list[tuple[str, Any]] = []
    while tail is not None:
        tail, inner_prefix, bound = tail
        here = prefix + inner_prefix
        if bound and isinstance(bound[0], tuple) and len(bound[0]) == 2 and isinstance(bound[0][0], str):
            found += [((here + name if name else here.removesuffix(".")), value) for name, value in bound]
        elif bound:
            found += flatten(bound, here)
    return found
