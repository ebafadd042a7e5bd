"""Run by an interpreter that has deepeval and inspect-ai: what their own loaders make of suites, as one JSON line."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any


def goldens(file: Path) -> list[dict[str, Any]]:
    """Return what DeepEval reads."""
    from deepeval.dataset import EvaluationDataset

    dataset = EvaluationDataset()
    dataset.add_goldens_from_json_file(file_path=str(file))
    return [{"input": g.input, "expected": g.expected_output, "metadata": g.additional_metadata} for g in dataset.goldens]


def samples(file: Path) -> list[dict[str, Any]]:
    """Return what Inspect reads."""
    from inspect_ai.dataset import json_dataset

    return [{"input": s.input_text(), "expected": s.target, "metadata": s.metadata} for s in map(_Sample, json_dataset(str(file)))]


class _Sample:
    """A sample with its last text, whether its input is a text or a chat."""

    def __init__(self, sample: Any) -> None:
        self.sample, self.target, self.metadata = sample, sample.target, sample.metadata

    def input_text(self) -> str:
        """Return the text, or the last message's."""
        said = self.sample.input
        return said if isinstance(said, str) else str(said[-1].text)


READ = {"deepeval": goldens, "inspect": samples}

if __name__ == "__main__":
    sys.stdout.write(json.dumps(READ[sys.argv[1]](Path(sys.argv[2]))) + "\n")
