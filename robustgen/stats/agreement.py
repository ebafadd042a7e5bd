"""How far two judges of the same things agree: the share with an exact interval, and Cohen's kappa."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from robustgen.stats.closed import clopper_pearson

__all__ = ["Agreement", "agreement_of", "share_told"]

DECIDED = frozenset({"pass", "fail"})


class Agreement(msgspec.Struct, frozen=True, kw_only=True):
    """How often a judge says what the exact comparison says: of those both decided, with Cohen's kappa and an exact 95 % interval of the share."""

    decided: int
    agreed: int
    undecided: int
    share: float
    low: float
    high: float
    kappa: float


def agreement_of(counts: Mapping[tuple[str, str], int]) -> Agreement:
    """Return the agreement over counts of pairs (what the judge said, what the exact comparison said); other words than pass and fail decide nothing."""
    both = {pair: n for pair, n in counts.items() if set(pair) <= DECIDED}
    n, same = sum(both.values()), sum(c for (a, b), c in both.items() if a == b)
    low, high = clopper_pearson(same, n) if n else (0.0, 1.0)
    passes = [sum(c for pair, c in both.items() if pair[i] == "pass") / n if n else 0.0 for i in (0, 1)]
    chance = passes[0] * passes[1] + (1 - passes[0]) * (1 - passes[1])
    share = same / n if n else 0.0
    kappa = (share - chance) / (1 - chance) if n and chance < 1 else 0.0
    return Agreement(decided=n, agreed=same, undecided=sum(counts.values()) - n, share=share, low=low, high=high, kappa=kappa)


def share_told(part: int, whole: int) -> tuple[str, str]:
    """Return a share and its exact 95 % interval in words; nothing of nothing."""
    if not whole:
        return "", ""
    low, high = clopper_pearson(part, whole)
    return f"{part:,} of {whole:,} = {100 * part / whole:.1f} %", f"(95 % interval {_percent(low)} to {_percent(high)})"


def _percent(share: float) -> str:
    """Return a share in percent, with enough digits for a rare thing not to read as never."""
    return f"{100 * share:.1f} %" if not 0 < share < 0.001 else f"{100 * share:.2g} %"
