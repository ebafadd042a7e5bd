"""Questions name what is missing in words: every language of every pack names the same fields, and no data name is left in an answer."""

from __future__ import annotations

import pytest

from robustgen.core.case import Case
from robustgen.datasets._base import Row
from robustgen.packs.pack import load_pack
from robustgen.scale.named import in_words, names_of
from robustgen.scale.rows import row_of

TAGS = ("en", "es", "fr", "de", "pt-BR", "it", "zh", "ja", "ar", "hi")


@pytest.mark.parametrize("domain", ["clinical", "finance", "legal", "retail"])
def test_languages_name_the_same_fields(domain: str) -> None:
    """Ten languages, one list of fields, no empty name; what is asked for by a task's own name belongs to a task that there is."""
    wanted = set(names_of(domain, "en"))
    assert len(wanted) > 30
    for tag in TAGS:
        found = names_of(domain, tag)
        assert set(found) == wanted, tag
        assert all(name.strip() == name != "" for name in found.values()), tag
    tasks = {key.partition(":")[0] for key in wanted if ":" in key}
    assert tasks <= set(load_pack(domain).tasks)


def test_a_region_takes_the_names_of_its_language() -> None:
    """British English, and a language that no pack has."""
    assert names_of("clinical", "en-GB") == names_of("clinical", "en")
    assert names_of("clinical", "xx") == {}
    assert names_of("nothing", "en") == {}


def test_the_nearest_name_counts() -> None:
    """A task's own before the path's, the path's before its last part's, the data name at the end."""
    assert in_words("factor", "clinical", "CL-T05", "en") == "the drop factor of the set"
    assert in_words("factor", "clinical", "CL-T10", "en") == "the correction factor"
    assert in_words("steps.days", "clinical", "CL-T24", "de") == "die Tage einer Stufe"
    assert in_words("orders.dose", "clinical", "CL-T11", "fr") == "la dose"
    assert in_words("no_such_field", "clinical", "CL-T11", "fr") == "no_such_field"


def test_questions_are_in_words(cases: list[Case]) -> None:
    """Where a question is owed it names the fact in the case's language; its data name, where that is none of its words, is not there."""
    asked: list[tuple[Case, Row]] = [(c, row_of(c, "short")) for c in cases if c.expected.accept and c.expected.accept[0].status == "ask"]
    named = [(c, r, m) for c, r in asked for m in c.expected.accept[0].missing if in_words(m, c.domain, c.task, c.tag) != m]
    assert len(named) > 5
    for case, row, field in named:
        assert in_words(field, case.domain, case.task, case.tag) in row.answer or "(" not in row.answer
