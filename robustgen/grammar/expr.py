"""The small expression language of pack files: a checked subset of Python, compiled once.

Names are fields of the record in scope (``_`` is the record itself), functions come from a closed list and from the
pack's rules. Nothing else can be reached: no imports, no private attributes, no powers, no keywords.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from difflib import get_close_matches
from fractions import Fraction
from functools import cache
from typing import Any

from robustgen.errors import GrammarError

__all__ = ["FUNCTIONS", "Expression", "compile_expression", "exact", "with_rules"]

Expression = Callable[[Any], Any]
_CONTEXT = Context(prec=40)
_ALLOWED = (
    ast.Expression, ast.Name, ast.Load, ast.Store, ast.Constant, ast.Attribute, ast.Subscript, ast.Index, ast.BinOp, ast.UnaryOp,
    ast.BoolOp, ast.Compare, ast.IfExp, ast.Call, ast.List, ast.Tuple, ast.Set, ast.Dict, ast.GeneratorExp, ast.ListComp, ast.SetComp,
    ast.comprehension, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.USub, ast.UAdd, ast.Not, ast.And, ast.Or,
    ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn, ast.Is, ast.IsNot, ast.Slice, ast.keyword,
)  # fmt: skip


def exact(value: Any) -> Any:
    """Return a fraction as a decimal of 40 digits; everything else as it is."""
    if isinstance(value, Fraction):
        return _CONTEXT.divide(Decimal(value.numerator), Decimal(value.denominator))
    return value


def _decimal(value: Any) -> Decimal:
    if type(value) is Decimal:
        return value
    return exact(value) if isinstance(value, Fraction) else Decimal(str(value))


def _divide(a: Any, b: Any) -> Decimal:
    if not b:
        raise GrammarError("division by zero in an expression")
    return _CONTEXT.divide(_decimal(a), _decimal(b))


def _rounder(rounding: str) -> Callable[[Any, Any], Decimal]:
    def to_step(x: Any, step: Any = 1) -> Decimal:
        unit = _decimal(step)
        scaled = _CONTEXT.divide(_decimal(x), unit).quantize(Decimal(1), rounding=rounding, context=_CONTEXT)
        return _CONTEXT.multiply(scaled, unit)

    return to_step


def _months(start: Any, n: Any) -> Any:
    """Return the same day ``n`` months on, or that month's last day."""
    total = start.year * 12 + start.month - 1 + int(n)
    year, month = divmod(total, 12)
    for day in (start.day, 30, 29, 28):
        try:
            return start.replace(year=year, month=month + 1, day=min(day, start.day))
        except ValueError:
            continue
    raise GrammarError("no such month")


FUNCTIONS: dict[str, Any] = {
    "min": min, "max": max, "sum": sum, "len": len, "abs": abs, "any": any, "all": all, "sorted": sorted, "set": set, "str": str,
    "int": int, "dec": _decimal, "round_half_up": _rounder(ROUND_HALF_UP), "round_half_even": _rounder(ROUND_HALF_EVEN),
    "floor_to": _rounder(ROUND_FLOOR), "ceil_to": _rounder(ROUND_CEILING), "days": lambda n: timedelta(days=int(n)),
    "weeks": lambda n: timedelta(weeks=int(n)), "hours": lambda n: timedelta(hours=int(n)), "minutes": lambda n: timedelta(minutes=int(n)),
    "months": _months, "years": lambda d, n: _months(d, int(n) * 12),
    "weekday": lambda d: d.weekday(), "date": lambda y, m, d: date(int(y), int(m), int(d)), "list": list, "tuple": tuple, "range": range,
    "days_between": lambda a, b: (b - a).days, "datetime": datetime.combine, "isinstance_none": lambda x: x is None, "enumerate": enumerate, "zip": zip,
}  # fmt: skip


