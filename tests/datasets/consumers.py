"""Run by a test with the interpreter that has them: TRL, Inspect, DeepEval and lm-evaluation-harness take what was exported, by their own functions."""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

TEMPLATE = "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}</s>{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}"


def tokenizer() -> Any:
    """Return a tokenizer of single characters with a chat template; nothing is downloaded."""
    tokenizers, fast = import_module("tokenizers"), import_module("transformers").PreTrainedTokenizerFast
    model = tokenizers.models.WordLevel({chr(i): i for i in range(256)} | {"[UNK]": 256}, unk_token="[UNK]")
    made = fast(tokenizer_object=tokenizers.Tokenizer(model), unk_token="[UNK]", eos_token="[UNK]", pad_token="[UNK]")
    made.chat_template = TEMPLATE
    return made


def trl(folder: Path) -> dict[str, Any]:
    """Let TRL tell conversations, find prompts, and apply a chat template to every row, as its trainers do before training."""
    data, load = import_module("trl.data_utils"), import_module("datasets").load_dataset
    found, maker = {}, tokenizer()
    for name in ("trl-sft", "trl-prompt-completion", "trl-preference", "trl-kto"):
        files = {f.stem: str(f) for f in (folder / name).glob("*.jsonl")}
        loaded = load("json", data_files=files, cache_dir=str(folder / "trl.tmp"))
        rows = [row for split in loaded.values() for row in split]
        applied = [data.apply_chat_template(row, maker) for row in rows]
        found[name] = {
            "rows": len(rows),
            "conversational": all(data.is_conversational(row) for row in rows),
            "keys": sorted({key for row in applied for key in row}),
            "text": all(isinstance(row[key], str) and row[key] for row in applied for key in row if key != "label"),
        }
    pairs = load("json", data_files=[str(f) for f in (folder / "trl-preference").glob("*.jsonl")], cache_dir=str(folder / "trl.tmp"))["train"]
    found["unpaired"] = {"rows": len(data.unpair_preference_dataset(pairs)), "of": len(pairs)}
    return found


def inspect(folder: Path) -> dict[str, Any]:
    """Load the samples with Inspect's own reader."""
    dataset = import_module("inspect_ai.dataset").json_dataset(str(folder / "inspect" / "test.jsonl"))
    samples = list(dataset)
    return {"rows": len(samples), "whole": all(s.input and s.target and s.id and s.metadata for s in samples), "ids": len({s.id for s in samples})}


def deepeval(folder: Path) -> dict[str, Any]:
    """Add the goldens to a data set of DeepEval."""
    dataset = import_module("deepeval.dataset").EvaluationDataset()
    dataset.add_goldens_from_json_file(file_path=str(folder / "deepeval" / "test.json"))
    return {"rows": len(dataset.goldens), "whole": all(g.input and g.expected_output and g.context for g in dataset.goldens)}


def harness(folder: Path) -> dict[str, Any]:
    """Open the task with the harness, and ask it for prompt and answer of every document."""
    place = folder / "lm-eval"
    os.chdir(place)
    manager = import_module("lm_eval.tasks").TaskManager(include_path=str(place), include_defaults=False)
    (task,) = import_module("lm_eval.tasks").get_task_dict(["robustgen_data"], manager).values()
    documents = list(task.test_docs())
    return {"rows": len(documents), "whole": all(task.doc_to_text(d) and task.doc_to_target(d) for d in documents)}


if __name__ == "__main__":
    where = Path(sys.argv[1]).resolve()
    print(json.dumps({"trl": trl(where), "inspect": inspect(where), "deepeval": deepeval(where), "harness": harness(where)}))
