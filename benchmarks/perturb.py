"""Perturbing given text: texts a CPU second and the share that changed a number, a unit or a negation, beside other tools on like operations.

``python benchmarks/perturb.py [TEXTS [OPERATION ...]]``: the same sentences for all, one core, one run; prints a Markdown table. Tools that are not
installed are left out and named. Each operation is called as its tool documents it, with the tool's own defaults, one text in and one out,
until all texts are done or two CPU seconds have passed: the column "texts" says how many were reached.
TextAttack reads a stop-word list of NLTK when it is imported (``NLTK_DATA``); nothing is downloaded here.
"""

from __future__ import annotations

import random
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from typing import Any

from robustgen.generate.free_text import perturb_text, variants

OPENINGS = (
    "Patient says that she is well and",
    "The customer wrote today that they are annoyed and",
    "Our tenant called because it is urgent and",
    "The analyst noted that you are ready and",
)
MIDDLES = (
    "reports no pain after {a} mg of the new medicine",
    "paid {b}.50 dollars and did not receive the parcel",
    "owes {b} for {a} days, not counting the last week",
)
ENDS = ("and would like to continue without any change until spring arrives here.", "and asks the front office staff to reply before the next visit please.")
MOST = 2.0
"""CPU seconds after which a tool that is slow has shown enough."""
Apply = Callable[[str], str]


def sentences(count: int) -> list[str]:
    """Return different sentences of some 27 words with numbers, units and negations in them, and a pair of words that contracts beside no negation."""
    draw = random.Random(7)
    made: dict[str, None] = {}
    while len(made) < count:
        middle = draw.choice(MIDDLES).format(a=draw.randint(5, 900), b=draw.randint(100, 9000))
        made[f"{draw.choice(OPENINGS)} {middle} {draw.choice(ENDS)}"] = None
    return list(made)


ATOMS = re.compile(r"\d+(?:[.,]\d+)*|\bmg\b|\bdays\b|\bdollars\b|\bno\b|\bnot\b|\bwithout\b", re.IGNORECASE)


def broken(before: str, after: str) -> bool:
    """Tell whether a number, a unit or a negation of the text is lost or another has come."""
    return sorted(ATOMS.findall(before.lower())) != sorted(ATOMS.findall(after.lower()))


def row(operation: str, name: str, texts: list[str], apply: Apply) -> str:
    """Return a row: texts a CPU second, the share changed, the share with a broken truth."""
    apply = safe(apply)
    apply("The tool is called once before, so that nothing is loaded while the clock runs.")
    pairs, start = [], time.process_time()
    for text in texts:
        pairs.append((text, apply(text)))
        if time.process_time() - start > MOST:
            break
    spent = time.process_time() - start
    changed = [(a, b) for a, b in pairs if a != b]
    wrong = sum(broken(a, b) for a, b in changed)
    return f"| {operation} | {name} | {len(pairs):,} | {len(pairs) / spent:,.0f} | {len(changed) / len(pairs):.0%} | {wrong / max(1, len(changed)):.0%} |"


def safe(apply: Apply) -> Apply:
    """Return a function that gives back the text where a tool fails on it: AugLy's typos raise AttributeError on some words."""

    def call(text: str) -> str:
        try:
            return apply(text)
        except AttributeError:
            return text

    return call


def ours(name: str) -> Apply:
    """Return our variant with its edit log, protected text kept, unchecked: what the others do and more."""
    return lambda text: next((v.text for v in variants(text, name, 1)), text)


def checked(name: str) -> Apply:
    """Return our variant by the ordinary door: protected, checked by the independent checker, with its edit log."""
    return lambda text: next((v.text for v in perturb_text(text, perturbations=[name])), text)


LIKE: dict[str, str] = {
    "keyboard typo": "neighbour_key",
    "OCR error": "ocr_letters",
    "letters swapped": "swap_letters",
    "letter dropped": "drop_letter",
    "word split": "split_word",
    "words joined": "joined_words",
    "misspelling": "common_misspelling",
    "contraction": "contractions",
    "look-alike letter": "confusable",
    "zero-width character": "zero_width",
    "capitals": "all_capitals",
    "title case": "title_case",
    "punctuation lost": "final_stop_lost",
    "white space": "double_spaces",
}


