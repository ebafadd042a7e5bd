"""Discovered ambiguities: surface forms that stand for several values of one set of words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustgen.packs.pack import Pack

__all__ = ["Collision", "collisions"]


class Collision(msgspec.Struct, frozen=True):
    """A form, the values that it may mean, and whether clean text may use it.

    ``safe`` is how many of the values clean text may write so. Where it is two or more, only the rest of a document tells them apart, and
    ``robustgen check`` proves of every clean case that it does. Other collisions come from error-prone forms: perturbations write
    these and expect a question back.
    """

    pack: str
    language: str
    words: str
    form: str
    values: list[str]
    safe: int
    marks: list[str]


def collisions(pack: Pack, languages: Sequence[str] = ()) -> list[Collision]:
    """Return the colliding forms of a pack's languages, by set of words and form."""
    found = []
    for tag in pack.tags:
        if languages and tag not in languages:
            continue
        for name, words in sorted(pack.say(tag).lexicon.sets.items()):
            for form, entries in sorted(words.by_form.items()):
                values = sorted({e.value for e in entries})
                if len(values) > 1:
                    safe = len({e.value for e in entries if e.safe})
                    marks = sorted({e.mark for e in entries if not e.safe})
                    found.append(Collision(pack.name, tag, name, form, values, safe, marks))
    return found
