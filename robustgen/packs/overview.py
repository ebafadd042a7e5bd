"""A pack at a glance: tasks, languages, catalogue ids and how many cases of a file reached each."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import msgspec

from robustgen.packs.pack import Pack, load_pack

__all__ = ["overview"]

NO_CATALOGUE = ("locales", "ambiguities", "edges")
"""Sections of pack.toml that are no catalogue, or are counted with their own file."""


def overview(name: str, cases: str | None = None) -> dict[str, Any]:
    """Return a pack's contents as data; counts are None when no case file is given."""
    pack = load_pack(name)
    counts = _counts(Path(cases), name) if cases else None
    tasks = [
        {"id": t.name, "title": t.title, "labels": t.labels, "languages": [tag for tag in pack.tags if pack.speaks(tag, t.name)]} for t in pack.tasks.values()
    ]
    return {
        "name": name,
        "title": pack.title,
        "version": pack.version,
        "tasks": tasks,
        "languages": pack.tags,
        "kinds": ["clean", "noisy", "ambiguous", "multilingual", "edge", "missing", "adversarial"],
        "catalogue": {section: _with_counts(ids, counts) for section, ids in _catalogue(pack).items()},
    }


def _catalogue(pack: Pack) -> dict[str, list[str]]:
    meta = pack.meta
    return {
        "tasks": list(pack.tasks),
        "ambiguities": sorted({*pack.ambiguities, *meta.get("ambiguities", {})}),
        "edges": sorted({*pack.edges, *meta.get("edges", {})}),
        **{section: list(entries) for section, entries in meta.items() if isinstance(entries, dict) and section not in NO_CATALOGUE},
    }


def _with_counts(ids: list[str], counts: Counter[str] | None) -> dict[str, int | None]:
    return {i: None if counts is None else counts[i] for i in ids}


def _counts(file: Path, domain: str) -> Counter[str]:
    found: Counter[str] = Counter()
    oracles = load_pack(domain).meta.get("oracles", {})
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            case = msgspec.json.decode(line)
            if case.get("domain") == domain:
                regulations = {r for o in case["oracles"] for r in oracles.get(o, {}).get("regulations", ())}
                found.update({*case["tags"], *case["oracles"], *regulations})
    return found