def nlpaug_tools() -> dict[str, Apply]:
    """Return nlpaug's augmenters by operation."""
    from nlpaug.augmenter import char, word

    made = {
        "keyboard typo": char.KeyboardAug(),
        "OCR error": char.OcrAug(),
        "letters swapped": char.RandomCharAug(action="swap"),
        "letter dropped": char.RandomCharAug(action="delete"),
        "word split": word.SplitAug(),
        "misspelling": word.SpellingAug(),
    }
    return {operation: lambda text, a=augmenter: (a.augment(text) or [text])[0] for operation, augmenter in made.items()}


def augly_tools() -> dict[str, Apply]:
    """Return AugLy's functions by operation."""
    import augly.text as augly

    made: dict[str, Callable[[str], Any]] = {
        "keyboard typo": lambda t: augly.simulate_typos(t, typo_type="keyboard"),
        "OCR error": augly.replace_similar_chars,
        "misspelling": lambda t: augly.simulate_typos(t, typo_type="misspelling"),
        "word split": augly.split_words,
        "words joined": augly.merge_words,
        "contraction": augly.contractions,
        "look-alike letter": augly.replace_similar_unicode_chars,
        "zero-width character": augly.insert_zero_width_chars,
        "white space": augly.insert_whitespace_chars,
        "capitals": augly.change_case,
    }
    return {operation: lambda text, f=fn: made_text(f(text)) for operation, fn in made.items()}


def made_text(found: Any) -> str:
    """Return the one text of an answer that may be a list of lists."""
    while isinstance(found, list):
        found = found[0]
    return str(found)


def langtest_tools() -> dict[str, Apply]:
    """Return LangTest's transformations by operation, each on a sample of its own as its harness makes it."""
    from langtest.transform import robustness
    from langtest.utils.custom_types import SequenceClassificationSample

    made = {
        "keyboard typo": robustness.AddTypo,
        "OCR error": robustness.AddOcrTypo,
        "contraction": robustness.AddContraction,
        "capitals": robustness.UpperCase,
        "title case": robustness.TitleCase,
        "punctuation lost": robustness.StripPunctuation,
        "white space": robustness.AddTabs,
    }

    def apply(kind: Any, text: str) -> str:
        found = kind.transform([SequenceClassificationSample(original=text)])
        return str(found[0].test_case) if found and found[0].test_case is not None else text

    return {operation: lambda text, k=kind: apply(k, text) for operation, kind in made.items()}


def textattack_tools() -> dict[str, Apply]:
    """Return TextAttack's augmenters by operation, one text out each."""
    from textattack import transformations
    from textattack.augmentation import Augmenter

    made = {
        "keyboard typo": transformations.WordSwapQWERTY(),
        "letters swapped": transformations.WordSwapNeighboringCharacterSwap(),
        "letter dropped": transformations.WordSwapRandomCharacterDeletion(),
        "contraction": transformations.WordSwapContract(),
    }
    augmenters = {operation: Augmenter(transformation=t, pct_words_to_swap=0.1, transformations_per_example=1) for operation, t in made.items()}
    return {operation: lambda text, a=augmenter: (a.augment(text) or [text])[0] for operation, augmenter in augmenters.items()}


PEERS = {"nlpaug": nlpaug_tools, "augly": augly_tools, "langtest": langtest_tools, "textattack": textattack_tools}


def rows(count: int, operations: Sequence[str] = ()) -> Iterator[str]:
    """Yield the table line by line: all operations, or some by name."""
    texts = sentences(count)
    offline()
    tools = {name: make() for name, make in PEERS.items() if find_spec(name)}
    yield "| operation | tool | texts | a CPU second | changed | of these, a number, unit or negation changed |"
    yield "|---|---|---|---|---|---|"
    for operation, name in LIKE.items():
        if operations and operation not in operations:
            continue
        yield row(operation, f"robustgen {name}", texts, ours(name))
        yield row(operation, f"robustgen {name}, checked", texts, checked(name))
        for peer, made in tools.items():
            if operation in made:
                yield row(operation, peer, texts, made[operation])
    left = [name for name in PEERS if name not in tools]
    if left:
        yield f"\nnot installed, left out: {', '.join(left)}"


def offline() -> None:
    """Keep NLTK, where it is installed, from downloading anything."""
    if find_spec("nltk"):
        import nltk

        nltk.download = lambda *_args, **_kwargs: True


def main() -> None:
    """Measure and print."""
    for line in rows(int(sys.argv[1]) if len(sys.argv) > 1 else 2000, sys.argv[2:]):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
