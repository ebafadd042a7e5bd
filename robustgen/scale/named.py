"""What a missing fact is called in words: ``names.csv`` in a pack's folder of a language, ``field,name``.

A field is the path of a fact, ``task:path`` where a name holds for one task only; a path without a name of its own goes by its last part,
and a fact that has no name at all by its data name.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import lru_cache

from robustgen.errors import UnknownName
from robustgen.packs.locate import pack_folder

__all__ = ["in_words", "names_of"]


@lru_cache(maxsize=64)
def names_of(domain: str, tag: str) -> Mapping[str, str]:
    """Return the names of a pack's fields in a language, those of a region over its language's; empty where there are none."""
    try:
        folder, _ = pack_folder(domain)
    except UnknownName:
        return {}
    found: dict[str, str] = {}
    for name in dict.fromkeys((tag.partition("-")[0], tag)):
        file = folder / name / "names.csv"
        if file.is_file():
            with file.open(encoding="utf-8", newline="") as opened:
                found |= {row["field"]: row["name"] for row in csv.DictReader(opened)}
    return found


def in_words(field: str, domain: str, task: str, tag: str) -> str:
    """Return what a field is called, its data name where nothing calls it anything else."""
    names = names_of(domain, tag)
    last = field.rpartition(".")[2]
    return next((names[key] for key in (f"{task}:{field}", field, f"{task}:{last}", last) if key in names), field)
