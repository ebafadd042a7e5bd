"""Run by a test in a process of its own: an export in one process, and one on a cluster of which a worker is killed."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

import robustgen.scale.export as export_module
import robustgen.scale.parts as parts_module
from robustgen.generate import Selection
from robustgen.scale.export import Output, export
from robustgen.scale.job import Job
from robustgen.scale.parts import Spec, make_part
from robustgen.scale.spread import engine


def deadly(spec: Spec) -> Any:
    """Make a part; the first time that part 1 is asked for, kill the worker that makes it."""
    mark = Path(spec[2]).parents[2] / "killed"
    if spec[1].number == 1 and not mark.exists():
        mark.write_text(str(os.getpid()))
        os.kill(os.getpid(), signal.SIGKILL)
    return make_part(spec)


def main(folder: Path) -> None:
    """Export twice."""
    parts_module.CHUNK = 20
    job = Job(to="trl-sft", selection=Selection.of(["retail"]), count=100)
    export(job, Output(folder=folder / "serial"), engine("serial", 1))
    export_module.make_part = deadly
    export(job, Output(folder=folder / "dask"), engine("dask", 2))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
