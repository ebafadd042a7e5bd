"""The page of real findings, made anew: every case of ``docs/gallery`` is put to its library again, and ``docs/gallery.md`` says what came back.

python benchmarks/gallery.py

A case line is kept whole, so a finding stays what it was when wordings or perturbations change; a new one is added as ``LIBRARY--what-it-shows.jsonl``.
"""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDER, PAGE = ROOT / "docs" / "gallery", ROOT / "docs" / "gallery.md"
HEAD = """# Real findings in real libraries

Each is the smallest case that fails, as shrinking left it, in a library that many programs use. The cases are kept as files, so the line below each
shows it again (exit code 1: it still fails), whatever version of the packs is installed. Nobody's mistake is meant to be put on show: these
libraries are good, and messy input is hard.

Made by `python benchmarks/gallery.py` with {versions}.
"""


def main() -> None:
    files = sorted(FOLDER.glob("*.jsonl"))
    names = sorted({f.stem.partition("--")[0] for f in files})
    parts = [HEAD.format(versions=", ".join(f"{n} {version(n)}" for n in names))]
    for file in files:
        library, _, shows = file.stem.partition("--")
        case = json.loads(file.read_text("utf-8"))
        line = f"robustgen replay docs/gallery/{file.name} --target {library}"
        done = subprocess.run([sys.executable, "-m", "robustgen.cli.main", *line.split()[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
        got = [row.strip() for row in done.stdout.splitlines() if row.startswith(("expected:", "now got:"))]
        fails = [row.removeprefix("replayed: ") for row in done.stdout.splitlines() if row.startswith("replayed:") and " fail: " in row]
        if not fails:
            sys.exit(f"{file.name}: no longer fails with {library} {version(library)}; remove it or name the version")
        changed = ", ".join(step["perturbation"] for step in case["trail"]) or "nothing, the text is clean"
        parts.append(f"## {library}: {shows.replace('-', ' ')}\n")
        parts.append("```text\n" + "\n".join([case["text"], "", *got, *fails, f"changed: {changed}"]) + "\n```\n")
        parts.append(f"    {line}\n")
    PAGE.write_text("\n".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
