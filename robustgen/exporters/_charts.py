"""Figures of a report as the numbers that its SVG charts and heat map are drawn from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from robustgen.core.report import Cell, Point, Report
from robustgen.stats import wilson

__all__ = ["curves", "heat", "timeline"]

LEFT, TOP, WIDTH, HEIGHT = 42.0, 8.0, 180.0, 87.0
ROWS = 60
FEWEST = 20
"""Cases below which no curve is drawn: it would show chance."""


def curves(points: Sequence[Point]) -> list[dict[str, Any]]:
    """Return a chart for each family with at least two points, those that fail most first."""
    families: dict[str, list[Point]] = {}
    for point in points:
        families.setdefault(point.family, []).append(point)
    clean = next((p for p in points if p.family == "none"), None)
    usual = clean.high if clean else 0.0
    chosen = [
        (name, ps) for name, ps in families.items() if name != "none" and len(ps) > 1 and any(p.failed for p in ps) and sum(p.judged for p in ps) >= FEWEST
    ]
    return [_curve(name, ps, usual) for name, ps in sorted(chosen, key=lambda c: (-max(p.failed / p.judged for p in c[1]), c[0]))]


def _curve(family: str, points: Sequence[Point], usual: float) -> dict[str, Any]:
    top = max(0.1, *(p.failed / p.judged for p in points))
    top = next(t for t in (0.1, 0.25, 0.5, 1.0) if top <= t)
    placed = []
    for i, p in enumerate(points):
        x = LEFT + (WIDTH * i / (len(points) - 1))
        placed.append(
            {
                "x": round(x, 1),
                "y": _y(p.failed / p.judged, top),
                "low": _y(p.low, top),
                "high": _y(p.high, top),
                "name": f"{p.changed:.0%}",
                "said": f"{p.failed} of {p.judged} fail",
            }
        )
    starts = next((f"{p.changed:.0%}" for p in points if p.low > usual and p.failed), "")
    said = ", ".join(f"{p.changed:.0%} changed: {p.failed} of {p.judged} fail" for p in points)
    band = [f"{p['x']},{p['high']}" for p in placed] + [f"{p['x']},{p['low']}" for p in reversed(placed)]
    return {
        "family": family,
        "cases": sum(p.judged for p in points),
        "starts": starts,
        "label": said,
        "top": f"{top:.0%}",
        "points": placed,
        "line": " ".join(f"{p['x']},{p['y']}" for p in placed),
        "band": " ".join(band),
    }


def _y(rate: float, top: float) -> float:
    return round(TOP + HEIGHT * (1 - min(rate / top, 1.0)), 1)


def heat(cells: Sequence[Cell]) -> dict[str, dict[str, Any]]:
    """Return domain to rows of kind and perturbation over the languages, rows without any failure left out and counted."""
    made: dict[str, dict[str, Any]] = {}
    for domain in sorted({c.domain for c in cells}):
        mine = [c for c in cells if c.domain == domain]
        languages = sorted({c.language for c in mine})
        rows: dict[tuple[str, str], dict[str, Cell]] = {}
        for cell in mine:
            rows.setdefault((cell.kind, cell.perturbation), {})[cell.language] = cell
        failing = [(key, row) for key, row in rows.items() if any(c.failed for c in row.values())]
        failing.sort(key=lambda r: (-max(wilson(c.failed, c.judged)[0] for c in r[1].values()), r[0]))
        shown = [{"kind": k, "name": n, "cells": [_shaded(row.get(t)) for t in languages]} for (k, n), row in failing[:ROWS]]
        if shown:
            made[domain] = {"languages": languages, "rows": shown, "more": len(failing) - len(shown), "healthy": len(rows) - len(failing)}
    return made


def _shaded(cell: Cell | None) -> dict[str, Any] | None:
    """Return a cell with its shade: as dark as its failure rate is high for certain, never so dark that its figures cannot be read."""
    if cell is None:
        return None
    shade = 0.08 + 0.47 * wilson(cell.failed, cell.judged)[0]
    return {"failed": cell.failed, "judged": cell.judged, "shade": f"{shade:.2f}"}


def timeline(report: Report) -> dict[str, Any] | None:
    """Return availability and latency over time, None for a run of one window."""
    windows: Sequence[Mapping[str, Any]] = report.windows
    if len(windows) < 2:
        return None
    top = max(0.001, *(float(w.get("p95", 0.0)) for w in windows))
    xs = [round(32 + 200 * i / (len(windows) - 1), 1) for i in range(len(windows))]
    worst = min(float(w["availability"]) for w in windows)
    return {
        "availability": " ".join(f"{x},{round(5 + 80 * (1 - float(w['availability'])), 1)}" for x, w in zip(xs, windows, strict=True)),
        "latency": " ".join(f"{x},{round(5 + 80 * (1 - float(w.get('p95', 0.0)) / top), 1)}" for x, w in zip(xs, windows, strict=True)),
        "top": f"{top:.3g}",
        "first": windows[0]["from"],
        "label": f"Availability over {len(windows)} windows, {worst:.1%} at worst",
    }
