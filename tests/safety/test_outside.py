"""Outside augmenters under our law, many variants of one text, and hostile text."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from robustgen.cli.perturb import command
from robustgen.core.case import replay, undo_edits
from robustgen.errors import UsageError
from robustgen.generate.free_text import perturb_text, variants

TEXT = "Please do not take more than 500 mg of it; the fee is $1,299.00 on March 4, 2026."


def test_an_augmenter_changes_unprotected_text_only() -> None:
    """A function that shouts and garbles digits leaves numbers, units and negations as they were; the trail replays."""
    found = perturb_text(TEXT, augmenter=lambda t: t.upper().replace("0", "8"), count=2)
    assert found
    for variant in found:
        assert variant.text != TEXT
        for kept in ("not", "500 mg", "$1,299.00"):
            assert kept in variant.text
        assert replay(variant.base_text, variant.trail) == variant.text
        assert undo_edits(variant.text, variant.trail[0].edits) == TEXT
        assert variant.trail[0].perturbation.startswith("outside:")


@pytest.mark.parametrize("answer", [["PLEASE"], ("PLEASE",)])
def test_an_augmenter_may_return_a_list(answer: list[str]) -> None:
    """The first text of a list counts; an empty list and None change nothing."""
    assert perturb_text("Please", augmenter=lambda t: answer)[0].text == "PLEASE"
    assert perturb_text("Please", augmenter=lambda t: []) == []
    assert perturb_text("Please", augmenter=lambda t: None) == []


def test_an_augmenter_that_adds_a_number_or_negation_is_refused() -> None:
    """What it adds is checked as everything else."""
    assert perturb_text("Please confirm it.", augmenter=lambda t: f"not {t}") == []
    assert perturb_text("Please confirm it.", augmenter=lambda t: f"{t} 7") == []


def test_a_failing_augmenter_is_told() -> None:
    """The error names the function and what it got."""

    def broken(text: str) -> str:
        raise ValueError("boom")

    with pytest.raises(UsageError, match="outside:broken failed on 'Please'"):
        perturb_text("Please", augmenter=broken)
    with pytest.raises(UsageError, match="returned int"):
        perturb_text("Please", augmenter=lambda t: 7)  # type: ignore[arg-type,return-value]


def test_many_variants_keep_what_is_protected() -> None:
    """A thousand variants of one text: each replays, none touches a number, unit or negation; same seed, same texts."""
    made = list(variants(TEXT, "neighbour_key", 1000, seed=3))
    assert len(made) == 1000
    for variant in made:
        assert replay(TEXT, variant.trail) == variant.text
        assert all(kept in variant.text for kept in ("not", "500 mg", "$1,299.00", "March 4, 2026"[:3] and "4, 2026"))
        assert variant.guarantee == "unverified"
    assert [v.text for v in variants(TEXT, "neighbour_key", 50, seed=3)] == [v.text for v in made[:50]]
    assert {v.guarantee for v in variants(TEXT, "neighbour_key", 20, check=True)} == {"checked"}


def test_variants_end_where_there_is_no_place() -> None:
    """A text without a place gives none, and does not go on for ever."""
    assert list(variants("500 mg", "neighbour_key", 10)) == []
    assert list(variants("Please confirm", "neighbour_key", 5, strength=0)) == []


def test_a_long_text_is_handled_and_a_longer_one_refused() -> None:
    """A hundred thousand letters pass; more than a million are told to be split."""
    base = "Please come to the clinic with the letter, do not forget 500 mg of it.\n"
    text = base * (100_000 // len(base))
    (variant,) = perturb_text(text, perturbations=["swap_letters"])
    assert variant.text.count("500 mg") == text.count("500 mg")
    with pytest.raises(UsageError, match="split it"):
        perturb_text("a " * 600_000)


@pytest.mark.parametrize("flags", [[], ["--json"]])
def test_a_lone_surrogate_never_leaves_unescaped(flags: list[str]) -> None:
    """The command prints half an emoji as an escape, in plain output and as JSON."""
    result = CliRunner().invoke(command, ["-", "--perturb", "broken_emoji", *flags], input="Please confirm.\n")
    assert result.exit_code == 0
    assert "d83d" in result.output.lower()
    result.output.encode("utf-8")
    if flags:
        assert json.loads(result.output)["text"].endswith("\ud83d")
