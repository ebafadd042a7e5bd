"""Noise of shops: stuffed titles, agents' shorthand, reviews, tracking pages, lost units, wrong scans, empty messages.

The lines and words stand in ``tables/noise_lines.csv`` and ``tables/noise_words.csv``; they hold no number, negation or value of a fact.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from robustgen.core.case import Case, Edit
from robustgen.core.draw import Draw
from robustgen.core.plugins import NotApplicable, Proposal, Tools, perturbation
from robustgen.grammar.tables import load_table
from robustgen.perturbations._shared import avoided, free_words, gate, how_many

_TABLES = Path(__file__).parent / "tables"
_QUANTITY = re.compile(r"(-?[\d.,]*\d)[ \u00a0]?([^\W\d]+|%)\Z")
_CURRENCY = re.compile(r"[A-Z]{3}")
EMPTY_MESSAGES = ("👟", "", "❓", "[image]", "👍🏽👍🏽", "...")


@lru_cache(maxsize=2)
def _rows(name: str) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """Return (noise, language) to its lines, or to its words with what they become."""
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for row in load_table(name, (_TABLES / f"{name}.csv").read_text("utf-8"), f"{name}.csv"):
        first, second = (row.text, "") if name == "noise_lines" else (row.word, row.becomes)
        found.setdefault((row.noise, row.lang), []).append((str(first), str(second)))
    return found


def _languages(name: str, noise: str) -> list[str]:
    return sorted({lang for kind, lang in _rows(name) if kind == noise})


def _line(case: Case, draw: Draw, tools: Tools, noise: str, *, before: bool = False) -> Proposal | NotApplicable:
    """Put one of a noise's lines before or behind the text; choice 0 leaves it."""
    lines = _rows("noise_lines").get((noise, tools.language.base), [])
    if not lines or not gate(draw):
        return Proposal() if lines else NotApplicable("no line in this language")
    text, end = lines[draw.below(len(lines))][0], len(case.text)
    return Proposal(edits=[Edit(0, 0, "", f"{text}\n") if before else Edit(end, end, "", f"\n{text}")])


def _swapped(case: Case, draw: Draw, tools: Tools, noise: str) -> Proposal | NotApplicable:
    """Write some free words as the noise's table writes them."""
    table = {word: new for word, new in _rows("noise_words").get((noise, tools.language.base), []) if new not in avoided(tools.language)}
    words = [w for w in free_words(case.text, tools, 4) if w[2].casefold() in table]
    if not words:
        return NotApplicable("no word of the table")
    chosen = {words[draw.below(len(words))] for _ in range(how_many(draw, len(words), tools.strength))}
    return Proposal(edits=[Edit(s, e, w, table[w.casefold()]) for s, e, w in sorted(chosen)])


def _lines(noise: str) -> list[str]:
    return _languages("noise_lines", noise)


