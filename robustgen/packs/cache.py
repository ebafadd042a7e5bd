"""Parsed pack files, kept by the digest of their text: reading strict YAML takes most of the time that a pack needs to load.

The cache is a folder of the user's (``$XDG_CACHE_HOME/robustgen`` or ``~/.cache/robustgen``); a file that is missing, foreign or
damaged is parsed again. ``ROBUSTGEN_CACHE=off`` does without.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec

from robustgen.grammar.notation import Text, load_yaml

__all__ = ["cached_yaml"]

FORMAT = b"robustgen yaml 1\0"
CHECK = 16
SMALL = 2000
"""Texts up to this many characters are parsed anew: a file would not be quicker."""


def cached_yaml(source: str, file: str) -> Any:
    """Return the tree of a YAML text, from the cache where it is known; raises ``PackError`` as parsing does."""
    folder = _folder()
    if folder is None or len(source) <= SMALL:
        return load_yaml(source, file)
    place = folder / f"{blake2b(FORMAT + source.encode(), digest_size=16).hexdigest()}.tree"
    with contextlib.suppress(OSError, msgspec.DecodeError, TypeError, ValueError, KeyError):
        data = place.read_bytes()
        if data[:CHECK] == _check(data[CHECK:]):
            return _unpacked(msgspec.msgpack.decode(data[CHECK:]), file)
    tree = load_yaml(source, file)
    with contextlib.suppress(OSError):
        data = msgspec.msgpack.encode(_packed(tree))
        _write(place, _check(data) + data)
    return tree


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
