"""What a language draws in its own way, and words with a capital letter at the head of a sentence."""

from __future__ import annotations

import shutil
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from robustgen.core.draw import ReplayDraw
from robustgen.errors import GrammarError, PackError
from robustgen.generate import Generator, Selection
from robustgen.packs.pack import Pack, load_pack


def units_in(tag: str) -> Counter[str]:
    """Count the units of glucose in the laboratory reports of a language."""
    generator = Generator(Selection.of(["clinical"], tasks=["CL-T09"], kinds=["clean"], languages=[tag]), 7, certify=False)
    facts = [generator.case(i).facts for i in range(300)]
    return Counter(f["unit"] for f in facts if f["analyte"] == "glucose")


def test_reports_state_the_units_of_their_country() -> None:
    """Glucose is in mg/dL in the United States and Spain, in mmol/L in Britain, France and China."""
    for tag, usual in (("en", "mg/dL"), ("es", "mg/dL"), ("en-GB", "mmol/L"), ("fr", "mmol/L"), ("zh", "mmol/L")):
        assert units_in(tag).most_common(1)[0][0] == usual, tag


def test_a_report_in_the_other_unit_can_still_be_read() -> None:
    """The unit of another country stays a value of the field in every language."""
    for tag in ("en", "fr"):
        assert set(load_pack("clinical").say(tag).leaves.closed(load_pack("clinical").schema(tag).types["Lab"].fields["unit"])) >= {"mg/dL", "mmol/L"}


def test_a_quantity_without_its_unit_is_refused() -> None:
    """A result that has no unit is written as a number; ``qty`` would invent one, and says how to mend the wording."""
    pack = load_pack("clinical")
    leaf = pack.say("en").leaves.make(pack.schema("en").types["Lab"].fields["value"], "qty", "", None)
    assert leaf.say(Decimal("6.5"), {"unit": "mmol/L"}, ReplayDraw()) == "6.5 mmol/L"
    with pytest.raises(GrammarError, match="the unit of 'value', is absent") as raised:
        leaf.say(Decimal("5.2"), {"unit": None}, ReplayDraw())
    assert raised.value.mend.endswith("{?unit: {value:qty}}{!unit: {value}}")


def test_a_language_cannot_add_fields(tmp_path: Path) -> None:
    """A line for a field that facts.yaml lacks is refused with its place."""
    folder = tmp_path / "retail"
    shutil.copytree(load_pack("retail").folder, folder)
    (folder / "fr" / "facts.yaml").write_text("types:\n  Claim:\n    colour: one of red, blue\n", "utf-8")
    with pytest.raises(PackError, match="no field 'colour'") as raised:
        Pack("retail", folder, trusted=False)._facts_of("fr")
    assert raised.value.file.endswith("facts.yaml")
    assert raised.value.line == 3


def test_capitals_are_written_and_read() -> None:
    """``{drug:cap}`` writes a capital letter and reads to the same value."""
    words = load_pack("clinical").say("es").lexicon.words("drugs")
    assert words is not None
    capital = words.capital
    assert {v for _, v in capital.read("Ibuprofeno 400 mg", 0)} == {"ibuprofen"}
    assert not capital.read("ibuprofeno 400 mg", 0)
    assert all(f[:1] == f[:1].upper() for f in capital.by_form)
    results = load_pack("clinical").say("es").lexicon.words("labs")
    assert results is not None
    assert {"pH arterial", "pCO2 arterial", "Sodio"} <= set(results.capital.by_form)
