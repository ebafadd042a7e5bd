"""The validator finds planted defects, names the line, and finds nothing in what is right."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from robustgen.cli.validate import command
from robustgen.datasets._validating import validate


def turn(role: str, content: Any = "x", **more: Any) -> dict[str, Any]:
    """Return a turn."""
    return {"role": role, "content": content, **more}


S, U, A = turn("system"), turn("user", "Q"), turn("assistant", "B")
GOOD: dict[str, Any] = {
    "openai": {"messages": [S, U, A]},
    "trl-sft": {"messages": [S, U, A]},
    "trl-prompt-completion": {"prompt": [U], "completion": [A]},
    "trl-preference": {"prompt": [U], "chosen": [A], "rejected": [turn("assistant", "C")]},
    "trl-kto": {"prompt": [U], "completion": [A], "label": True},
    "openai-preference": {"input": {"messages": [U]}, "preferred_output": [A], "non_preferred_output": [turn("assistant", "C")]},
    "bedrock": {"system": "S", "messages": [U, A]},
    "gemini": {"contents": [{"role": "user", "parts": [{"text": "Q"}]}, {"role": "model", "parts": [{"text": "B"}]}]},
    "sharegpt": {"conversations": [{"from": "human", "value": "Q"}, {"from": "gpt", "value": "B"}]},
    "alpaca": {"instruction": "Q", "input": "", "output": "B"},
    "llama-factory": {"messages": [U, A]},
    "axolotl": {"messages": [U, A]},
    "jsonl": {"id": "1", "system": "S", "document": "D", "answer": "B", "seed": 1},
    "promptfoo": {"vars": {"q": "Q"}, "assert": [{"type": "equals", "value": "B"}]},
    "inspect": {"input": "Q", "target": "B"},
    "lm-eval": {"prompt": "Q", "answer": "B"},
}
CALL = {"id": "c", "type": "function", "function": {"name": "f", "arguments": {"a": 1}}}
Part = dict[str, Any]

RECORDS: list[tuple[str, Any, str]] = [
    ("openai", ["x"], "data_type"),
    ("openai", {"prompt": "Q"}, "missing_key"),
    ("openai", {"messages": [U, A], "chosen": []}, "unrecognized_key"),
    ("openai", {"messages": "text"}, "missing_messages_list"),
    ("openai", {"messages": []}, "missing_messages_list"),
    ("openai", {"messages": [{"role": "user"}, A]}, "message_missing_key"),
    ("openai", {"messages": [turn("user", "Q", mood="x"), A]}, "message_unrecognized_key"),
    ("openai", {"messages": [turn("human", "Q"), A]}, "unrecognized_role"),
    ("openai", {"messages": [U, turn("assistant", "")]}, "missing_content"),
    ("openai", {"messages": [U, turn("assistant", 5)]}, "content_type"),
    ("openai", {"messages": [S, U]}, "example_missing_assistant_message"),
    ("openai", {"messages": [U, A, U]}, "last_turn"),
    ("openai", {"messages": [U, turn("assistant", "B", weight=0.5)]}, "bad_weight"),
    ("openai", {"messages": [U, turn("assistant", None, tool_calls=[CALL])]}, "tool_arguments"),
    ("openai", {"messages": [U, turn("assistant", None, tool_calls=[{"function": {"name": "f", "arguments": "{"}}])]}, "tool_arguments"),
    ("openai", {"messages": [U, turn("assistant", None, tool_calls=[{"function": {"arguments": "{}"}}])]}, "tool_call_name"),
    ("openai", {"messages": [U, A], "tools": {}}, "tools_type"),
    ("trl-sft", {"messages": [U, A], "prompt": [U]}, "mixed_types"),
    ("trl-sft", {"text": " "}, "empty_text"),
    ("trl-prompt-completion", {"prompt": "Q", "completion": [A]}, "mixed_kinds"),
    ("trl-prompt-completion", {"prompt": [U, A], "completion": [A]}, "prompt_ends_with_assistant"),
    ("trl-preference", {"prompt": [U], "chosen": [A], "rejected": "C"}, "mixed_kinds"),
    ("trl-preference", {"prompt": [U], "chosen": [A], "rejected": [A]}, "chosen_equals_rejected"),
    ("trl-preference", {"prompt": [U], "chosen": [U, A], "rejected": [turn("assistant", "C")]}, "prompt_in_answer"),
    ("trl-preference", {"prompt": [U], "chosen": [A]}, "missing_key"),
    ("trl-kto", {"prompt": [U], "completion": [A], "label": "true"}, "label_type"),
    ("openai-preference", {"prompt": "Q", "chosen": "B", "rejected": "C"}, "unrecognized_key"),
    ("openai-preference", {"input": {"messages": [U]}, "preferred_output": [U], "non_preferred_output": [A]}, "unrecognized_role"),
    ("openai-preference", {"input": {"messages": [U]}, "preferred_output": [A], "non_preferred_output": [A]}, "chosen_equals_rejected"),
    ("bedrock", {"messages": [S, U, A]}, "unrecognized_role"),
    ("bedrock", {"messages": [U, U, A]}, "alternation"),
    ("bedrock", {"messages": [U, A], "id": "7"}, "unrecognized_key"),
    ("bedrock", {"messages": [A]}, "too_few_turns"),
    ("gemini", {"contents": [{"role": "user", "parts": [{"text": "Q"}]}, {"role": "assistant", "parts": [{"text": "B"}]}]}, "unrecognized_role"),
    ("gemini", {"contents": [{"role": "user", "parts": "Q"}, {"role": "model", "parts": [{"text": "B"}]}]}, "parts_type"),
    ("gemini", {"messages": [U, A]}, "missing_key"),
    ("sharegpt", {"conversations": [{"from": "user", "value": "Q"}, {"from": "gpt", "value": "B"}]}, "unrecognized_role"),
    ("sharegpt", {"conversations": [{"from": "gpt", "value": "Q"}, {"from": "gpt", "value": "B"}]}, "alternation"),
    ("alpaca", {"instruction": "", "output": "B"}, "empty_text"),
    ("alpaca", {"instruction": "Q", "output": "B", "history": [["a"]]}, "history_type"),
    ("llama-factory", {"messages": [A, U]}, "alternation"),
    ("axolotl", {"messages": [U]}, "example_missing_assistant_message"),
    ("jsonl", {"id": "1", "system": "S", "document": "D", "answer": None}, "null_cell"),
    ("jsonl", {"id": "1", "system": "S", "document": "D", "answer": "B", "seed": "x"}, "number_type"),
    ("promptfoo", {"vars": {"q": "Q"}, "assert": []}, "no_assertion"),
    ("promptfoo", {"vars": {"q": "Q"}, "assert": [{"type": "regex", "value": "("}]}, "bad_pattern"),
    ("inspect", {"input": "Q", "target": []}, "target_type"),
    ("inspect", {"input": "Q", "expected": "B"}, "unrecognized_key"),
    ("lm-eval", {"prompt": "Q ", "answer": "B"}, "trailing_space"),
]

LINE = json.dumps(GOOD["openai"]).encode()
OTHER = LINE.replace(b'"Q"', b'"R"')
BYTES: list[tuple[str, bytes, int, str]] = [
    ("bom", b"\xef\xbb\xbf" + LINE + b"\n", 1, "bom"),
    ("crlf", LINE + b"\n" + OTHER + b"\r\n", 2, "crlf"),
    ("utf16", "\ufeff{}".encode("utf-16-le"), 1, "utf16"),
    ("latin-1", LINE + b"\n" + LINE.replace(b"Q", b"\xe9"), 2, "invalid_utf8"),
    ("blank", LINE + b"\n\n" + OTHER, 2, "blank_line"),
    ("broken", LINE + b"\n" + LINE[:-5], 2, "invalid_json"),
    ("pretty", json.dumps(GOOD["openai"], indent=1).encode(), 1, "invalid_json"),
    ("array", b"[" + LINE + b"]", 1, "array_file"),
    ("double key", LINE[:-1] + b', "messages": []}', 1, "duplicate_key"),
    ("nan", LINE[:-1] + b', "weight": NaN}', 1, "nan"),
    ("surrogate", LINE.replace(b"Q", b"\\ud83d"), 1, "lone_surrogate"),
    ("nul", LINE.replace(b"Q", b"\\u0000"), 1, "nul_character"),
    ("escapes", LINE.replace(b"Q", b"\\u6f22\\u5b57" * 40), 1, "escaped_text"),
    ("separator", LINE.replace(b"Q", "\u2028".encode()), 1, "line_separator"),
    ("empty", b"", 0, "empty_file"),
    ("duplicate", LINE + b"\n" + LINE, 2, "duplicate_row"),
    ("contradiction", LINE + b"\n" + LINE.replace(b'"B"', b'"Z"'), 2, "contradiction"),
    ("null first", LINE[:-1] + b', "tools": null}\n' + OTHER[:-1] + b', "tools": []}', 2, "null_first"),
    ("types", LINE + b"\n" + b'{"messages": "text"}', 2, "type_changes"),
    ("keys", LINE + b"\n" + OTHER[:-1] + b', "parallel_tool_calls": true}', 2, "keys_differ"),
    ("turns", LINE + b"\n" + OTHER.replace(b'"content": "B"', b'"content": "B", "weight": 1'), 2, "turn_keys_differ"),
]


def codes(file: Path, name: str) -> list[tuple[int, str]]:
    """Return (line, code) of what is found."""
    (checked,) = validate([file], name)
    return [(f.line, f.code) for f in checked.flaws]


def test_there_are_at_least_forty() -> None:
    """The contract asks for forty; doubles do not count."""
    assert len({(n, c) for n, _, c in RECORDS} | {("", c) for _, _, _, c in BYTES}) >= 40


@pytest.mark.parametrize("name", sorted(GOOD))
def test_what_is_right_passes(name: str, tmp_path: Path) -> None:
    """A correct record has no flaw."""
    file = tmp_path / "good.jsonl"
    file.write_text(json.dumps(GOOD[name]) + "\n", encoding="utf-8")
    assert codes(file, name) == []


@pytest.mark.parametrize(("name", "record", "code"), RECORDS)
def test_a_bad_record_is_found_in_its_line(name: str, record: Any, code: str, tmp_path: Path) -> None:
    """The defect stands in line 2, after a good record, and is named there."""
    file = tmp_path / "bad.jsonl"
    file.write_text(f"{json.dumps(GOOD[name])}\n{json.dumps(record)}\n", encoding="utf-8")
    assert (2, code) in codes(file, name)
    assert not [c for line, c in codes(file, name) if line == 1]


@pytest.mark.parametrize(("body", "line", "code"), [b[1:] for b in BYTES], ids=[b[0] for b in BYTES])
def test_bad_bytes_and_rows_that_do_not_fit_together(body: bytes, line: int, code: str, tmp_path: Path) -> None:
    """What readers stumble on before they know the format, and what only shows between rows."""
    file = tmp_path / "bad.jsonl"
    file.write_bytes(body)
    assert (line, code) in codes(file, "openai")


def test_arrays_and_tables_have_lines_too(tmp_path: Path) -> None:
    """The second item of an array begins in its own line; a ragged CSV row is named."""
    file = tmp_path / "goldens.json"
    file.write_text('[\n{"input": "Q", "expected_output": "B"},\n{"input": ""}\n]\n')
    assert (3, "missing_key") in codes(file, "deepeval")
    file.write_text('{"input": "Q"}')
    assert (1, "no_array") in codes(file, "deepeval")
    table = tmp_path / "table.csv"
    table.write_text("id,system,document,answer\n1,S,D,B\n2,S,D\n")
    assert (3, "ragged_row") in codes(table, "csv")
    table.write_text("id,system,system,document,answer\n1,S,S,D,\n")
    assert {(1, "duplicate_column"), (2, "empty_text")} <= set(codes(table, "csv"))


def test_leaks_between_files_are_found(tmp_path: Path) -> None:
    """A prompt in two files and a family in two splits are leaks."""
    train, test = tmp_path / "train.jsonl", tmp_path / "test.jsonl"
    train.write_bytes(LINE + b"\n")
    test.write_bytes(OTHER + b"\n" + LINE + b"\n")
    (tmp_path / "provenance").mkdir()
    (tmp_path / "provenance" / "train.jsonl").write_text('{"family": "f1"}\n')
    (tmp_path / "provenance" / "test.jsonl").write_text('{"family": "f1"}\n{"family": "f2"}\n')
    first, second = validate([train, test], "openai")
    assert not first.flaws
    assert {(f.line, f.code) for f in second.flaws} == {(2, "leak"), (1, "sibling_leak")}


def test_the_command_tells_lines_and_exits_with_one(tmp_path: Path) -> None:
    """0 for a good file, 1 for a bad one with file:line: code, terminal codes made harmless."""
    file = tmp_path / "a.jsonl"
    file.write_bytes(LINE + b"\n")
    assert CliRunner().invoke(command, [str(file), "--as", "openai"]).exit_code == 0
    file.write_bytes(LINE + b"\n" + LINE.replace(b'"user"', b'"\\u001b[31m"') + b"\n")
    run = CliRunner().invoke(command, [str(file), "--as", "openai"])
    assert run.exit_code == 1
    assert f"{file}:2: unrecognized_role" in run.output
    assert "\x1b" not in run.output


SAID = {
    "en": "Please take one tablet in the morning and another one in the evening, always with a full glass of water.",
    "de": "Bitte nehmen Sie morgens und abends je eine Tablette mit einem vollen Glas Wasser ein.",
    "ja": "朝と夕方に一錠ずつ、コップ一杯の水と一緒に服用してください。食後に服用すると胃への負担が軽くなります。飲み忘れた場合は次回から一錠だけ服用してください。",
    "ar": "يرجى تناول قرص واحد في الصباح وقرص آخر في المساء مع كوب كامل من الماء بعد الطعام.",
}


def test_answers_in_a_language_nobody_asked_for_are_found(tmp_path: Path) -> None:
    """Running text is identified and counted; short answers and data are not; an unwanted language is an error in its line, a row's own word a warning."""
    file = tmp_path / "a.jsonl"
    answers = [*SAID.values(), "500 mg", json.dumps({"status": "answer", "note": SAID["de"]})]
    file.write_text(
        "".join(json.dumps({"messages": [U | {"content": f"Q{i}"}, turn("assistant", a)]}, ensure_ascii=False) + "\n" for i, a in enumerate(answers)), "utf-8"
    )
    (checked,) = validate([file], "openai")
    assert checked.languages == {"en": 1, "de": 1, "ja": 1, "ar": 1, "": 2}
    assert not checked.flaws
    (checked,) = validate([file], "openai", ["en-GB", "ja"])
    assert [(f.line, f.code, f.warning) for f in checked.flaws] == [(2, "unwanted_language", False), (4, "unwanted_language", False)]
    rows = tmp_path / "b.jsonl"
    rows.write_text("".join(json.dumps(GOOD["jsonl"] | {"id": t, "document": t, "language": t, "answer": SAID["de"]}) + "\n" for t in ("de-AT", "fr")), "utf-8")
    (checked,) = validate([rows], "jsonl")
    assert [(f.line, f.code, f.warning) for f in checked.flaws] == [(2, "other_language", True)]
    run = CliRunner().invoke(command, [str(file), "--as", "openai", "--lang", "en,ja"])
    assert run.exit_code == 1
    assert "a.jsonl:2: unwanted_language: the answer is in 'de', wanted: en, ja" in run.output
    assert "language of 4 answers identified" in run.output
    assert CliRunner().invoke(command, [str(file), "--as", "openai", "--lang", "de_,1"]).exit_code != 0
