"""Figures of ``docs/measurements.md``: cases a second, readings a second, memory, beside a plain baseline. Prints a Markdown table."""

from __future__ import annotations

import random
import resource
import sys
import time
from collections.abc import Callable

from robustgen.core.draw import RandomDraw, seed_of
from robustgen.generate import Generator, Selection
from robustgen.generate.free_text import perturb_text
from robustgen.grammar.read import read_text
from robustgen.packs.pack import load_pack


def rate(fn: Callable[[int], object], count: int) -> float:
    """Return calls a CPU second, the best of three runs."""
    best = 0.0
    for run in range(3):
        start = time.process_time()
        for i in range(count):
            fn(run * count + i)
        best = max(best, count / (time.process_time() - start))
    return best


def plain(i: int) -> str:
    """Return one sentence by the standard library alone: text without facts, spans or answer."""
    draw = random.Random(i)
    drug = draw.choice(["metformin", "ibuprofen", "naproxen"])
    return f"{drug} {draw.choice([250, 500, 850])} mg {draw.choice(['once daily', 'twice daily'])}, started {draw.randint(1, 28)} March 2026."


def main() -> None:
    """Measure and print."""
    rows: list[tuple[str, float]] = []
    for name, selection, certify, count in (
        ("clean full cases, one sentence", Selection.of(["clinical"], tasks=["CL-X01"], kinds=["clean"]), False, 4000),
        ("clean full cases, all tasks", Selection.of(["all"], kinds=["clean"]), False, 4000),
        ("perturbed full cases, one sentence", Selection.of(["clinical"], tasks=["CL-X01"], kinds=["noisy"]), False, 2000),
        ("perturbed full cases, proved", Selection.of(["all"], kinds=["noisy"]), True, 1000),
    ):
        generator = Generator(selection, certify=certify)
        generator.case(0)
        rows.append((name, rate(generator.case, count)))
    pack = load_pack("clinical")
    generator = Generator(Selection.of(["clinical"], tasks=["CL-X01"], kinds=["clean"]))
    say, type_ = pack.say("en"), pack.schema("en").types["Dose"]
    wordings = say.alternatives("documents", "CL-X01")
    texts = [generator.case(i).text for i in range(500)]
    rows.append(("sentences read back", rate(lambda i: read_text(say, wordings, type_, texts[i % 500]), 2000)))
    rows.append(("facts drawn", rate(lambda i: type_.draw(RandomDraw(seed_of(i))), 5000)))
    rows.append(("plain random sentence (text only)", rate(plain, 5000)))
    text = "Patient was seen today in clinic and reports feeling well with the current medicine taken as prescribed and would like to continue without any change until spring"
    rows.append(("neighbour_key variants of a 27-word text, checked", rate(lambda i: perturb_text(text, perturbations=["neighbour_key"], seed=i), 1000)))
    sys.stdout.write("| what | a CPU second |\n|---|---|\n")
    for name, value in rows:
        sys.stdout.write(f"| {name} | {value:,.0f} |\n")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"\npeak memory {peak:.0f} MB\n")


if __name__ == "__main__":
    main()
