"""Object stores: sent whole, replaced whole, refused politely; the bytes are those of a folder."""

from __future__ import annotations

import builtins
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from robustgen.cli.export import command
from robustgen.errors import MissingExtra, UsageError
from robustgen.scale.store import SENDING, Store, shown

ARGUMENTS = ["retail", "--task", "RT-X13", "--lang", "en", "-n", "12", "--to", "trl-sft", "-q", "-o"]


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Any]:
    """An empty store in memory, and a folder of one's own to work in."""
    fsspec = pytest.importorskip("fsspec")
    monkeypatch.chdir(tmp_path)
    found = fsspec.filesystem("memory")
    found.store.clear()
    found.pseudo_dirs[:] = [""]
    yield found
    found.store.clear()
    found.pseudo_dirs[:] = [""]


def exported(place: str, *more: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(command, [*ARGUMENTS, place, *more])


def test_a_store_gets_what_a_folder_gets(memory: Any, tmp_path: Path) -> None:
    """Byte for byte; nothing stays aside; a second export replaces the first and leaves none of its files."""
    assert exported(str(tmp_path / "folder")).exit_code == 0
    wanted = {str(f.relative_to(tmp_path / "folder")): f.read_bytes() for f in (tmp_path / "folder").rglob("*") if f.is_file()}
    run = exported("memory://bucket/data")
    assert run.exit_code == 0
    assert "memory://bucket/data/README.md" in run.output
    assert {n.removeprefix("/bucket/data/"): memory.cat_file(n) for n in memory.find("/bucket/data")} == wanted
    assert not list((tmp_path / ".robustgen" / "export").iterdir())
    assert exported("memory://bucket/data", "--rows-per-file", "2").exit_code == 0
    names = {n.removeprefix("/bucket/data/") for n in memory.find("/bucket/data")}
    listed = json.loads(memory.cat_file("/bucket/data/manifest.json"))
    assert names == {"manifest.json", *(f["path"] for f in listed["files"]), *listed["beside"]}
    assert "train.jsonl" not in names


def test_a_local_address_makes_its_folders(memory: Any, tmp_path: Path) -> None:
    """``file://`` with folders that are not there yet."""
    assert exported(f"file://{tmp_path}/deep/er").exit_code == 0
    assert (tmp_path / "deep" / "er" / "manifest.json").is_file()
    assert (tmp_path / "deep" / "er" / "provenance").is_dir()


def test_what_is_not_ours_stays(memory: Any) -> None:
    """A place with somebody's files is refused before anything is made."""
    memory.pipe_file("/bucket/thesis/chapter.txt", b"years of work")
    assert isinstance(exported("memory://bucket/thesis").exception, UsageError)
    assert memory.find("/bucket/thesis") == ["/bucket/thesis/chapter.txt"]


def test_a_sending_that_broke_off_is_taken_up(memory: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No manifest until all is there; ``--resume`` sends the same data set without making it again."""
    real, sent = type(memory).put_file, list[str]()

    def breaks(self: Any, local: str, remote: str, *args: Any, **kwargs: Any) -> Any:
        sent.append(remote)
        if len(sent) == 3:
            raise ConnectionResetError
        return real(self, local, remote, *args, **kwargs)

    monkeypatch.setattr(type(memory), "put_file", breaks)
    run = exported("memory://bucket/data")
    assert isinstance(run.exception, UsageError)
    assert "ConnectionResetError" in str(run.exception)
    assert "--resume" in str(run.exception)
    assert not memory.exists("/bucket/data/manifest.json")
    assert memory.exists(f"/bucket/data/{SENDING}")
    monkeypatch.setattr("robustgen.scale.export.make_part", None)
    assert exported("memory://bucket/data", "--resume").exit_code == 0
    assert memory.exists("/bucket/data/manifest.json")
    assert not memory.exists(f"/bucket/data/{SENDING}")


def test_what_is_missing_is_told(memory: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """fsspec, the protocol's package, the protocol itself."""
    with pytest.raises(UsageError, match="nonsense"):
        Store("nonsense://bucket")
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.split(".", maxsplit=1)[0] in {"fsspec", "s3fs"}:
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtra, match=r"robustgen\[store\]"):
        Store("memory://bucket")


def test_an_absent_package_of_a_protocol_is_told(memory: Any) -> None:
    """With its name, and how to get it."""
    try:
        import s3fs  # noqa: F401  (asked for only whether it is there)
    except ImportError:
        with pytest.raises(UsageError, match="s3fs"):
            Store("s3://bucket/data")
    else:
        assert Store("s3://bucket/data").address == "s3://bucket/data"


def test_no_secret_is_shown() -> None:
    """User, password and query are left out of what is told."""
    assert shown("s3://key:secret@bucket/data?token=abc") == "s3://bucket/data"
    assert shown("memory://bucket") == "memory://bucket"