@perturbation(effect="preserves", kinds=["noisy"], strength=1.0, languages=_lines("stuffed_title"), mirrors="sellers stuff titles with search words")
def stuffed_title(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a seller's search words before the text."""
    return _line(case, draw, tools, "stuffed_title", before=True)


@perturbation(effect="preserves", kinds=["noisy"], strength=1.0, languages=_lines("feed_blanks"), mirrors="supplier feeds carry N/A, TBC and entities")
def feed_blanks(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a supplier feed's empty attributes behind the text."""
    return _line(case, draw, tools, "feed_blanks")


@perturbation(effect="preserves", kinds=["noisy"], strength=1.0, languages=_lines("translated_listing"), mirrors="listings come out of raw machine translation")
def translated_listing(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a clumsily translated line behind the text."""
    return _line(case, draw, tools, "translated_listing")


@perturbation(effect="preserves", kinds=["noisy"], strength=1.0, languages=_lines("duplicate_variant"), mirrors="one GTIN stands on two variants")
def duplicate_variant(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a note on duplicate variants behind the text."""
    return _line(case, draw, tools, "duplicate_variant")


@perturbation(effect="preserves", kinds=["noisy"], strength=1.0, languages=_lines("fancy_shade"), mirrors="makers call grey-beige greige")
def fancy_shade(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a maker's fancy name of a shade behind the text; not where a colour is stated."""
    if any((field := tools.field(path)) is not None and field.table == "colours" for path in case.spans):
        return NotApplicable("a colour is stated")
    return _line(case, draw, tools, "fancy_shade")


@perturbation(effect="preserves", kinds=["noisy"], strength=1.0, languages=_lines("old_policy_quoted"), mirrors="threads quote a policy of another year")
def old_policy_quoted(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a quoted remark on an expired policy behind the text."""
    return _line(case, draw, tools, "old_policy_quoted")


@perturbation(effect="preserves", kinds=["noisy"], strength=1.0, languages=_lines("tracking_copied"), mirrors="customers paste tracking pages")
def tracking_copied(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put the head of a tracking page behind the text; not where the state of the order is asked for."""
    if "state" in case.facts:
        return NotApplicable("the state of the order is asked for")
    return _line(case, draw, tools, "tracking_copied")


@perturbation(effect="preserves", kinds=["noisy"], strength=1.0, languages=_lines("review_quoted"), mirrors="reviews stand beside the record")
def review_quoted(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a buyer's review behind the text."""
    return _line(case, draw, tools, "review_quoted")


@perturbation(effect="preserves", kinds=["noisy"], strength=1.0, languages=_lines("sarcastic_line"), mirrors="customers say great and mean the opposite")
def sarcastic_line(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put sarcasm behind the text."""
    return _line(case, draw, tools, "sarcastic_line")


@perturbation(effect="preserves", kinds=["noisy"], strength=1.0, languages=_lines("angry_line"), mirrors="angry customers threaten in capitals")
def angry_line(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put anger behind the text."""
    return _line(case, draw, tools, "angry_line")


@perturbation(effect="preserves", kinds=["noisy"], strength=1.0, languages=_lines("cut_title"), mirrors="titles are cut at 80 characters")
def cut_title(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a line that is cut in the middle of a word behind the text."""
    return _line(case, draw, tools, "cut_title")


@perturbation(effect="preserves", kinds=["noisy"], strength=1.0, languages=_lines("screenshot_note"), mirrors="uploads show a page of another region")
def screenshot_note(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put the trace of an uploaded screenshot behind the text."""
    return _line(case, draw, tools, "screenshot_note")


@perturbation(effect="preserves", kinds=["noisy"], strength=1.0, languages=_lines("wrong_layout"), mirrors="words typed with another keyboard layout")
def wrong_layout(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a word typed on another layout before the text."""
    return _line(case, draw, tools, "wrong_layout", before=True)


@perturbation(
    effect="preserves",
    kinds=["noisy"],
    strength=0.6,
    languages=_languages("noise_words", "agent_shorthand"),
    mirrors="agents write cx, dlvd, rfnd in their notes",
)
def agent_shorthand(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Shorten words as service agents do."""
    return _swapped(case, draw, tools, "agent_shorthand")


@perturbation(effect="preserves", kinds=["noisy"], strength=0.4, languages=_languages("noise_words", "autocorrected"), mirrors="phones correct to another word")
def autocorrected(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put the word in that a phone would correct to."""
    return _swapped(case, draw, tools, "autocorrected")


@perturbation(
    effect="preserves",
    kinds=["multilingual"],
    strength=0.5,
    languages=_languages("noise_words", "shop_words_switched"),
    mirrors="bilingual customers write: quiero return los shoes",
)
def shop_words_switched(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put shop words of another language in."""
    return _swapped(case, draw, tools, "shop_words_switched")


@perturbation(effect="degrades", kinds=["noisy", "missing"], strength=1.0, over_facts=True, mirrors="feeds state Length: 120 and no unit")
def unit_lost(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Leave the unit of a quantity out wherever the text states it."""
    found: dict[str, list[Edit]] = {}
    for path, spans in sorted(case.spans.items()):
        field = tools.field(path)
        left_open = field is not None and field.unit and field.depends and field.unit not in case.messages[0]["content"]
        if not field or not left_open or _CURRENCY.fullmatch(field.unit):  # a currency may follow from the country
            continue
        cuts = [(m, s) for s, e in spans if (m := _QUANTITY.match(case.text[s:e]))]
        if cuts and len(cuts) == len(spans):
            found[path] = [Edit(s, s + m.end(), m[0], m[1]) for m, s in cuts]
    if not found:
        return NotApplicable("no quantity with a unit that the question leaves open")
    if not gate(draw):
        return Proposal()
    path = sorted(found)[draw.below(len(found))]
    return Proposal(edits=found[path], lost=[path])


@perturbation(effect="shifts", kinds=["noisy", "edge"], strength=1.0, over_facts=True, mirrors="one digit of a barcode is read wrongly and the check fails")
def barcode_scan_error(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Change the check digit of an identifier; it becomes invalid."""
    spans = case.spans.get("code", [])
    if not spans or tools.field("flaw") is None or case.facts.get("flaw"):
        return NotApplicable("no valid identifier")
    facts = tools.with_value("flaw", True)
    if facts is None or not gate(draw):
        return Proposal() if facts is not None else NotApplicable("the number cannot be changed")
    return Proposal(edits=[Edit(s, e, case.text[s:e], str(facts["code"])) for s, e in spans], facts=facts)


@perturbation(effect="degrades", kinds=["edge", "missing"], strength=1.0, over_facts=True, mirrors="a customer sends one emoji, an image or nothing")
def bare_message(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Replace the whole message by an emoji, an image mark or nothing."""
    asked = case.messages[0]["content"]
    lost = [
        p for p, spans in sorted(case.spans.items()) if (f := tools.field(p)) and f.depends and spans and not any(case.text[s:e] in asked for s, e in spans)
    ]
    if not lost:
        return NotApplicable("no fact that the answer depends on")
    if not gate(draw):
        return Proposal()
    return Proposal(edits=[Edit(0, len(case.text), case.text, EMPTY_MESSAGES[draw.below(len(EMPTY_MESSAGES))])], lost=lost)
