"""What is to be exported, as plain data: it travels to workers, names the parts, and goes into the manifest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any

import msgspec

from robustgen.errors import UsageError
from robustgen.generate import Selection

__all__ = ["CHUNK", "Chunk", "Job", "Part", "Ready", "parse_splits", "split_of"]

CHUNK = 500
"""Cases of one part."""


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """An export. Either ``selection`` generates, or ``cases`` is a file of cases (each line a case, or a case with a wrong answer)."""

    to: str
    style: str = "short"
    pairs: int = 0
    splits: Sequence[tuple[str, float]] = (("train", 0.8), ("validation", 0.1), ("test", 0.1))
    salt: str = "robustgen"
    near: float = 0.0
    against: str = ""
    against_digest: str = ""
    overlap: float = 0.5
    selection: Selection | None = None
    seed: int = 0
    given: Sequence[dict[str, Any]] = ()
    start: int = 0
    count: int = 0
    cases: str = ""
    cases_digest: str = ""
    versions: Mapping[str, str] = {}
    """Of robustgen and the packs: parts of other versions are not taken over."""

    @property
    def digest(self) -> str:
        """Twelve hexadecimal digits that name what the parts hold; file names do not matter, contents do."""
        plain = msgspec.structs.replace(self, cases="", against="")
        return blake2b(msgspec.json.encode(plain), digest_size=6).hexdigest()


class Chunk(msgspec.Struct, frozen=True):
    """One part of a job: cases from ``start`` on; ``offset`` is the byte at which they begin in a file."""

    number: int
    start: int
    count: int
    offset: int = 0


class Part(msgspec.Struct, frozen=True):
    """A part that is on disk, whole: its file, rows, what was left out and why, and how many bytes of a table stand before the rows."""

    number: int
    file: str
    rows: int
    dropped: dict[str, int]
    table: int = 0


class Ready(msgspec.Struct, frozen=True, array_like=True):
    """A row that is laid out: records as JSON, where they come from, and what decides whether they stay.

    Where the part holds a table, its row of the same number is the record, and nothing stands here.
    """

    split: str
    prompt: int
    answer: int
    family: int
    sketch: str
    bands: list[int]
    factors: dict[str, str]
    count: int
    records: list[msgspec.Raw]
    provenance: list[msgspec.Raw]


def split_of(family: str, splits: Sequence[tuple[str, float]], salt: str) -> str:
    """Return the split of a family: a hash decides, so siblings stay together and more data moves nobody."""
    total = sum(share for _, share in splits)
    at = int.from_bytes(blake2b(f"{salt}/{family}".encode(), digest_size=8).digest()) / 2**64 * total
    for name, share in splits:
        if at < share:
            return name
        at -= share
    return splits[-1][0]


def parse_splits(text: str) -> list[tuple[str, float]]:
    """Return the splits of ``train=0.8,validation=0.1,test=0.1``; raises ``UsageError``."""
    mend = "write --splits train=0.8,validation=0.1,test=0.1"
    made: list[tuple[str, float]] = []
    for item in text.split(","):
        name, _, share = item.strip().partition("=")
        try:
            value = float(share)
        except ValueError:
            raise UsageError(f"--splits: '{item.strip()}' is no share", mend=mend) from None
        if not name.isidentifier() or not 0 < value <= 1 or name in dict(made):
            raise UsageError(f"--splits: '{item.strip()}' is not understood", mend=mend)
        made.append((name, value))
    if abs(sum(v for _, v in made) - 1) > 1e-6:
        raise UsageError(f"--splits: the shares add up to {sum(v for _, v in made):g}, not to 1", mend=mend)
    return made
