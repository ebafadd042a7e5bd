"""Cases and texts a CPU second, ours and others' on the same small grammar, in one run. Prints a Markdown table.

    pip install mimesis grammarinator lark hypothesis faker     (what is missing is left out and said so)
    python benchmarks/generation.py

The grammar is a medication order of one sentence: drug, dose, frequency, start date. Only robustgen makes facts, spans, the expected
answer and an identity beside the text.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

from robustgen.campaign.calm import search_seldom

if TYPE_CHECKING:
    from robustgen.core.case import Case

DRUGS = ["metformin", "ibuprofen", "naproxen", "lisinopril", "amlodipine", "metoprolol", "gabapentin", "amoxicillin"]
DOSES = ["5", "10", "20", "100", "250", "500", "850"]
FREQUENCIES = ["once daily", "twice daily", "three times daily", "every other day"]
MONTHS = ["January", "March", "June", "October"]
LARK = """
start: order | take
order: drug " " dose " mg " freq ", started " date "."
take: "Take " dose " mg of " drug " " freq " since " date "."
"""
RULES = {"drug": DRUGS, "dose": DOSES, "freq": FREQUENCIES}


def rate(fn: Callable[[int], object], count: int, runs: int = 3) -> float:
    """Return calls a CPU second, the best of some runs."""
    best = 0.0
    for run in range(runs):
        start = time.process_time()
        for i in range(count):
            fn(run * count + i)
        best = max(best, count / (time.process_time() - start))
    return best


def plain(i: int) -> str:
    """Return a text by the standard library alone."""
    draw = random.Random(i)
    drug, dose, freq = draw.choice(DRUGS), draw.choice(DOSES), draw.choice(FREQUENCIES)
    date = f"{draw.choice(MONTHS)} {draw.randint(1, 28)}, 2026"
    if draw.random() < 0.5:
        return f"{drug} {dose} mg {freq}, started {date}."
    return f"Take {dose} mg of {drug} {freq} since {date}."


def ours() -> Iterator[tuple[str, float, str]]:
    """Yield what robustgen makes: sentences and pages, clean and perturbed, without and with proof."""
    from robustgen.generate import Generator, Selection

    sentence = Selection.of(["clinical"], tasks=["CL-X01"], kinds=["clean"])
    noisy = Selection.of(["clinical"], tasks=["CL-X01"], kinds=["noisy"])
    for name, selection, certify, count in (
        ("robustgen, clean full cases, one sentence", sentence, False, 4000),
        ("robustgen, perturbed full cases, one sentence", noisy, False, 2000),
        ("robustgen, perturbed full cases, one sentence, proved", noisy, True, 500),
        ("robustgen, clean full cases, all tasks of four packs", Selection.of(["all"], kinds=["clean"]), False, 1500),
        ("robustgen, perturbed full cases, all tasks of four packs", Selection.of(["all"], kinds=["noisy"]), False, 1000),
    ):
        generator = Generator(selection, certify=certify)
        for i in range(count):
            generator.case(i)  # wordings are compiled and places probed on first use
        texts = [generator.case(i) for i in range(200)]
        note = f"{sum(len(c.text) for c in texts) / len(texts):.0f} characters"
        yield name, rate(partial(_later, generator.case, count), count), note


def _later(make: Callable[[int], object], start: int, i: int) -> object:
    return make(start + i)


def reading() -> Iterator[tuple[str, float, str]]:
    """Yield how fast clean texts are read back."""
    from robustgen.generate import Generator, Selection
    from robustgen.grammar.read import read_text
    from robustgen.packs.pack import load_pack

    for name, domain, task, length in (
        ("robustgen, sentences read back", "clinical", "CL-X01", 0),
        ("robustgen, documents over 1,500 characters read back", "legal", "LG-T12", 1500),
    ):
        pack = load_pack(domain)
        generator = Generator(Selection.of([domain], tasks=[task], kinds=["clean"]))
        texts = [t for i in range(1500) if len(t := generator.case(i).text) >= length][:200]
        say, type_, wordings = pack.say("en"), pack.task(task).type, pack.say("en").alternatives("documents", task)
        if texts:
            turns = cycle(texts)
            read = partial(read_text, say, wordings, type_)
            yield name, rate(partial(_next, read, turns), 400), f"{sum(map(len, texts)) / len(texts):.0f} characters"


def _next(read: Callable[[str], object], texts: Iterator[str], _: int) -> object:
    return read(next(texts))


def faker() -> Iterator[tuple[str, float, str]]:
    """Yield Faker's calls."""
    from faker import Faker

    fake = Faker("en_US", use_weighting=False)
    fake.seed_instance(0)
    form = "{{first_name}} {{last_name}} takes {{random_element}} mg"
    yield "Faker, name() alone", rate(lambda i: fake.name(), 3000), "text only"
    yield "Faker, a template of three fields", rate(lambda i: fake.pystr_format(form.replace("{{random_element}}", "##")), 1000), "text only"


