"""Profiles of real traffic, families around failures, drafts of tests."""

from __future__ import annotations

import json
import random
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from robustgen.cli.around import command as around
from robustgen.cli.mine import command as mine_command
from robustgen.cli.perturb import command as perturb
from robustgen.cli.write_test import command as write_test
from robustgen.errors import UsageError
from robustgen.generate import Generator, Selection
from robustgen.mine import follow, mine, read_profile, write_profile
from robustgen.packs.language import load_language

pytest_plugins = ["pytester"]

KNOWN = {"swap_letters": Decimal("0.03"), "drop_letter": Decimal("0.05"), "double_letter": Decimal("0.02")}


def log(count: int, seed: int) -> list[str]:
    """Return texts of common words with slips at the known rates, made without the engine."""
    source = random.Random(seed)
    known = sorted({r["text"] for r in load_language("en").rows("commonwords") if r["text"].isalpha() and r["text"].islower() and len(r["text"]) > 4})
    made = []
    for _ in range(count):
        made.append(" ".join(slip(source.choice(known), source) for _ in range(12)))
    return made


def slip(word: str, source: random.Random) -> str:
    """Return a word, slipped at the known rates."""
    roll, at = source.random(), source.randrange(1, len(word) - 1)
    if roll < 0.03:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if roll < 0.08:
        return word[:at] + word[at + 1 :]
    return word[:at] + word[at] + word[at:] if roll < 0.10 else word


def test_known_rates_are_recovered_within_a_tenth() -> None:
    """Slips made at known rates are counted at these rates."""
    rates = mine(log(4000, 1)).rates()
    for name, rate in KNOWN.items():
        assert abs(rates[name] - rate) <= rate / 10, (name, rates)


def test_generated_text_follows_a_profile() -> None:
    """Clean texts, written as the profile says, are mined to the profile's rates."""
    source = random.Random(5)
    known = sorted({r["text"] for r in load_language("en").rows("commonwords") if r["text"].isalpha() and r["text"].islower() and len(r["text"]) > 4})
    texts = [" ".join(source.choice(known) for _ in range(200)) for _ in range(30)]
    rates = {"swap_letters": Decimal("0.05"), "drop_letter": Decimal("0.05")}
    made = mine(follow(text, rates).text for text in texts).rates()
    total = sum(made.values())
    assert abs(total - Decimal("0.1")) <= Decimal("0.02"), made
    assert follow(texts[0], rates) == follow(texts[0], rates)


def test_a_profile_holds_counts_only(tmp_path: Path) -> None:
    """A profile is read back, and no word of the log is in it."""
    file, profile = tmp_path / "chat.log", tmp_path / "profile.toml"
    file.write_text('{"text": "PLEASE answer Zebedee by 2026-03-04", "language": "en"}\nwe paid 1,200 and 3.50\n')
    done = CliRunner().invoke(mine_command, [str(file), "-o", str(profile)], catch_exceptions=False)
    assert "2 texts" in done.output
    text = profile.read_text()
    assert not {"zebedee", "please", "2026", "1,200"} & set(text.lower().split())
    assert "iso = 1" in text
    assert "grouped_comma = 1" in text
    assert "decimal_point = 1" in text
    assert set(read_profile(profile)) == {"en"}


def test_perturb_follows_a_profile(tmp_path: Path) -> None:
    """The command writes as the log's users do, and refuses a file that is no profile."""
    profile, texts = tmp_path / "p.toml", tmp_path / "t.txt"
    profile.write_text(write_profile({"en": mine(log(200, 2))}))
    texts.write_text("\n".join(log(20, 3)) + "\n")
    done = CliRunner().invoke(perturb, [str(texts), "--profile", str(profile), "--json"], catch_exceptions=False)
    rows = [json.loads(line) for line in done.output.splitlines()]
    assert len(rows) == 20
    assert {s["perturbation"] for r in rows for s in r["trail"]} <= {*KNOWN, "neighbour_key", "extra_letter", "shorthand"}
    assert any(r["trail"] for r in rows)
    with pytest.raises(UsageError, match="cannot be read as a profile"):
        read_profile(texts)


def test_cases_follow_a_profile() -> None:
    """Noisy cases bear slips of the profile's kinds only, other rates are another selection, and the same seed gives the same cases."""
    rates = {"en": dict(KNOWN)}
    chosen = Selection.of(["retail"], kinds=["clean", "noisy"], profile=rates)
    made = list(Generator(chosen, 4).cases(0, 24))
    assert {s.perturbation for c in made for s in c.trail} == set(KNOWN)
    assert all(c.trail or c.text == c.base_text for c in made)
    assert Generator(chosen, 4).case(5) == made[5]
    assert len({c.id for c in made}) == len(made)
    plain, other = Selection.of(["retail"], kinds=["clean", "noisy"]), {"en": {**KNOWN, "swap_letters": Decimal("0.2")}}
    assert len({plain.digest, chosen.digest, Selection.of(["retail"], kinds=["clean", "noisy"], profile=other).digest}) == 3


def test_a_profile_that_cannot_be_followed_is_told() -> None:
    """No noisy cases, a second say in strength, and a language that was not mined are refused with the mend."""
    rates = {"en": dict(KNOWN)}
    with pytest.raises(UsageError, match="none are asked for"):
        Selection.of(["retail"], kinds=["clean"], profile=rates)
    with pytest.raises(UsageError, match="so does --strength"):
        Selection.of(["retail"], strength=0.3, profile=rates)
    with pytest.raises(UsageError, match="no slips in 'de'"):
        Selection.of(["retail"], languages=["de"], profile=rates)


def test_a_family_around_each_failing_input(tmp_path: Path) -> None:
    """The input comes first, its variants name it; equal inputs are one family."""
    file = tmp_path / "down.jsonl"
    file.write_text('{"text": "please cancel the order", "vote": -1}\n{"text": "please cancel the order"}\n{"text": "where does it stay"}\n')
    rows = [json.loads(line) for line in CliRunner().invoke(around, [str(file), "-n", "4"], catch_exceptions=False).output.splitlines()]
    assert len(rows) == 10
    assert [r["base"] for r in rows].count(None) == 2
    assert all(r["base"] in {None, r["family"]} for r in rows)


def test_a_draft_is_a_test_that_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pytester: pytest.Pytester) -> None:
    """The drafted test finds a function that hangs on the case of letters."""
    pytester.makepyfile(brittle="def intent(text):\n    return 'late' if 'delivery' in text else 'other'\n")
    monkeypatch.syspath_prepend(pytester.path)
    done = CliRunner().invoke(write_test, ["python:brittle:intent", "-o", str(pytester.path / "test_intent.py"), "--perturb", "casing"], catch_exceptions=False)
    assert "a draft" in done.output
    pytester.runpytest("-p", "no:xdist", "-p", "no:cacheprovider").assert_outcomes(failed=1)
    with pytest.raises(UsageError, match="cannot be imported"):
        CliRunner().invoke(write_test, ["python:brittle:nothing"], catch_exceptions=False, standalone_mode=False)
