"""From a case to a row: the question, the document, the right answer in words, wrong answers that were proved wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

import msgspec

from robustgen.answers.compare import accepted
from robustgen.answers.read import read_answer
from robustgen.core.case import Case, Effect, Envelope
from robustgen.core.language import Language
from robustgen.core.verdict import Response
from robustgen.datasets._base import Rejected, Row
from robustgen.errors import RobustgenError
from robustgen.packs.language import load_language
from robustgen.packs.pack import load_pack
from robustgen.packs.tasks import Task
from robustgen.scale.wording import FALLBACK, short, worded
from robustgen.scale.wrong import wrong_answers
from robustgen.targets._prompt import ENVELOPE

__all__ = ["Unusable", "row_of", "still_wrong"]


class Unusable(Exception):
    """A case that makes no row, and why in one word."""


def row_of(case: Case, style: str, pairs: int = 0, answered: str = "") -> Row:
    """Return the row of a case; raises ``Unusable`` for one without a right answer or that is no valid Unicode text.

    ``pairs`` is how many wrong answers are wanted; ``answered`` is a wrong answer that a system really gave.
    """
    if not case.expected.accept:
        raise Unusable("no_answer")
    task = _task(case)
    language, fallback = _language(case.tag), load_language(FALLBACK)
    depends = task.depends if task else list(case.spans)
    right = case.expected.accept[0]

    def say(envelope: Envelope) -> str:
        return worded(envelope, case, language, fallback, style, depends)

    read = _reader(case, task, language)
    answer = _read_back(right, case, read, [say(right), worded(right, case, language, fallback, style), short(right), say(_bare(right))])
    rejected = [Rejected(answered, "answered_by_target")] if answered else []
    if pairs > len(rejected):
        rejected += _wrong(case, task, say, read, answer, pairs - len(rejected))
    question, turns = _turns(case, style)
    if not all(t["content"].strip() for t in turns):
        raise Unusable("empty_document")
    row = Row(
        id=case.id,
        family=case.family,
        system=question,
        turns=turns,
        answer=answer,
        accept=[say(e) if style == "json" else short(e) for e in case.expected.accept if e.status == "answer"] or [answer],
        rejected=rejected,
        status=right.status,
        expected=msgspec.to_builtins(case.expected),
        domain=case.domain,
        task=case.task,
        language=case.tag,
        kinds=[k.value for k in case.kinds],
        perturbations=[s.perturbation for s in case.trail],
        effect=case.effect.value,
        provenance=_provenance(case),
    )
    if not _valid(row):
        raise Unusable("invalid_unicode")
    return row


def _bare(envelope: Envelope) -> Envelope:
    """Return a refusal or a handing over without its label, which a reader may take for an answer."""
    return envelope if envelope.status == "answer" else Envelope(status=envelope.status, missing=envelope.missing)


def _reader(case: Case, task: Task | None, language: Language) -> Callable[[str], bool | None]:
    """Return what reads an answer as the campaign does: right, wrong, or None for what cannot be read."""
    labels = [label for label in (*task.labels, task.abstain) if label] if task else []

    def read(text: str) -> bool | None:
        envelope = read_answer(case, Response(text=text), language, labels).envelope
        return None if envelope is None else accepted(envelope, case.expected)

    return read


def _read_back(right: Envelope, case: Case, read: Callable[[str], bool | None], wordings: Sequence[str]) -> str:
    """Return the first wording that is read back as right; raises ``Unusable`` when each is read as something else."""
    tried = [w for w in dict.fromkeys(wordings) if w.strip()]
    if not tried:
        raise Unusable("no_answer")
    found = [read(w) for w in tried]
    if True in found:
        return tried[found.index(True)]
    if None in found:
        return tried[found.index(None)]
    raise Unusable("not_read_back")


def _wrong(case: Case, task: Task | None, say: Callable[[Envelope], str], read: Callable[[str], bool | None], answer: str, most: int) -> list[Rejected]:
    clean: Sequence[Envelope] = ()
    if task and case.effect is Effect.degrades:
        try:
            clean = task.expected(case.facts).accept
        except (RobustgenError, AttributeError, TypeError, ValueError, LookupError, ArithmeticError):
            clean = ()  # facts of strangers: what would have been right is not known
    labels, abstain = (task.labels, task.abstain) if task else ((), "")
    found = wrong_answers(case, clean, labels, abstain, most + 2)
    made = [Rejected(say(w.envelope), w.why) for w in found]
    return list(islice((r for r in made if r.text.strip() and r.text != answer and read(r.text) is not True), most))


def still_wrong(case: Case, text: str) -> bool:
    """Tell whether an answer that a system gave can be read and is wrong; what cannot be read is not used."""
    return _reader(case, _task(case), _language(case.tag))(text) is False


def _turns(case: Case, style: str) -> tuple[str, list[dict[str, str]]]:
    """Return the question and the turns that follow it; the document stands in as it is now."""
    told = list(case.messages)
    question = told.pop(0)["content"] if told and told[0]["role"] == "system" else ""
    if not told:
        told = [{"role": "user", "content": case.text}]
    while len(told) > 1 and told[-1]["role"] == "assistant":
        told.pop()
    return f"{question}\n\n{ENVELOPE}".strip() if style == "json" else question, told


def _task(case: Case) -> Task | None:
    """Return the task of a case, None for one of strangers."""
    try:
        return load_pack(case.domain).task(case.task) if case.domain else None
    except RobustgenError:
        return None


def _language(tag: str) -> Language:
    try:
        return load_language(tag)
    except RobustgenError:
        return load_language(FALLBACK)


def _provenance(case: Case) -> dict[str, Any]:
    made = {k: case.made_with.get(k, "") for k in ("robustgen", "pack", "pack_version")}
    return made | {"seed": case.seed, "index": case.index, "selection": case.selection, "trail": [s.perturbation for s in case.trail]}


def _valid(row: Row) -> bool:
    """Tell whether every text of a row can be written as UTF-8; noise may hold halves of characters."""
    try:
        for text in (row.system, row.answer, *(t["content"] for t in row.turns), *(r.text for r in row.rejected)):
            text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
