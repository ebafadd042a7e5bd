"""Every layout has the keys that its consumer reads, and passes its own check."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from robustgen.core.case import Case
from robustgen.datasets._base import COLUMNS, FORMATS, Made, Rejected, Row, flat
from robustgen.scale.rows import Unusable, row_of

ROW = Row(
    id="a1",
    family="f1",
    system="How many?",
    turns=[
        {"role": "user", "content": "Hello."},
        {"role": "user", "content": "Two boxes."},
        {"role": "assistant", "content": "Noted."},
        {"role": "user", "content": "And one more."},
    ],
    answer="3",
    accept=["3"],
    rejected=[Rejected("30", "off_by_ten")],
    domain="d",
    task="T1",
    language="en",
    kinds=["noisy"],
    provenance={"pack": "d", "pack_version": "1", "seed": 0, "index": 7, "selection": "s", "trail": ["typo"]},
)
KEYS = {
    "trl-sft": {"messages"},
    "trl-prompt-completion": {"prompt", "completion"},
    "trl-preference": {"prompt", "chosen", "rejected"},
    "trl-kto": {"prompt", "completion", "label"},
    "openai": {"messages"},
    "openai-preference": {"input", "preferred_output", "non_preferred_output"},
    "bedrock": {"system", "messages"},
    "gemini": {"systemInstruction", "contents"},
    "sharegpt": {"conversations", "system"},
    "alpaca": {"instruction", "input", "output"},
    "llama-factory": {"messages", "system"},
    "axolotl": {"messages"},
    "jsonl": set(COLUMNS),
    "csv": set(COLUMNS),
    "parquet": set(COLUMNS),
    "hf": set(COLUMNS),
    "promptfoo": {"description", "vars", "assert", "metadata"},
    "inspect": {"id", "input", "target", "metadata"},
    "deepeval": {"name", "input", "expected_output", "context", "additional_metadata"},
    "lm-eval": {"prompt", "answer", "id", "family", "domain", "task", "language", "kind"},
}


def records(name: str, row: Row = ROW) -> list[Any]:
    """Return a row in a layout, through JSON and back."""
    found: list[Any] = msgspec.json.decode(msgspec.json.encode(list(FORMATS.get(name).records(row))))
    return found


def test_every_format_is_tested() -> None:
    """No layout is added without its keys being written down here."""
    assert set(FORMATS.names()) == set(KEYS)


@pytest.mark.parametrize("name", sorted(KEYS))
def test_keys_are_those_of_the_consumer(name: str) -> None:
    """Neither a key more nor one less, in every record."""
    made = records(name)
    assert made
    assert all(set(record) == KEYS[name] for record in made)


@pytest.mark.parametrize("name", sorted(KEYS))
def test_real_rows_pass_the_check_of_their_format(name: str, cases: list[Case]) -> None:
    """Rows of every domain, kind and two languages are without fault."""
    form, seen, wrong = FORMATS.get(name), 0, []
    for case in cases:
        try:
            row = row_of(case, "short", 1)
        except Unusable:
            continue
        for record in records(name, row):
            seen += 1
            wrong += list(form.check(record))
    assert seen > len(cases) / 2
    assert not wrong


def test_turns_alternate_where_they_must() -> None:
    """Two turns of the user become one; the assistant speaks last."""
    (bedrock,), (gemini,), (share,) = records("bedrock"), records("gemini"), records("sharegpt")
    assert [m["role"] for m in bedrock["messages"]] == ["user", "assistant", "user", "assistant"]
    assert bedrock["messages"][0]["content"] == "Hello.\n\nTwo boxes."
    assert bedrock["system"] == "How many?"
    assert [m["role"] for m in gemini["contents"]] == ["user", "model", "user", "model"]
    assert gemini["contents"][-1] == {"role": "model", "parts": [{"text": "3"}]}
    assert [m["from"] for m in share["conversations"]] == ["human", "gpt", "human", "gpt"]


def test_preference_rows_are_of_one_kind() -> None:
    """Prompt, chosen and rejected are all lists of turns, and the answers do not repeat the prompt."""
    (made,) = records("trl-preference")
    assert all(isinstance(made[k], list) for k in made)
    assert made["chosen"] == [{"role": "assistant", "content": "3"}]
    assert made["rejected"] == [{"role": "assistant", "content": "30"}]
    assert [r["label"] for r in records("trl-kto")] == [True, False]


def test_a_table_has_no_null_and_a_fixed_schema() -> None:
    """Every column has a type of its own, whatever the first rows hold."""
    pa = pytest.importorskip("pyarrow")
    from robustgen.datasets._table import schema

    bare = msgspec.structs.replace(ROW, rejected=[], perturbations=[], provenance={})
    made = pa.Table.from_pylist([flat(bare), flat(ROW)], schema=schema())
    assert made.column_names == list(COLUMNS)
    assert all(column.null_count == 0 for column in made.columns)


def test_promptfoo_documents_are_no_templates_and_answers_no_substrings() -> None:
    """A document with braces stays text; 3 is not found in 13 or 3.5."""
    import re

    (made,) = records("promptfoo", msgspec.structs.replace(ROW, turns=[{"role": "user", "content": "{{ 7 * 7 }}"}]))
    assert made["vars"]["document"] == "{% raw %}{{ 7 * 7 }}{% endraw %}"
    pattern = re.compile(made["assert"][0]["value"])
    assert pattern.search("The answer is 3.")
    assert not pattern.search("13")
    assert not pattern.search("3.5")


def test_files_beside_name_the_data() -> None:
    """dataset_info.json, axolotl.yaml, the task of lm-eval and promptfoo's configuration point at the files."""
    made = Made(name="my-data", files={"train": ["train.jsonl"], "test": ["test.jsonl"]}, counts={"train": 2, "test": 1})
    info = json.loads(FORMATS.get("llama-factory").beside(made)["dataset_info.json"])
    assert info["my_data_train"]["file_name"] == "train.jsonl"
    assert info["my_data_train"]["tags"]["user_tag"] == "user"
    assert "path: train.jsonl" in FORMATS.get("axolotl").beside(made)["axolotl.yaml"]
    assert "test: test.jsonl" in FORMATS.get("lm-eval").beside(made)["my-data.yaml"]
    assert "file://test.jsonl" in FORMATS.get("promptfoo").beside(made)["promptfooconfig.yaml"]
