"""The rows of a parametrised test, multiplied by variants of their text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

import pytest

from robustgen.core.draw import seed_of
from robustgen.core.plugins import PERTURBATIONS
from robustgen.errors import RobustgenError, UsageError
from robustgen.generate.free_text import Variant, perturb_text
from robustgen.pytest_plugin.decorators import Wish

__all__ = ["NIGHTLY", "multiply"]

NIGHTLY = 10
_Row = type(pytest.param())


class _Table(NamedTuple):
    """One ``parametrize`` of a test, of its class or module: its mark as it stands there and spelled out, its names and rows."""

    stands: pytest.Mark
    mark: pytest.Mark
    names: list[str]
    rows: list[tuple[list[Any], Collection[Any], Any]]


def multiply(metafunc: pytest.Metafunc, wish: Wish, *, own: bool) -> None:
    """Put variants below the rows of the ``parametrize`` that holds the test's text; a wish of the class (not ``own``) lets tests without text be."""
    where = metafunc.definition.nodeid
    found = [_table(mark) for mark in metafunc.definition.iter_markers("parametrize")]
    texts = [(n, t) for t in found for n in t.names if any(isinstance(r[0][t.names.index(n)], str) for r in t.rows) and wish.arg in {"", n}]
    order = list(metafunc.fixturenames)
    if not texts:
        if not own:
            return
        told = f"parameter '{wish.arg}'" if wish.arg else "its parameters"
        raise pytest.Collector.CollectError(f"{where}: @robustgen.perturbed finds no text in {told}; put @pytest.mark.parametrize below it")
    name, table = min(texts, key=lambda t: order.index(t[0]) if t[0] in order else len(order))
    options = metafunc.config.option
    count = options.robustgen_n or wish.n * (NIGHTLY if options.robustgen_profile == "nightly" else 1)
    seed = wish.seed if options.robustgen_seed is None else options.robustgen_seed
    try:
        made = list(_multiplied(table, name, wish, count, seed))
    except RobustgenError as error:
        raise pytest.Collector.CollectError(f"{where}: @robustgen.perturbed: {error}") from None
    kept = {k: v for k, v in table.mark.kwargs.items() if k not in {"argnames", "argvalues"} and (k != "ids" or callable(v))}
    _exchange(metafunc.definition, table.stands, pytest.mark.parametrize(table.names, made, **kept).mark)


def _exchange(definition: pytest.Function, old: pytest.Mark, new: pytest.Mark) -> None:
    """Put one mark in another's place, for this test alone: a mark of the class is the other tests' too."""
    for at, mark in enumerate(definition.own_markers):
        if mark is old:
            definition.own_markers[at] = new
            return
    every = definition.iter_markers

    def iter_markers(name: str | None = None) -> Iterator[pytest.Mark]:
        return (new if mark is old else mark for mark in every(name))

    vars(definition)["iter_markers"] = iter_markers


def _table(mark: pytest.Mark) -> _Table:
    """Read a ``parametrize`` mark."""
    arguments = dict(zip(("argnames", "argvalues", "indirect", "ids", "scope"), mark.args, strict=False)) | dict(mark.kwargs)
    names = [n.strip() for n in arguments["argnames"].split(",") if n.strip()] if isinstance(arguments["argnames"], str) else list(arguments["argnames"])
    single = len(names) == 1
    ids = arguments.get("ids")
    listed = list(ids) if ids is not None and not callable(ids) else []
    rows: list[tuple[list[Any], Collection[Any], Any]] = []
    for at, row in enumerate(arguments["argvalues"]):
        given = listed[at] if at < len(listed) else None
        if isinstance(row, _Row):
            rows.append((list(row.values), row.marks, row.id if row.id is not None else given))
        else:
            rows.append(([row] if single else list(row), (), given))
    whole = pytest.mark.parametrize(**{**arguments, "argnames": names, "argvalues": []}).mark
    return _Table(mark, whole, names, rows)


def _multiplied(table: _Table, name: str, wish: Wish, count: int, seed: int) -> Iterator[Any]:
    """Yield every row and, behind it, its variants."""
    at = table.names.index(name)
    for number, (values, row_marks, identity) in enumerate(table.rows):
        yield pytest.param(*values, marks=row_marks, **({} if identity is None else {"id": identity}))
        text = values[at]
        if not isinstance(text, str) or not text.strip():
            continue
        for chosen in _chosen(wish):
            try:
                made = _variants(text, chosen, wish, count, seed)
            except UsageError:
                if len(wish.names) != 1 or chosen in wish.names:
                    raise
                continue
            for i, variant in enumerate(made):
                by = variant.trail[0].perturbation
                label = f"{identity if isinstance(identity, str) else _short(text, number)}~{by}.{i}"
                told = pytest.mark.robustgen_variant(by, variant=variant, arg=name)
                yield pytest.param(*values[:at], variant.text, *values[at + 1 :], marks=[*row_marks, told], id=label)


def _variants(text: str, chosen: str, wish: Wish, count: int, seed: int) -> list[Variant]:
    """Return variants of a text by one perturbation; empty name: by any."""
    names = [chosen] if chosen else []
    own = seed_of(seed, text, chosen)
    return perturb_text(text, language=wish.lang, perturbations=names, strength=wish.strength, count=count, seed=own, keep=wish.keep)


def _chosen(wish: Wish) -> list[str]:
    """Return the perturbations of a wish, families spelled out; one empty name stands for any."""
    families: dict[str, list[str]] = {}
    for name, spec in PERTURBATIONS.items():
        if not spec.over_facts and spec.default and spec.effect.value == "preserves":
            families.setdefault(spec.family, []).append(name)
    known = set(PERTURBATIONS.names())
    return [n for name in wish.names for n in ([name] if name in known else _fitting(families.get(name, [name]), wish.lang))] or [""]


def _fitting(names: Sequence[str], lang: str) -> list[str]:
    """Return the members of a family that a language has what they need for."""
    from robustgen.packs.language import load_language

    language = load_language(lang)
    known = {n: PERTURBATIONS.get(n) for n in names}
    return [
        n
        for n, s in known.items()
        if (not s.languages or language.tag in s.languages or language.base in s.languages) and all(language.rows(r) for r in s.needs)
    ]


def _short(text: str, number: int) -> str:
    """Return a readable name of a row, letters without their accents."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text[:40]) if not unicodedata.combining(c))
    return f"{number}-{re.sub(r'[^A-Za-z0-9]+', '-', plain)[:24].strip('-')}".removesuffix("-")
