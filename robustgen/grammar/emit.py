"""Writing facts by functions put together for wordings that are used often: the same choices, the same text and marks.

Every node of a template can add its lines to a function (``Emit``). A wording or part becomes a function once it has been written
some times, for putting one together costs as much as writing it some dozen times. The functions hand the stream over before anything that may
draw or fail, so that it stands afterwards as it would have without them.

The names in the lines: ``record``, ``draw``, ``out`` and its ``add``, ``mark``, ``prefix``, the stream's state ``s`` and ``chosen``, which records.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import accumulate
from typing import Any

from robustgen.core.case import Facts
from robustgen.core.draw import Draw, RandomDraw, weighted
from robustgen.grammar.lexicon import Words, value_key
from robustgen.grammar.source import Source

__all__ = [
    "Emit",
    "Grow",
    "Hot",
    "emit_choice",
    "emit_grow",
    "emit_if",
    "emit_inner",
    "emit_leaf",
    "emit_list",
    "emit_select",
    "emit_sequence",
    "emit_shuffle",
    "emit_symbol",
    "emit_word",
]

Grow = Callable[[Facts, Draw, list[str], list[tuple[str, int, int]], str], None]
Emit = Callable[[Source, int], None]
Steps = tuple[str | int, ...]
Get = Callable[[Any, Steps], Any]
COLD = 12
"""Times that a wording is written before it becomes a function."""
MOST = 4096
"""Weights of wordings that are spread out as a table."""


class Hot:
    """A wording or part, and the function that it becomes."""

    __slots__ = ("_emit", "_fn", "_grow", "_used")

    def __init__(self, grow: Grow, emit: Emit) -> None:
        """Start with how it is written, and the lines it would add to a function."""
        self._grow, self._emit = grow, emit
        self._used, self._fn = 0, None

    def __call__(self, record: Any, draw: RandomDraw, out: list[str], marks: list[Any], prefix: str, s: int, chosen: Callable[[int], None]) -> int:
        """Write; returns the state of the stream afterwards."""
        fn = self._fn
        if fn is None:
            self._used += 1
            if self._used <= COLD:
                draw._state = s
                self._grow(record, draw, out, marks, prefix)
                return draw._state
            fn = self._fn = _compiled(self._emit)
        state: int = fn(record, draw, out, marks, prefix, s, chosen)
        return state


def _compiled(emit: Emit) -> Any:
    out = Source()
    out.add(0, "def write(record, draw, out, marks, prefix, s, chosen):", "    add, mark = out.append, marks.append")
    emit(out, 1)
    out.add(1, "return s")
    return out.made("write")


def run(hot: Hot, record: Any, draw: RandomDraw, out: list[str], marks: list[Any], prefix: str) -> None:
    """Write from the stream where it stands, and leave it where it then is."""
    draw._state = hot(record, draw, out, marks, prefix, draw._state, draw._here.append)


def emit_grow(grow: Grow) -> Emit:
    """Write as ever."""

    def emit(out: Source, depth: int) -> None:
        out.add(depth, "draw._state = s", f"{out.keep(grow)}(record, draw, out, marks, prefix)", "s = draw._state")

    return emit


def emit_sequence(parts: Sequence[Emit]) -> Emit:
    """One after the other."""

    def emit(out: Source, depth: int) -> None:
        for part in parts:
            part(out, depth)

    return emit


def _body(out: Source, depth: int, part: Emit) -> None:
    """Add an indented body, which may turn out empty."""
    out.flush()
    before = len(out.lines)
    part(out, depth)
    out.flush()
    if len(out.lines) == before:
        out.add(depth, "pass")


def emit_choice(options: Sequence[Emit], texts: Sequence[str | None]) -> Emit:
    """One of some wordings; fixed texts come from a table."""
    table = [t for t in texts if t is not None]

    def emit(out: Source, depth: int) -> None:
        if len(table) == len(options):
            out.add(depth, f"add({out.choose_from(depth, table)})")
            return
        out.choose(depth, len(options))
        for i, option in enumerate(options):
            out.add(depth, f"{'el' if i else ''}if k == {i}:" if i < len(options) - 1 else "else:")
            _body(out, depth + 1, option)

    return emit


def _value(out: Source, steps: Steps, get: Get) -> str:
    """Return the expression of what stands at some steps from the record."""
    if len(steps) == 1 and isinstance(steps[0], str):
        return f"record[{steps[0]!r}]"
    return f"{out.keep(get)}(record, {steps!r})" if steps else "record"


def emit_if(steps: Steps, get: Get, *, negated: bool, body: Emit) -> Emit:
    """Shown when a value is there and true, or the opposite."""

    def emit(out: Source, depth: int) -> None:
        out.add(depth, f"if {'not ' if negated else ''}{_value(out, steps, get)}:")
        _body(out, depth + 1, body)

    return emit


def emit_leaf(say: Callable[..., str], steps: Steps, path: str, get: Get) -> Emit:
    """Write a value that draws nothing, and mark where it stands."""

    def emit(out: Source, depth: int) -> None:
        owner = _value(out, steps[:-1], get)
        out.add(depth, f"o = {owner}", "n = len(out)", "draw._state = s")
        out.add(depth, f"add({out.keep(say)}(o[{steps[-1]!r}], o, draw))", f"mark((prefix + {path!r}, n, n + 1))")

    return emit


def emit_word(words: Words, variant: str, register: str, say: Callable[..., str], steps: Steps, path: str, get: Get) -> Emit:
    """Write a value by one of its words, and mark where it stands."""

    def emit(out: Source, depth: int) -> None:
        forms = out.keep(words.spread(variant, register))
        out.add(depth, f"o = {_value(out, steps[:-1], get)}", f"v, n = o[{steps[-1]!r}], len(out)")
        out.add(depth, f"w = {forms}.get(v if type(v) is str else {out.keep(value_key)}(v)) if v is not None else None", "if w is None:")
        out.add(depth + 1, "draw._state = s", f"add({out.keep(say)}(v, o, draw))", "s = draw._state")
        out.add(depth, "elif len(w) == 1:", "    add(w[0])", "else:")
        out.choose(depth + 1, "len(w)")
        out.add(depth + 1, "add(w[k])")
        out.add(depth, f"mark((prefix + {path!r}, n, n + 1))")

    return emit


def emit_inner(steps: Steps, path: str, part: Hot, grow: Grow, get: Get) -> Emit:
    """Write an inner record by its part; what is absent is left to ``grow``, which says so."""

    def emit(out: Source, depth: int) -> None:
        out.add(depth, f"v, n = {_value(out, steps, get)}, len(out)", "if v is None:")
        emit_grow(grow)(out, depth + 1)
        out.add(depth, "else:")
        out.add(depth + 1, f"s = {out.keep(part)}(v, draw, out, marks, prefix + {path + '.'!r}, s, chosen)", f"mark((prefix + {path!r}, n, len(out)))")

    return emit


def emit_list(steps: Steps, path: str, item: Hot, between: str, last: str, get: Get) -> Emit:
    """Write the items of a list, each from a stream of its own."""

    def emit(out: Source, depth: int) -> None:
        out.add(depth, f"items = {_value(out, steps, get)} or ()", "most = len(items) - 1", "for i, v in enumerate(items):")
        out.add(depth + 1, "if i:", f"    add({last!r} if i == most else {between!r})", f"label, n = {path + '['!r} + str(i) + ']', len(out)")
        out.add(depth + 1, "here = prefix + label", "draw._state = s")
        call = f"{out.keep(partial)}({out.keep(run)}, {out.keep(item)}, v, draw, out, marks, here + '.')"
        out.add(depth + 1, f"draw.group(label, {call})", "s = draw._state", "mark((here, n, len(out)))")

    return emit


def emit_shuffle(parts: Sequence[Hot], separator: str) -> Emit:
    """Write parts in any order."""

    def emit(out: Source, depth: int) -> None:
        out.add(depth, f"left = [{', '.join(map(out.keep, parts))}]", "m = len(left)", "while m:")
        out.choose(depth + 1, "m")
        out.add(depth + 1, "s = left.pop(k)(record, draw, out, marks, prefix, s, chosen)", "m -= 1")
        out.add(depth + 1, "if m:", f"    add({separator!r})")

    return emit


def emit_select(which: Callable[[Facts], tuple[str, bool]], branches: dict[str, Hot], steps: Steps, path: str) -> Emit:
    """Write the branch that a value selects; one that states the value is marked."""

    def emit(out: Source, depth: int) -> None:
        out.add(depth, "draw._state = s", f"b, stated = {out.keep(which)}(record)", "n = len(out)")
        out.add(depth, f"s = {out.keep(branches)}[b](record, draw, out, marks, prefix, s, chosen)")
        out.add(depth, "if stated:", f"    mark((prefix + {path!r}, n, len(out)))")

    return emit


def emit_symbol(wordings: Sequence[Hot], texts: Sequence[str | None], weights: Sequence[int], pick: Callable[[Facts, Draw], int] | None) -> Emit:
    """Write one of a part's wordings by weight, or the one that ``pick`` finds to agree with the facts."""
    spread = [i for i, weight in enumerate(weights) for _ in range(weight)] if sum(weights) <= MOST else []

    def emit(out: Source, depth: int) -> None:
        if len(wordings) == 1 and pick is None:
            _text_or_call(out, depth, texts[0], out.keep(wordings[0]))
        elif pick is not None or not spread:
            chosen = pick or _by_weight(list(accumulate(weights)))
            out.add(depth, "draw._state = s", f"p = {out.keep(chosen)}(record, draw)", "s = draw._state")
            out.add(depth, f"s = {out.keep(list(wordings))}[p](record, draw, out, marks, prefix, s, chosen)")
        elif all(t is not None for t in texts):
            out.add(depth, f"add({out.choose_from(depth, [texts[i] for i in spread])})")
        else:
            each = out.choose_from(depth, [wordings[i] for i in spread])
            out.add(depth, f"s = {each}(record, draw, out, marks, prefix, s, chosen)")

    return emit


def _text_or_call(out: Source, depth: int, text: str | None, name: str) -> None:
    if text is None:
        out.add(depth, f"s = {name}(record, draw, out, marks, prefix, s, chosen)")
    else:
        out.literal(depth, text)


def _by_weight(bounds: Sequence[int]) -> Callable[[Facts, Draw], int]:
    return lambda _, draw: weighted(draw, bounds)
