"""Exports: the same bytes for any number of workers and after an interruption; families stay together; what is left out is counted."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

import robustgen.scale.parts as parts_module
from robustgen.cli.export import command
from robustgen.core.case import Case
from robustgen.datasets._base import FORMATS
from robustgen.datasets._validating import validate
from robustgen.errors import UnknownName, UsageError
from robustgen.scale.card import Manifest
from robustgen.scale.export import Output, export
from robustgen.scale.job import Chunk, Job, Part, parse_splits, split_of
from robustgen.scale.near import NearIndex, Seen, bands_of, overlap, similarity, sketch
from robustgen.scale.parts import Spec, make_part, read_part
from robustgen.scale.spread import engine

SPLITS = (("train", 0.5), ("validation", 0.2), ("test", 0.3))


@pytest.fixture(scope="session")
def case_file(cases: list[Case], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cases as a file."""
    file = tmp_path_factory.mktemp("cases") / "cases.jsonl"
    file.write_bytes(b"".join(msgspec.json.encode(c) + b"\n" for c in cases if "\ud800" not in c.text and c.text.isprintable() is not None))
    return file


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several parts from few cases."""
    monkeypatch.setattr(parts_module, "CHUNK", 16)


def job(file: Path, to: str = "trl-sft", **more: Any) -> Job:
    """Return a job on the cases."""
    return Job(to=to, cases=str(file), cases_digest="0", splits=SPLITS, **more)


def files_of(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder."""
    return {str(f.relative_to(folder)): f.read_bytes() for f in sorted(folder.rglob("*")) if f.is_file()}


def made(file: Path, out: Path, to: str = "trl-sft", *, workers: int = 1, resume: bool = False, output: dict[str, Any] | None = None, **more: Any) -> Manifest:
    """Export."""
    return export(job(file, to, **more), Output(folder=out, **(output or {})), engine("process", workers), resume=resume)


@pytest.mark.parametrize("to", FORMATS.names())
def test_every_format_is_written_and_valid(to: str, case_file: Path, tmp_path: Path) -> None:
    """What we write passes our own validator as a set of files, without leaks and without warnings."""
    if FORMATS.get(to).shape == "parquet":
        pytest.importorskip("pyarrow")
    found = made(case_file, tmp_path / "out", to, pairs=1)
    assert found.rows > 40
    checked = list(validate([tmp_path / "out" / f.path for f in found.files], to))
    assert sum(c.rows for c in checked) == found.rows
    assert [f for c in checked for f in c.flaws] == []


def test_bytes_do_not_depend_on_workers(case_file: Path, tmp_path: Path) -> None:
    """One process and two write the same files, card and manifest included."""
    made(case_file, tmp_path / "one")
    made(case_file, tmp_path / "two", workers=2)
    assert files_of(tmp_path / "one") == files_of(tmp_path / "two")
    assert "manifest.json" in files_of(tmp_path / "one")