def with_rules(rules: Mapping[str, Callable[..., Any]], tables: Mapping[str, Any]) -> dict[str, Any]:
    """Return the functions an expression may call: the closed list, the tables' ``row``/``rows`` and the pack's rules."""

    def wrap(fn: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *a, **k: exact(fn(*a, **k))

    def row(table: str, key: str) -> Any:
        return tables[table].row(key)

    return FUNCTIONS | {"row": row, "rows": lambda table: tables[table].rows} | {n: wrap(f) for n, f in rules.items()}


class _Check(ast.NodeTransformer):
    """Refuses what is not allowed and turns field names into attributes of ``_``."""

    def __init__(self, names: frozenset[str] | None, functions: Mapping[str, Any], stored: frozenset[str]) -> None:
        self.names, self.functions, self.stored, self.bound = names, functions, stored, set[str]()

    def visit(self, node: ast.AST) -> Any:
        """Refuse a kind of node that the language lacks."""
        if not isinstance(node, _ALLOWED):
            raise GrammarError(f"'{type(node).__name__}' is not allowed in an expression")
        return super().visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        """Resolve a name: bound by a comprehension, the record, a function, else a field."""
        name = node.id
        if name == "_" or name in self.bound or isinstance(node.ctx, ast.Store):
            return node
        if name in self.stored:  # seen as it is stored: taken from the record itself
            return ast.Subscript(ast.Attribute(ast.Name("_", ast.Load()), "_data", ast.Load()), ast.Constant(name), ast.Load())
        if self.names is None or name in self.names:
            return ast.Attribute(ast.Name("_", ast.Load()), name, ast.Load())
        if name in self.functions:
            return node
        near = get_close_matches(name, [*self.names, *self.functions], n=1)
        raise GrammarError(f"unknown name '{name}'", mend=f"did you mean '{near[0]}'?" if near else f"fields: {', '.join(sorted(self.names))}")

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        """Refuse private attributes."""
        if node.attr.startswith("_"):
            raise GrammarError(f"'{node.attr}' begins with an underscore, which no field does", mend="name a field")
        return ast.Attribute(self.visit(node.value), node.attr, node.ctx)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        """Make every fractional number an exact decimal."""
        if isinstance(node.value, float):
            return ast.Call(ast.Name("dec", ast.Load()), [ast.Constant(repr(node.value))], [])
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        """Make division exact."""
        left, right = self.visit(node.left), self.visit(node.right)
        if isinstance(node.op, ast.Div):
            return ast.Call(ast.Name("_div", ast.Load()), [left, right], [])
        return ast.BinOp(left, self.visit(node.op), right)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Allow calls of named functions, and of ``get`` and text methods on values."""
        if isinstance(node.func, ast.Name) and node.func.id not in self.functions:
            near = get_close_matches(node.func.id, list(self.functions), n=1)
            raise GrammarError(f"unknown function '{node.func.id}'", mend=f"did you mean '{near[0]}'?" if near else "")
        func = node.func if isinstance(node.func, ast.Name) else self.visit(node.func)
        if isinstance(node.func, ast.Attribute) and node.func.attr in {"format", "format_map"}:
            raise GrammarError("format is not allowed in an expression")
        keywords = [ast.keyword(k.arg, self.visit(k.value)) for k in node.keywords]
        return ast.Call(func, [self.visit(a) for a in node.args], keywords)

    def _comprehension(self, node: Any) -> Any:
        outer = set(self.bound)
        generators = []
        for g in node.generators:
            iterable = self.visit(g.iter)
            self.bound |= {n.id for n in ast.walk(g.target) if isinstance(n, ast.Name)}
            generators.append(ast.comprehension(g.target, iterable, [self.visit(i) for i in g.ifs], 0))
        made = type(node)(self.visit(node.elt), generators)
        self.bound = outer
        return made

    visit_GeneratorExp = visit_ListComp = visit_SetComp = _comprehension


@cache
def _parse(source: str) -> ast.Expression:
    if len(source) > 2000:
        raise GrammarError("an expression longer than 2,000 characters", mend="move it into rules.py")
    try:
        return ast.parse(source.strip(), mode="eval")
    except (SyntaxError, RecursionError, MemoryError) as error:
        raise GrammarError(f"cannot read the expression '{source}': {error.__class__.__name__}") from None


def compile_expression(source: str, names: Iterable[str] | None, functions: Mapping[str, Any]) -> Expression:
    """Return a function of a record view; raises ``GrammarError`` for what the language lacks.

    ``names`` are the fields in scope, by name where the function will see whole records of their type; None accepts any name (rows of
    a table and fields mixed).
    """
    known = None if names is None else frozenset(names)
    stored = frozenset(n for n, f in names.items() if f.plain) if isinstance(names, Mapping) else frozenset[str]()
    body = _Check(known, functions, stored).visit(ast.fix_missing_locations(ast.parse(ast.unparse(_parse(source)), mode="eval"))).body
    arguments = ast.arguments([], [ast.arg("_")], None, [], [], None, [])
    tree = ast.fix_missing_locations(ast.Expression(ast.Lambda(arguments, body)))
    scope = {"__builtins__": {}, "_div": _divide, **functions}
    made: Expression = eval(compile(tree, f"<{source}>", "eval"), scope)  # noqa: S307 - the tree holds checked nodes only
    return made
