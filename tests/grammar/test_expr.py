"""The expression language: exact, closed, and clear about mistakes."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest

from robustgen.errors import GrammarError
from robustgen.grammar.expr import FUNCTIONS, compile_expression

RECORD = SimpleNamespace(a=3, b=Decimal("0.1"), items=[SimpleNamespace(x=1), SimpleNamespace(x=2)])
NAMES = ("a", "b", "items")


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("a * b", Decimal("0.3")),
        ("a / 4", Decimal("0.75")),
        ("0.1 + 0.2 == 0.3", True),
        ("sum(i.x * a for i in items)", 9),
        ("[i.x for i in items if i.x > 1]", [2]),
        ("round_half_up(b * 25, 0.5)", Decimal("2.5")),
        ("round_half_up(2.345, 0.01)", Decimal("2.35")),
        ("round_half_even(2.345, 0.01)", Decimal("2.34")),
        ("floor_to(8.53, 0.5)", Decimal("8.5")),
        ("ceil_to(8.01, 0.5)", Decimal("8.5")),
        ("'x' if a > 2 and not b > 1 else 'y'", "x"),
        ("a in {1, 3}", True),
        ("str(months(date(2027, 1, 31), 1))", "2027-02-28"),
        ("str(date(2028, 2, 29) + days(1))", "2028-03-01"),
        ("_.a", 3),
    ],
)
def test_values(source: str, value: object) -> None:
    """Expressions compute exactly."""
    assert compile_expression(source, NAMES, FUNCTIONS)(RECORD) == value


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("c + 1", "unknown name 'c'"),
        ("__import__('os')", "unknown"),
        ("a.__class__", "underscore"),
        ("(lambda: 1)()", "not allowed"),
        ("9**9**9", "not allowed"),
        ("'{}'.format(a)", "format"),
        ("a +", "cannot read"),
        ("open('x')", "unknown function"),
        ("f'{a}'", "not allowed"),
        ("x" * 3000, "longer"),
    ],
)
def test_what_is_refused(source: str, why: str) -> None:
    """Nothing outside the language can be reached."""
    with pytest.raises(GrammarError, match=why):
        compile_expression(source, NAMES, FUNCTIONS)


def test_division_by_zero_is_an_error_of_ours() -> None:
    """No traceback for a zero divisor."""
    with pytest.raises(GrammarError, match="zero"):
        compile_expression("a / (a - 3)", NAMES, FUNCTIONS)(RECORD)
