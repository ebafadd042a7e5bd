"""The pipeline that ``benchmarks/export.py`` measures beside ours: distilabel, in an interpreter that has it. Its processes import this file."""

import random
from pathlib import Path
from typing import Any

from distilabel.pipeline import Pipeline  # type: ignore[import-not-found]  # an interpreter of its own has it
from distilabel.steps import GeneratorStep, StepInput, step  # type: ignore[import-not-found]  # as above
from export import filled
from faker import Faker


class Numbers(GeneratorStep):  # type: ignore[misc]  # its base is not known here
    """Numbers of rows, fifty at a time."""

    rows: int = 0

    @property
    def outputs(self) -> list[str]:
        """The one column that it gives."""
        return ["number"]

    def process(self, offset: int = 0) -> Any:
        """Yield batches, and whether each is the last."""
        for at in range(offset, self.rows, self.batch_size):
            batch = [{"number": n} for n in range(at, min(at + self.batch_size, self.rows))]
            yield batch, at + self.batch_size >= self.rows


@step(inputs=["number"], outputs=["document"])  # type: ignore[untyped-decorator]  # distilabel has no types
def fill(*inputs: StepInput) -> Any:
    """Fill the columns of a batch."""
    fake, draw = Faker(), random.Random(inputs[0][0]["number"])
    fake.seed_instance(inputs[0][0]["number"])
    yield [row | filled(fake, draw, row["number"]) for row in inputs[0]]


@step(inputs=["document"], outputs=["length"])  # type: ignore[untyped-decorator]  # as above
def measure(*inputs: StepInput) -> Any:
    """Look at each row once more, as a check would."""
    yield [row | {"length": len(row["document"])} for row in inputs[0]]


def run(count: int, folder: Path) -> int:
    """Run loader and steps, save as Parquet; returns the rows."""
    with Pipeline(name="rows", cache_dir=folder / "cache") as made:
        Numbers(name="numbers", rows=count, batch_size=50) >> fill(name="fill") >> measure(name="measure")
    found = made.run(use_cache=False)["default"]["train"]
    found.to_parquet(str(folder / "pipeline.parquet"))
    return len(found)
