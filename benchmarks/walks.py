"""Three newcomers, each with nothing but a page: ``python benchmarks/walks.py [PAGE ...]`` walks from an empty folder and prints the seconds of each step.

The package is built once as a wheel; every walk has a new folder and a new environment of its own, into which ``pip install robustgen`` puts that wheel
and what it needs. A step that ends badly, and a line that a page shows and that does not come, are told and make the exit code 1.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.docs.walk import walk  # noqa: E402 - the same walk as that of the tests

PAGES = ("from-zero-to-a-failing-test", "fuzz-a-vendor", "export-a-dataset")
"""The pages that begin with an empty folder and an installation."""


def walked(name: str, wheel: Path, folder: Path) -> bool:
    """Walk one page and print its steps; returns whether all was as the page says."""
    place = folder / name
    place.mkdir()
    constraint = folder / "constraint.txt"
    constraint.write_text(f"robustgen @ {wheel.as_uri()}\n")
    env = {k: v for k, v in os.environ.items() if not k.startswith(("ROBUSTGEN_", "PYTHON", "VIRTUAL_ENV"))}
    env |= {"PIP_CONSTRAINT": str(constraint), "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_QUIET": "1"}
    total, good = 0.0, True
    print(f"{name}")
    for step in walk((ROOT / "docs" / f"{name}.md").read_text("utf-8"), place, env):
        total += step.seconds
        first = step.typed.splitlines()[0]
        print(f"  {step.seconds:7.1f} s  line {step.line:3}  {first[:90]}")
        if step.code not in {0, 1}:
            print(f"    ended with {step.code}:\n{step.said[-1500:]}")
        if step.missing:
            print(f"    did not come: {step.missing}\n{step.said[-1500:]}")
        good = good and step.code in {0, 1} and not step.missing
    print(f"  {total:7.1f} s  in all{'' if good else ', NOT as the page says'}")
    return good


def main() -> None:
    """Build the wheel, walk the pages."""
    with tempfile.TemporaryDirectory(prefix="walks-") as folder:
        subprocess.run([sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--wheel-dir", folder, str(ROOT)], check=True)
        (wheel,) = Path(folder).glob("robustgen-*.whl")
        results = [walked(name, wheel, Path(folder)) for name in (sys.argv[1:] or PAGES)]
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
