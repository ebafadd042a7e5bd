"""Perturbing given text: texts a CPU second and the share that changed a number, a unit or a negation, beside nlpaug on like operations.

``python benchmarks/perturb.py [TEXTS]``: the same sentences for all, one core, one run; prints a Markdown table.
"""

from __future__ import annotations

import random
import re
import sys
import time
from collections.abc import Callable, Iterable

from robustgen.generate.free_text import perturb_text, variants

OPENINGS = (
    "Patient was seen today in clinic and",
    "The customer wrote this morning that she",
    "Our tenant called again because he",
    "The analyst noted in the file and",
)
MIDDLES = (
    "reports no pain after {a} mg of the new medicine",
    "paid {b}.50 dollars and did not receive the parcel",
    "owes {b} for {a} days, not counting the last week",
)
ENDS = ("and would like to continue without any change until spring arrives here.", "and asks the front office staff to reply before the next visit please.")


def sentences(count: int) -> list[str]:
    """Return sentences of some 27 words with numbers, units and negations in them."""
    draw = random.Random(7)
    made = []
    for _ in range(count):
        middle = draw.choice(MIDDLES).format(a=draw.randint(5, 900), b=draw.randint(100, 9000))
        made.append(f"{draw.choice(OPENINGS)} {middle} {draw.choice(ENDS)}")
    return made


ATOMS = re.compile(r"\d+(?:[.,]\d+)*|\bmg\b|\bdays\b|\bdollars\b|\bno\b|\bnot\b|\bwithout\b", re.IGNORECASE)


def broken(before: str, after: str) -> bool:
    """Tell whether a number, a unit or a negation of the text is lost or another has come."""
    return sorted(ATOMS.findall(before.lower())) != sorted(ATOMS.findall(after.lower()))


def measured(name: str, texts: list[str], make: Callable[[list[str]], Iterable[tuple[str, str]]]) -> str:
    """Return a row: texts a CPU second, the share changed, the share with a broken truth."""
    start = time.process_time()
    pairs = list(make(texts))
    spent = time.process_time() - start
    changed = [(a, b) for a, b in pairs if a != b]
    wrong = sum(broken(a, b) for a, b in changed)
    return f"| {name} | {len(pairs) / spent:,.0f} | {len(changed) / max(1, len(pairs)):.1%} | {wrong / max(1, len(changed)):.1%} |"


def ours(name: str, *, many: int = 1, check: bool = False) -> Callable[[list[str]], Iterable[tuple[str, str]]]:
    """Return a maker of our variants, several of each text."""
    return lambda texts: [(t, v.text) for i, t in enumerate(texts) for v in variants(t, name, many, seed=i, check=check)]


def whole(name: str) -> Callable[[list[str]], Iterable[tuple[str, str]]]:
    """Return a maker by the ordinary door, checked."""
    return lambda texts: [(t, v.text) for i, t in enumerate(texts) for v in perturb_text(t, perturbations=[name], seed=i)]


def theirs(kind: str) -> Callable[[list[str]], Iterable[tuple[str, str]]]:
    """Return a maker of nlpaug's variants with its own defaults."""
    from nlpaug.augmenter import char, word

    augmenter = {"keyboard": char.KeyboardAug, "ocr": char.OcrAug, "swap": lambda: char.RandomCharAug(action="swap"), "split": word.SplitAug}[kind]()
    return lambda texts: [(t, (augmenter.augment(t) or [t])[0]) for t in texts]


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    texts = sentences(count)
    list(variants(texts[0], "neighbour_key", 10))
    few = texts[: max(20, count // 20)]
    rows = [
        measured("robustgen neighbour_key, 200 of each text, edit log", few, ours("neighbour_key", many=200)),
        measured("robustgen neighbour_key, 200 of each text, checked", few[:20], ours("neighbour_key", many=20, check=True)),
        measured("robustgen neighbour_key, one of each text", texts, ours("neighbour_key")),
        measured("robustgen neighbour_key, one of each text, checked", few, whole("neighbour_key")),
        measured("nlpaug KeyboardAug", few, theirs("keyboard")),
        measured("robustgen ocr_letters, 200 of each text, edit log", few, ours("ocr_letters", many=200)),
        measured("robustgen ocr_letters, one of each text", texts, ours("ocr_letters")),
        measured("nlpaug OcrAug", few, theirs("ocr")),
        measured("robustgen swap_letters, one of each text", texts, ours("swap_letters")),
        measured("nlpaug RandomCharAug swap", few, theirs("swap")),
        measured("robustgen split_word, one of each text", texts, ours("split_word")),
        measured("nlpaug SplitAug", few, theirs("split")),
    ]
    sys.stdout.write("| what | texts a CPU second | changed | of these, a number, unit or negation changed |\n|---|---|---|---|\n" + "\n".join(rows) + "\n")


if __name__ == "__main__":
    main()
