"""What a page tells people to write, written: blocks that begin with ``# file: NAME``."""

from __future__ import annotations

import re
from pathlib import Path

__all__ = ["DOCS", "written"]

DOCS = Path(__file__).parents[2] / "docs"


def written(page: str, folder: Path) -> Path:
    """Write the files of a page below a folder, and return the folder."""
    for body in re.findall(r"```\w+\n# file: (.*?)```", page, re.DOTALL):
        name, _, content = body.partition("\n")
        file = folder / name.strip()
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    return folder
