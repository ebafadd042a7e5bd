"""Cases for the tests of data sets, made once."""

from __future__ import annotations

import pytest

from robustgen.core.case import Case
from robustgen.generate import Generator, Selection
from robustgen.packs.locate import pack_names
from robustgen.packs.pack import load_pack


@pytest.fixture(scope="session")
def cases() -> list[Case]:
    """Some cases of every domain, up to three languages, all kinds."""
    made: list[Case] = []
    for name in pack_names():
        made += Generator(Selection.of([name], languages=sorted(load_pack(name).tags)[:3]), 5).cases(0, 24)
    return made
