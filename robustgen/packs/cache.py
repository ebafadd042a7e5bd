"""What takes long to work out and depends on files alone, kept by their digest: parsed pack files, covering rows.

The cache is a folder of the user's (``$XDG_CACHE_HOME/robustgen`` or ``~/.cache/robustgen``); a file that is missing, foreign or
damaged is parsed again. ``ROBUSTGEN_CACHE=off`` does without.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterable
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec

from robustgen.grammar.notation import Text, load_yaml

__all__ = ["cached_yaml", "code_digest", "remembered"]

FORMAT = b"yaml 1"
CHECK = 16
SMALL = 2000
"""Texts up to this many characters are parsed anew: a file would not be quicker."""


def cached_yaml(source: str, file: str) -> Any:
    """Return the tree of a YAML text, from the cache where it is known; raises ``PackError`` as parsing does."""
    if len(source) <= SMALL:
        return load_yaml(source, file)
    return _unpacked(remembered((FORMAT, source.encode()), lambda: _packed(load_yaml(source, file))), file)


def remembered(key: Iterable[bytes], make: Callable[[], Any]) -> Any:
    """Return plain data (lists, dicts, text, numbers) that depends on the key alone: from the cache, else made and kept there."""
    folder = _folder()
    if folder is None:
        return make()
    digest = blake2b(digest_size=16)
    for part in key:
        digest.update(len(part).to_bytes(8, "big") + part)
    place = folder / f"{digest.hexdigest()}.data"
    with contextlib.suppress(OSError, msgspec.DecodeError):
        data = place.read_bytes()
        if data[:CHECK] == _check(data[CHECK:]):
            return msgspec.msgpack.decode(data[CHECK:])
    made = make()
    with contextlib.suppress(OSError):
        data = msgspec.msgpack.encode(made)
        _write(place, _check(data) + data)
    return made


@lru_cache(maxsize=1)
def code_digest() -> bytes:
    """Return a digest of the package's own source: what is remembered is forgotten when the code changes."""
    import robustgen

    root = Path(robustgen.__file__).parent
    digest = blake2b(digest_size=16)
    for file in sorted(root.rglob("*.py")):
        if "_shipped" not in file.parts:
            digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.digest()


def _check(data: bytes) -> bytes:
    return blake2b(data, digest_size=CHECK).digest()


def _folder() -> Path | None:
    if os.environ.get("ROBUSTGEN_CACHE") == "off":
        return None
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111 - a home that cannot be told stays as it is
    return Path(base) / "robustgen" if os.path.isabs(base) else None  # noqa: PTH117 - the same


def _write(place: Path, data: bytes) -> None:
    """Write whole or not at all: other processes may read at the same time."""
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=place.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
        Path(name).replace(place)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _packed(node: Any) -> Any:
    """Return a tree as plain data: a scalar is ``[text, line, column]``, a list ``{"l": [...]}``, a mapping ``{"m": [...]}``."""
    if isinstance(node, Text):
        return [str(node), node.line, node.column]
    if isinstance(node, dict):
        return {"m": [[_packed(k), _packed(v)] for k, v in node.items()]}
    return {"l": [_packed(n) for n in node]}


def _unpacked(node: Any, file: str) -> Any:
    if isinstance(node, list):
        return Text.at(node[0], file, node[1], node[2])
    if "m" in node:
        return {_unpacked(k, file): _unpacked(v, file) for k, v in node["m"]}
    return [_unpacked(n, file) for n in node["l"]]
