"""Hypothesis over the packs: examples a CPU second, and how plain the smallest failing case of a planted fault is.

``python benchmarks/hypothesis_rate.py [EXAMPLES]``: for each strategy the examples a second, and for each planted fault how often, of five seeds, the case that
Hypothesis ends with is the plainest that fails, and with how many calls.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from hypothesis import HealthCheck, Phase, find, given, settings  # noqa: E402 - the checkout goes before what is installed
from hypothesis import strategies as st  # noqa: E402 - the same

from robustgen import strategies  # noqa: E402 - the same
from robustgen.core.case import Case  # noqa: E402 - the same

SEEDS = 5
TEXTS = st.sampled_from(["please confirm the delivery of the parcel before the weekend", "we did not receive the statement for 3 months"])
DOSES = strategies.cases(domain="clinical", task="CL-X01")
PRICES = strategies.cases(domain="retail", task="RT-X01")
VARIED = strategies.cases(domain="retail", task="RT-X01", perturb=["neighbour_key", "shouted_words"])
RATES: list[tuple[str, st.SearchStrategy[object]]] = [
    ("sentence: clinical CL-X01", DOSES),
    ("sentence: retail RT-X01", PRICES),
    ("sentence, varied: retail RT-X01", VARIED),
    ("record: clinical CL-T01", strategies.cases(domain="clinical", task="CL-T01")),
    ("given texts, keyboard slips", strategies.pairs(TEXTS, "keyboard")),
]
FAULTS: list[tuple[str, st.SearchStrategy[Case], Callable[[Case], bool], Callable[[Case], bool]]] = [
    ("dose of 600 or more", DOSES, lambda c: c.facts["dose"] >= 600, lambda c: c.text.casefold() == "acetaminophen 650 mg"),
    ("any case of 30 letters", PRICES, lambda c: len(c.text) >= 30, lambda c: len(c.text) < 36),
    ("any edit", VARIED, lambda c: bool(c.trail), lambda c: len(c.trail[0].edits) == 1),
]


def rate(strategy: st.SearchStrategy[object], examples: int) -> float:
    @settings(max_examples=examples, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(strategy)
    def run(_: object) -> None:
        seen.append(1)

    seen: list[int] = []
    run()
    seen.clear()
    start = time.process_time()
    run()
    return len(seen) / (time.process_time() - start)


def main() -> None:
    examples = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    for name, strategy in RATES:
        print(f"{name:34} {rate(strategy, examples):8,.0f} examples a second")
    own = settings(max_examples=2000, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    for name, strategy, fails, plain in FAULTS:
        right, calls = 0, []
        for seed in range(SEEDS):
            asked: list[int] = []

            def counted(case: Case, fails: Callable[[Case], bool] = fails, asked: list[int] = asked) -> bool:
                asked.append(1)
                return fails(case)

            right += plain(find(strategy, counted, settings=own, random=random.Random(seed)))
            calls.append(len(asked))
        print(f"{name:34} plainest in {right} of {SEEDS}, {sorted(calls)[SEEDS // 2]} calls (median)")


if __name__ == "__main__":
    main()
