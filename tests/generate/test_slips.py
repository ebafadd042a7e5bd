"""What no slip may bring in: another word beside an apostrophe, a unit behind a number, a piece with a meaning in scripts without spaces."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner

from robustgen.cli.generate import command as generate
from robustgen.core.case import Edit
from robustgen.core.plugins import PERTURBATIONS
from robustgen.errors import UsageError
from robustgen.generate.free_text import perturb_text, variants
from robustgen.generate.guard import joins
from robustgen.generate.prove import vocabulary_for
from robustgen.packs.language import load_language
from robustgen.perturbations._values import _grows
from robustgen.perturbations.lexicon import _narrower
from robustgen.safety import Vocabulary, differences
from robustgen.safety.extract import Habit


@pytest.mark.parametrize(
    ("language", "name", "text", "never"),
    [
        ("fr", "swap_letters", "Ces personnes ont vraiment besoin d'en parler demain", "d'ne"),
        ("ja", "swap_letters", "あらかじめ数値を照合します", "から"),
        ("ja", "lower_words", "番号 9613538　D床 Room", "d床"),
        ("hi", "other_layout", "अनुपात: 25 पुराने पर नया शेयर", "25 h "),
        ("de", "sign_mojibake", "Die Wörter „einschließlich“ und „sowie“ stehen – wie immer – hier", "žeinschließlich"),
        ("es", "unit_spelling", "Son 30 días o 12 horas y 2,5 gramos", "30 día "),
        ("en", "unit_spelling", "Wait 3 h, then 1 day", "3 hour,"),
    ],
)
def test_a_slip_does_not_bring_in_what_says_something_else(language: str, name: str, text: str, never: str) -> None:
    """Three hundred unchecked variants: all differ from the text, none holds it."""
    made = [v.text for v in variants(text, name, 300, language=language)]
    assert made
    assert text not in made
    assert all(never not in m for m in made)


def test_a_spelled_number_does_not_run_on_into_letters() -> None:
    """33y does not become thirty-threey; before a space, and in scripts without spaces, words may stand."""
    assert _grows("33y old", 2, "e", "3")
    assert not _grows("33 years", 2, "e", "3")
    assert not _grows("33年", 2, "三", "3")


def test_a_synonym_says_no_more_and_no_less() -> None:
    """A part of a wording, or the same words in another case, is no other wording."""
    assert _narrower("rent", "monthly rent", spaced=True)
    assert _narrower("chinesisches recht", "chinesischem recht", spaced=True)
    assert _narrower("背包", "双肩背包", spaced=False)
    assert not _narrower("rucksack", "backpack", spaced=True)


def test_cells_of_a_table_break_no_entry() -> None:
    """An entry of several words that stands in two cells of a line is still there; another one is not."""
    known = Vocabulary(Habit(), entries={"metformin 500 mg": frozenset(("m",)), "metformin": frozenset(("x",)), "celexa": frozenset(("c",))})
    assert differences("Give metformin 500 mg now", "Give metformin | 500 mg | now", known) == []
    assert differences("Give metformin 500 mg now", "Give celexa | 500 mg | now", known)


def test_a_perturbation_that_is_not_for_a_language_is_told_with_the_reason() -> None:
    """The missing resource, or the languages that it is for; the same for given text and for generation."""
    assert PERTURBATIONS.get("romanised_words").lacks(load_language("ar")) == ""
    with pytest.raises(UsageError, match=r"'romanised_words' is not for 'en': corpora/en/transliteration\.csv is missing"):
        perturb_text("Please confirm", perturbations=["romanised_words", "swap_letters"])
    found = CliRunner().invoke(generate, ["legal", "--perturb", "romanised_words", "--lang", "en"], standalone_mode=False)
    assert isinstance(found.exception, UsageError)


@pytest.mark.parametrize(
    ("text", "old", "new", "joined"),
    [
        ("输入750 mL乳酸林格液", "乳酸林格液", "RL", "750 mL"),
        ("体重は20.4 kgです", "です", "desu", "20.4 kg"),
        ("体重は20.4 kgです", "です", "デス", ""),
        ("take 500 mg now", "now", "today", ""),
        ("take 500mg now", " now", " today", ""),
        ("番号D床3号", "番号", "no", "D床"),
    ],
)
def test_letters_of_an_edit_do_not_run_into_a_fact(text: str, old: str, new: str, joined: str) -> None:
    """Latin letters beside a Latin fact would make one word of both; other scripts and blanks keep them apart."""
    start = text.index(old)
    facts = [m.span() for m in re.finditer(r"\d+(?:\.\d+)? ?(?:mg|mL|kg)|D床", text)]
    assert joins(text, [Edit(start, start + len(old), old, new)], facts) == joined


def test_the_first_of_a_month_is_read_as_it_is_written() -> None:
    """1º, which compatibility form makes 1o, and 1er."""
    for tag, text in (("pt-BR", "em 1º de julho de 2026"), ("fr", "le 1er juillet 2026")):
        known = vocabulary_for(load_language(tag))
        assert differences(text, text.partition(" ")[0] + " 2026-07-01", known) == []
        assert differences(text, text.partition(" ")[0] + " 2026-07-02", known)
