"""Functions put together for record types and wordings make what the plain way makes: values, text, marks, choices, and the stream afterwards."""

from __future__ import annotations

from typing import Any

import pytest

from robustgen.core.draw import RandomDraw
from robustgen.errors import GrammarError
from robustgen.grammar import emit
from robustgen.grammar.schema import RecordType
from robustgen.packs.pack import load_pack

SEEDS = 6
PACKS = ["clinical", "finance", "legal", "retail"]


class Plain(RandomDraw):
    """The same choices; being of another class it takes the plain way."""

    __slots__ = ()


def outcome(fn: Any, draw: RandomDraw) -> tuple[str, Any, int]:
    """Return what a function makes or why it fails, with its choices and the stream's state afterwards."""
    try:
        made = repr(fn(draw))
    except GrammarError as error:
        made = f"{error.what}"
    return made, draw.choices, draw._state


def drawn(type_: RecordType, draw: RandomDraw) -> Any:
    """Return a record with the types of its values."""
    facts = type_.draw(draw)
    return facts, [type(v).__name__ for v in facts.values()]


@pytest.mark.parametrize("name", PACKS)
def test_records(name: str) -> None:
    """Every record type of every pack is drawn as field by field."""
    pack, different = load_pack(name), []
    for tag in ("en", "ja"):
        for type_ in pack.schema(tag).types.values():
            for seed in range(SEEDS):
                quick, plain = (outcome(lambda d, t=type_: drawn(t, d), draw(seed)) for draw in (RandomDraw, Plain))
                if quick != plain:
                    different.append((tag, type_.name, seed, quick, plain))
    assert not different


@pytest.mark.parametrize("name", PACKS)
def test_wordings(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents of every task of every pack are written as node by node, from the first time on."""
    monkeypatch.setattr(emit, "COLD", 0)
    pack, different, written = load_pack(name), [], 0
    for tag in ("en", "de", "ja"):
        say = pack.say(tag)
        for task in pack.tasks.values():
            wordings = say.alternatives("documents", task.name)
            type_ = pack.schema(tag).types[task.type.name]
            for seed in range(SEEDS if wordings else 0):
                facts = type_.draw(RandomDraw(seed))
                quick, plain = (outcome(lambda d, y=say, f=facts, w=wordings, t=type_: y.realise(w, t, f, d)[0], draw(seed)) for draw in (RandomDraw, Plain))
                written += 1
                if quick != plain:
                    different.append((tag, task.name, seed, quick, plain))
    assert written > 100
    assert not different
