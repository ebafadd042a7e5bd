"""Digits of any number can be changed, of negative ones too."""

from __future__ import annotations

from decimal import Decimal

import pytest

from robustgen.core.case import Case, Expected
from robustgen.core.draw import RandomDraw
from robustgen.core.plugins import Field
from robustgen.generate.tools import TextTools
from robustgen.packs.language import load_language
from robustgen.perturbations import values


class OneFact(TextTools):
    """Tools that know a single number."""

    def __init__(self, value: object) -> None:
        super().__init__(f"{value}", load_language("en"), 1.0)
        self.value, self.asked = value, list[object]()

    def field(self, path: str) -> Field | None:
        """Return the number."""
        kind = "int" if isinstance(self.value, int) else "decimal"
        return Field(path=path, kind=kind, value=self.value, depends=True)

    def with_value(self, path: str, value: object) -> None:
        """Note what the value should become; no facts hold it."""
        self.asked.append(value)


@pytest.mark.parametrize("value", [-2, -15, 7, 100, Decimal("-2.5"), Decimal("0.25")])
@pytest.mark.parametrize("name", ["doubled_digit", "wrong_digit", "transposed_digits", "lost_decimal_point"])
def test_digits_of_any_number(name: str, value: object) -> None:
    """A number of the same sign and type comes out, or nothing."""
    text = str(value)
    kept: dict[str, object] = {"id": "x", "family": "x", "domain": "d", "task": "T", "language": "en", "kinds": [], "messages": [], "facts": {"n": value}}
    for seed in range(20):
        tools = OneFact(value)
        case = Case(**kept, text=text, base_text=text, expected=Expected(accept=[]), spans={"n": [(0, len(text))]})  # type: ignore[arg-type] # plain values
        getattr(values, name)(case, RandomDraw(seed), tools)
        for other in tools.asked:
            assert type(other) is type(value)
            assert (other < 0) == (value < 0)  # type: ignore[operator] # both are numbers
