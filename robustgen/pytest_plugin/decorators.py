"""``@robustgen.cases`` and ``@robustgen.perturbed``: what a test asks for, without making anything yet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

import pytest

__all__ = ["Wish", "cases", "perturbed", "plugged", "wish_of"]

F = TypeVar("F", bound=Callable[..., Any])
plugged: list[str] = []
"""Holds something once the plug-in is in use."""
_ATTRIBUTE = "__robustgen_perturbed__"


class Wish(NamedTuple):
    """What a perturbed test asks for."""

    names: Sequence[str]
    keep: Sequence[str]
    n: int
    arg: str
    lang: str
    strength: float | None
    seed: int


def cases(
    *,
    domain: str | Sequence[str],
    task: str | Sequence[str] = (),
    n: int = 20,
    kinds: str | Sequence[str] = (),
    lang: str | Sequence[str] = (),
    perturb: str | Sequence[str] = (),
    seed: int = 0,
) -> Callable[[F], F]:
    """Parametrise a test with generated cases: its parameter ``case`` is a case with ``check(answer)``.

    On a class it is for the class's tests that have that parameter. ``--robustgen-n`` and ``--robustgen-seed`` go before what stands here; nothing is
    generated before tests are collected. Without the plug-in (``-p no:robustgen``) such a test is skipped: nobody would give it a case.
    """
    if not plugged:
        skipped: Callable[[F], F] = pytest.mark.skip(reason="generated cases need the plug-in robustgen")
        return skipped
    made: Callable[[F], F] = pytest.mark.robustgen(domain=domain, task=task, n=n, kinds=kinds, lang=lang, perturb=perturb, seed=seed)
    return made


def perturbed(
    *names: str, keep: Sequence[str] = (), n: int = 1, arg: str = "", lang: str = "en", strength: float | None = None, seed: int = 0
) -> Callable[[F], F]:
    """Multiply the rows of a parametrised test: every row stays, and gets ``n`` variants of its text by each perturbation.

    ``names`` are perturbations or whole families of them (default: any that fits); ``keep`` regular expressions of what must stay;
    ``arg`` the parameter that holds the text (default: the test's first parameter that holds one). Everything else of a row stays, because these
    perturbations keep what a text says. On a class it is for every test of the class that is parametrised by a text, or whose class is.
    """

    def wrap(fn: F) -> F:
        setattr(fn, _ATTRIBUTE, Wish(names, (keep,) if isinstance(keep, str) else tuple(keep), n, arg, lang, strength, seed))
        return fn

    return wrap


def wish_of(function: object, cls: object) -> tuple[Wish | None, bool]:
    """Return what a test asks for, or else its class, and whether it is the test's own."""
    own: Wish | None = getattr(function, _ATTRIBUTE, None)
    of_class: Wish | None = getattr(cls, _ATTRIBUTE, None)
    return own or of_class, own is not None
