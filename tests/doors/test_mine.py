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
from robustgen.errors import RobustgenError, UnknownName, UsageError
from robustgen.generate import Generator, Selection
from robustgen.generate.habits import HABITS, LEAST
from robustgen.mine import Habits, follow, mine, read_profile, write_profile
from robustgen.mine import _Counter as Counted
from robustgen.packs.language import load_language
from robustgen.packs.vocabulary import listed_words

pytest_plugins = ["pytester"]

KNOWN = {"swap_letters": Decimal("0.03"), "drop_letter": Decimal("0.05"), "double_letter": Decimal("0.02")}


PLAIN = sorted({r["text"] for r in load_language("en").rows("commonwords") if r["text"].isalpha() and r["text"].islower()})


def log(count: int, seed: int) -> list[str]:
    """Return texts of common words with slips at the known rates, made without the engine."""
    source = random.Random(seed)
    known = [w for w in PLAIN if len(w) > 4]
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
    known = [w for w in PLAIN if len(w) > 4]
    texts = [" ".join(source.choice(known) for _ in range(200)) for _ in range(30)]
    rates = {"swap_letters": Decimal("0.05"), "drop_letter": Decimal("0.05")}
    made = mine(follow(text, rates).text for text in texts).rates()
    total = sum(made[name] for name in rates)
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


def test_words_for_the_tables_are_proposed_when_many_texts_share_them(tmp_path: Path) -> None:
    """A misspelling that recurs names its word, an unlisted word stands alone, and what one person wrote is not proposed."""
    file, out = tmp_path / "chat.log", tmp_path / "words.csv"
    lines = ["the service was delayed"] * 200 + ["the serviec was delayed"] * 6 + ["the flurbix was delayed"] * 7 + ["zebedee " * 20] * 2
    file.write_text("\n".join(lines) + "\n")
    CliRunner().invoke(mine_command, [str(file), "--propose", str(out), "-o", str(tmp_path / "p.toml")], catch_exceptions=False)
    assert out.read_text() == "language,table,word,of,texts\nen,misspellings,serviec,service,6\nen,words,flurbix,,7\n"
    with pytest.raises(UnknownName, match="xx"):
        CliRunner().invoke(mine_command, [str(file), "--lang", "xx"], catch_exceptions=False, standalone_mode=False)


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


def message(number: int, words: list[str], source: random.Random) -> str:
    """Return a message of a log: slips at the known rates, and habits at rates that a person chose."""
    day = (
        f"{2020 + number % 6}-{1 + number % 12:02}-{1 + number % 28:02}"
        if source.random() < 0.3
        else f"{1 + number % 28} {slip('March', source)} {2020 + number % 6}"
    )
    amount = f"${1000 + number}.50" if source.random() < 0.4 else f"${1 + number // 1000},{number % 1000:03}.50"
    asked = "pls" if source.random() < 0.3 else slip("please", source)
    text = f"{asked} {' '.join(slip(source.choice(words), source) for _ in range(24))} {day} {amount}."
    roll = source.random()
    return text if roll < 0.3 else text.upper() if roll < 0.4 else text[0].upper() + text[1:]


def test_generated_text_matches_the_log_that_its_profile_was_learned_from(tmp_path: Path) -> None:
    """Known rates are mined; noisy cases under that profile, mined in the same way and less what their clean bases do, come to the profile's rates.

    Each within a tenth, or within the 99 % interval of so many places where that is wider.
    """
    source, words = random.Random(11), [w for w in PLAIN if len(w) > 4 and w not in load_language("en").mapping("shorthand", "form", "short")]
    file = tmp_path / "profile.toml"
    wanted: dict[str, Decimal | float] = {**KNOWN, "shorthand": 0.3, "lower_words": 0.3, "all_capitals": 0.1, "iso_date": 0.3, "plain_digits": 0.4}
    file.write_text(write_profile({"en": mine(message(i, words, source) for i in range(2500))}))
    profile = read_profile(file)["en"]
    for name, rate in wanted.items():
        assert abs(float(profile[name]) - float(rate)) <= float(rate) / 10, (name, profile)
    generator = Generator(Selection.of(["finance"], kinds=["clean", "noisy"], profile={"en": profile}), 3)
    cases = [generator.case(i) for i in range(140) if i % generator.size]
    assert all(c.trail or c.base is None for c in cases)
    after, before = mine(c.text for c in cases), mine(c.base_text or c.text for c in cases)
    checked = {name for name in wanted if near(name, float(profile[name]), after, before)}
    assert checked == set(wanted)


def near(name: str, rate: float, after: Habits, before: Habits) -> bool:
    """Assert that a rate, less what the clean texts do, is the profile's."""
    own = float(before.rates().get(name, 0))
    net = (float(after.rates()[name]) - own) / (1 - own)
    habit = HABITS.get(name)
    if habit is not None:
        places = sum((before.dates if habit.table == "dates" else before.numbers).get(other, 0) for other in habit.others)
    else:
        places = before.known.get(name) or (before.shorthand["long"] if name == "shorthand" else before.texts)
    assert abs(net - rate) <= max(rate / 10, 2.58 * (rate * (1 - rate) / places) ** 0.5), (name, rate, net, places)
    return True


