"""Nothing is invented: citations, codes, people, products, dates and figures of an answer stand in the case or follow from it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import NamedTuple

import regex

from robustgen.answers.compare import to_number
from robustgen.answers.dates import dates_in
from robustgen.answers.quantities import quantities_in
from robustgen.core.case import Severity
from robustgen.core.language import Language
from robustgen.core.plugins import oracle
from robustgen.core.verdict import Outcome, Trial, Verdict
from robustgen.oracles._base import bounds_of, prose, saying
from robustgen.oracles._grounds import Grounds, grounds_of, names_pattern
from robustgen.oracles._identifiers import identifiers_in

__all__ = ["invention"]

LETTERS = 10
# shapes of authorities: law reports, neutral citations, codes and articles, regulations and directives, cases by parties, DOI and PubMed
_CITATION = regex.compile(
    r"\b\d{1,4} (?:U\.S\.|F\.(?:2d|3d|4th)|F\. ?Supp\.(?: ?[23]d)?|S\. ?Ct\.|L\. ?Ed\.(?: ?2d)?|A\.(?:2d|3d)|P\.(?:2d|3d)|N\.[EW]\.(?:2d|3d)|So\.(?:2d|3d)?|Cal\.(?: ?App\.)?(?: ?\dth)?) \d{1,5}\b"
    r"|\[\d{4}\] (?:\d+ )?[A-Z]{2,6}(?: ?\([A-Za-z]+\))? \d{1,5}(?: \([A-Za-z]+\))?"
    r"|\b\d{1,2} (?:U\.?S\.?C\.?|C\.?F\.?R\.?) ?§{0,2} ?\d+(?:\.\d+)*(?:\([a-z0-9]+\))*"
    r"|§§? ?\d+[a-z]?(?: Abs\. ?\d+)?(?: S(?:atz|\.) ?\d+)? (?:[A-Z][A-Za-z]{1,7}G?B?)\b"
    r"|\b(?:Regulation|Directive|Règlement|Directiva|Reglamento|Richtlinie|Verordnung|Diretiva|Regulamento|Direttiva|Regolamento)(?: \((?:EU|UE|EC|CE|EG|EEC)\))?(?: n[.º°o]*)? ?\d{2,4}/\d{2,4}"
    r"|\b\p{Lu}[\p{L}'’&.-]+(?: \p{Lu}[\p{L}'’&.-]+){0,3} v\.? \p{Lu}[\p{L}'’&.-]+(?: \p{Lu}[\p{L}'’&.-]+){0,3}"
    r"|\b10\.\d{4,9}/[-._;()/:A-Za-z0-9]+\b|\bPMID:? ?\d{6,9}\b|\bNICE (?:guideline )?(?:NG|CG|TA)\d{1,4}\b"
)
_CODE = regex.compile(r"(?<![\p{L}\p{Nd}@./_-])(?=[A-Z\d-]*[A-Z])(?=(?:[A-Z-]*\d){2})[A-Z\d]+(?:-[A-Z\d]+)*(?![\p{L}\p{Nd}@_-])")
_HARMLESS = regex.compile(
    r"COVID-19|ISO-?\d+|HBA1C|UTF-?\d+|RFC-?\d+|(?:19|20)\d\d-?(?:Q\d|W\d+|H\d)|Q\d-?\d{4}|[A-Z]{1,3}\d{0,2}|\d+(?:MG|G|ML|MCG|KG|MMOL|EUR|USD|GBP|CM|MM|H|D)"
)


class Invented(NamedTuple):
    """What stands in the answer and nowhere else."""

    kind: str
    text: str
    start: int


def _words(text: str, grounds: Grounds, language: Language | None, vocabulary: list[str]) -> Iterator[Invented]:
    """Yield citations, codes and names that the case does not hold."""
    for match in _CITATION.finditer(text):
        if not grounds.holds(match[0]):
            yield Invented("citation", match[0], match.start())
    owned = [(f.start, f.end) for f in identifiers_in(text)]
    for match in _CODE.finditer(text):
        inside = any(s <= match.start() < e for s, e in owned)
        if len(match[0]) >= 5 and not inside and not _HARMLESS.fullmatch(match[0]) and not grounds.holds(match[0]):
            yield Invented("code", match[0], match.start())
    pattern = names_pattern(language) if language is not None else None
    for match in pattern.finditer(text) if pattern is not None else ():
        if not grounds.holds(match[0]):
            yield Invented("name", match[0], match.start())
    if vocabulary:
        spaced = language is None or language.spaced
        edge = (r"(?<![\p{L}\p{Nd}])", r"(?![\p{L}\p{Nd}])") if spaced else ("", "")
        for match in regex.finditer(rf"{edge[0]}\L<words>{edge[1]}", text, regex.IGNORECASE, words=vocabulary):
            if not grounds.holds(match[0]):
                yield Invented("entity", match[0], match.start())


def _figures(text: str, grounds: Grounds, language: Language | None, own: Fraction | None) -> Iterator[Invented]:
    """Yield amounts of money and other quantities that were neither told nor follow from what was told."""
    dated = {n for d in dates_in(text, language) for n in (d[:4], d[5:7].lstrip("0"), d[8:].lstrip("0"))}
    earlier: list[Fraction] = [] if own is None else [own]
    for quantity in quantities_in(text, language):
        judged = (quantity.unit or quantity.currency) and quantity.value > 12 and str(quantity.value) not in dated
        if judged and quantity.value != own and not grounds.explains(quantity, earlier):
            end = min(len(text), quantity.end + 6)
            yield Invented("price" if quantity.currency else "figure", text[quantity.start : end].split("\n", maxsplit=1)[0].strip(" .,;)"), quantity.start)
        else:
            earlier.append(quantity.value)


@oracle(severity=Severity.critical, source="groundedness without a judge: every entity and figure of the answer stands in the case or follows from it")
def invention(trial: Trial) -> Verdict:
    """Judge running text; the asked value itself is the value oracle's. Option ``vocabulary``: words of a pack's tables; ``figures`` false leaves numbers alone."""
    say = saying("invention", Severity.critical)
    response, case = trial.reply.response, trial.case
    text = prose(trial.reply)
    if response.error or sum(c.isalpha() for c in text) < LETTERS:
        return say(Outcome.skip, "no running text")
    if "injection" in case.tags and text.strip() in case.text:
        return say(Outcome.skip, "an echo of the document")
    grounds = grounds_of(case, trial.language)
    asked = bounds_of(trial, "invention")
    vocabulary = [w for b in asked for w in b.options.get("vocabulary", ())]
    for found in _words(text, grounds, trial.language, vocabulary):
        if found.text not in trial.seen:
            return say(
                Outcome.failed, f"invents a {found.kind}: '{found.text}'", kind=found.kind, words=found.text, span=[found.start, found.start + len(found.text)]
            )
    envelope = trial.reply.envelope
    own = to_number(envelope.value) if envelope is not None else None
    answered = envelope.value if envelope is not None and isinstance(envelope.value, str) else ""
    for day in dates_in(text, trial.language):
        if day != answered and not grounds.near(date.fromisoformat(day)):
            return say(Outcome.failed, f"invents a date: {day}", kind="date", words=day)
    if envelope is not None and all(b.options.get("figures", True) for b in asked):
        for found in _figures(text, grounds, trial.language, own):
            return say(
                Outcome.failed, f"invents a {found.kind}: '{found.text}'", kind=found.kind, words=found.text, span=[found.start, found.start + len(found.text)]
            )
    return say(Outcome.passed, "everything said stands in the case or follows from it")
