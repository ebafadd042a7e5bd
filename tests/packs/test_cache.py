"""The cache of parsed pack files: the same tree with its places, and no harm from a damaged, foreign or forbidden folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from robustgen.errors import PackError
from robustgen.grammar.notation import load_yaml, place_of
from robustgen.packs.cache import SMALL, cached_yaml

SOURCE = "a:\n  - 'no'\n  - {b: 012, c: \"x: y\"}\n" + "".join(f"key{i}: value {i}\n" for i in range(SMALL // 10))


@pytest.fixture(autouse=True)
def own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Use a cache folder of the test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("ROBUSTGEN_CACHE", raising=False)


def test_the_second_reading_gives_the_same_tree_and_places(tmp_path: Path) -> None:
    """Scalars stay text and know the line and column they came from."""
    first, second = cached_yaml(SOURCE, "one.yaml"), cached_yaml(SOURCE, "two.yaml")
    assert list(tmp_path.rglob("*.data"))
    assert first == second == load_yaml(SOURCE, "x")
    assert place_of(second["a"][1]["c"]) == ("two.yaml", 3, 17)


def test_a_damaged_file_is_parsed_again(tmp_path: Path) -> None:
    """Any bytes in the cache are survived."""
    wanted = cached_yaml(SOURCE, "x")
    (file,) = tmp_path.rglob("*.data")
    for damage in (b"", b"\xff\xff", file.read_bytes()[:50], b"\x93\x01\x02\x03"):
        file.write_bytes(damage)
        assert cached_yaml(SOURCE, "x") == wanted


def test_it_can_be_switched_off(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """ROBUSTGEN_CACHE=off writes nothing."""
    monkeypatch.setenv("ROBUSTGEN_CACHE", "off")
    cached_yaml(SOURCE, "x")
    assert not list(tmp_path.rglob("*.data"))


def test_errors_are_not_kept(tmp_path: Path) -> None:
    """A broken file fails each time, at its line."""
    for _ in range(2):
        with pytest.raises(PackError, match="stands twice"):
            cached_yaml(SOURCE + "key1: again\n", "x")
    assert not list(tmp_path.rglob("*.data"))