def mimesis() -> Iterator[tuple[str, float, str]]:
    """Yield mimesis's calls."""
    from mimesis import Generic

    generic = Generic("en", seed=0)

    def one(i: int) -> str:
        chosen = generic.random.choice
        return f"{generic.person.full_name()} takes {chosen(DRUGS)} {chosen(DOSES)} mg {chosen(FREQUENCIES)} since {generic.datetime.date()}."

    yield "mimesis, fields joined by hand", rate(one, 3000), "text only"


def from_lark() -> Iterator[tuple[str, float, str]]:
    """Yield Hypothesis' strategy from a Lark grammar of the same sentence."""
    from hypothesis import HealthCheck, given, settings
    from hypothesis.extra.lark import from_lark as strategy
    from lark import Lark

    words = "".join(k + ": " + " | ".join('"' + w + '"' for w in v) + "\n" for k, v in RULES.items())
    date = 'date: month " " /[12][0-8]|[1-9]/ ", 2026"\nmonth: ' + " | ".join(f'"{m}"' for m in MONTHS)
    grammar = Lark(LARK + words + date, start="start")
    count = 0

    @settings(max_examples=600, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(strategy(grammar))
    def run(text: str) -> None:
        nonlocal count
        count += 1

    start = time.process_time()
    run()
    yield "hypothesis.extra.lark, from_lark", count / (time.process_time() - start), "text only, with shrinking"


def under_hypothesis() -> Iterator[tuple[str, float, str]]:
    """Yield our own strategy under Hypothesis: examples a second and what a failing property shrinks to."""
    from hypothesis import HealthCheck, find, given, settings

    from robustgen import strategies

    quiet = settings(max_examples=600, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    count = 0

    @quiet
    @given(strategies.cases(domain="clinical", task="CL-X01"))
    def run(case: object) -> None:
        nonlocal count
        count += 1

    start = time.process_time()
    run()
    spent = time.process_time() - start
    calls = 0

    def bad(case: Case) -> bool:
        nonlocal calls
        calls += 1
        return bool(case.facts["dose"] >= 500)

    smallest = find(strategies.cases(domain="clinical", task="CL-X01"), bad, settings=quiet)
    note = f"dose >= 500 shrinks to {smallest.facts['dose']} in {calls} calls: '{smallest.text}'"
    yield "robustgen under Hypothesis", count / spent, note


def grammarinator() -> Iterator[tuple[str, float, str]]:
    """Yield grammarinator's Python generator for the same sentence."""
    import_module("grammarinator.process")
    with tempfile.TemporaryDirectory() as folder:
        rules = "\n".join(f"{k} : {' | '.join(repr(w) for w in v)} ;" for k, v in RULES.items())
        months = " | ".join(map(repr, MONTHS))
        source = f"""grammar Order;
start : order | take ;
order : drug ' ' dose ' mg ' freq ', started ' date '.' ;
take : 'Take ' dose ' mg of ' drug ' ' freq ' since ' date '.' ;
{rules}
date : month ' ' day ', 2026' ;
month : {months} ;
day : {" | ".join(repr(str(d)) for d in range(1, 29))} ;
"""
        Path(folder, "Order.g4").write_text(source, "utf-8")
        subprocess.run([sys.executable, "-m", "grammarinator.process", "Order.g4", "-o", folder, "--no-actions"], cwd=folder, check=True, capture_output=True)
        sys.path.insert(0, folder)
        random.seed(0)
        generator = import_module("OrderGenerator").OrderGenerator()
        yield "grammarinator, Python generator", rate(lambda i: str(generator.start()), 1500), "text only"


def main() -> None:
    """Measure and print."""
    warnings.simplefilter("ignore")
    search_seldom()  # as the command line does
    sys.stdout.write("| what | a CPU second | remark |\n|---|---|---|\n")
    sys.stdout.write(f"| plain random sentence, standard library | {rate(plain, 5000):,.0f} | text only: the reference |\n")
    for part in (ours, reading, under_hypothesis, faker, mimesis, from_lark, grammarinator):
        try:
            for name, value, note in part():
                sys.stdout.write(f"| {name} | {value:,.0f} | {note} |\n")
                sys.stdout.flush()
        except ImportError as error:
            sys.stdout.write(f"| {part.__name__} | - | not installed: {error.name} |\n")


if __name__ == "__main__":
    main()