def test_an_interrupted_export_goes_on(case_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts that are whole are taken over, a damaged one is made again; the result is the same."""
    made(case_file, tmp_path / "whole")
    done = 0

    def dies(spec: Spec) -> Part:
        nonlocal done
        done += 1
        if done > 2:
            raise KeyboardInterrupt
        return make_part(spec)

    monkeypatch.setattr("robustgen.scale.export.make_part", dies)
    with pytest.raises(KeyboardInterrupt):
        made(case_file, tmp_path / "cut")
    kept = sorted((tmp_path / "cut" / ".parts").rglob("*.part"))
    assert len(kept) == 2
    kept[1].write_bytes(kept[1].read_bytes()[:-40])
    before = kept[0].stat().st_mtime_ns
    seen: list[int] = []

    def watched(spec: Spec) -> Part:
        part = make_part(spec)
        seen.append(Path(part.file).stat().st_mtime_ns)
        return part

    monkeypatch.setattr("robustgen.scale.export.make_part", watched)
    made(case_file, tmp_path / "cut", resume=True)
    assert seen[0] == before
    assert files_of(tmp_path / "cut") == files_of(tmp_path / "whole")


def test_a_part_made_twice_is_there_once(case_file: Path, tmp_path: Path) -> None:
    """A chunk that runs again after its worker was lost leaves the same single file and nothing else."""
    spec = (job(case_file), Chunk(0, 1, 16, 0), str(tmp_path))
    first = make_part(spec)
    body = Path(first.file).read_bytes()
    Path(first.file).write_bytes(body[:50])
    second = make_part(spec)
    assert Path(second.file).read_bytes() == body
    assert [f.name for f in tmp_path.iterdir()] == ["00000000.part"]
    assert len(list(read_part(second))) == second.rows > 0


def test_no_sibling_crosses(case_file: Path, tmp_path: Path) -> None:
    """A family lies in one split; all splits are used."""
    made(case_file, tmp_path / "out")
    homes: dict[str, set[str]] = defaultdict(set)
    for split, _ in SPLITS:
        for line in (tmp_path / "out" / "provenance" / f"{split}.jsonl").read_text("utf-8").splitlines():
            homes[json.loads(line)["family"]].add(split)
    assert len({s for found in homes.values() for s in found}) == 3
    assert all(len(found) == 1 for found in homes.values())


def test_every_record_is_traced(case_file: Path, tmp_path: Path, cases: list[Case]) -> None:
    """Line by line: case, pack, version, seed, index, trail."""
    made(case_file, tmp_path / "out")
    known = {c.id: c for c in cases}
    rows = [json.loads(r) for r in (tmp_path / "out" / "train.jsonl").read_text("utf-8").split("\n") if r]
    sources = [json.loads(r) for r in (tmp_path / "out" / "provenance" / "train.jsonl").read_text("utf-8").split("\n") if r]
    assert len(rows) == len(sources) > 0
    for row, source in zip(rows, sources, strict=True):
        origin = known[source["id"]]
        assert row["messages"][-2]["content"] == origin.messages[-1]["content"]
        assert (source["seed"], source["index"], source["pack"]) == (origin.seed, origin.index, origin.made_with["pack"])
        assert source["trail"] == [s.perturbation for s in origin.trail]


def test_duplicates_go_and_are_counted(case_file: Path, tmp_path: Path) -> None:
    """The same cases twice: as many duplicates as rows, and the rate is told in the card."""
    twice = tmp_path / "twice.jsonl"
    twice.write_bytes(case_file.read_bytes() * 2)
    once, found = made(case_file, tmp_path / "once"), made(twice, tmp_path / "out")
    assert found.rows == once.rows
    assert found.dropped["duplicate"] >= once.rows
    assert f"- duplicate: {found.dropped['duplicate']} (" in (tmp_path / "out" / "README.md").read_text("utf-8")
    kept = made(twice, tmp_path / "kept", output={"duplicates": True})
    assert kept.rows == 2 * (once.rows + once.dropped.get("duplicate", 0))


def test_balance_evens_out_a_factor(case_file: Path, tmp_path: Path) -> None:
    """Every level has as many rows as the rarest; the rest is counted as balanced away."""
    found = made(case_file, tmp_path / "out", output={"balance": "kind"})
    sums = {sum(by.values()) for by in found.counts["kind"].values()}
    assert len(sums) == 1
    assert found.dropped["balanced_away"] > 0
    with pytest.raises(UsageError, match="no factor 'mood'"):
        made(case_file, tmp_path / "bad", output={"balance": "mood"})


def test_what_stands_in_an_evaluation_file_is_left_out(case_file: Path, tmp_path: Path, cases: list[Case]) -> None:
    """Documents that occur in a user's file do not come in, even with a word changed."""
    long = [c for c in cases if len(c.text.split()) > 30][:5]
    evaluation = tmp_path / "mine.jsonl"
    evaluation.write_text("".join(json.dumps({"q": c.text.replace(" the ", " this ", 1)}) + "\n" for c in long if c.text.isascii()), encoding="utf-8")
    found = made(case_file, tmp_path / "out", against=str(evaluation), against_digest="1")
    assert found.dropped["contaminated"] >= len([c for c in long if c.text.isascii()]) > 0
    kept = (tmp_path / "out" / "train.jsonl").read_text("utf-8")
    assert not any(json.dumps(c.text, ensure_ascii=False) in kept for c in long if c.text.isascii())


def test_near_duplicates_of_another_family() -> None:
    """Alike and of another family goes; of the same family, with another answer or unlike stays."""
    text = " ".join(f"word{i}" for i in range(60))
    close, far = sketch(text + " more"), sketch(" ".join(f"other{i}" for i in range(60)))
    index = NearIndex(0.8)
    assert not index.repeated(sketch(text), bands_of(sketch(text), 1), 10)
    assert index.repeated(close, bands_of(close, 1), 11)
    assert not index.repeated(close, bands_of(close, 1), 10)
    assert not index.repeated(close, bands_of(close, 2), 12)
    assert not index.repeated(far, bands_of(far, 1), 13)
    assert similarity(sketch(text), sketch(text)) == 1.0
    assert similarity(sketch(text), far) < 0.1


@pytest.mark.parametrize("words", [16, 40, 400])
def test_sketches_estimate_likeness(words: int) -> None:
    """The estimate lies near the true Jaccard index of three-word sequences."""
    a = [f"w{i}" for i in range(words)]
    for changed in (0, words // 4, words // 2):
        b = [f"x{w}" if i < changed else w for i, w in enumerate(a)]
        one, two = ({tuple(t[i : i + 3]) for i in range(len(t) - 2)} for t in (a, b))
        true = len(one & two) / len(one | two)
        assert abs(similarity(sketch(" ".join(a)), sketch(" ".join(b))) - true) < 0.25


def test_seen_keeps_thousands() -> None:
    """Growing loses nothing."""
    seen = Seen()
    assert all(seen.add(n * 977 + 1, n) is None for n in range(5000))
    assert all(seen.add(n * 977 + 1) == n for n in range(5000))
    assert seen.count == 5000


def test_overlap_is_a_share(tmp_path: Path) -> None:
    """All, some, none."""
    file = tmp_path / "f.txt"
    file.write_text("one two three four five six seven eight nine ten\n")
    assert overlap("one two three four five six seven eight nine ten", str(file)) == 1.0
    assert overlap("zero one two three four five six seven eight nine", str(file)) == pytest.approx(2 / 3)
    assert overlap("too short", str(file)) == 0.0


def test_splits_are_stable_and_near_their_shares() -> None:
    """More families move nobody; the shares come out within three standard errors."""
    splits = parse_splits("train=0.8,validation=0.1,test=0.1")
    found = [split_of(f"family-{i}", splits, "robustgen") for i in range(4000)]
    assert abs(found.count("train") / 4000 - 0.8) < 0.02
    assert found != [split_of(f"family-{i}", splits, "another") for i in range(4000)]


@pytest.mark.parametrize("text", ["train=0.8", "train=x", "train=0.5,train=0.5", "a b=1", "train=1.5,test=-0.5"])
def test_bad_splits_are_refused(text: str) -> None:
    """With the mend."""
    with pytest.raises(UsageError, match="--splits"):
        parse_splits(text)


def test_the_command_generates_and_rebuilds(tmp_path: Path) -> None:
    """Twice the same command, twice the same bytes; a second export into its own folder replaces the first."""
    arguments = ["retail", "-n", "40", "--to", "jsonl", "--seed", "3", "-q", "-o"]
    for name in ("a", "b", "b"):
        run = CliRunner().invoke(command, [*arguments, str(tmp_path / name)], catch_exceptions=False)
        assert run.exit_code == 0
    assert files_of(tmp_path / "a") == files_of(tmp_path / "b")
    other = CliRunner().invoke(
        command, ["retail", "-n", "8", "--to", "trl-kto", "-q", "-o", str(tmp_path / "b"), "--rows-per-file", "3"], catch_exceptions=False
    )
    assert other.exit_code == 0
    assert not (tmp_path / "b" / "train.jsonl").exists()
    pieces = sorted(f.name for f in (tmp_path / "b").glob("train-*.jsonl"))
    assert len(pieces) > 1
    assert all(p.endswith(f"-of-{len(pieces):05d}.jsonl") for p in pieces)
    lengths = [(tmp_path / "b" / p).read_bytes().count(b"\n") for p in pieces]
    assert lengths[:-1] == [3] * (len(pieces) - 1)


def test_the_users_own_records_go_the_same_way(tmp_path: Path, cases: list[Case]) -> None:
    """``--facts`` realises given records."""
    clean = next(c for c in cases if c.domain == "retail" and c.tag == "en" and not c.trail and c.base is None and len(c.readings) == 1)
    file = tmp_path / "mine.jsonl"
    file.write_bytes(msgspec.json.encode(clean.facts) + b"\n")
    arguments = ["retail", "--task", clean.task, "--kind", "clean", "-n", "3", "--facts", str(file), "--to", "jsonl", "-q", "-o", str(tmp_path / "out")]
    run = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert run.exit_code == 0
    rows = [json.loads(r) for f in (tmp_path / "out").glob("*.jsonl") for r in f.read_text("utf-8").split("\n") if r]
    assert rows
    assert {r["task"] for r in rows} == {clean.task}


def test_wrong_use_is_told(tmp_path: Path, case_file: Path) -> None:
    """A folder of somebody, an unknown format, an unknown source, a broken case with its line."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    with pytest.raises(UsageError, match="no data set of ours"):
        made(case_file, tmp_path / "mine")
    assert (tmp_path / "mine" / "thesis.txt").exists()
    invoke = CliRunner().invoke
    assert isinstance(invoke(command, ["retail", "--to", "trl-sfd", "-o", str(tmp_path / "x")]).exception, UnknownName)
    assert isinstance(invoke(command, ["nothing", "--to", "jsonl", "-o", str(tmp_path / "x"), "--runs", str(tmp_path)]).exception, UsageError)
    broken = tmp_path / "broken.jsonl"
    broken.write_bytes(case_file.read_bytes().split(b"\n")[0] + b'\n{"id": 1}\n')
    with pytest.raises(UsageError, match=r"broken.jsonl:2: no case"):
        made(broken, tmp_path / "y")


def test_answers_of_a_run_become_the_rejected_ones(tmp_path: Path) -> None:
    """A system that always answers the same is wrong; its own words stand in the preference data, and only wrong ones."""
    from robustgen.cli.fuzz import command as fuzz

    runs, out = tmp_path / "runs", tmp_path / "out"
    arguments = ["python:json:dumps", "--domain", "retail", "-n", "12", "--runs", str(runs), "--fail-on", "never", "--min-answered", "0", "-q"]
    script = tmp_path / "sut.py"
    script.write_text("def answer(text):\n    return 'The answer is 987654321.'\n")
    import sys

    sys.path.insert(0, str(tmp_path))
    try:
        arguments[0] = "python:sut:answer"
        CliRunner().invoke(fuzz, arguments, catch_exceptions=False)
    finally:
        sys.path.remove(str(tmp_path))
    run = CliRunner().invoke(command, ["latest", "--runs", str(runs), "--to", "trl-preference", "-q", "-o", str(out)], catch_exceptions=False)
    assert run.exit_code == 0
    rows = [json.loads(r) for f in out.glob("*.jsonl") for r in f.read_text("utf-8").split("\n") if r]
    given = [r for r in rows if r["rejected"][0]["content"] == "The answer is 987654321."]
    assert given
    assert not (out / ".cases.jsonl").exists()
    sources = [json.loads(r) for f in (out / "provenance").glob("*.jsonl") for r in f.read_text("utf-8").split("\n") if r]
    assert sum(s["rejected"] == "answered_by_target" for s in sources) == len(given)


def test_the_card_is_yaml_and_counts_add_up(case_file: Path, tmp_path: Path) -> None:
    """The front matter parses, names every file, and the table's sums are the rows."""
    from ruamel.yaml import YAML

    pytest.importorskip("pyarrow")
    found = made(case_file, tmp_path / "out", "hf")
    text = (tmp_path / "out" / "README.md").read_text("utf-8")
    front = YAML(typ="safe").load(text.split("---\n")[1])
    assert front["license"] == "apache-2.0"
    assert {p for c in front["configs"] for f in c["data_files"] for p in f["path"]} == {f.path for f in found.files}
    assert sum(s["num_examples"] for s in front["dataset_info"]["splits"]) == found.rows
    for levels in found.counts.values():
        assert sum(n for by in levels.values() for n in by.values()) <= found.rows
    assert sum(n for by in found.counts["domain"].values() for n in by.values()) == found.rows
    described = json.loads((tmp_path / "out" / "croissant.json").read_text("utf-8"))
    assert {f["sha256"] for f in described["distribution"]} == {f.sha256 for f in found.files}
    assert "Synthetic data" in text