@pytest.mark.parametrize(("domain", "tag", "count"), [("clinical", "en", 240), ("finance", "en", 30), ("clinical", "de", 60), ("retail", "es", 40)])
def test_clean_texts_hold_hardly_any_slips(domain: str, tag: str, count: int) -> None:
    """Of a thousand words of clean texts at most two are taken for slips, even where only the language's own tables say what a word is."""
    texts = [c.text for c in Generator(Selection.of([domain], languages=[tag], kinds=["clean"]), 1).cases(0, count)]
    assert sum(mine(texts, tag).rates().get(name, Decimal(0)) for name in LEAST) <= Decimal("0.0005")
    strict = Counted(load_language(tag), listed_words(tag)).count(texts)
    assert strict.known["swap_letters"] > 1000
    assert sum(strict.rates().get(name, Decimal(0)) for name in LEAST) <= Decimal("0.002"), strict.slips


def test_a_word_that_nobody_listed_is_no_slip() -> None:
    """A form that comes as often as a word of its own is one; a rare one beside a common word is a slip; an ending is none."""
    texts = ["the service was delayed"] * 300 + ["the serviec was delayed"] * 5 + ["the servive was delayed"] * 200 + ["the services were delayed"] * 9
    assert mine(texts).slips == {"swap_letters": 5}


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


def test_logs_of_several_shapes_are_read(tmp_path: Path) -> None:
    """A table, chats and plain lines give their texts; a broken line of JSON Lines and a field that is not there are told."""
    files = {
        "votes.csv": "id,message,lang\n1,please cancel the order,en\n2,,en\n",
        "chats.jsonl": '\ufeff{"messages": [{"role": "user", "content": "please cancel the order"}, {"role": "assistant", "content": "no"}], "lang": "en"}\n',
        "plain.log": "please cancel the order\n\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        rows = [json.loads(line) for line in CliRunner().invoke(around, [str(tmp_path / name), "-n", "1"], catch_exceptions=False).output.splitlines()]
        assert [r["text"] for r in rows if r["base"] is None] == ["please cancel the order"], name
    broken = tmp_path / "broken.jsonl"
    broken.write_text('{"text": "fine"}\n{"text": \n')
    with pytest.raises(UsageError, match=r"broken.jsonl:2: not valid JSON"):
        CliRunner().invoke(around, [str(broken)], catch_exceptions=False, standalone_mode=False)
    with pytest.raises(UsageError, match="no text in it"):
        CliRunner().invoke(around, [str(tmp_path / "votes.csv"), "--text", "nothing"], catch_exceptions=False, standalone_mode=False)


def test_a_draft_is_a_test_that_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pytester: pytest.Pytester) -> None:
    """The drafted test finds a function that hangs on the case of letters."""
    pytester.makepyfile(brittle="def intent(text):\n    return 'late' if 'delivery' in text else 'other'\n")
    monkeypatch.syspath_prepend(pytester.path)
    done = CliRunner().invoke(write_test, ["python:brittle:intent", "-o", str(pytester.path / "test_intent.py"), "--perturb", "casing"], catch_exceptions=False)
    assert "a draft" in done.output
    pytester.runpytest("-p", "no:xdist", "-p", "no:cacheprovider").assert_outcomes(failed=1)


TOOLS = """
class Bot:
    def answer(self, text):
        return text

    @staticmethod
    def intent(text):
        return len(text.split())

async def route(message: str, *, country: str = "US") -> str:
    return country

def two(number: int, text: str) -> str:
    return text

def none():
    return 1

def pair(text: str) -> int:
    return 1
"""


@pytest.mark.parametrize("name", ["Bot.intent", "route", "pair"])
def test_drafts_for_functions_of_several_shapes_run(name: str, monkeypatch: pytest.MonkeyPatch, pytester: pytest.Pytester) -> None:
    """A static method, a coroutine and a function that bears the name of the test's own argument."""
    pytester.makepyfile(**{f"tools_{name.replace('.', '_').lower()}": TOOLS})
    module = f"tools_{name.replace('.', '_').lower()}"
    monkeypatch.syspath_prepend(pytester.path)
    CliRunner().invoke(write_test, [f"python:{module}:{name}", "-o", str(pytester.path / "test_it.py"), "--perturb", "casing"], catch_exceptions=False)
    pytester.runpytest("-p", "no:xdist", "-p", "no:cacheprovider").assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("address", "more", "said"),
    [
        ("python:toolset:nothing", [], "cannot be imported"),
        ("python:toolset", [], "names no function"),
        ("python:toolset:Bot", [], "is no function"),
        ("python:toolset:Bot.answer", [], "is a method of an object"),
        ("python:toolset:two", [], "asks for more than a text: number"),
        ("python:toolset:none", [], "takes no argument"),
        ("python:toolset:pair", ["--perturb", "keybord"], "did you mean keyboard"),
        ("python:toolset:pair", ["-o", "no/such/folder.py"], "cannot be written"),
        ("python:broken_tools:pair", [], "RuntimeError: no licence"),
    ],
)
def test_what_cannot_be_drafted_is_told(address: str, more: list[str], said: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What is wrong, in a line."""
    (tmp_path / "toolset.py").write_text(TOOLS)
    (tmp_path / "broken_tools.py").write_text("raise RuntimeError('no licence')\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(RobustgenError) as caught:
        CliRunner().invoke(write_test, [address, *more], catch_exceptions=False, standalone_mode=False)
    assert said in f"{caught.value}"
