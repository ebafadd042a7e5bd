"""Run by a test with the interpreter that has the consumers' libraries: loads what was exported and prints what was found as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any


def main(folder: Path) -> dict[str, Any]:
    """Load every data set below a folder with its consumer's own loader."""
    import mlcroissant
    from datasets import load_dataset

    found: dict[str, Any] = {}
    for sub in sorted(folder.iterdir()):
        if not sub.is_dir():
            continue
        if sub.name == "hf":
            loaded = load_dataset(str(sub), cache_dir=str(folder / "cache.tmp"))
            described = mlcroissant.Dataset(jsonld=str(sub / "croissant.json"))
            issues = described.metadata.ctx.issues
            records = list(described.records(described.metadata.record_sets[0].uuid))
            found["croissant"] = {"errors": sorted(issues.errors), "warnings": sorted(issues.warnings), "rows": len(records)}
        else:
            files = {f.stem: str(f) for f in sub.iterdir() if f.stem in {"train", "test", "validation"}}
            kind = {".csv": "csv", ".parquet": "parquet"}.get(Path(next(iter(files.values()))).suffix, "json")
            loaded = load_dataset(kind, data_files=files, cache_dir=str(folder / "cache.tmp"))
        found[sub.name] = {"rows": {k: len(v) for k, v in loaded.items()}, "columns": sorted(next(iter(loaded.values())).column_names)}
    return found


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))
