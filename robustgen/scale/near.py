"""Texts that are nearly the same: one-permutation sketches, found by bands; and word sequences shared with somebody's evaluation data."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any
from zlib import crc32

import msgspec

from robustgen.errors import UsageError

__all__ = ["NearIndex", "Seen", "bands_of", "digest_of", "overlap", "similarity", "sketch"]

BINS, BANDS, GRAM = 64, 16, 8
_MIX = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93)
_EMPTY, _LONG = 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF
_TOKEN = re.compile(r"[^\W\u3040-\u30ff\u3400-\u9fff]+|[^\w\s]|[\u3040-\u30ff\u3400-\u9fff]")


def digest_of(*texts: str) -> int:
    """Return 63 bits that name some texts."""
    return int.from_bytes(blake2b("\x00".join(texts).encode("utf-8", "surrogatepass"), digest_size=8).digest()) >> 1 or 1


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text.casefold())


@lru_cache(maxsize=65_536)
def _number(word: str) -> int:
    """Return 32 bits of a word."""
    return crc32(word.encode("utf-8", "surrogatepass"))


def sketch(text: str) -> bytes:
    """Return 64 bytes by which the likeness of two texts (Jaccard index of their three-word sequences, figures kept) is estimated."""
    import numpy as np

    words = np.array([_number(w) for w in _tokens(text)] or [0], dtype=np.uint64)
    words = np.pad(words, (0, max(0, 3 - len(words))))
    one, two, three, last = (np.uint64(m) for m in _MIX)
    mixed = (((words[:-2] * one) ^ (words[1:-1] * two) ^ (words[2:] * three)) * last) >> np.uint64(32)
    least = np.full(BINS, _EMPTY, dtype=np.uint64)
    np.minimum.at(least, mixed & np.uint64(BINS - 1), mixed)
    filled = np.flatnonzero(least != _EMPTY)  # an empty bin borrows from the next filled one, so that short texts can be compared too
    met = least[filled[np.searchsorted(filled, np.arange(BINS)) % len(filled)]]
    return bytes(((met >> np.uint64(6) ^ met >> np.uint64(14) ^ met >> np.uint64(22)) & np.uint64(0xFF)).astype(np.uint8))


def bands_of(made: bytes, scope: int) -> list[int]:
    """Return the numbers by which rows that are alike are found, within a scope (task, language, answer)."""
    width = BINS // BANDS
    pieces = (int.from_bytes(made[band * width : (band + 1) * width]) << 8 | band for band in range(BANDS))
    return [((piece * 0x9E3779B97F4A7C15 ^ scope) * 0xD6E8FEB86659FD93 & _LONG) >> 1 or 1 for piece in pieces]


def similarity(a: bytes, b: bytes) -> float:
    """Return the estimated likeness of two sketches, from 0 to 1; agreement by chance is taken off."""
    same = sum(x == y for x, y in zip(a, b, strict=True)) / BINS
    return max(0.0, (same - 1 / 256) / (1 - 1 / 256))


class Seen:
    """Numbers that were met, with one small number for each: an open table of sixteen bytes a place, at most two thirds full."""

    def __init__(self) -> None:
        """Start empty."""
        self._keys, self._values = array("Q", bytes(8 * 1024)), array("Q", bytes(8 * 1024))
        self.count = 0

    def add(self, key: int, value: int = 0) -> int | None:
        """Keep a number (above nought) with its value; returns the value that it had, None when it is new."""
        mask = len(self._keys) - 1
        place = key * 0x9E3779B97F4A7C15 >> 20 & mask
        while self._keys[place]:
            if self._keys[place] == key:
                return self._values[place]
            place = (place + 1) & mask
        self._keys[place], self._values[place] = key, value
        self.count += 1
        if self.count * 3 > len(self._keys) * 2:
            self._grow()
        return None

    def _grow(self) -> None:
        keys, values = self._keys, self._values
        self._keys, self._values = array("Q", bytes(16 * len(keys))), array("Q", bytes(16 * len(keys)))
        self.count = 0
        for key, value in zip(keys, values, strict=True):
            if key:
                self.add(key, value)


class NearIndex:
    """Finds rows that are nearly the same as one met before, of the same question and answer but of another family."""

    def __init__(self, threshold: float) -> None:
        """Keep the likeness from which on a row counts as the same."""
        self.threshold = threshold
        self._bands = Seen()
        self._sketches, self._families = bytearray(), array("Q")

    def repeated(self, made: bytes, bands: Sequence[int], family: int) -> bool:
        """Tell whether a row repeats one of another family; if not it is kept for later ones. ``bands`` are those of its sketch."""
        number = len(self._families)
        for key in bands:
            other = self._bands.add(key, number)
            if other is not None and other != number and self._families[other] != family:
                if similarity(made, bytes(self._sketches[other * BINS : (other + 1) * BINS])) >= self.threshold:
                    return True
        self._sketches += made
        self._families.append(family)
        return False


# --- contamination -------------------------------------------------------------------------------------------------------


def _grams(text: str) -> Iterator[int]:
    words = _tokens(text)
    for i in range(len(words) - GRAM + 1):
        yield digest_of(*words[i : i + GRAM])


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


@lru_cache(maxsize=2)
def _known(file: str) -> frozenset[int]:
    """Return the word sequences of an evaluation file: JSON Lines, else plain text."""
    try:
        lines = Path(file).read_text("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: cannot be read: {error}") from None
    found: set[int] = set()
    for line in lines:
        try:
            texts = list(_strings(msgspec.json.decode(line))) if line[:1] in "{[" else [line]
        except msgspec.DecodeError:
            texts = [line]
        for text in texts:
            found.update(_grams(text))
    return frozenset(found)


def overlap(text: str, file: str) -> float:
    """Return the share of a text's word sequences (of eight) that occur in an evaluation file."""
    known = _known(file)
    found = [g in known for g in _grams(text)]
    return sum(found) / len(found) if found else 0.0
