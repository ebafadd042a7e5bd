"""The independent checker catches planted unsafe edits and passes harmless ones; it shares no code with the engine."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import robustgen.safety
from robustgen.generate.prove import vocabulary_for
from robustgen.packs.language import load_language
from robustgen.safety import Vocabulary, differences

DRUGS = ("Celebrex", "Celexa", "metformin", "Glucophage", "hydroxyzine", "hydralazine", "once daily", "twice daily", "QID", "coated dose", "coated dose 325 mg")
MEANINGS = {"metformin": "m", "Glucophage": "m", "Celebrex": "cb", "Celexa": "cx", "BID": "b", "twice daily": "b", "TID": "t", "1-0-1": "b"}

UNSAFE = [
    ("en", "Give Celebrex daily", "Give Celexa daily"),
    ("en", "Give hydroxyzine", "Give hydralazine"),
    ("en", "Stop it now", "Stop it not"),
    ("en", "She is now well", "She is no well"),
    ("en", "The patient asks", "The patent asks"),
    ("en", "Give 1.0 mg", "Give 10 mg"),
    ("en", "BP 120/80", "BP 12080"),
    ("en", "BP 120/80", "BP 80/120"),
    ("en", "for fifteen days", "for fifty days"),
    ("en", "60 mg of it", "60 g of it"),
    ("en", "5 mg", "5 mcg"),
    ("en", "2.5 mg", "25 mg"),
    ("en", "0.5 mg", "5 mg"),
    ("en", ".5 mg", "5 mg"),
    ("en", "1,299.00", "1.29900"),
    ("en", "3934.79", "3934. 79"),
    ("en", "no evidence of it", "evidence of it"),
    ("en", "It isn't due", "It isn due"),
    ("en", "He denies pain", "He defies pain"),
    ("en", "You must pay", "You may pay"),
    ("en", "You shall pay", "You should pay"),
    ("en", "at least 3 days", "at most 3 days"),
    ("en", "due before noon", "due after noon"),
    ("en", "due on March 4, 2026", "due on March 14, 2026"),
    ("en", "due on March 4, 2026", "due on May 4, 2026"),
    ("en", "due on 2026-03-04", "due on 2026-04-03"),
    ("en", "at 2:30 pm", "at 2:30 am"),
    ("en", "at 14:30", "at 14:38"),
    ("en", "the left knee", "the right knee"),
    ("en", "the lessor pays", "the lessee pays"),
    ("en", "signs of hypertension", "signs of hypotension"),
    ("en", "Acme Ltd signs", "Acme LLP signs"),
    ("en", "dysphagia since May", "dysphasia since May"),
    ("en", "a rise of 5%", "a rise of 5"),
    ("en", "a rise of 5%", "a rise of 50%"),
    ("en", "the price will increase", "the price will decrease"),
    ("en", "Please send the form", "Please send the farm"),
    ("en", "the whole house", "the whole horse"),
    ("en", "my brother called", "my mother called"),
    ("en", "Take 2 tablets", "Take two two tablets"),
    ("en", "Pay 1,000 on Monday and 2,000 later", "Pay 2,000 on Monday and 1,000 later"),
    ("en", "Pay 50k", "Pay 50"),
    ("en", "Pay 1.2 million", "Pay 1.2 billion"),
    ("en", "thirty (30) days", "thirty (60) days"),
    ("en", "order 4813", "order 4183"),
    ("en", "items A: 5, B: 7", "items A: 7, B: 5"),
    ("en", "five items", "nine items"),
    ("en", "a balance of -50.00", "a balance of 50.00"),
    ("en", "Pay $15.00 now", "Pay €15.00 now"),
    ("en", "Pay USD 15.00 now", "Pay GBP 15.00 now"),
    ("ja", "前日比は-8.0%でした", "前日比は8.0%でした"),
    ("ar", "موعدكم 7 فبراير 2027", "موعدكم 7 فبراير 2027 (الموافق 10 رمضان 1440هـ)"),
    ("en", "twice daily", "once daily"),
    ("de", "Der Mieter zahlt", "Der Vermieter zahlt"),
    ("de", "nicht vor Freitag", "nach Freitag"),
    ("de", "1.299,50 €", "12.995,00 €"),
    ("de", "keine Schmerzen", "kleine Schmerzen"),
    ("de", "fünfzehn Tage", "fünfzig Tage"),
    ("es", "sin dolor", "con dolor"),
    ("es", "quince días", "cinco días"),
    ("es", "tiene un año", "tiene un ano"),
    ("en", "parcel RG-1234 came", "parcel RG\u20141234 came"),
    ("en", "parcel RG-1234 came", "parcel rg-1234 came"),
    ("en", "file MRN00412", "file MNR00412"),
    ("en", "for 5 weeks", "for 5 months"),
    ("en", "within 2 years", "within 2 yards"),
    ("de", "in 3 Wochen", "in 3 Monaten"),
    ("ar", "3 \u0623\u0633\u0627\u0628\u064a\u0639", "3 \u0623\u0634\u0647\u0631"),
    ("en", "due on Friday", "due on Monday"),
    ("it", "entro luned\u00ec", "entro marted\u00ec"),
    ("en", "you shan't cancel", "you shan cancel"),
    ("en", "you mustn\u2019t pay", "you must pay"),
    ("fr", "3 millions d'euros", "3 milliards d'euros"),
    ("fr", "un CA de 4,2 M USD", "un CA de 4,2 Md USD"),
    ("de", "3 Millionen Euro", "3 Milliarden Euro"),
    ("es", "un mill\u00f3n, 1 mill\u00f3n", "un mill\u00f3n, 1 mil"),
    ("ar", "\u0648-39.0% \u0641\u064a", "\u064839.0% \u0641\u064a"),
    ("en", "EUR 5 for 3 days", "EUR 5 for 3 h"),
    ("en", "Give coated dose 325 mg", "Give coated dose 32.5 mg"),
    ("en", "Give coated dose 325 mg", "Give coated dose now, 325 mg"),
    ("fr", "pas de douleur", "par de douleur"),
    ("fr", "du poisson", "du poison"),
    ("fr", "le bailleur paie", "le preneur paie"),
    ("it", "senza dolore", "dolore"),
    ("pt", "não há dor", "são há dor"),
    ("zh", "左侧疼痛", "右侧疼痛"),
    ("zh", "否认胸痛", "胸痛"),
    ("zh", "每次1片", "每次7片"),
    ("zh", "甲方付款", "乙方付款"),
    ("ja", "胸痛なし", "胸痛あり"),
    ("ja", "令和8年3月4日", "令和7年3月4日"),
    ("ja", "1回1錠", "1回7錠"),
    ("ar", "لا يوجد ألم", "يوجد ألم"),
    ("ar", "السعر ٥٠٠", "السعر ٥٠"),
    ("hi", "दर्द नहीं है", "दर्द है"),
    ("hi", "१० गोली", "१९ गोली"),
]

SAFE = [
    ("en", "Give 500 mg", "Give 0.5 g"),
    ("en", "Give metformin", "Give Glucophage"),
    ("en", "BID", "twice daily"),
    ("en", "Take it twice daily", "Take it 1-0-1"),
    ("en", "Pay 1,299.00", "Pay 1.299,00"),
    ("en", "Pay 1,250,000.00", "Pay 12,50,000.00"),
    ("en", "Pay 1250000", "Pay 1.25E+06"),
    ("en", "Pay 50000", "Pay 50k"),
    ("en", "for 30 days", "for thirty (30) days"),
    ("en", "due on May 4, 2026", "due on 2026-05-04"),
    ("en", "due on March 4, 2026", "due on 4.III.2026"),
    ("en", "at 14:30", "at 2:30 pm"),
    ("en", "Take 500 ml", "Take 5OO ml"),
    ("en", "a rise of 4.5%", "a rise of 4.5 percent"),
    ("en", "the colour there", "the color their"),
    ("en", "Please confirm", "Plaese confrim"),
    ("en", "Please confirm", "Please\u200b con\u00adfirm"),
    ("en", "caf\u00e9 closed", "caf&#233; closed"),
    ("en", "Name: Ann\nFee: 5\nCity: Rome\nDays: 7", "City: Rome\nDays: 7\nName: Ann\nFee: 5"),
    ("en", "Pay 5", "Pay 5\n\nPay 5"),
    ("en", "see it", "see it\nPage 7 of 31\n"),
    ("en", "Give coated dose 325 mg", "Give coated dose 325.0 mg"),
    ("en", "Give coated dose 325.0 mg", "Give coated dose 325 mg"),
    ("en", "Give coated dose 325 mg twice daily", "Give coated\ndose 325 mg twice\ndaily"),
    ("de", "AG 2022 in Millionen EUR", "AG 2022 in\nMillionen EUR"),
    ("fr", "l'aspirine prescrite", "l'<b>aspirine</b> prescrite"),
    ("fr", "l'aspirine prescrite", "l'[aspirine](https://example.org) prescrite"),
    ("fr", "l'aspirine prescrite", "l'| aspirine | prescrite"),
    ("en", "for 5 weeks", "for 5 wks"),
    ("en", "parcel RG-1234 came", "parcel <b>RG-1234</b> came"),
    ("fr", "486,6 millions USD", "486,6 M USD"),
    ("ar", "\u0648-39.0% \u0641\u064a", "\u0648| -39.0% | \u0641\u064a"),
    (
        "ar",
        "\u0641\u0627\u062a\u0648\u0631\u0629 1,020.12 \u20ac \u064a\u0648\u0645 27/2/2027",
        "\u0641\u0627\u062a\u0648\u0631\u0629 EUR 1,020.12 \u064a\u0648\u0645 27/2/2027",
    ),
    ("ja", "2026年3月4日", "令和8年3月4日"),
    ("ar", "السعر 500", "السعر ٥٠٠"),
    ("ar", "عندي وجع", "3andi waja3"),
    ("hi", "१० गोली", "10 गोली"),
]


def vocabulary(tag: str) -> Vocabulary:
    """Return the checker's vocabulary of a language; English knows some entries of a lexicon."""
    plain = vocabulary_for(load_language(tag))
    if tag != "en":
        return plain
    entries = {**plain.meanings, **{d: frozenset((d,)) for d in DRUGS}, **{k: frozenset((v,)) for k, v in MEANINGS.items()}}
    language = load_language(tag)
    rows = {name: [r["text"] for r in language.rows(name)] for name in ("negations", "modals", "commonwords")}
    return Vocabulary(
        plain.habit,
        negations=rows["negations"],
        modals=rows["modals"],
        entries=entries,
        real=rows["commonwords"],
        opposites=[(a, b) for a, b in map(sorted, plain.opposites)],
        harmless=plain.harmless,
    )


@pytest.mark.parametrize(("tag", "before", "after"), UNSAFE, ids=lambda v: str(v)[:40])
def test_an_unsafe_edit_is_caught(tag: str, before: str, after: str) -> None:
    """The texts say different things, and the checker says so."""
    assert differences(before, after, vocabulary(tag))


@pytest.mark.parametrize(("tag", "before", "after"), SAFE, ids=lambda v: str(v)[:40])
def test_a_harmless_edit_passes(tag: str, before: str, after: str) -> None:
    """The texts say the same."""
    assert differences(before, after, vocabulary(tag)) == []


def test_enough_are_planted() -> None:
    """Forty at least, in every script."""
    assert len(UNSAFE) >= 40
    assert {t for t, _, _ in UNSAFE} == {"en", "de", "es", "fr", "it", "pt", "zh", "ja", "ar", "hi"}


def test_the_checker_shares_no_code_with_the_engine() -> None:
    """The checker imports the standard library and regex, nothing of the engine."""
    folder = Path(robustgen.safety.__file__).parent
    modules = set()
    for file in folder.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("robustgen"):
                modules.add(node.module)
    assert modules <= {f"robustgen.safety.{name}" for name in ("compare", "extract", "outline", "words")}
