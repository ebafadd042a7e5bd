"""The judge of a run, of one replayed finding and of one test: all oracles, the packs' grading, the user's bounds, what other cases hold."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from robustgen.answers import read_answer
from robustgen.campaign.judge import Judge
from robustgen.core.case import Case
from robustgen.core.language import Language
from robustgen.core.plugins import ORACLES, OracleSpec
from robustgen.core.verdict import Reply, Response
from robustgen.errors import RobustgenError
from robustgen.packs.grading import Grading
from robustgen.packs.language import load_language
from robustgen.packs.pack import load_pack

__all__ = ["Seen", "judge_for"]

HELD = 200_000
"""How many identifiers are remembered at most."""
_MARKED = re.compile(r"(?=\S*\d\S*\d)\S{6,64}|\S+@\S+\.\w+")


class Seen(OrderedDict[str, str]):
    """Identifiers of the cases asked so far, each with the family that owns it; the oldest go first."""

    def meet(self, case: Case) -> None:
        """Take a case's identifiers up: numbers of records, addresses, full names."""
        for value in case.facts.values():
            if isinstance(value, str) and (_MARKED.fullmatch(value) or (" " in value and value.istitle())):
                self.setdefault(value, case.family)
        while len(self) > HELD:
            self.popitem(last=False)


@lru_cache(maxsize=512)
def _labels(domain: str, task: str) -> tuple[str, ...]:
    """Return the labels that a task of a pack declares; none for cases of strangers."""
    try:
        found = load_pack(domain).task(task)
    except RobustgenError:
        return ()
    return tuple(label for label in (*found.labels, found.abstain) if label)


def judge_for(
    can: frozenset[str],
    *,
    oracles: Sequence[OracleSpec] | None = None,
    bounds: Mapping[str, Any] | None = None,
    folder: Path | None = None,
    language: Callable[[str], Language] = load_language,
) -> Judge:
    """Return a judge for a target; ``bounds`` is the user's table of that name."""
    grading, seen = Grading(bounds, folder), Seen()

    def read(case: Case, response: Response) -> Reply:
        return read_answer(case, response, language(case.tag), _labels(case.domain, case.task))

    listed = [s for _, s in ORACLES.items()] if oracles is None else oracles
    return Judge(listed, read, can=can, language=language, severity=grading.grade, bounds=grading.bounds, seen=seen, met=seen.meet)
