"""SQuAD 2.0: questions over paragraphs; answers stay, and where the paragraph is varied their places are computed anew."""

from __future__ import annotations

import re
from copy import deepcopy
from pathlib import Path
from typing import Any

from robustgen.core.case import move_spans
from robustgen.suites._base import Link, Place, Suite, Variation, cannot_read, suite_format
from robustgen.suites._document import Document

__all__ = ["open_squad"]


class _Paragraphs(Document):
    """Articles with paragraphs with questions."""

    def __init__(self, text: str, path: Path) -> None:
        """Read the articles."""
        super().__init__(text, path)
        if not isinstance(self.data, dict) or not isinstance(self.data.get("data"), list):
            raise cannot_read(path, "no list 'data' of articles in it")

    def places(self, field: str) -> list[Place]:
        """Return every question, or with the field ``context`` every paragraph."""
        found: list[Place] = []
        for article in self.data["data"]:
            for paragraph in list(article["paragraphs"]):
                number = len(found)
                if field == "context":
                    answers = [a for qa in paragraph["qas"] for a in _answers(qa) if a["text"]]
                    spans = list(dict.fromkeys((a["answer_start"], a["answer_start"] + len(a["text"])) for a in answers))
                    keep = [re.escape(t) for t in dict.fromkeys(a["text"] for a in answers)]
                    where = (article, paragraph)
                    found.append(Place(row=number, id=str(number + 1), field=field, text=paragraph["context"], keep=keep, spans=spans, where=where))
                    continue
                for qa in list(paragraph["qas"]):
                    found.append(Place(row=len(found), id=str(qa["id"]), field="question", text=qa["question"], where=(paragraph, qa)))
        return found

    def add(self, place: Place, variation: Variation, link: Link) -> None:
        """Add a question to its paragraph, or a paragraph with all its questions to its article."""
        holder, thing = place.where
        made: dict[str, Any] = deepcopy(thing)
        self.changed = True
        if place.field == "question":
            made["question"], made["id"] = variation.text, link.id
            holder["qas"].append(made)
            return
        made["context"] = variation.text
        for qa in made["qas"]:
            qa["id"] = f"{qa['id']}~{link.id.partition('~')[2]}"
            for answer in _answers(qa):
                start = answer["answer_start"]
                moved = move_spans({"a": [(start, start + len(answer["text"]))]}, variation.edits)["a"]
                if moved:
                    answer["answer_start"] = moved[0][0]
        holder["paragraphs"].append(made)


def _answers(qa: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the answers of a question, the plausible ones of an impossible question too."""
    return [*qa.get("answers", []), *qa.get("plausible_answers", [])]


def _fits(text: str, path: Path) -> int:
    return 90 if path.suffix == ".json" and '"paragraphs"' in text and '"qas"' in text else 0


@suite_format(fits=_fits)
def open_squad(text: str, path: Path) -> Suite:
    """SQuAD 2.0: questions are varied; with --text context the paragraphs, and answer_start moves with the edits."""
    return _Paragraphs(text, path)
