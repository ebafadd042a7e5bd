"""Outlines of texts make the comparison fast and never less strict: with and without them the checker finds the same."""

from __future__ import annotations

import pytest

from robustgen.core.draw import RandomDraw
from robustgen.generate.prove import vocabulary_for, vocabulary_of
from robustgen.packs.language import load_language
from robustgen.safety import Vocabulary, differences

TEXTS = {
    "en": "On 4 March 2026 Ann must not pay USD 5 in cash, nor 1,250.50 of it; give metformin 500 mg at 2:30 pm for twelve days. Homepage 7 of 31.\nThe 3 x 5 card may stay.",
    "de": "Am 3. M\u00e4rz 2026 zahlt der Mieter 2022 in Euro nicht, sp\u00e4testens zw\u00f6lf Tage nach 14:30 Uhr, 3 Mio. oder 5 Prozent; 5 m weiter darf er 60 mg nehmen.",
    "fr": "L'acheteur ne paie pas 1 234,50 \u20ac le 4 mars 2026, sauf 3 millions ou 5 pour cent; l'aspirine 500 mg pendant douze jours, trente (30) jours.",
    "ar": "\u0644\u0627 \u064a\u062f\u0641\u0639 \u0627\u0644\u0645\u0633\u062a\u0623\u062c\u0631 EUR 1,020 \u064a\u0648\u0645 27/2/2027 \u0648-39.0% \u0623\u0648 3 \u0645\u0644\u064a\u0648\u0646 ba3d 7 \u0641\u0628\u0631\u0627\u064a\u0631 2027.",
    "hi": "\u092e\u0930\u0940\u091c\u093c \u0915\u094b \u0926\u0930\u094d\u0926 \u0928\u0939\u0940\u0902 \u0939\u0948, 500 mg 3 \u0932\u093e\u0916 \u092c\u093e\u0930\u0939 \u0926\u093f\u0928 14:30 \u092a\u0930.",
}
MADE = (
    "usd",
    "USD",
    "MG",
    "mg",
    "not",
    "in",
    "IN",
    "dismay",
    "march",
    "III",
    "thirty",
    "ABC",
    "x",
    "am",
    "M",
    "kg",
    "page",
    "Page",
    "percent",
    "d\u00e9",
    "5",
    "no",
)


def damaged(text: str, draw: RandomDraw) -> str:
    """Return a text with one of its words lost, moved, doubled, misspelt, in another case or another word."""
    words = text.split(" ")
    i, j = draw.below(len(words)), draw.below(len(words))
    word, at = words[i], draw.below(max(len(words[i]), 1))
    ways = (words[j], "", word[:at] + word[at + 1 :], word[:at] + word[at:][::-1], word.upper(), word.lower(), word.title(), MADE[draw.below(len(MADE))])
    words[i] = ways[draw.below(len(ways))]
    if draw.below(4) == 0:
        words[i], words[j] = words[j], words[i]
    return (" ", "  ", "\n")[draw.below(8) % 3 if draw.below(3) == 0 else 0].join(words)


def thorough(before: str, after: str, known: Vocabulary) -> list[str]:
    """Return what the checker finds without outlines."""
    outline, known.outline = known.outline, None
    try:
        return differences(before, after, known)
    finally:
        known.outline = outline


@pytest.mark.parametrize("tag", TEXTS)
@pytest.mark.parametrize("domain", ["", "clinical", "finance"])
def test_an_outline_hides_nothing(tag: str, domain: str) -> None:
    """Damaged texts are told from their bases in the same words, and many of them by the outline alone."""
    known = vocabulary_of(domain, tag) if domain else vocabulary_for(load_language(tag))
    outline = known.outline
    assert outline is not None
    draw, short, found = RandomDraw(7), 0, 0
    for _ in range(120):
        before = damaged(TEXTS[tag], draw) if draw.below(2) else TEXTS[tag]
        after = damaged(before, draw)
        short += outline.of(before) == outline.of(after) is not None
        said = differences(before, after, known)
        found += bool(said)
        assert sorted(said) == sorted(thorough(before, after, known)), (before, after)
    assert short > 10
    assert found > 40


def test_marks_read_across_words_have_no_outline() -> None:
    """Escapes and tags are left to the thorough comparison, and so are scripts without word borders."""
    outline = vocabulary_for(load_language("en")).outline
    assert outline is not None
    assert [outline.of(t) for t in ("a <b>word</b>", "caf&#233;", "a = b", "O''Hara", "a | b", "\u0270")] == [None] * 6
    assert outline.of("Say it with five words, twelve mg.") == "\u0270 five \u0270, twelve mg."
    assert vocabulary_for(load_language("ja")).outline is None
